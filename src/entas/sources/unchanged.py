"""Whether a delivered file stayed the same while it was read, more than once, by its name."""

from dataclasses import dataclass
from pathlib import Path

from entas.sources.errors import BrokenFile


@dataclass(frozen=True, slots=True)
class Standing:
    """A file as it stood at one moment: which one, how long, changed when."""

    path: Path
    marks: tuple[int, ...]

    def check(self) -> None:
        """Let pass when the file is still the one that stood there.

        Raises:
            BrokenFile: it was changed or replaced since.
        """
        if standing(self.path) != self:
            raise BrokenFile(
                "Berkas berubah saat dibaca. Tunggu sampai selesai disalin, lalu jalankan lagi."
            )


def standing(path: Path) -> Standing:
    """The file as it stands now, links followed; no marks when there is none."""
    try:
        found = path.stat()
    except OSError:
        return Standing(path, ())
    # The moment of the last change of the entry itself cannot be set back by anybody.
    marks = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    return Standing(path, marks)
