"""What the registry refuses, in words for whoever asked."""

from entas.refusals import EntasRefusal


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
            f"Impor nomor {import_id} tidak ada. Lihat nomor yang ada dengan: entas sources list"
        )


class NoSuchRow(EntasRefusal):
    """The list has no such row, or the row was never linked."""

    def __init__(self, import_id: int, row: int) -> None:
        super().__init__(
            f"Baris {row} pada impor {import_id} tidak ada atau belum ditautkan. "
            "Periksa nomor barisnya (baris 1 = baris data pertama), lalu jalankan: "
            "entas registry link"
        )


class NoSuchPerson(EntasRefusal):
    """No active person has this number."""

    def __init__(self, person_id: object) -> None:
        super().__init__(f"Warga dengan id {person_id} tidak ada atau tidak aktif lagi.")


class ModelUnreadable(EntasRefusal):
    """A stored linkage model cannot be used."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"Model penautan {version} tidak terbaca oleh versi Entas ini. "
            "Pilih model lain atau latih ulang."
        )


class TransferRefused(EntasRefusal):
    """A request to move somebody cannot be made or decided; the reason is the message."""


class DecisionRefused(EntasRefusal):
    """A decision of a person cannot be carried out; the reason is the message."""
