"""Acts on the ground, one a file."""

from entas.city.services.bulk_users import (
    MOST_ROWS,
    SHEET_COLUMNS,
    NewUser,
    SheetRow,
    check_sheet,
    enrol_sheet,
)
from entas.city.services.entrusting_keys import entrust_keys
from entas.city.services.figures import FigureFacts, TargetFacts, add_figure, add_target
from entas.city.services.installing import initialise
from entas.city.services.passwords import choose_password, set_one_time_password, set_own_password
from entas.city.services.recovery import (
    approve_recovery,
    ask_recovery,
    close_recovery,
    recover_on_server,
    usable_recovery,
    use_recovery,
)
from entas.city.services.reference_rows import load_reference_rows
from entas.city.services.restoring_keys import restore_keys
from entas.city.services.rights import Wanted, grant_right, withdraw_right
from entas.city.services.rotating_keys import rotate_keys
from entas.city.services.second_factor import (
    confirm_factor,
    factor_address,
    new_factor_secret,
    spend_code,
)
from entas.city.services.single_handed import mark_single_handed, review_single_handed
from entas.city.services.users import (
    add_user,
    end_sessions,
    enrol_user,
    record_sign_in,
    switch_off,
    switch_on,
)
from entas.city.services.working import cancel_job, repeat_job, start_job

__all__ = [
    "MOST_ROWS",
    "SHEET_COLUMNS",
    "FigureFacts",
    "NewUser",
    "SheetRow",
    "TargetFacts",
    "Wanted",
    "add_figure",
    "add_target",
    "add_user",
    "approve_recovery",
    "ask_recovery",
    "cancel_job",
    "check_sheet",
    "choose_password",
    "close_recovery",
    "confirm_factor",
    "end_sessions",
    "enrol_sheet",
    "enrol_user",
    "entrust_keys",
    "factor_address",
    "grant_right",
    "initialise",
    "load_reference_rows",
    "mark_single_handed",
    "new_factor_secret",
    "record_sign_in",
    "recover_on_server",
    "repeat_job",
    "restore_keys",
    "review_single_handed",
    "rotate_keys",
    "set_one_time_password",
    "set_own_password",
    "spend_code",
    "start_job",
    "switch_off",
    "switch_on",
    "usable_recovery",
    "use_recovery",
    "withdraw_right",
]
