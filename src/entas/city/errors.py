"""What can be refused about the ground."""

from django.utils.translation import gettext as _

from entas.refusals import EntasRefusal


class NotInitialised(EntasRefusal):
    """There is no finished installation where we look for one."""

    def __init__(self, home: str) -> None:
        super().__init__(
            f"Belum ada instalasi Entas di {home}. Jalankan: entas init (data sungguhan) atau "
            "entas init --demo (data buatan)."
        )


class OtherInstallation(EntasRefusal):
    """The key file, the database and what is asked do not belong together."""


class UnknownUser(EntasRefusal):
    """Nobody of that name may act here."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Pengguna '{name[:60]}' belum terdaftar di instalasi ini atau tidak aktif lagi. Minta "
            "administrator menjalankan: entas city add-user NAMA."
        )


class NotAllowed(EntasRefusal):
    """This user may not do that."""

    def __init__(self, username: str, act: str) -> None:
        super().__init__(
            f"Pengguna '{username[:60]}' tidak berhak melakukan '{act}'. Minta administrator "
            "memberikan peran yang sesuai."
        )


class OutsideArea(EntasRefusal):
    """The right to do it holds in other areas."""

    def __init__(self, act: str) -> None:
        super().__init__(
            f"Tindakan '{act}' di wilayah ini di luar kewenangan Anda. Minta bantuan petugas "
            "wilayah itu, atau ajukan permohonan pindah wilayah."
        )


class NeedsSecondPerson(EntasRefusal):
    """Who prepares does not approve."""

    def __init__(self, who: str) -> None:
        example = f", misalnya {who[:60]}" if who else ""
        super().__init__(
            "Yang menyiapkan tidak boleh menyetujui sendiri. Minta persetujuan petugas "
            f"lain{example}."
        )


class OddUserName(EntasRefusal):
    """A user name that no system would give."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Nama pengguna '{name[:60]}' tidak dapat dipakai. "
            "Pakai huruf, angka dan @ . + - _ saja."
        )


class FigureRefused(EntasRefusal):
    """A figure or target that cannot have been published so; ``field`` is what to mend."""

    def __init__(self, line: str, field: str) -> None:
        super().__init__(line)
        self.field = field


class FigureCorrectedMeanwhile(EntasRefusal):
    """Somebody else corrected the same figure first."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Angka ini sudah dikoreksi orang lain sementara Anda mengisi. Buka angka yang "
                "berlaku sekarang, lalu koreksi angka itu bila masih perlu."
            )
        )
