"""The states of a job and the ways between them; menu and tests come from this table."""

from entas.refusals import mark

QUEUED, RUNNING, DONE = mark("antre"), mark("berjalan"), mark("selesai")
FAILED, CANCELLED = mark("gagal"), mark("batal")

STATES = (QUEUED, RUNNING, DONE, FAILED, CANCELLED)
ENDS = frozenset({DONE, FAILED, CANCELLED})

NEXT: dict[str, frozenset[str]] = {
    # Back to the queue goes what a worker could not end: killed, stopped, or kept waiting.
    QUEUED: frozenset({RUNNING, CANCELLED, FAILED}),
    RUNNING: ENDS | {QUEUED},
    DONE: frozenset(),
    # Tried again by hand.
    FAILED: frozenset({QUEUED}),
    CANCELLED: frozenset({QUEUED}),
}
