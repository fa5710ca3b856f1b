"""Sex, relation to the head of family and state of life: codes and words as offices use them."""

import re

from entas.sources.cells import Cell, cell_text
from entas.sources.profiles import codes

_NOT_WORD = re.compile(r"[^A-Z0-9]+")
# A remark may say more than the word: "PINDAH KE MUARO JAMBI", "SDH MENINGGAL 2024".
_DEAD = re.compile(r"\b(?:MENINGGAL|WAFAT|ALMARHUMA?H?)\b")
_MOVED = re.compile(r"\bPINDAH\b")
_DENIED = re.compile(r"\b(?:BELUM|BLM|TIDAK|TDK|BUKAN)\b")


class Coded:
    """Reads the coded columns of one profile; unknown codes and words give None."""

    def __init__(self, profile: str) -> None:
        self._codes = codes(profile)

    def sex(self, cell: Cell) -> str | None:
        """L or P."""
        return self._find("sex", cell)

    def relation(self, cell: Cell) -> str | None:
        """kepala, pasangan, anak or lain."""
        return self._find("hubungan", cell)

    def status(self, cell: Cell) -> str | None:
        """hidup, meninggal or pindah."""
        if found := self._find("status", cell):
            return found
        text = _key(cell)
        if _DENIED.search(text):
            return None
        if _DEAD.search(text):
            return "meninggal"
        return "pindah" if _MOVED.search(text) else None

    def _find(self, field: str, cell: Cell) -> str | None:
        key = _key(cell)
        return self._codes.get((field, key.lstrip("0") if key.isdigit() else key))


def _key(cell: Cell) -> str:
    return " ".join(_NOT_WORD.sub(" ", cell_text(cell).upper()).split())
