"""Link one list to the register: the best person for each row, or a question, or nobody."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import partial

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.blocking import KeyMaker, candidate_pairs, join, wider_pairs
from entas.analytics.linkage.compare import (
    Evidence,
    compare,
    join_evidence,
    refine_by_rivals,
)
from entas.analytics.linkage.keys import Ints, KeyTable
from entas.analytics.linkage.lean import leaning
from entas.analytics.linkage.levels import BirthLevel, NameLevel, NikLevel
from entas.analytics.linkage.model import Model
from entas.analytics.linkage.register import RegisterIndex, register_index
from entas.analytics.linkage.score import (
    Bits,
    calibrated,
    pair_bits,
    row_posterior,
)
from entas.analytics.linkage.sexes import sexes_by_name
from entas.analytics.linkage.train import ListEvidence, adapt

__all__ = ["Limits", "Links", "RegisterIndex", "Verdict", "link_list", "register_index"]

# A row leaves at the first stage only if its exact NIK is this sure (bits of odds
# against a stranger).
FIRST_STAGE_BITS = 12.0
# Candidates this far behind their row's best cannot matter and are dropped.
_HOPELESS_BITS = 16.0
# A row whose best candidate has lower odds (bits against a stranger) is looked for wider.
_FITTING_BITS = 0.0
_ROWS_AT_ONCE = 60_000
_PAIRS_AT_ONCE = 250_000
_THREADS = 2
_ADAPT_ROWS = 8_000
# A wrong link costs more than a missed one: the questions asked lie a little above even.
_MOST_DOUBTFUL = 0.6
# Where nobody has time to look, a wrong link counts as much as three missed ones.
_SETTLED_FROM = 0.75


class Verdict(IntEnum):
    """What is known of a list row."""

    NOT_FOUND = 0
    REVIEW = 1
    SURE = 2
    REPEATED = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """When a link is sure enough and when a human must look.

    Attributes:
        sure: lowest probability of an automatic link.
        review: lowest probability worth a human's look.
        review_share: most rows of a list a human is asked about.
        review_share_without_nik: the same where most rows carry no NIK.
        fewest_questions: rows a human may be asked about in the shortest list.
    """

    sure: float = 0.95
    review: float = 0.05
    review_share: float = 0.01
    review_share_without_nik: float = 0.05
    fewest_questions: int = 5


@dataclass(slots=True)
class Links:
    """The outcome, one entry a list row.

    Attributes:
        verdict: see ``Verdict``.
        person: register row of the best candidate, -1 without any.
        rival: register row of the second best, -1 without any.
        probability: calibrated, of ``person`` being right.
        odds: the weight in bits behind it.
        earlier: for REPEATED, the list row with the same person; else -1.
        seen: field -> level of agreement with ``person`` (0 without one).
        contradicted: row and person have different birth dates, and each is borne out by
            its own NIK: two whole identities, whatever else agrees.
        model: the model as fitted to this list.
    """

    verdict: NDArray[np.int8]
    person: NDArray[np.int32]
    rival: NDArray[np.int32]
    probability: NDArray[np.float64]
    odds: Bits
    earlier: NDArray[np.int32]
    seen: dict[str, NDArray[np.int8]]
    contradicted: NDArray[np.bool_]
    model: Model
    lean: Bits = field(repr=False)


def link_list(
    rows: KeyTable, register: RegisterIndex, model: Model, *, limits: Limits | None = None
) -> Links:
    """Link every row of a list.

    Args:
        rows: the list's keys. A row without a name cannot be linked.
        register: see ``register_index``.
        model: shipped or trained weights; they are fitted to the list.
    """
    limits = limits or Limits()
    if (rows.sex < 0).any():
        rows = replace(rows, sex=sexes_by_name(register.sexes, rows))
    evidence = _all_evidence(rows, register, model)
    count, people = len(rows), len(register.table)
    fitted = adapt(model, _sample(evidence, count, register.table), people)
    bits = pair_bits(evidence, fitted)
    same, family = register.same_person[evidence.right], register.table.family[evidence.right]
    posterior = partial(
        row_posterior,
        evidence.left,
        bits,
        family,
        count=count,
        people=people,
        coverage=fitted.coverage,
    )
    lean = leaning(register.kinds, evidence.right, posterior().probability)
    belief = posterior(lean=lean[evidence.right], same_person=same)
    probability = calibrated(fitted, belief.odds)
    links = _best_and_rival(evidence, belief.odds, probability, same, count, fitted, lean)
    _decide(links, rows, limits)
    return links


def _all_evidence(rows: KeyTable, register: RegisterIndex, model: Model) -> Evidence:
    """Evidence on the exact-NIK pairs that are sure, and on all pairs of the other rows."""
    maker = KeyMaker(rows, register.rarity)
    a, b = join(maker.keyed("nik"), register.blocks.keyed("nik"))
    nik_pairs = compare(rows, a, register.table, b, register.rarity, register.house)
    sure = _first_stage(nik_pairs, register, model)
    done = np.zeros(len(rows), bool)
    done[nik_pairs.left[sure]] = True
    parts = [nik_pairs.take(sure)]
    rest = np.flatnonzero(~done & (rows.name >= 0)).astype(np.int32)
    parts += [
        _evidence_of(rows, rest[at : at + _ROWS_AT_ONCE], register, model)
        for at in range(0, len(rest), _ROWS_AT_ONCE)
    ]
    parts.append(_evidence_from_afar(rows, parts, register, model))
    evidence = join_evidence(parts)
    refine_by_rivals(evidence, register.table.family[evidence.right])
    return evidence


def _evidence_from_afar(
    rows: KeyTable, parts: list[Evidence], register: RegisterIndex, model: Model
) -> Evidence:
    """Evidence on wider pairs of the rows that nobody fits so far: one slip in a date and
    one in a name may have hidden the right person from every key.
    """
    best = np.full(len(rows), -np.inf, np.float32)
    for part in parts:
        np.maximum.at(best, part.left, pair_bits(part, model).match)
    prior = np.log2(model.coverage / max(len(register.table), 1))
    alone = np.flatnonzero((best + prior < _FITTING_BITS) & (rows.name >= 0)).astype(np.int32)
    seen = np.concatenate([_pairs(part, register) for part in parts])

    def wider(at: int) -> Evidence:
        chosen = alone[at : at + _ROWS_AT_ONCE]
        a, b = wider_pairs(rows.take(chosen), register.table, register.rarity, register.blocks)
        return _compared(rows, chosen[a], b, register, model)

    found = [wider(at) for at in range(0, max(len(alone), 1), _ROWS_AT_ONCE)]
    joined = join_evidence(found)
    return joined.take(~np.isin(_pairs(joined, register), seen))


def _pairs(evidence: Evidence, register: RegisterIndex) -> Ints:
    return evidence.left.astype(np.int64) * max(len(register.table), 1) + evidence.right


def _first_stage(pairs: Evidence, register: RegisterIndex, model: Model) -> NDArray[np.bool_]:
    """Exact NIK whose name and date bear it out. Anything less may be a borrowed number,
    and is compared with the whole household and city.
    """
    bits = pair_bits(pairs, model)
    prior = np.float32(np.log2(model.coverage / max(len(register.table), 1)))
    name, birth = pairs.level["name"], pairs.level["birth"]
    borne_out = (name >= NameLevel.SIMILAR) & (name <= NameLevel.EQUAL)
    borne_out &= (birth >= BirthLevel.ONE_DIGIT) & (birth <= BirthLevel.EQUAL)
    return np.asarray(borne_out & (bits.match + prior >= FIRST_STAGE_BITS))


def _evidence_of(
    rows: KeyTable, chosen: NDArray[np.int32], register: RegisterIndex, model: Model
) -> Evidence:
    a, b = candidate_pairs(rows.take(chosen), register.table, register.rarity, register.blocks)
    return _compared(rows, chosen[a], b, register, model)


def _compared(
    rows: KeyTable,
    a: NDArray[np.int32],
    b: NDArray[np.int32],
    register: RegisterIndex,
    model: Model,
) -> Evidence:
    # Equal shares: a last small one would leave a core without work.
    rounds = -(-len(a) // (_THREADS * _PAIRS_AT_ONCE))
    share = max(-(-len(a) // (_THREADS * max(rounds, 1))), 1)
    starts = range(0, max(len(a), 1), share)

    def part(at: int) -> Evidence:
        end = at + share
        return _worthwhile(rows, a[at:end], b[at:end], register, model)

    register.house.prepare(rows)
    rows.prepare()
    register.table.prepare()
    # numpy and rapidfuzz let go of the interpreter lock: two cores halve the wait.
    with ThreadPoolExecutor(_THREADS) as threads:
        return join_evidence(list(threads.map(part, starts)))


def _worthwhile(
    rows: KeyTable,
    a: NDArray[np.int32],
    b: NDArray[np.int32],
    register: RegisterIndex,
    model: Model,
) -> Evidence:
    """Evidence on the pairs that can matter to their row."""
    pairs = compare(rows, a, register.table, b, register.rarity, register.house)
    strength = pair_bits(pairs, model)
    worth = np.maximum(strength.match, strength.relative)
    best = np.full(len(rows), -np.inf, np.float32)
    np.maximum.at(best, pairs.left, worth)
    return pairs.take(worth >= np.maximum(best[pairs.left] - _HOPELESS_BITS, 0))


def _sample(evidence: Evidence, count: int, register: KeyTable) -> ListEvidence:
    """Every n-th row, so that fitting costs the same for long lists as for short ones."""
    step = max(1, count // _ADAPT_ROWS)
    if step == 1:
        return ListEvidence(evidence, count, register.family[evidence.right])
    chosen = evidence.take(evidence.left % step == 0)
    chosen.left = (chosen.left // step).astype(np.int32)
    return ListEvidence(chosen, (count + step - 1) // step, register.family[chosen.right])


def _best_and_rival(
    evidence: Evidence,
    odds: Bits,
    probability: NDArray[np.float64],
    same: Ints,
    count: int,
    model: Model,
    lean: Bits,
) -> Links:
    # Ties go to the person with the smaller row: the order of a register is stable.
    order = np.lexsort((evidence.right, -odds, evidence.left))
    row = evidence.left[order]
    leads = np.r_[True, row[1:] != row[:-1]] if len(row) else np.zeros(0, bool)
    at = order[leads]
    person = np.full(count, -1, np.int32)
    best_odds = np.full(count, -60.0, np.float32)
    chance = np.zeros(count)
    person[evidence.left[at]] = evidence.right[at]
    best_odds[evidence.left[at]] = odds[at]
    chance[evidence.left[at]] = probability[at]
    same_of_best = np.full(count, -1, np.int64)
    same_of_best[evidence.left[at]] = same[at]
    others = order[same[order] != same_of_best[row]]
    row = evidence.left[others]
    leads = np.r_[True, row[1:] != row[:-1]] if len(row) else np.zeros(0, bool)
    rival = np.full(count, -1, np.int32)
    rival[row[leads]] = evidence.right[others[leads]]
    seen = {name: np.zeros(count, np.int8) for name in evidence.level}
    for name, column in evidence.level.items():
        seen[name][evidence.left[at]] = column[at]
    contradicted = np.zeros(count, bool)
    contradicted[evidence.left[at]] = _two_identities(evidence)[at]
    nothing, nobody = np.zeros(count, np.int8), np.full(count, -1, np.int32)
    return Links(nothing, person, rival, chance, best_odds, nobody, seen, contradicted, model, lean)


def _two_identities(evidence: Evidence) -> NDArray[np.bool_]:
    birth = evidence.level["birth"]
    differ = (birth != BirthLevel.EQUAL) & (evidence.own_nik != NikLevel.EQUAL)
    return np.asarray(evidence.confirmed & differ)


def _decide(links: Links, rows: KeyTable, limits: Limits) -> None:
    # Nobody is linked across two whole identities without a human.
    chance = np.where(
        links.contradicted, np.minimum(links.probability, _MOST_DOUBTFUL), links.probability
    )
    share = limits.review_share
    if 2 * int((rows.nik > 0).sum()) < len(rows):
        share = limits.review_share_without_nik
    links.verdict[:] = Verdict.NOT_FOUND
    links.verdict[chance >= limits.sure] = Verdict.SURE
    asked = np.flatnonzero((chance >= limits.review) & (chance < limits.sure))
    links.verdict[asked] = Verdict.REVIEW
    # A short list may ask a few questions too: its rows are somebody's whole work.
    room = max(int(share * len(rows)), limits.fewest_questions)
    if len(asked) > room:
        _settle_least_doubtful(links, chance, asked, room)
    _mark_repeated(links)


def _settle_least_doubtful(
    links: Links, chance: NDArray[np.float64], asked: Ints, room: int
) -> None:
    """People can look at ``room`` rows: keep the most doubtful, settle the others."""
    doubt = np.abs(chance[asked] - _MOST_DOUBTFUL)
    settled = asked[np.lexsort((asked, doubt))[room:]]
    above = chance[settled] >= _SETTLED_FROM
    links.verdict[settled[above]] = Verdict.SURE
    links.verdict[settled[~above]] = Verdict.NOT_FOUND


def _mark_repeated(links: Links) -> None:
    sure = np.flatnonzero(links.verdict == Verdict.SURE)
    persons = links.person[sure]
    _, first, back = np.unique(persons, return_index=True, return_inverse=True)
    earlier = sure[first][back]
    repeated = earlier != sure
    links.verdict[sure[repeated]] = Verdict.REPEATED
    links.earlier[sure[repeated]] = earlier[repeated]
