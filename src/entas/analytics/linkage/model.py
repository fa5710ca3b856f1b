"""The weights of agreement: a versioned, readable artefact, trained deliberately.

Four kinds of pair are told apart: the same person (in a few classes, because a careless
clerk spoils many fields of one row at once), a stranger, a housemate and a twin. Each
has a table "field -> share of pairs at each level". Rarity of the agreeing value comes
on top from the register at hand, so one model serves a village and a city.

Source of the method: Fellegi and Sunter (1969); latent classes by EM over counted
patterns as in Enamorado, Fifield and Imai (2019); the housemate and twin alternatives
and the classes of clerks are our own (see the explanation page on linkage).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.compare import Evidence, Levels
from entas.analytics.linkage.levels import FIELDS, LEVELS_VERSION, SIZES, BirthLevel, NameLevel

Table = NDArray[np.float64]
Tables = dict[str, Table]

# NIK carries the birth date, so its levels are weighed apart for pairs whose dates
# agree, disagree, or cannot be compared; and birth dates apart for pairs in which both
# are borne out by their own NIK: there a difference is hardly a slip of the pen.
NIK_STATES = 3
STATES = dict.fromkeys(FIELDS, 1) | {"nik": NIK_STATES, "birth": 2}
TABLE_SIZES = {name: SIZES[name] * STATES[name] for name in FIELDS}
RARE_FIELDS = ("name", "mother", "birth")

# Rarity counts in full where the whole value agrees, and a little less where only a
# part does, because tokens of one name are not independent of each other.
_NAME_RARITY = np.zeros(SIZES["name"])
_NAME_RARITY[[NameLevel.EQUAL, NameLevel.TYPO]] = 1.0
_NAME_RARITY[[NameLevel.TOKENS_CONTAINED, NameLevel.ONLY_ONE_GIVEN]] = 0.9
_NAME_RARITY[[NameLevel.TOKEN_AND_SIMILAR, NameLevel.INITIALS, NameLevel.SIMILAR]] = 0.8
_NAME_RARITY[NameLevel.ONE_TOKEN] = 0.7
_BIRTH_RARITY = np.zeros(SIZES["birth"])
_BIRTH_RARITY[[BirthLevel.EQUAL, BirthLevel.SWAPPED, BirthLevel.ONE_DIGIT]] = 1.0
RARITY: Mapping[str, Table] = {"name": _NAME_RARITY, "mother": _NAME_RARITY, "birth": _BIRTH_RARITY}


@dataclass(frozen=True, slots=True)
class Model:
    """One trained linkage model.

    Attributes:
        version: name of the artefact, kept with every result.
        note: when, on what and by whom it was trained.
        shares: share of each class of clerk among true pairs; sums to 1.
        match: for each class, field -> share at each level among true pairs.
        stranger, housemate, twin: field -> share at each level. ``housemate`` and
            ``twin`` stand for relatives who are not registered.
        kin: the same for registered housemates, whose own name and NIK are known: a row
            that carries the name of one of them is rarely another one's.
        scale: field -> bits that bring rarity to the average of each level.
        coverage: share of list rows whose person is in the register.
        duplicate_rate: second registrations that a register person has on average.
        calibration: (log-odds bits, probability) knots, both rising.
    """

    version: str
    note: str
    shares: tuple[float, ...]
    match: tuple[Tables, ...]
    stranger: Tables
    housemate: Tables
    twin: Tables
    kin: Tables
    scale: Tables
    coverage: float
    duplicate_rate: float
    calibration: tuple[tuple[float, float], ...]

    def to_json(self) -> str:
        """The artefact as readable text; ``from_json`` restores it."""
        body: dict[str, Any] = {
            "version": self.version,
            "note": self.note,
            "levels_version": LEVELS_VERSION,
            "shares": list(self.shares),
            "match": [_tables_out(tables) for tables in self.match],
            "stranger": _tables_out(self.stranger),
            "housemate": _tables_out(self.housemate),
            "twin": _tables_out(self.twin),
            "kin": _tables_out(self.kin),
            "scale": _tables_out(self.scale),
            "coverage": self.coverage,
            "duplicate_rate": self.duplicate_rate,
            "calibration": [list(knot) for knot in self.calibration],
        }
        return json.dumps(body, indent=1)

    def renamed(self, version: str, note: str) -> "Model":
        """The same weights under another name."""
        return replace(self, version=version, note=note)


def model_from_json(text: str) -> Model:
    """Restore a model.

    Raises:
        ValueError: the text is no model, or one for other levels of agreement.
    """
    body = json.loads(text)
    found = body.get("levels_version") if isinstance(body, dict) else None
    if found != LEVELS_VERSION:
        raise ValueError(f"model levels {found!r}, need {LEVELS_VERSION}")
    try:
        return _model(body)
    except (KeyError, TypeError, IndexError) as fault:
        raise ValueError(f"not a linkage model: {fault!r}") from fault


def _model(body: dict[str, Any]) -> Model:
    return Model(
        version=body["version"],
        note=body["note"],
        shares=tuple(body["shares"]),
        match=tuple(_tables_in(tables) for tables in body["match"]),
        stranger=_tables_in(body["stranger"]),
        housemate=_tables_in(body["housemate"]),
        twin=_tables_in(body["twin"]),
        kin=_tables_in(body["kin"]),
        scale=_tables_in(body["scale"]),
        coverage=body["coverage"],
        duplicate_rate=body["duplicate_rate"],
        calibration=tuple((knot[0], knot[1]) for knot in body["calibration"]),
    )


def _tables_out(tables: Tables) -> dict[str, list[float]]:
    return {name: [float(f"{x:.6g}") for x in table] for name, table in tables.items()}


def _tables_in(body: Mapping[str, list[float]]) -> Tables:
    return {name: np.asarray(values, float) for name, values in body.items()}


def nik_states(nik: Levels, birth: Levels) -> Levels:
    """NIK levels told apart by whether the birth dates agree, disagree or are unknown."""
    agrees = (birth >= BirthLevel.ONE_DIGIT) & (birth <= BirthLevel.EQUAL)
    known = (birth >= BirthLevel.NONE) & (birth <= BirthLevel.EQUAL)
    state = np.where(agrees, 1, np.where(known, 2, 0))
    return np.asarray(nik + SIZES["nik"] * state, np.int8)


# Fields looked up together, so that a pair costs three look-ups a table and not eight.
_TOGETHER = (("birth", "nik"), ("name", "mother"), ("kk", "area", "spot", "sex"))


class TableLevels(dict[str, Levels]):
    """Level of each field as the tables count it."""

    @cached_property
    def codes(self) -> tuple[NDArray[np.int16], ...]:
        """One number a pair for each group of ``_TOGETHER``."""
        return tuple(map(self._code, _TOGETHER))

    def _code(self, names: tuple[str, ...]) -> NDArray[np.int16]:
        code = self[names[0]].astype(np.int16)
        for name in names[1:]:
            code *= np.int16(TABLE_SIZES[name])
            code += self[name]
        return code


def table_levels(evidence: Evidence, *, own: bool = False) -> TableLevels:
    """Level of each field as the tables count it.

    Args:
        own: leave out what is only known by looking at housemates.
    """
    levels = TableLevels(evidence.level)
    if own:
        levels["name"] = evidence.own_name
    nik = evidence.own_nik if own else evidence.level["nik"]
    levels["nik"] = nik_states(nik, levels["birth"])
    levels["birth"] = (levels["birth"] + SIZES["birth"] * evidence.confirmed).astype(np.int8)
    return levels


@lru_cache(maxsize=len(FIELDS))
def present(field: str) -> NDArray[np.bool_]:
    """Which entries of a field's table mean "both sides are known"."""
    size = SIZES[field]
    return np.asarray(np.arange(TABLE_SIZES[field]) % size != 0)


