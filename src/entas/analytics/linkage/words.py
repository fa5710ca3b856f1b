"""The words of a register's names, and which of them a typed word may stand for.

A typed name is right, mistyped, half remembered or half heard. What it may stand for is
counted in bits: how much less likely this slip is than none. The bits are our choice, not
measured on clerks; only their order matters, because they rank and decide nothing.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from entas.analytics.normalise.phonetics import phonetic

Numbers = NDArray[np.int32]
Floats = NDArray[np.float32]

NO_WORD = -1
_LONGEST_NAME = 6
# One slip of the fingers or the ear: a letter lost, doubled, added, exchanged, or two
# neighbours swapped. A second slip in one word is rarer than in two.
SLIP = 5.0
_SECOND_SLIP = 4.0
_SHORTEST_TWICE = 5
# A word cut short (MUHAM), and an initial for a word or a word for an initial.
_CUT_SHORT, _SHORTEST_CUT = 6.0, 3
INITIAL = 3.0
# Two words written as one, or one as two.
RESPACED = 3.0
_SHORTEST_PART = 3
# A typed word that is not in the name at all; a word of the name that was left out; two
# words in each other's place.
STRANGE_WORD = 10.0
LEFT_OUT = 3.0
TURNED = 2.5
_MOST_TYPED = 5
_MOST_KEPT = 4_000


def _at_least(held: Numbers, worth: Floats, most: int) -> tuple[Numbers, Floats]:
    """Those worth as much as the ``most``-th; sorting all would take longer."""
    kept = worth >= np.partition(worth, len(worth) - most)[len(worth) - most]
    return held[kept], worth[kept]


@dataclass(slots=True)
class Near:
    """Words of the register that one typed word may stand for, and what each costs."""

    numbers: Numbers
    bits: Floats


@dataclass(slots=True)
class Typed:
    """Typed words by sound, and what each may stand for.

    Attributes:
        words: the sounds as typed, at most five.
        near: what each of them may stand for; ``bits`` the same as word number -> bits.
        joined: what each and its right neighbour may stand for, written as one word.
        parts: for each of them, pairs of words that may have been written as one.
    """

    words: tuple[str, ...]
    near: list[Near]
    bits: list[dict[int, float]]
    joined: list[Near]
    parts: list[list[tuple[int, int]]]


def _letters(word: str) -> int:
    mask = 0
    for letter in word:
        mask |= 1 << (ord(letter) & 31)
    return mask


class Words:
    """The distinct words of these names, and where each of them stands.

    Args:
        names: sound keys as in a ``NameBook``; name number i is the i-th.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._asked: dict[tuple[str, int], Near] = {}
        flat = " ".join(names).split()
        # In the order of the alphabet: words that begin alike stand together.
        self._sorted = texts = sorted(dict.fromkeys(flat))
        self.number = {word: at for at, word in enumerate(texts)}
        self._texts = np.empty(len(texts), object)
        self._texts[:] = texts
        self._length = np.fromiter(map(len, texts), np.int16, len(texts))
        self._letters = np.fromiter(map(_letters, texts), np.uint32, len(texts))
        # One entry more than there are words: NO_WORD reads the last, which fits no letter.
        self._first = np.fromiter((*(ord(text[0]) for text in texts), 0), np.uint8, len(texts) + 1)
        words = np.fromiter(map(self.number.__getitem__, flat), np.int32, len(flat))
        sizes = np.fromiter((name.count(" ") + 1 for name in names), np.int64, len(names))
        of_word = np.repeat(np.arange(len(names), dtype=np.int32), sizes)
        self._place_words(words, of_word, sizes)

    def _place_words(self, words: Numbers, of_word: Numbers, sizes: NDArray[np.int64]) -> None:
        order = np.argsort(words.astype(np.int64) << 32 | of_word)
        self._names = of_word[order]
        self._start = np.searchsorted(words[order], np.arange(len(self._texts) + 1))
        place = np.arange(len(words)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        held = place < _LONGEST_NAME
        self._size = np.minimum(sizes, _LONGEST_NAME).astype(np.float32)
        self.of_name = np.full((len(sizes), _LONGEST_NAME), NO_WORD, np.int32)
        self.of_name[of_word[held], place[held]] = words[held]

    def __len__(self) -> int:
        return len(self._texts)

    def text(self, number: int) -> str:
        """The word with this number."""
        return self._sorted[number]

    def typed(self, words: Sequence[str], *, written: Sequence[str] = ()) -> Typed:
        """What these typed words may stand for.

        Args:
            words: their sounds.
            written: the same words as written, where that is known: a word that is two
                words run together sounds otherwise than the two.
        """
        kept = tuple(words[:_MOST_TYPED])
        letters = [len(word) for word in (written or kept)]
        near = [self._kept(word, many) for word, many in zip(kept, letters, strict=False)]
        return Typed(
            kept,
            near,
            [dict(zip(one.numbers.tolist(), one.bits.tolist(), strict=True)) for one in near],
            [self._joined(one + other) for one, other in pairwise(kept)],
            [self._parts(word) for word in (written or kept)[: len(kept)]],
        )

    def _kept(self, word: str, letters: int) -> Near:
        """As ``near``; frequent words are asked for again and again."""
        asked = (word, letters)
        near = self._asked.get(asked)
        if near is None:
            # Several threads ask: what one looks up, another may have cleared since.
            if len(self._asked) >= _MOST_KEPT:
                self._asked.clear()
            near = self._asked[asked] = self.near(word, letters=letters)
        return near

    def near(self, word: str, *, letters: int = 0) -> Near:
        """Words of the register that one typed word may stand for.

        Args:
            letters: length of the word as written: a slip that makes two equal letters meet
                (RAAYU) counts twice in its shorter sound.
        """
        if len(word) == 1:
            # An initial fits a twentieth of all words: it tells names apart, it finds none.
            return self._exactly(word)
        most = 1 + (max(letters, len(word)) >= _SHORTEST_TWICE)
        # Each slip changes at most two letters of the set: most words need no comparing.
        apart = np.bitwise_count(self._letters ^ np.uint32(_letters(word)))
        could = (apart <= 2 * most) & (np.abs(self._length - len(word)) <= most)
        able = np.flatnonzero(could).astype(np.int32)
        slips = self._slips(word, able, most)
        held = slips <= most
        numbers, slips = able[held], slips[held]
        bits = np.where(slips > 1, SLIP + _SECOND_SLIP, SLIP * slips).astype(np.float32)
        if len(word) >= _SHORTEST_CUT:
            numbers, bits = self._with_cut_short(word, numbers, bits)
        return Near(numbers, bits)

    def _exactly(self, word: str) -> Near:
        known = [self.number[word]] if word in self.number else []
        return Near(np.asarray(known, np.int32), np.zeros(len(known), np.float32))

    def _slips(self, word: str, able: Numbers, most: int) -> NDArray[np.uint8]:
        if not len(able):
            return np.zeros(0, np.uint8)
        found = cdist(
            [word], self._texts[able], scorer=OSA.distance, score_cutoff=most, dtype=np.uint8
        )
        return np.asarray(found[0], np.uint8)

    def _with_cut_short(self, word: str, numbers: Numbers, bits: Floats) -> tuple[Numbers, Floats]:
        begin = bisect_left(self._sorted, word)
        # No letter comes behind this one.
        end = bisect_left(self._sorted, word + "~", lo=begin)
        more = np.setdiff1d(np.arange(begin, end, dtype=np.int32), numbers)
        cost = np.full(len(more), _CUT_SHORT, np.float32)
        return np.concatenate([numbers, more]), np.concatenate([bits, cost])

    def _joined(self, word: str) -> Near:
        found = self.near(word)
        close = found.bits <= SLIP
        return Near(found.numbers[close], found.bits[close])

    def _parts(self, word: str) -> list[tuple[int, int]]:
        """Two words of the register that sound like this word cut in two."""
        parts = []
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            head = self.number.get(phonetic(word[:cut]))
            # Of two equal letters that met, one is lost in the sound: RUDI IRAWAN.
            tails = {self.number.get(phonetic(word[at:])) for at in (cut, cut - 1)}
            if head is not None:
                parts += [(head, tail) for tail in tails if tail is not None]
        return parts

    def best_names(
        self, typed: Typed, gains: Floats, *, most: int, among: Numbers | None = None
    ) -> Numbers:
        """Names that hold most of what was typed, in rising order of their number.

        Args:
            gains: see ``gains``.
            most: longest answer; the fullest agreement stays, and of equal ones the
                shorter names.
            among: numbers of the only names that are looked at; all without it.
        """
        held = self.promising(gains) if among is None else among[gains[among] > 0]
        if len(held) <= most:
            return held
        worth = gains[held] - LEFT_OUT * self._size[held]
        for word in typed.words:
            if len(word) == 1:
                begins = (self._first[self.of_name[held]] == ord(word)).any(axis=1)
                worth += np.float32(STRANGE_WORD - INITIAL) * begins
        held, worth = _at_least(held, worth, most)
        return np.sort(held[np.lexsort((held, -worth))[:most]])

    @staticmethod
    def promising(gains: Floats, *, among: Numbers | None = None) -> Numbers:
        """Names that explain at most one typed word less than the best of them.

        Args:
            gains: see ``gains``.
            among: numbers of the only names that count; all without it.
        """
        worth = gains if among is None else gains[among]
        # A name that explains a whole word less than the best is a stranger's.
        least = max(float(worth.max(initial=0)) - STRANGE_WORD - SLIP, 0.0)
        if among is None:
            return np.flatnonzero(worth > least).astype(np.int32)
        return among[worth > least]

    def gains(self, typed: Typed) -> Floats:
        """Bits by which each name explains what was typed better than a stranger's name."""
        each = [self._gained(near, 1) for near in typed.near]
        for gained, parts in zip(each, typed.parts, strict=True):
            for pair in parts:
                self._raise_by_parts(gained, pair)
        total = np.zeros(len(self.of_name), np.float32)
        for gained in each:
            total += gained
        for at, near in enumerate(typed.joined):
            if len(near.numbers):
                together = self._gained(near, 2) - np.float32(RESPACED)
                held = np.flatnonzero(together > 0)
                apart = each[at][held] + each[at + 1][held]
                total[held] += np.maximum(together[held] - apart, 0)
        return total

    def _gained(self, near: Near, span: int) -> Floats:
        gained = np.zeros(len(self.of_name), np.float32)
        # Dearest first, so that the best reading of a name with two is the one kept.
        for at in np.argsort(-near.bits, kind="stable").tolist():
            gained[self._holding(int(near.numbers[at]))] = span * STRANGE_WORD - near.bits[at]
        return gained

    def _raise_by_parts(self, gained: Floats, pair: tuple[int, int]) -> None:
        both = np.intersect1d(self._holding(pair[0]), self._holding(pair[1]))
        gained[both] = np.maximum(gained[both], STRANGE_WORD - RESPACED)

    def _holding(self, number: int) -> Numbers:
        """Names that hold this word, in rising order."""
        return self._names[self._start[number] : self._start[number + 1]]
