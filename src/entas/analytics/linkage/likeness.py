"""How well a name explains what was typed: the bits that its slips cost."""

from itertools import pairwise

from rapidfuzz.distance import OSA

from entas.analytics.linkage.words import (
    INITIAL,
    LEFT_OUT,
    NO_WORD,
    RESPACED,
    SLIP,
    STRANGE_WORD,
    TURNED,
    Typed,
    Words,
)

_MOST_SLIPS = 2


def name_bits(typed: Typed, name: list[int], words: Words) -> float:
    """Bits that it costs to explain the typed words by this name; 0 where all agree.

    Args:
        name: word numbers, filled up with ``NO_WORD``.
    """
    theirs = [number for number in name if number != NO_WORD]
    by_word = _word_by_word(typed, theirs, words)
    if by_word <= SLIP:
        return by_word
    texts = [words.text(number) for number in theirs]
    return min(by_word, _run_together("".join(typed.words), "".join(texts)))


def _word_by_word(typed: Typed, theirs: list[int], words: Words) -> float:
    pairs = []
    texts = [words.text(number) for number in theirs]
    for mine, near in enumerate(typed.bits):
        for place, number in enumerate(theirs):
            bits = near.get(number)
            if bits is None and _is_initial(texts[place], typed.words[mine]):
                bits = INITIAL
            if bits is not None:
                pairs.append((bits, abs(mine - place), mine, place))
    pairs.sort()
    taken: dict[int, int] = {}
    total, free = 0.0, set(range(len(theirs)))
    for bits, _, mine, place in pairs:
        if mine not in taken and place in free:
            taken[mine] = place
            free.remove(place)
            total += bits
    order = [taken[mine] for mine in sorted(taken)]
    turned = sum(1 for one, next_ in pairwise(order) if next_ < one)
    open_ = [mine for mine in range(len(typed.words)) if mine not in taken]
    total += TURNED * turned
    return total + _left_over(
        [typed.words[mine] for mine in open_], [texts[at] for at in sorted(free)]
    )


def _left_over(typed: list[str], theirs: list[str]) -> float:
    apart = STRANGE_WORD * len(typed) + LEFT_OUT * len(theirs)
    if not typed or not theirs:
        return apart
    return min(apart, _run_together("".join(typed), "".join(theirs)))


def _run_together(typed: str, theirs: str) -> float:
    """The letters agree once the spaces are gone."""
    slips = OSA.distance(typed, theirs, score_cutoff=_MOST_SLIPS)
    return RESPACED + SLIP * slips if slips <= _MOST_SLIPS else float("inf")


def _is_initial(theirs: str, typed: str) -> bool:
    return theirs[0] == typed[0] and (len(theirs) == 1 or len(typed) == 1)
