"""What can be refused about the ground."""

from collections.abc import Sequence
from dataclasses import dataclass

from entas.refusals import EntasRefusal, Saying, Sayings


class NotInitialised(EntasRefusal):
    """There is no finished installation where we look for one."""

    def __init__(self, home: str) -> None:
        super().__init__(
            "Belum ada instalasi Entas di {home}. Jalankan: entas init (data sungguhan) atau "
            "entas init --demo (data buatan).",
            home=home,
        )


class OtherInstallation(EntasRefusal):
    """The key file, the database and what is asked do not belong together."""


class UnknownUser(EntasRefusal):
    """Nobody of that name may act here."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "Pengguna '{name}' belum terdaftar di instalasi ini atau tidak aktif lagi. Minta "
            "administrator menjalankan: entas city add-user NAMA.",
            name=name[:60],
        )


class NotAllowed(EntasRefusal):
    """This user may not do that."""

    def __init__(self, username: str, act: str) -> None:
        super().__init__(
            "Pengguna '{name}' tidak berhak melakukan '{act}'. Minta administrator "
            "memberikan peran yang sesuai.",
            name=username[:60],
            act=act,
        )


class OutsideArea(EntasRefusal):
    """The right to do it holds in other areas."""

    def __init__(self, act: str) -> None:
        super().__init__(
            "Tindakan '{act}' di wilayah ini di luar kewenangan Anda. Minta bantuan petugas "
            "wilayah itu, atau ajukan permohonan pindah wilayah.",
            act=act,
        )


class NeedsSecondPerson(EntasRefusal):
    """Who prepares does not approve."""

    def __init__(self, who: str) -> None:
        example = Saying(", misalnya {name}", name=who[:60]) if who else ""
        super().__init__(
            "Yang menyiapkan tidak boleh menyetujui sendiri. Minta persetujuan petugas "
            "lain{example}.",
            example=example,
        )


class UnknownRole(EntasRefusal):
    """A role that Entas does not know."""

    def __init__(self, role: str) -> None:
        from entas.city.models import Right

        super().__init__(
            "Peran '{role}' tidak dikenal. Pilih salah satu: {known}.",
            role=role[:30],
            known=", ".join(f"{words} ({code})" for code, words in Right.Role.choices),
        )


class OddUserName(EntasRefusal):
    """A user name that no system would give."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "Nama pengguna '{name}' tidak dapat dipakai. Pakai huruf, angka dan @ . + - _ saja.",
            name=name[:60],
        )


class FigureRefused(EntasRefusal):
    """A figure or target that cannot have been published so; ``field`` is what to mend."""

    def __init__(self, why: Saying, field: str) -> None:
        super().__init__("{why}", why=why)
        self.field = field


class FigureCorrectedMeanwhile(EntasRefusal):
    """Somebody else corrected the same figure first."""

    def __init__(self) -> None:
        super().__init__(
            "Angka ini sudah dikoreksi orang lain sementara Anda mengisi. Buka angka yang "
            "berlaku sekarang, lalu koreksi angka itu bila masih perlu."
        )


class UnknownPlace(EntasRefusal):
    """No kecamatan or kelurahan is called so, or more than one."""


class UnknownAgency(EntasRefusal):
    """No office of the city is called so."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "Perangkat daerah '{name}' tidak dikenal. Tulis kodenya seperti di halaman "
            "Perangkat daerah.",
            name=name[:60],
        )


class UnknownRight(EntasRefusal):
    """No right has this number."""

    def __init__(self, number: int) -> None:
        super().__init__(
            "Hak nomor {number} tidak ada. Lihat nomornya: entas city user list", number=number
        )


class UserExists(EntasRefusal):
    """The user name is taken."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "Nama pengguna '{name}' sudah dipakai. Pilih nama lain, atau beri hak kepada pengguna "
            "itu.",
            name=name[:60],
        )


class OwnAccount(EntasRefusal):
    """An administrator tries it on the own account."""

    def __init__(self) -> None:
        super().__init__(
            "Hak, sandi dan status akun sendiri tidak dapat diubah sendiri dari sini. Minta "
            "administrator lain."
        )


class LastAdministrator(EntasRefusal):
    """Afterwards nobody could give rights any more."""

    def __init__(self) -> None:
        super().__init__(
            "Ini administrator terakhir. Angkat administrator lain dahulu, lalu ulangi."
        )


class RightHeld(EntasRefusal):
    """The same right is held already in these days."""

    def __init__(self) -> None:
        super().__init__(
            "Pengguna ini sudah memegang peran itu di wilayah dan OPD yang sama pada tanggal itu. "
            "Cabut hak yang lama dahulu bila tanggalnya hendak diganti."
        )


class OddPeriod(EntasRefusal):
    """The days of a right do not fit together."""


class NothingToDeputise(EntasRefusal):
    """The one who is stood in for does not hold the right."""

    def __init__(self) -> None:
        super().__init__(
            "Orang yang digantikan tidak memegang peran itu di wilayah itu. Pilih orang yang "
            "memegangnya, atau kosongkan isian pengganti."
        )


class RightWithdrawn(EntasRefusal):
    """The right was withdrawn before."""

    def __init__(self) -> None:
        super().__init__("Hak ini sudah dicabut. Muat ulang halamannya untuk melihat keadaannya.")


class PasswordChosen(EntasRefusal):
    """The person already chose a password; nobody alone sets another one."""

    def __init__(self) -> None:
        super().__init__(
            "Orang ini sudah memilih sandinya sendiri, jadi sandi sekali pakai tidak dapat dibuat "
            "sendirian. Ajukan pemulihan; administrator lain menyetujuinya."
        )


class WeakPassword(EntasRefusal):
    """The password does not do; the message says why."""


class WrongCode(EntasRefusal):
    """A number of the authenticator app does not fit."""

    def __init__(self) -> None:
        super().__init__(
            "Kode itu tidak cocok atau sudah dipakai. Tunggu kode berikutnya di aplikasi, dan "
            "periksa jam ponsel."
        )


class RecoveryRefused(EntasRefusal):
    """A recovery cannot go on; the message says why and what to do."""


class SheetRefused(EntasRefusal):
    """Rows of a sheet of users are wrong, and nothing was created.

    Attributes:
        problems: what is wrong, row by row.
    """

    def __init__(self, problems: Sequence["SheetProblem"]) -> None:
        self.problems = problems
        super().__init__(
            "Tidak ada pengguna yang dibuat: {count} hal perlu dibetulkan. {first}",
            count=len(problems),
            first=Sayings([one.saying for one in problems[:5]], " "),
        )


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """One wrong cell of a sheet of users."""

    line: int
    column: str
    why: Saying

    @property
    def saying(self) -> Saying:
        """Row, column and reason in one sentence."""
        return Saying(
            "Baris {line}, kolom {column}: {why}", line=self.line, column=self.column, why=self.why
        )


class OddPurpose(EntasRefusal):
    """What was given as purpose and reason is not enough; ``field`` says which of the two."""

    def __init__(self, line: Saying, field: str) -> None:
        super().__init__("{line}", line=line)
        self.field = field


class OwnSingleHanded(EntasRefusal):
    """Nobody reviews what he did himself."""

    def __init__(self) -> None:
        super().__init__("Tindakan ini Anda lakukan sendiri. Mintalah petugas lain menelaahnya.")


class ReviewedBefore(EntasRefusal):
    """Somebody looked at it in the meantime."""

    def __init__(self) -> None:
        super().__init__("Tindakan ini sudah ditelaah. Muat ulang daftarnya.")
