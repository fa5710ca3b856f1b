"""Find a person by what a clerk types: a NIK, a KK, a name as it was heard."""

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import extract as nearest

from entas import custody
from entas.analytics.linkage.keys import stable_hash
from entas.analytics.normalise.names import parse_name
from entas.city.queries import area_resolver
from entas.registry import states
from entas.registry.models import Person, PersonKey
from entas.registry.queries.counts import city_counts

MOST_RESULTS = 20
_SIMILAR_WORDS = 14
_WORD_LIKENESS = 0.80
_MOST_READ = 4_000
_RUN_TOGETHER = 8
_SHORT_WORD = 6
_LARGEST_DAY = 31
_SHORTEST_PART = 4
_DAY = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b|\b(\d{4})-(\d{2})-(\d{2})\b")
_YEAR = re.compile(r"\b(19\d\d|20\d\d)\b")
_RT = re.compile(r"\bRT\s*\.?\s*(\d{1,3})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, taken apart: sixteen digits, or words of a name and hints."""

    number: str
    name: str
    birth: int
    year: int
    rt: int


@dataclass(frozen=True, slots=True)
class Found:
    """A person found; ``likeness`` between 0 and 1."""

    person: Person
    likeness: float


def parse_question(text: str) -> Question:
    """Take apart what was typed."""
    digits = re.sub(r"[\s.\-]", "", text)
    if re.fullmatch(r"\d{16}", digits):
        return Question(digits, "", 0, 0, 0)
    rest, birth, year = text[:300], 0, 0
    if found := _DAY.search(rest):
        day = [int(part) for part in found.groups() if part]
        parts = day if day[0] > _LARGEST_DAY else day[::-1]
        birth, rest = parts[0] * 10_000 + parts[1] * 100 + parts[2], _DAY.sub(" ", rest)
    if found := _RT.search(rest):
        rt, rest = int(found.group(1)), _RT.sub(" ", rest)
    else:
        rt = 0
    if found := _YEAR.search(rest):
        year, rest = int(found.group(1)), _YEAR.sub(" ", rest)
    return Question("", rest, birth, birth // 10_000 or year, rt)


def find(text: str, *, most: int = MOST_RESULTS) -> list[Found]:
    """Active persons that fit what was typed, best first.

    Sixteen digits are looked up as NIK and as KK by keyed hash. Words are compared by
    sound and allowed a typing error each; a birth date or year and an RT beside the
    name decide among namesakes.
    """
    question = parse_question(text)
    if question.number:
        return _by_number(question.number)
    words = parse_name(question.name).sound
    if not words:
        return []
    return _ranked(words, question, most)


def _by_number(number: str) -> list[Found]:
    nik = custody.blind_index(number, purpose="nik")
    kk = custody.blind_index(number, purpose="kk")
    active = Person.objects.filter(state=states.ACTIVE).select_related("family").order_by("pk")
    same = list(active.filter(nik_hash=nik)[:MOST_RESULTS])
    family = list(active.filter(family__kk_hash=kk)[:MOST_RESULTS])
    return [Found(person, 1.0) for person in [*same, *family]]


def _similar(word: str) -> set[int]:
    """Hashes of the city's words this one may stand for: typed wrongly, heard wrongly, or
    run together with its neighbour.
    """
    words = city_counts().words
    typed = nearest(
        word, words, scorer=OSA.distance, limit=60, score_cutoff=1 + (len(word) > _SHORT_WORD)
    )
    heard = nearest(
        word,
        words,
        scorer=JaroWinkler.similarity,
        limit=_SIMILAR_WORDS,
        score_cutoff=_WORD_LIKENESS,
    )
    found = {word} | {close for close, *_ in typed} | {close for close, *_ in heard}
    if len(word) >= _RUN_TOGETHER:
        found |= {
            part
            for part in words
            if len(part) >= _SHORTEST_PART and (word.startswith(part) or word.endswith(part))
        }
    return {stable_hash(one) for one in found}


def _ranked(words: tuple[str, ...], question: Question, most: int) -> list[Found]:
    close = set().union(*(_similar(word) for word in (*words[:4], *_joined_pairs(words))))
    keys = PersonKey.objects.filter(person__state=states.ACTIVE)
    if len(words) > 1:
        rows = _read(keys.filter(first_token__in=close, last_token__in=close), question)
        # A clerk who knows two words of a longer name: begin alike, end as it may.
        rows += _read(keys.filter(first_token=stable_hash(words[0])), question)
    else:
        rows = _read(keys.filter(first_token__in=close), question)
        rows += _read(keys.filter(last_token__in=close), question)
    likeness = _likeness(words, rows, question)
    best = sorted(likeness, key=lambda pk: (-likeness[pk], pk))[:most]
    people = Person.objects.select_related("family").in_bulk(best)
    return [Found(people[pk], round(likeness[pk], 3)) for pk in best if pk in people]


def _joined_pairs(words: tuple[str, ...]) -> list[str]:
    return [a + b for a, b in pairwise(words)] if len(words) > 1 else []


Row = tuple[int, str, str, int, int]


def _read(keys: QuerySet[Any], question: Question) -> list[Row]:
    narrowed = keys
    if question.birth:
        narrowed = keys.filter(birth__in=[question.birth, *_neighbours(question.birth)])
    elif question.year:
        low, high = (question.year - 1) * 10_000, (question.year + 2) * 10_000
        narrowed = keys.filter(birth__gte=low, birth__lt=high)
    columns = ("person_id", "name_sound", "person__name", "birth", "rt")
    return list(narrowed.values_list(*columns)[:_MOST_READ])


def _neighbours(day: int) -> list[int]:
    """The same date with day and month exchanged, and with one digit of the year off."""
    year, month, date_ = day // 10_000, day // 100 % 100, day % 100
    swapped = year * 10_000 + date_ * 100 + month
    return [swapped, day - 10_000, day + 10_000, day - 100_000, day + 100_000]


def _likeness(words: tuple[str, ...], rows: list[Row], question: Question) -> dict[int, float]:
    """How alike each person is to what was typed: the mean of sound and spelling, less a
    little for each hint that does not fit.
    """
    out: dict[int, float] = {}
    joined, ordered = "".join(words), "".join(sorted(words))
    typed = " ".join(parse_name(question.name).plain)
    for pk, sound, name, birth, rt in rows:
        if pk in out:
            continue
        parts = sound.split()
        spelt = OSA.normalized_similarity(typed, " ".join(parse_name(name).plain))
        heard = max(
            JaroWinkler.similarity(joined, "".join(parts)),
            JaroWinkler.similarity(ordered, "".join(sorted(parts))) - 0.01,
        )
        if len(words) > 1 and set(words) <= set(parts):
            heard = spelt = max(heard, 0.95)
        # Hints decide among namesakes and never outweigh the name itself.
        score = (spelt + heard) / 2
        score -= 0.02 * (question.birth > 0 and birth != question.birth)
        score -= 0.02 * (question.year > 0 and birth // 10_000 != question.year)
        score -= 0.03 * (question.rt > 0 and rt != question.rt)
        out[pk] = max(score, 0.0)
    return out


def area_name(number: int | None) -> str:
    """Name of a kelurahan, "" when it is not known."""
    return area_resolver().name(number) if number else ""


def born(day: date | None, year: int | None) -> str:
    """A birth date as yyyy-mm-dd, or the year alone."""
    return day.isoformat() if day else str(year or "")
