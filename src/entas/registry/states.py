"""The states of the registry's things, and the words that scripts read.

The words of a decision (cocok, tinjau, ...) keep their meaning for ever.
"""

STAGING, PUBLISHED, DONE, ABANDONED = "staging", "published", "done", "abandoned"
RUN_CHOICES = [
    (STAGING, "disiapkan"),
    (PUBLISHED, "terbit"),
    (DONE, "selesai"),
    (ABANDONED, "dibatalkan"),
]
RUN_NEXT = {STAGING: {PUBLISHED, ABANDONED}, PUBLISHED: {DONE}, DONE: set(), ABANDONED: set()}

SEX_CHOICES = [("L", "laki-laki"), ("P", "perempuan")]

LIVING, DEAD, MOVED = "hidup", "meninggal", "pindah"
ALIVE_CHOICES = [(LIVING, "hidup"), (DEAD, "meninggal"), (MOVED, "pindah")]

ACTIVE, MERGED, WITHDRAWN = "aktif", "digabung", "ditarik"
PERSON_CHOICES = [(ACTIVE, "aktif"), (MERGED, "digabung"), (WITHDRAWN, "ditarik")]
PERSON_NEXT = {ACTIVE: {MERGED, WITHDRAWN}, MERGED: {ACTIVE}, WITHDRAWN: {ACTIVE}}

# A request to move somebody to another area.
ASKED, AGREED, REFUSED, CALLED_OFF = "diajukan", "disetujui", "ditolak", "dibatalkan"
TRANSFER_CHOICES = [
    (ASKED, "diajukan"),
    (AGREED, "disetujui"),
    (REFUSED, "ditolak"),
    (CALLED_OFF, "dibatalkan"),
]
TRANSFER_NEXT = {
    ASKED: {AGREED, REFUSED, CALLED_OFF},
    AGREED: set(),
    REFUSED: set(),
    CALLED_OFF: set(),
}

SURE, FOUNDED, REVIEW = "cocok", "baru", "tinjau"
NOT_FOUND, REPEATED, UNUSABLE = "tidak_ditemukan", "ganda", "bermasalah"
# The decisions that make a row a person's.
LINKED = (SURE, FOUNDED, REPEATED)
DECISION_CHOICES = [
    (SURE, "satu orang, cukup pasti"),
    (FOUNDED, "orang baru dibuat dari baris ini"),
    (REVIEW, "mungkin, harus dilihat orang"),
    (NOT_FOUND, "tidak ditemukan"),
    (REPEATED, "orang yang sama sudah ada di daftar ini"),
    (UNUSABLE, "baris tidak dapat dipakai"),
]

SUSPECTED, CONFIRMED, REFUTED = "diduga", "benar", "bukan"
DUPLICATE_CHOICES = [(SUSPECTED, "diduga"), (CONFIRMED, "benar"), (REFUTED, "bukan")]
DUPLICATE_NEXT = {SUSPECTED: {CONFIRMED, REFUTED}, CONFIRMED: {SUSPECTED}, REFUTED: {SUSPECTED}}

PROPOSED, ACCEPTED, REJECTED = "diusulkan", "diterima", "ditolak"
PROPOSAL_CHOICES = [(PROPOSED, "diusulkan"), (ACCEPTED, "diterima"), (REJECTED, "ditolak")]
PROPOSAL_NEXT = {PROPOSED: {ACCEPTED, REJECTED}, ACCEPTED: set(), REJECTED: set()}
