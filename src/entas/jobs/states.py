"""The states of a job and the ways between them; menu and tests come from this table."""

from entas.refusals import mark

RUNNING, DONE = mark("berjalan"), mark("selesai")
FAILED, CANCELLED = mark("gagal"), mark("batal")

NEXT: dict[str, frozenset[str]] = {
    RUNNING: frozenset({DONE, FAILED, CANCELLED}),
    DONE: frozenset(),
    FAILED: frozenset(),
    CANCELLED: frozenset(),
}
