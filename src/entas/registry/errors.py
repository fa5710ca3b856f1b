"""What the registry refuses, in words for whoever asked."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from entas.refusals import EntasRefusal, Saying, Sayings


class NothingImported(EntasRefusal):
    """There is no accepted list to work on."""

    def __init__(self) -> None:
        super().__init__(
            "Belum ada daftar yang diimpor. Jalankan dulu: "
            "entas sources import BERKAS --source KODE --as-of TANGGAL"
        )


class EmptyRegister(EntasRefusal):
    """A list cannot be checked against nobody."""

    def __init__(self) -> None:
        super().__init__(
            "Register masih kosong. Impor daftar penduduk lalu jalankan: entas registry link"
        )


class NoSuchImport(EntasRefusal):
    """No list has this number."""

    def __init__(self, import_id: object) -> None:
        super().__init__(
            "Impor nomor {number} tidak ada. Lihat nomor yang ada dengan: entas sources list",
            number=import_id,
        )


class NoSuchRow(EntasRefusal):
    """The list has no such row, or the row was never linked."""

    def __init__(self, import_id: int, row: int) -> None:
        super().__init__(
            "Baris {row} pada impor {number} tidak ada atau belum ditautkan. "
            "Periksa nomor barisnya (baris 1 = baris data pertama), lalu jalankan: "
            "entas registry link",
            row=row,
            number=import_id,
        )


class NoSuchPerson(EntasRefusal):
    """No active person has this number."""

    def __init__(self, person_id: object) -> None:
        super().__init__(
            "Warga dengan id {person} tidak ada atau tidak aktif lagi.", person=person_id
        )


class ModelUnreadable(EntasRefusal):
    """A stored linkage model cannot be used."""

    def __init__(self, version: str) -> None:
        super().__init__(
            "Model penautan {version} tidak terbaca oleh versi Entas ini. "
            "Pilih model lain atau latih ulang.",
            version=version,
        )


class TransferRefused(EntasRefusal):
    """A request to move somebody cannot be made or decided; the reason is the message."""


class DecisionRefused(EntasRefusal):
    """A decision of a person cannot be carried out; the reason is the message."""


class ValuesRefused(DecisionRefused):
    """Some of the values that were typed cannot stand where they were typed.

    Attributes:
        problems: field -> what is wrong with it and how to write it.
    """

    def __init__(self, problems: Mapping[str, Saying]) -> None:
        self.problems = dict(problems)
        # Each sentence once: a fault common to several fields is said once.
        said = {str(one): one for one in problems.values()}
        super().__init__("{problems}", problems=Sayings(list(said.values()), " "))


class Changed(Protocol):
    """Something that became different while a form was open."""

    @property
    def field(self) -> str:
        """Which field of the person; "" for the rest of the family."""


class ChangedMeanwhile(DecisionRefused):
    """Others changed the person while the form was filled in; what was typed is not lost.

    Attributes:
        changes: what became different, by whom and when, a field at a time.
    """

    def __init__(self, changes: Sequence[Changed]) -> None:
        self.changes = tuple(changes)
        super().__init__(
            "Data keluarga ini berubah sejak formulir dibuka. Periksa perubahannya di samping "
            "tiap isian; bila usulan Anda masih benar, kirim sekali lagi."
        )


class NotYourProposal(DecisionRefused):
    """Only who proposed something takes it back."""

    def __init__(self, number: int) -> None:
        super().__init__(
            "Usulan nomor {number} hanya dapat dicabut oleh pengusulnya.", number=number
        )


class NoNumber(EntasRefusal):
    """There is no number that could be shown."""

    def __init__(self, what: str) -> None:
        super().__init__("Nomor {what} belum tercatat di register.", what=what)


class TooManyReveals(EntasRefusal):
    """Somebody saw as many whole numbers within an hour as anybody may."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            "Anda sudah membuka {limit} nomor dalam satu jam terakhir, batas bagi satu orang. "
            "Lanjutkan nanti; bila perlu lebih banyak, minta penanggung jawab data melakukan adu "
            "data dengan sebuah daftar.",
            limit=limit,
        )
