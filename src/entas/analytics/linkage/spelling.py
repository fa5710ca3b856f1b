"""How two names agree, once for each distinct pair of names.

Words and letters are compared as numbers first; a string distance is asked for only where
they leave the question open.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from entas.analytics.linkage.frequencies import Floats, NameRarity
from entas.analytics.linkage.keys import MAX_TOKENS, Ints, NameBook
from entas.analytics.linkage.levels import NameLevel

Levels = NDArray[np.int8]
Rows = NDArray[np.int32]

# Jaro-Winkler limits: measured on synthetic spelling errors, see the explanation
# page on linkage ("one typing error", "heard wrongly").
TYPO = 0.94
SIMILAR = 0.86
SHORTEST_PIECE = 3
_PAIR_CHUNK = 400_000
_AGREES_IN_PART = np.zeros(max(NameLevel) + 1, bool)
_AGREES_IN_PART[
    [
        NameLevel.ONE_TOKEN,
        NameLevel.ONLY_ONE_GIVEN,
        NameLevel.TOKENS_CONTAINED,
        NameLevel.INITIALS,
        NameLevel.TOKEN_AND_SIMILAR,
    ]
] = True


def distinct_codes(codes: Ints) -> tuple[Ints, Ints]:
    """Distinct values in rising order, and for each code the place of its value.

    One sort of plain integers; numpy's ``unique`` with an inverse takes twice as long.
    """
    order = np.argsort(codes)
    ordered = codes[order]
    leads = np.r_[True, ordered[1:] != ordered[:-1]] if len(codes) else np.zeros(0, bool)
    back = np.empty(len(codes), np.int64)
    back[order] = np.cumsum(leads) - 1
    return ordered[leads], back


def compare_names(
    left: NameBook, a: Rows, right: NameBook, b: Rows, rarity: NameRarity
) -> tuple[Levels, Floats]:
    """Levels and bits for pairs of names given by their numbers (-1 is missing)."""
    level = np.zeros(len(a), np.int8)
    bits = np.zeros(len(a), np.float32)
    present = np.flatnonzero((a >= 0) & (b >= 0))
    if not len(present):
        return level, bits
    code = a[present].astype(np.int64) * len(right) + b[present]
    distinct, back = distinct_codes(code)
    da, db = np.divmod(distinct, len(right))
    some = [
        _compare_distinct(left, da[at : at + _PAIR_CHUNK], right, db[at : at + _PAIR_CHUNK], rarity)
        for at in range(0, len(distinct), _PAIR_CHUNK)
    ]
    level[present] = np.concatenate([part[0] for part in some])[back]
    bits[present] = np.concatenate([part[1] for part in some])[back]
    return level, bits


def _compare_distinct(
    left: NameBook, a: Ints, right: NameBook, b: Ints, rarity: NameRarity
) -> tuple[Levels, Floats]:
    tokens_a, tokens_b = left.tokens[a], right.tokens[b]
    hits = np.zeros((len(a), MAX_TOKENS), bool)
    hits_b = np.zeros_like(hits)
    for i in range(int(left.size[a].max(initial=0))):
        same = (tokens_b == tokens_a[:, i : i + 1]) & (tokens_b != 0)
        hits[:, i] = _four(same) != 0
        hits_b |= same
    matched = np.minimum(np.bitwise_count(_four(hits)), np.bitwise_count(_four(hits_b)))
    fewest = np.minimum(left.size[a], right.size[b])
    level = np.full(len(a), NameLevel.NONE, np.int8)
    level[matched >= 1] = NameLevel.ONE_TOKEN
    level[(matched >= 1) & (fewest == 1)] = NameLevel.ONLY_ONE_GIVEN
    level[(matched >= 2) & (matched == fewest)] = NameLevel.TOKENS_CONTAINED
    equal = (left.full[a] == right.full[b]) | (left.solid[a] == right.solid[b])
    level[equal] = NameLevel.EQUAL
    initialled = _by_initials(level, left, a, right, b, hits, hits_b)
    _refine_by_distance(level, left, a, right, b, matched)
    level[initialled[level[initialled] <= NameLevel.TOKEN_AND_SIMILAR]] = NameLevel.INITIALS
    return level, _agreeing_bits(level, hits_b, left, a, b, rarity)


def _four(flags: NDArray[np.bool_]) -> NDArray[np.uint32]:
    """Four flags a row as one number, a byte each: reducing short rows is slow in numpy."""
    return flags.view(np.uint32).reshape(-1)


def _may_be_similar(left: NameBook, a: Ints, right: NameBook, b: Ints) -> NDArray[np.bool_]:
    """Pairs whose Jaro-Winkler similarity can reach ``SIMILAR``, by their letters alone.

    With m letters in common the Jaro similarity is at most (m / |a| + m / |b| + 1) / 3, and
    a common beginning of k letters brings it nearer to 1 by k tenths of the rest (Winkler,
    1990; at most four letters count).
    """
    common = np.bitwise_count(left.bag[a] & right.bag[b])
    common = common + np.minimum(left.spare[a], right.spare[b])
    size_a, size_b = left.length[a], right.length[b]
    jaro = (common / size_a + common / size_b + 1) / 3
    start_a, start_b = left.start[a], right.start[b]
    alike = np.where(start_a >> 7 == start_b >> 7, 1, 0)
    alike[start_a == start_b] = 4
    return np.asarray(jaro + 0.1 * alike * (1 - jaro) >= SIMILAR - 1e-6)


def _refine_by_distance(
    level: Levels, left: NameBook, a: Ints, right: NameBook, b: Ints, matched: NDArray[Any]
) -> None:
    _refine_by_piece(level, left, a, right, b, matched)
    open_ = np.flatnonzero(level <= NameLevel.PART_OF_WORD)
    open_ = open_[_may_be_similar(left, a[open_], right, b[open_])]
    if not len(open_):
        return
    one, other = left.joined[a[open_]], right.joined[b[open_]]
    near = cpdist(one, other, scorer=JaroWinkler.similarity, dtype=np.float32)
    with_token = matched[open_] >= 1
    level[open_[near >= SIMILAR]] = NameLevel.SIMILAR
    level[open_[(near >= SIMILAR) & with_token]] = NameLevel.TOKEN_AND_SIMILAR
    level[open_[near >= TYPO]] = NameLevel.TYPO


def _refine_by_piece(
    level: Levels, left: NameBook, a: Ints, right: NameBook, b: Ints, matched: NDArray[Any]
) -> None:
    """Called by a piece of a word: PRAS for PRASETYA, NDRA for HENDRA."""
    single = (left.size[a] == 1) | (right.size[b] == 1)
    may = np.flatnonzero(single & (matched == 0) & (level <= NameLevel.ONE_TOKEN))
    bag_a, bag_b = left.bag[a[may]], right.bag[b[may]]
    common = bag_a & bag_b
    fits = ((common == bag_a) | (common == bag_b)) & (
        np.minimum(left.length[a[may]], right.length[b[may]]) >= SHORTEST_PIECE
    )
    may = may[fits]
    pairs = zip(left.joined[a[may]].tolist(), right.joined[b[may]].tolist(), strict=True)
    inside = np.fromiter((x in y or y in x for x, y in pairs), bool, len(may))
    level[may[inside]] = NameLevel.PART_OF_WORD


def _by_initials(
    level: Levels,
    left: NameBook,
    a: Ints,
    right: NameBook,
    b: Ints,
    hits: NDArray[np.bool_],
    hits_b: NDArray[np.bool_],
) -> Ints:
    """SITI N is SITI NURJANAH: a shared word, and every other word of one of the names an
    initial that fits a word of its own. WAHYU AGUS S is not SUPARMAN AGUS: nothing there
    stands for WAHYU.
    """
    open_ = np.flatnonzero(level == NameLevel.ONE_TOKEN)
    short = _four(left.short[a[open_]]) | _four(right.short[b[open_]])
    open_ = open_[short != 0]
    fits = np.zeros(len(open_), bool)
    for one, rows_one, hit_one, other, rows_other, hit_other in (
        (left, a[open_], hits, right, b[open_], hits_b),
        (right, b[open_], hits_b, left, a[open_], hits),
    ):
        loose = (one.tokens[rows_one] != 0) & ~hit_one[open_]
        free = (other.tokens[rows_other] != 0) & ~hit_other[open_]
        explained = np.ones(len(open_), bool)
        for i in range(MAX_TOKENS):
            letters = one.initials[rows_one, i][:, None]
            meant = free & (other.initials[rows_other] == letters)
            found = one.short[rows_one, i] & meant.any(axis=1)
            explained &= found | ~loose[:, i]
            # An initial stands for one word only.
            first = np.argmax(meant, axis=1)
            taken = np.flatnonzero(found & loose[:, i])
            free[taken, first[taken]] = False
        fits |= explained & loose.any(axis=1)
    fitting: Ints = open_[fits]
    return fitting


def _agreeing_bits(
    level: Levels,
    hits_b: NDArray[np.bool_],
    left: NameBook,
    a: Ints,
    b: Ints,
    rarity: NameRarity,
) -> Floats:
    """Rarity of what agrees: the whole name, or only the tokens that were found.

    Where the names differ by a slip, the commoner of the two counts: a near miss of a rare
    name says no more than the common name that was written.
    """
    bits = rarity.full[b]
    slipped = np.flatnonzero((level == NameLevel.TYPO) | (level == NameLevel.SIMILAR))
    written = rarity.whole.bits_of(left.full[a[slipped]])
    bits[slipped] = np.minimum(bits[slipped], written)
    chosen = np.flatnonzero(_AGREES_IN_PART[level])
    each = np.where(hits_b[chosen], rarity.token[b[chosen]], 0)
    bits[chosen] = np.minimum(each.sum(axis=1), bits[chosen])
    bits[(level <= NameLevel.NONE) | (level == NameLevel.PART_OF_WORD)] = 0
    return bits
