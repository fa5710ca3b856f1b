"""The states of a job and the ways between them; menu and tests come from this table."""

RUNNING, DONE, FAILED, CANCELLED = "berjalan", "selesai", "gagal", "batal"

NEXT: dict[str, frozenset[str]] = {
    RUNNING: frozenset({DONE, FAILED, CANCELLED}),
    DONE: frozenset(),
    FAILED: frozenset(),
    CANCELLED: frozenset(),
}
