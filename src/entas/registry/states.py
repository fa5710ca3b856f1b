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

PROPOSED, ACCEPTED, REJECTED, TAKEN_BACK = "diusulkan", "diterima", "ditolak", "dicabut"
PROPOSAL_CHOICES = [
    (PROPOSED, "diusulkan"),
    (ACCEPTED, "diterima"),
    (REJECTED, "ditolak"),
    (TAKEN_BACK, "dicabut pengusulnya"),
]
PROPOSAL_NEXT = {
    PROPOSED: {ACCEPTED, REJECTED, TAKEN_BACK},
    ACCEPTED: set(),
    REJECTED: set(),
    TAKEN_BACK: set(),
}

# A person's place in a family, as lists say it.
ROLE_CHOICES = [
    ("kepala", "kepala keluarga"),
    ("pasangan", "suami atau istri"),
    ("anak", "anak"),
    ("lain", "anggota lain"),
]

# Where a value stands that people decided on: no list takes it away.
PROPOSED_ORIGIN, TRANSFER_ORIGIN = "usulan", "pindah"
# What people may correct: what lists tell of a person (survivorship.FIELDS), and the place in the
# family and the RT that only the opening line tells. The address is the dwelling's, and another
# kelurahan needs a transfer.
CORRECTABLE = (
    "name", "nik", "birth", "birth_place", "sex", "mother_name", "alive", "role", "rt",
)  # fmt: skip
