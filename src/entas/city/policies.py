"""Who may do what. Every service that changes something asks here first."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from entas.audit.services import is_same_actor
from entas.city.errors import (
    LastAdministrator,
    NeedsSecondPerson,
    NotAllowed,
    OtherInstallation,
    OutsideArea,
    OwnAccount,
)
from entas.city.models import Area, Installation, Right, User
from entas.custody import KeyStatus
from entas.jobs.models import Job

R = Right.Role

# --- which acts a role is made of ---------------------------------------------------------
# Acts are named like in the chain of acts: stage and act.

_EVERYBODY = frozenset({"city.read", "jobs.read_own", "notices.read"})
_PERSONS = frozenset({"registry.search", "registry.look", "registry.transfer_hint"})
_DESK = _PERSONS | {"registry.propose", "registry.request_transfer", "registry.reveal"}
_DECIDE = frozenset({"registry.decide_proposal", "registry.decide_transfer"})
# What a resident asks for is written down where the resident comes to.
_HEAR = frozenset({"privacy.receive_request"})

ACTS_OF_ROLE: dict[str, frozenset[str]] = {
    R.FACILITATOR: _PERSONS | {"registry.propose", "registry.request_transfer"},
    R.FRONT_OFFICE: _DESK | _HEAR,
    R.BACK_OFFICE: _DESK | _HEAR,
    R.PUSKESOS_COORDINATOR: _DESK | _HEAR | _DECIDE | {"registry.export"},
    R.SUPERVISOR: _DESK | _HEAR | _DECIDE | {"registry.export", "audit.review_single_handed"},
    R.SLRT_MANAGER: _DESK | _HEAR | _DECIDE | {"registry.export", "audit.review_single_handed"},
    R.OPD_HANDLER: _PERSONS | {"registry.propose"},
    R.DATA_OPERATOR: _DESK | _HEAR,
    R.TKPK_VIEWER: frozenset(),
    R.TKPK_SECRETARIAT: frozenset({"city.edit_figures"}),
    R.AGENCY_OFFICER: frozenset(
        {"registry.search", "registry.look", "registry.propose", "registry.match"}
    ),
    R.DATA_STEWARD: _DESK
    | _HEAR
    | _DECIDE
    | {
        "registry.export",
        "registry.link",
        "registry.match",
        "registry.merge",
        "registry.review",
        "registry.split",
        "registry.undo",
        "registry.train_model",
        "registry.use_model",
        "registry.recalibrate",
        "sources.add",
        "sources.import",
        "sources.read",
        "sources.undo",
        "sources.export",
        "sources.schedule",
        "jobs.read_all",
        "jobs.manage",
    },
    R.DATA_PROTECTION_OFFICER: frozenset(
        {
            "registry.search",
            "registry.look",
            "audit.read_acts",
            "audit.read_looks",
            "audit.verify",
            "audit.export",
            "audit.review_single_handed",
            "sources.read",
            "privacy.read",
            "privacy.edit",
            "privacy.receive_request",
            "privacy.answer_request",
            "privacy.restrict",
            "privacy.report_breach",
            "privacy.set_retention",
            "privacy.erase",
        }
    ),
    R.AUDITOR: frozenset(
        {
            "registry.search",
            "registry.look",
            "sources.read",
            "audit.read_acts",
            "audit.read_looks",
            "audit.verify",
            "audit.export",
            "city.read_users",
            "jobs.read_all",
            "privacy.read",
        }
    ),
    R.LEADER: frozenset(),
    # Whoever gives rights and keeps the keys sees no persons by that office.
    R.ADMINISTRATOR: frozenset(
        {
            "city.add_user",
            "city.read_users",
            "city.manage_users",
            "city.grant",
            "city.recover_user",
            "city.edit_figures",
            "keys.escrow",
            "keys.rotate",
            "operations.read",
            "operations.backup",
            "privacy.approve_erasure",
            "audit.verify",
            "jobs.read_all",
            "jobs.manage",
        }
    ),
}

ALL_ACTS = frozenset().union(_EVERYBODY, *ACTS_OF_ROLE.values())


# --- where somebody may ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an actor may do one act.

    Attributes:
        is_city: everywhere, also where the kelurahan is not known.
        kelurahan: numbers of the kelurahan otherwise (all of a kecamatan's are written out).
        agencies: agencies the right is held for; empty when it is held for none.
    """

    is_city: bool
    kelurahan: frozenset[int]
    agencies: frozenset[int]

    @property
    def is_empty(self) -> bool:
        """The actor may do it nowhere."""
        return not self.is_city and not self.kelurahan

    def covers(self, kelurahan: int | None) -> bool:
        """Whether this place lies within; an unknown place lies within the whole city only."""
        return self.is_city or kelurahan in self.kelurahan

    def filter(self, field: str = "kelurahan") -> Q:
        """The condition for a queryset whose ``field`` holds kelurahan numbers."""
        # Everything, said so that it stays everything beside an "or": an empty Q would vanish.
        everywhere = ~Q(pk__in=[])
        return everywhere if self.is_city else Q(**{f"{field}__in": sorted(self.kelurahan)})


