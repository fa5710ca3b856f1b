"""What can be refused about the ground."""

from entas.refusals import EntasRefusal, Saying


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
            known=", ".join(Right.Role.values),
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
