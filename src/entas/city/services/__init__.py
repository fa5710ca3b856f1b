"""Acts on the ground, one a file."""

from entas.city.services.entrusting_keys import entrust_keys
from entas.city.services.figures import FigureFacts, TargetFacts, add_figure, add_target
from entas.city.services.installing import initialise
from entas.city.services.reference_rows import load_reference_rows
from entas.city.services.restoring_keys import restore_keys
from entas.city.services.rotating_keys import rotate_keys
from entas.city.services.single_handed import mark_single_handed
from entas.city.services.users import add_user, grant_right
from entas.city.services.working import cancel_job, repeat_job, start_job

__all__ = [
    "FigureFacts",
    "TargetFacts",
    "add_figure",
    "add_target",
    "add_user",
    "cancel_job",
    "entrust_keys",
    "grant_right",
    "initialise",
    "load_reference_rows",
    "mark_single_handed",
    "repeat_job",
    "restore_keys",
    "rotate_keys",
    "start_job",
]
