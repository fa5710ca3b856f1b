"""From the name of a kelurahan as clerks write it to the kelurahan meant. Pure; no database."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

# Words that say what kind of place follows, and not which.
_KIND_WORDS = frozenset({"kel", "kelurahan", "kec", "kecamatan", "desa", "ds"})
_WORDS = {
    "iii": "3",
    "tiga": "3",
    "iv": "4",
    "empat": "4",
    "v": "5",
    "lima": "5",
    "sp": "simpang",
    "spg": "simpang",
    "simp": "simpang",
    "sei": "sungai",
    "sg": "sungai",
    "tj": "tanjung",
    "tjg": "tanjung",
    "tg": "tanjung",
    "tlg": "talang",
    "tl": "talang",
    "tlk": "teluk",
    "psr": "pasar",
    "kbn": "kebun",
    "kb": "kebun",
    "kebon": "kebun",
    "jbi": "jambi",
}
_SPELLINGS = (("oe", "u"), ("dj", "j"))
_CACHE_LIMIT = 100_000
_CODE_DIGITS = 10
# Typing errors believed in a name, by the length from which on: in a short name one wrong letter
# is already another place.
_SHORT_FROM, _LONG_FROM = 6, 10


def place_key(name: str) -> str:
    """The one spelling under which the ways of writing a place name meet.

    Case, accents, dots, spaces, words like "Kel.", numerals, usual short forms, old spelling and
    doubled letters do not count: "Kel. Simp. Tiga Sipin" and "SIMPANG III SIPIN" are the same.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = [_WORDS.get(word, word) for word in re.findall(r"[a-z]+|\d+", plain)]
    key = "".join(word for word in words if word not in _KIND_WORDS)
    for old, new in _SPELLINGS:
        key = key.replace(old, new)
    return re.sub(r"([a-z])\1+", r"\1", key)


@dataclass(frozen=True)
class Place:
    """A kelurahan as the resolver needs it."""

    number: int
    name: str
    code: str
    code_bps: str
    kecamatan: int
    spellings: tuple[str, ...] = ()


def _distance_allowed(key: str) -> int:
    """How many typing errors a name of this length may carry and still be believed."""
    return int(len(key) >= _SHORT_FROM) + int(len(key) >= _LONG_FROM)


@dataclass
class AreaResolver:
    """Finds the kelurahan that a row of a list means; made by :func:`queries.area_resolver`.

    Args:
        places: the kelurahan of all editions.
        kecamatan_names: kecamatan number of every name it goes by.
        predecessors: new kelurahan -> the older one most of it was taken from.
    """

    places: Iterable[Place]
    kecamatan_names: Mapping[str, int]
    predecessors: Mapping[int, int]
    _answers: dict[tuple[str | None, str | None, str | None], int | None] = field(
        default_factory=dict, init=False, repr=False
    )

    def __post_init__(self) -> None:
        self._places = {place.number: place for place in self.places}
        self._by_key: dict[str, int] = {}
        self._by_bps: dict[str, int] = {}
        for place in self._places.values():
            for spelling in (place.name, *place.spellings):
                self._by_key.setdefault(place_key(spelling), place.number)
            if place.code_bps:
                self._by_bps[place.code_bps] = place.number
        self._kecamatan = {place_key(name): number for name, number in self.kecamatan_names.items()}

    def kelurahan(
        self, name: str | None, kecamatan: str | None = None, code: str | None = None
    ) -> int | None:
        """Number of the kelurahan that a row means; None when that is not certain enough.

        Args:
            name: as written in the list.
            kecamatan: as written; it decides only where the name leaves a choice.
            code: ten digits, with dots (Kemendagri) or without (either system).
        """
        asked = (name, kecamatan, code)
        try:
            return self._answers[asked]
        except KeyError:
            pass
        if len(self._answers) >= _CACHE_LIMIT:
            self._answers.clear()
        answer = self._answers[asked] = self._decide(name, kecamatan, code)
        return answer

    def _decide(self, name: str | None, kecamatan: str | None, code: str | None) -> int | None:
        within = self._kecamatan.get(place_key(kecamatan)) if kecamatan else None
        named = self._by_name(name, within) if name else None
        coded = self._by_code(code, named, within) if code else None
        if named is None or coded is None:
            return coded if named is None else named
        if named != coded and self.parent_group(named) == self.parent_group(coded):
            # Old code beside a new name, or the reverse: the younger kelurahan says more.
            return named if named in self.predecessors else coded
        return coded

    def _by_name(self, name: str, within: int | None) -> int | None:
        key = place_key(name)
        exact = self._by_key.get(key)
        if exact is not None or not key:
            return exact
        near = self._nearest(key, None)
        # A known kecamatan may settle which of several near names is meant.
        return near if near is not None or within is None else self._nearest(key, within)

    def _nearest(self, key: str, within: int | None) -> int | None:
        """The only kelurahan whose name is nearest, if it is near enough to be a typing error."""
        best, nearest = _distance_allowed(key), set[int]()
        for known, number in self._by_key.items():
            if within is not None and self._places[number].kecamatan != within:
                continue
            distance = OSA.distance(key, known, score_cutoff=best)
            if distance < best:
                best, nearest = distance, {number}
            elif distance == best > 0:
                nearest.add(number)
        return nearest.pop() if len(nearest) == 1 else None

    def _by_code(self, code: str, named: int | None, within: int | None) -> int | None:
        digits = re.sub(r"\D", "", code)
        kemendagri = (
            int(digits) if len(digits) == _CODE_DIGITS and int(digits) in self._places else None
        )
        if "." in code:
            return kemendagri
        bps = self._by_bps.get(digits)
        candidates = {number for number in (kemendagri, bps) if number is not None}
        if len(candidates) <= 1:
            return candidates.pop() if candidates else None
        # Ten digits that name one kelurahan in each system: only the words beside can tell.
        if named is not None:
            groups = {self.parent_group(number): number for number in candidates}
            return groups.get(self.parent_group(named))
        fitting = [n for n in candidates if self._places[n].kecamatan == within]
        return fitting[0] if len(fitting) == 1 else None

    def kecamatan(self, number: int) -> int:
        """Number of the kecamatan in which a kelurahan lies."""
        return self._places[number].kecamatan

    def parent_group(self, number: int) -> int:
        """The kelurahan a newer one was taken from, itself otherwise.

        People of a new kelurahan still stand under the old one in older lists, so comparing
        these numbers keeps them together.
        """
        return self.predecessors.get(number, number)

    def name(self, number: int | None) -> str:
        """The name in its official spelling; "" where the place is not known."""
        return self._places[number].name if number else ""

    def code(self, number: int) -> str:
        """The Kemendagri code with dots."""
        return self._places[number].code
