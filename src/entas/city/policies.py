"""Who may do what. Every service that changes something asks here first."""

from entas.city.errors import NotAllowed, OtherInstallation
from entas.city.models import Installation, User
from entas.custody import KeyStatus

# Acts by role. The administrator may do everything; more roles come with the web door.
_EVERYTHING = "*"
ACTS_OF_ROLE: dict[str, frozenset[str]] = {
    User.Role.ADMINISTRATOR: frozenset({_EVERYTHING}),
}


def check_may(actor: User, act: str) -> None:
    """Let pass who may do this act.

    Args:
        actor: who asks.
        act: stage and act, as in the chain of acts: ``"sources.import"``.

    Raises:
        NotAllowed: the role of the actor does not include it, or the actor was switched off.
    """
    acts = ACTS_OF_ROLE.get(actor.role, frozenset())
    if not actor.is_active or not acts & {_EVERYTHING, act}:
        raise NotAllowed(actor.username, act)


def check_keys_fit(row: Installation, keys: KeyStatus) -> None:
    """Let pass the keys of this installation that open what is sealed in it today.

    Keys of an earlier time would seal new rows with a key that was given up: afterwards no key
    file opens everything.

    Raises:
        OtherInstallation: the keys are another installation's, or of another time than its data.
    """
    if row.key_id != keys.key_id:
        raise OtherInstallation(
            f"Berkas kunci {keys.path} bukan milik basis data ini. Kembalikan berkas kunci yang "
            "benar, atau periksa ENTAS_KEY_FILE."
        )
    if row.key_version not in keys.versions:
        raise OtherInstallation(
            f"Kunci ini versi {keys.version}, padahal data di basis data ini disegel dengan versi "
            f"{row.key_version}. Pakai berkas kunci atau titipan versi {row.key_version}."
        )
