"""What can be wrong with a row, as a table: the rule, how grave it is, and what to do.

N1 to N14 are the rules about NIK of the project's domain notes (3.5); K1 to K13 the same for the
number of the family card; the others are about the remaining fields.
"""

from typing import NamedTuple

from entas.refusals import Translate, mark

ERROR, WARN, INFO = "error", "warn", "info"


class Rule(NamedTuple):
    """``says``: what is wrong; ``todo``: what the sender does about it."""

    severity: str
    says: str
    todo: str


_FROM_KTP = mark("Salin dari KTP/KK.")
_TEXT_CELL = mark("Ubah format kolom menjadi Teks, lalu ketik ulang dari KTP/KK.")

RULES: dict[str, Rule] = {
    "N1": Rule(ERROR, "NIK bukan 16 angka", _FROM_KTP),
    "N2": Rule(ERROR, "NIK isian sementara (angka kembar atau berurut)", "Isi NIK yang benar."),
    "N3": Rule(ERROR, "NIK dari wilayah yang tidak diterima di instalasi ini", _FROM_KTP),
    "N4": Rule(WARN, "kode kabupaten/kota pada NIK tidak dikenal", "Periksa dengan KTP."),
    "N5": Rule(WARN, "kode kecamatan pada NIK tidak dikenal", "Periksa dengan KTP."),
    "N6": Rule(ERROR, "tanggal pada NIK di luar 01-31 atau 41-71", "Pastikan ke Disdukcapil."),
    "N7": Rule(ERROR, "bulan pada NIK di luar 01-12", "Pastikan ke Disdukcapil."),
    "N8": Rule(ERROR, "tanggal lahir pada NIK tidak ada di kalender", "Pastikan ke Disdukcapil."),
    "N9": Rule(ERROR, "nomor urut NIK 0000", _FROM_KTP),
    "N10": Rule(WARN, "NIK tidak cocok dengan tanggal lahir atau jenis kelamin",
                "Periksa ketiganya."),
    "N11": Rule(INFO, "abad tahun lahir disimpulkan", "Tulis tahun dengan empat angka."),
    "N12": Rule(WARN, "NIK dipakai nama atau tanggal lahir lain di daftar ini",
                "Periksa keduanya."),
    "N13": Rule(ERROR, "NIK tersimpan sebagai bilangan: digit terakhir hilang", _TEXT_CELL),
    "N14": Rule(INFO, "NIK tidak ada", "Lengkapi bila sudah diketahui."),
    "K1": Rule(ERROR, "nomor KK bukan 16 angka", _FROM_KTP),
    "K2": Rule(ERROR, "nomor KK isian sementara", "Isi nomor KK yang benar."),
    "K3": Rule(ERROR, "nomor KK dari wilayah yang tidak diterima", _FROM_KTP),
    "K13": Rule(ERROR, "nomor KK tersimpan sebagai bilangan: digit terakhir hilang", _TEXT_CELL),
    "X1": Rule(ERROR, "sel berisi rumus, bukan nilai", "Salin lalu tempel sebagai nilai."),
    "D1": Rule(ERROR, "tanggal lahir tidak dapat dibaca atau tidak ada di kalender",
               "Tulis dd-mm-yyyy."),
    "D2": Rule(ERROR, "tanggal lahir setelah tanggal data atau lebih dari 120 tahun lalu",
               "Periksa tahunnya."),
    "D3": Rule(WARN, "tanggal lahir isian sementara (00)", "Kosongkan, atau isi yang benar."),
    "D4": Rule(WARN, "umur atau tahun lahir tidak dapat dibaca", "Tulis angka saja."),
    "S1": Rule(WARN, "jenis kelamin tidak dikenal", "Tulis L atau P."),
    "A1": Rule(WARN, "RT/RW tidak dapat dibaca", "Tulis angka RT, misalnya 005."),
    "A2": Rule(WARN, "kelurahan tidak dikenal",
               "Tulis nama kelurahan di Kota Jambi, atau kodenya."),
    "T1": Rule(WARN, "ada huruf yang tidak terlihat", "Ketik ulang isi sel."),
    "B1": Rule(ERROR, "nama tidak ada", "Isi nama orangnya."),
    "B2": Rule(ERROR, "selain nama tidak ada yang dapat dikenali",
               "Isi NIK, KK, tanggal lahir, ibu kandung, atau alamat."),
    "B3": Rule(ERROR, "sel lebih banyak daripada judul kolom",
               "Beri tanda kutip pada isi yang memuat pemisah."),
    "B4": Rule(ERROR, "nama lebih dari 150 huruf", "Isi nama orangnya saja."),
}  # fmt: skip

# With one of these the row cannot be used at all.
REJECTING = frozenset({"B1", "B2", "B3", "B4"})


class Told:
    """What is wrong and what to do, in one sentence each; also in another language."""

    def __init__(self, code: str) -> None:
        self.rule = RULES[code]

    def said(self, translate: Translate) -> str:
        """Both sentences in the language of ``translate``."""
        says, todo = translate(self.rule.says), translate(self.rule.todo)
        return f"{says[0].upper()}{says[1:]}. {todo}"

    def __str__(self) -> str:
        return self.said(str)


def message(code: str) -> str:
    """What is wrong and what to do, in Indonesian."""
    return str(Told(code))


def is_counted(code: str) -> bool:
    """Whether a rule is a problem: errors and warnings are, remarks are not."""
    return RULES[code].severity != INFO
