"""The states of a delivery and the ways between them."""

RECEIVING, ACCEPTED, WITHDRAWN = "receiving", "accepted", "withdrawn"

NEXT: dict[str, frozenset[str]] = {
    # A killed import stays receiving: invisible, and begun anew by the same command.
    RECEIVING: frozenset({ACCEPTED, WITHDRAWN}),
    ACCEPTED: frozenset({WITHDRAWN}),
    WITHDRAWN: frozenset(),
}

IN_WORDS = {RECEIVING: "belum selesai", ACCEPTED: "diterima", WITHDRAWN: "ditarik"}