NOWHERE = Scope(is_city=False, kelurahan=frozenset(), agencies=frozenset())


def rights_of(actor: User) -> list[Right]:
    """The rights an actor holds today, read once a request (once for each object).

    Access is judged by the clock, like the chains are: it is no result that somebody could ask
    for as of another day.
    """
    if not actor.is_active:
        return []
    kept: list[Right] | None = getattr(actor, "_rights_today", None)
    if kept is None:
        today = timezone.localdate()
        kept = list(actor.rights.on(today).select_related("area", "agency"))
        actor._rights_today = kept  # type: ignore[attr-defined]  # noqa: SLF001
    return kept


def _kelurahan_in(rights: Iterable[Right]) -> frozenset[int]:
    areas = [right.area for right in rights if right.area is not None]
    kecamatan = [area.number for area in areas if area.level == Area.Level.KECAMATAN]
    own = {area.number for area in areas if area.level == Area.Level.KELURAHAN}
    if kecamatan:
        own |= set(Area.objects.filter(parent__in=kecamatan).values_list("number", flat=True))
    return frozenset(own)


def scope_of(actor: User, act: str) -> Scope:
    """Where the actor may do this act today."""
    if act in _EVERYBODY:
        return Scope(is_city=True, kelurahan=frozenset(), agencies=frozenset())
    rights = [right for right in rights_of(actor) if act in ACTS_OF_ROLE.get(right.role, ())]
    return Scope(
        is_city=any(right.area is None for right in rights),
        kelurahan=_kelurahan_in(rights),
        agencies=frozenset(right.agency_id for right in rights if right.agency_id),
    )


def may(actor: User, act: str) -> bool:
    """Whether the actor may do this act anywhere at all; for menus and buttons."""
    if not actor.is_active:
        return False
    return act in _EVERYBODY or any(
        act in ACTS_OF_ROLE.get(right.role, ()) for right in rights_of(actor)
    )


def check_may(actor: User, act: str) -> None:
    """Let pass who may do this act somewhere.

    Args:
        actor: who asks.
        act: stage and act, as in the chain of acts: ``"sources.import"``.

    Raises:
        NotAllowed: no right of today includes it, or the actor was switched off.
    """
    if not may(actor, act):
        raise NotAllowed(actor.username, act)


def check_may_at(actor: User, act: str, kelurahan: int | None) -> None:
    """Let pass who may do this act in this kelurahan.

    Raises:
        NotAllowed: no right of today includes it.
        OutsideArea: the rights that include it hold elsewhere.
    """
    check_may(actor, act)
    if not scope_of(actor, act).covers(kelurahan):
        raise OutsideArea(act)


# --- who prepares does not approve -----------------------------------------------------------


def others_who_may(actor: User, act: str, kelurahan: int | None) -> list[User]:
    """Other active users who may do this act here today, the nearest office first."""
    roles = [role for role, acts in ACTS_OF_ROLE.items() if act in acts]
    rights = (
        Right.objects.on(timezone.localdate())
        .filter(role__in=roles, user__is_active=True)
        .exclude(user=actor)
        .select_related("user", "area")
    )
    near: dict[int, tuple[int, User]] = {}
    for right in rights:
        if right.area is not None and kelurahan not in _kelurahan_in([right]):
            continue
        distance = 2 if right.area is None else int(right.area.level == Area.Level.KECAMATAN)
        held = near.get(right.user_id)
        if held is None or distance < held[0]:
            near[right.user_id] = (distance, right.user)
    return [user for _, user in sorted(near.values(), key=lambda pair: (pair[0], pair[1].pk))]


def check_second_person(actor: User, act: str, *, prepared_by: str, kelurahan: int | None) -> bool:
    """Let pass who approves what another prepared, or who alone can.

    Args:
        actor: who approves.
        act: the act of approving.
        prepared_by: :func:`entas.audit.services.actor_text` of who prepared it.
        kelurahan: where it is.

    Returns:
        Whether the act is single-handed: the actor prepared it and nobody else may approve it in
        the kelurahan or its kecamatan. The caller marks it (services.mark_single_handed).

    Raises:
        NotAllowed, OutsideArea: the actor may not approve here at all.
        NeedsSecondPerson: the actor prepared it and somebody else may approve it. Whoever may
            approve in the whole city never approves alone: there is always somebody to appoint.
    """
    check_may_at(actor, act, kelurahan)
    if not is_same_actor(prepared_by, actor):
        return False
    is_local = not scope_of(actor, act).is_city
    others = others_who_may(actor, act, kelurahan)
    near = [user for user in others if not is_local or _is_near(user, act, kelurahan)]
    if near or not is_local:
        raise NeedsSecondPerson(near[0].get_full_name() if near else "")
    return True


