"""N12: which NIK of one list two different persons use."""

from array import array
from collections.abc import Iterator

from entas.sources.parsed import ParsedRow

# The lists are compared a share at a time, so that comparing needs little memory beside them.
_SHARES = 16
_WORD = 0xFFFFFFFF


class NikHolders:
    """Remembers whose NIK each row gave, twenty bytes a row.

    A dictionary of three million NIK would be half a gigabyte; nothing of this is stored.
    """

    def __init__(self) -> None:
        self._shares = [(array("q"), array("I"), array("I"), array("I")) for _ in range(_SHARES)]

    def note(self, nik: str, row: ParsedRow, baris: int, line: int) -> None:
        """Remember a row with a usable NIK."""
        number = int(nik)
        niks, persons, rows, lines = self._shares[number % _SHARES]
        niks.append(number)
        # Only rows of one NIK are compared, so 32 bits tell two persons apart well enough.
        persons.append(hash((row.nama.upper(), row.lahir)) & _WORD)
        rows.append(baris)
        lines.append(line)

    def shared(self) -> Iterator[tuple[int, int, int]]:
        """(baris, line, NIK) of every row whose NIK an earlier row gives to somebody else."""
        for niks, persons, rows, lines in self._shares:
            for place in _strangers(niks, persons):
                yield rows[place], lines[place], niks[place]


def _strangers(niks: "array[int]", persons: "array[int]") -> list[int]:
    """Places whose person differs from the person of the first place with the same NIK."""
    # Imported here: it costs a tenth of a second that other commands need not pay.
    import numpy as np

    if len(niks) < 2:  # noqa: PLR2004 -- one row shares with nobody
        return []
    numbers, who = np.frombuffer(niks, dtype=np.int64), np.frombuffer(persons, dtype=np.uint32)
    order = np.argsort(numbers, kind="stable")
    in_order = numbers[order]
    starts = np.flatnonzero(np.r_[True, in_order[1:] != in_order[:-1]])
    first = np.repeat(order[starts], np.diff(np.r_[starts, len(order)]))
    places: list[int] = np.sort(order[who[order] != who[first]]).tolist()
    return places
