"""Acts on the ground, one a file."""

from entas.city.services.entrusting_keys import entrust_keys
from entas.city.services.installing import initialise
from entas.city.services.reference_rows import load_reference_rows
from entas.city.services.restoring_keys import restore_keys
from entas.city.services.rotating_keys import rotate_keys
from entas.city.services.single_handed import mark_single_handed
from entas.city.services.users import add_user, grant_right

__all__ = [
    "add_user",
    "entrust_keys",
    "grant_right",
    "initialise",
    "load_reference_rows",
    "mark_single_handed",
    "restore_keys",
    "rotate_keys",
]