def _is_near(user: User, act: str, kelurahan: int | None) -> bool:
    """Whether a right of the kelurahan or its kecamatan lets the user do it."""
    rights = [right for right in rights_of(user) if act in ACTS_OF_ROLE.get(right.role, ())]
    return kelurahan in _kelurahan_in(rights)


# --- who gives rights, and to whom -----------------------------------------------------------

# Whoever watches the others, or gives rights, is appointed by an administrator of the whole city.
GUARDED_ROLES = frozenset({R.ADMINISTRATOR, R.DATA_PROTECTION_OFFICER})


def holds(actor: User, role: str) -> bool:
    """Whether the actor holds this role in the whole city today."""
    return any(right.role == role and right.area is None for right in rights_of(actor))


def _lies_within(scope: Scope, areas: Iterable[Area | None]) -> bool:
    """Whether all these areas lie in the scope; None is the whole city."""
    for area in areas:
        if area is None:
            return scope.is_city
        inside = {area.number}
        if area.level == Area.Level.KECAMATAN:
            inside = set(Area.objects.filter(parent=area).values_list("number", flat=True))
        if not scope.is_city and not inside <= scope.kelurahan:
            return False
    return True


def check_may_grant(actor: User, user: User, role: str, area: Area | None) -> None:
    """Let pass who may give (or take) this role in this area to this user.

    Raises:
        NotAllowed: the actor may give no rights, or this role is given by administrators only.
        OutsideArea: the actor gives rights in other areas.
        OwnAccount: it is for the actor.
    """
    check_may(actor, "city.grant")
    if actor.pk == user.pk:
        raise OwnAccount
    if role in GUARDED_ROLES and not holds(actor, R.ADMINISTRATOR):
        raise NotAllowed(actor.username, "city.grant")
    if not _lies_within(scope_of(actor, "city.grant"), [area]):
        raise OutsideArea("city.grant")


def check_may_manage(actor: User, user: User, act: str = "city.manage_users") -> None:
    """Let pass who may act on this account: everywhere, or where all its rights lie.

    Raises:
        NotAllowed: no right of today includes the act.
        OutsideArea: the user has rights elsewhere, or none at all.
        OwnAccount: it is the actor's own.
    """
    check_may(actor, act)
    if actor.pk == user.pk:
        raise OwnAccount
    scope = scope_of(actor, act)
    if scope.is_city:
        return
    held = user.rights.filter(withdrawn_at=None).select_related("area")
    areas = [right.area for right in held]
    if not areas or not _lies_within(scope, areas):
        raise OutsideArea(act)


def check_not_last_administrator(user: User) -> None:
    """Let pass when somebody else remains who can give rights in the whole city.

    Raises:
        LastAdministrator: this user alone can.
    """
    rights = Right.objects.on(timezone.localdate()).filter(role=R.ADMINISTRATOR, area=None)
    active = rights.filter(user__is_active=True)
    if active.filter(user=user).exists() and not active.exclude(user=user).exists():
        raise LastAdministrator


# --- whose work it is ------------------------------------------------------------------------


def may_see_job(actor: User, job: Job) -> bool:
    """Whether the actor started this work, or may look at everybody's."""
    return job.user == actor.pk or may(actor, "jobs.read_all")


def may_steer(actor: User, job: Job) -> bool:
    """Whether the actor started this work, or may cancel and repeat everybody's."""
    return job.user == actor.pk or may(actor, "jobs.manage")


def check_may_steer(actor: User, job: Job) -> None:
    """Let pass who may cancel and repeat this work.

    Raises:
        NotAllowed: it is another person's.
    """
    if not may_steer(actor, job):
        raise NotAllowed(actor.username, "jobs.manage")


def check_keys_fit(row: Installation, keys: KeyStatus) -> None:
    """Let pass the keys of this installation that open what is sealed in it today.

    Keys of an earlier time would seal new rows with a key that was given up: afterwards no key
    file opens everything.

    Raises:
        OtherInstallation: the keys are another installation's, or of another time than its data.
    """
    if row.key_id != keys.key_id:
        raise OtherInstallation(
            "Berkas kunci {path} bukan milik basis data ini. Kembalikan berkas kunci yang "
            "benar, atau periksa ENTAS_KEY_FILE.",
            path=keys.path,
        )
    if row.key_version not in keys.versions:
        raise OtherInstallation(
            "Kunci ini versi {version}, padahal data di basis data ini disegel dengan versi "
            "{older}. Pakai berkas kunci atau titipan versi {older}.",
            version=keys.version,
            older=row.key_version,
        )