def log_share(levels: dict[str, Levels], tables: Tables) -> NDArray[np.float32]:
    """Bits log2 P(levels | tables), missing fields left out, summed over all fields."""
    codes = levels.codes if isinstance(levels, TableLevels) else TableLevels(levels).codes
    total = np.zeros(len(codes[0]), np.float32)
    for names, code in zip(_TOGETHER, codes, strict=True):
        joint = _log_table(names[0], tables)
        for name in names[1:]:
            joint = np.add.outer(joint, _log_table(name, tables)).reshape(-1)
        total += joint.astype(np.float32)[code]
    return total


def _log_table(name: str, tables: Tables) -> Table:
    return np.where(present(name), np.log2(np.maximum(tables[name], 1e-9)), 0.0)


def rarity_bits(evidence: Evidence, model: Model, *, own: bool = False) -> NDArray[np.float32]:
    """Bits by which the agreeing values are rarer than the average at their level."""
    total = np.zeros(len(evidence), np.float32)
    for name in RARE_FIELDS:
        level = evidence.own_name if own and name == "name" else evidence.level[name]
        total += field_rarity(name, level, evidence.bits[name], model)
    return total


def field_rarity(
    name: str, level: Levels, bits: NDArray[np.float32], model: Model
) -> NDArray[np.float32]:
    """Rarity bits of one field; 0 at levels where rarity says nothing."""
    factor = RARITY[name]
    scaled = bits * factor[level] + model.scale[name][level]
    return np.where(factor[level] > 0, scaled, 0).astype(np.float32)
