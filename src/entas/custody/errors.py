"""What can be wrong with keys, each with the way out."""

from pathlib import Path

from entas.refusals import EntasRefusal, Saying


class KeyMissing(EntasRefusal):
    """The key file is not where it should be; nothing secret can be opened or looked up."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "Berkas kunci {path} tidak ada, jadi data rahasia tidak dapat dibuka. Kembalikan "
            "berkas itu dari tempat simpanannya, atau pulihkan dari dua berkas titipan: "
            "entas keys restore --from-a A --from-b B.",
            path=path,
        )


class KeyFileOdd(EntasRefusal):
    """The key file is there but cannot be used as it is."""

    def __init__(self, path: Path, why: Saying) -> None:
        super().__init__("Berkas kunci {path} tidak dapat dipakai: {why}.", path=path, why=why)


class KeyExists(EntasRefusal):
    """A key file is already there and must not be written over."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "Berkas kunci {path} sudah ada dan tidak ditimpa. Pindahkan berkas itu dahulu bila "
            "memang hendak diganti.",
            path=path,
        )


class SealBroken(EntasRefusal):
    """A sealed value was altered, belongs elsewhere, or was sealed with a key we do not have."""

    def __init__(self, context: str, version: int | None) -> None:
        which = (
            Saying("tanpa versi kunci")
            if version is None
            else Saying("versi kunci {version}", version=version)
        )
        super().__init__(
            "Data rahasia ({context}, {which}) tidak dapat dibuka: isinya berubah atau berkas "
            "kuncinya bukan milik data ini. Periksa dengan: entas keys status.",
            context=context,
            which=which,
        )


class EscrowMismatch(EntasRefusal):
    """Two escrow files do not make one key file."""

    def __init__(self, why: Saying) -> None:
        super().__init__(
            "Dua berkas titipan ini tidak dapat digabung: {why}. Pakai dua berkas dari satu "
            "pembuatan yang sama.",
            why=why,
        )


class CannotWrite(EntasRefusal):
    """The file asked for cannot be written there."""
