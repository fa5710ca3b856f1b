"""Names: prefixes, single words, marga, fathers' tokens, twins and sons named like fathers."""

# ruff: noqa: PLR2004 - shares and ages of an invented city; the ones that matter have names

from dataclasses import dataclass

import numpy as np

from kotacontoh.homes import ETHNIC_SHARES, Homes
from kotacontoh.members import CHILD, FEMALE, HEAD, MALE, Members
from kotacontoh.streams import Bools, Floats, Generator, Ints, Streams, Texts, pick, texts
from kotacontoh.tokens import COHORTS, MUSLIM, draw_given, draw_second, section

# generator_targets.json, name_rules: single_word_share (G).
SINGLE_WORD = {"tua": 0.35, "tengah": 0.18, "muda": 0.05}

# generator_targets.json, name_rules: prefix_L and prefix_P (G); spelling weights are ours (G).
MUHAMMAD = (("MUHAMMAD", "M.", "MUHAMAD", "MOHAMMAD", "MHD."), (5, 4, 1.5, 1, 0.7))
PREFIX_MALE = {"muhammad": 0.22, "ahmad": 0.06, "lineage": 0.02}
PREFIX_FEMALE = {"siti": 0.08, "nur": 0.10, "lineage": 0.01}
LINEAGE_MALE = (
    "RADEN",
    "RD.",
    "KEMAS",
    "KMS.",
    "MASAGUS",
    "MGS.",
    "KIAGUS",
    "SAYID",
    "SY.",
)
LINEAGE_FEMALE = (
    "RADEN AYU",
    "RTS.",
    "RATUMAS",
    "NYIMAS",
    "NYS.",
    "MASAYU",
    "NYAYU",
    "SYARIFAH",
)

THIRD_TOKEN = {"tua": 0.04, "tengah": 0.20, "muda": 0.45}
FATHERS_TOKEN = {"tua": 0.12, "tengah": 0.15, "muda": 0.24}
SON_LIKE_FATHER = 0.02  # G
SIBLINGS_SHARE_TOKEN = 0.30  # families whose children carry one common token (G)
KIN_NEARBY = 0.12  # heads with a brother or sister in a home close by (G)
TITLED_ELDERS = 0.03  # H. or Hj. already on the KTP (G)


@dataclass
class Names:
    """True names, mothers' names, ethnic group and last token of each person."""

    name: Texts
    mother: Texts
    ethnic: Texts


def build_names(homes: Homes, members: Members, streams: Streams) -> Names:
    """Name everybody: parents before children, because children carry their tokens."""
    rng = streams.numpy("names")
    ethnic = _ethnic(homes, members, rng)
    parts = _Parts(members, ethnic, rng)
    name = np.empty(len(members), dtype=object)
    for generation in _generations(members):
        parts.name_these(generation, name)
    _kin_nearby(homes, members, name, ethnic, rng)
    return Names(name, _mothers(members, name, ethnic, rng), ethnic)


def _ethnic(homes: Homes, members: Members, rng: Generator) -> Texts:
    """The household's group; a wife or in-law often comes from another one."""
    ethnic = homes.ethnic[members.household].copy()
    married_in = (members.role == 2) | (members.role == 4)
    foreign = np.flatnonzero(married_in & (rng.random(len(members)) < 0.28))
    share = np.array(list(ETHNIC_SHARES.values()))
    ethnic[foreign] = texts(list(ETHNIC_SHARES))[
        rng.choice(len(share), size=len(foreign), p=share / share.sum())
    ]
    return ethnic


def _generations(members: Members) -> list[Ints]:
    """Indices in naming order: no father known, then his children, then theirs."""
    father = members.father
    first = father < 0
    second = ~first & first[np.maximum(father, 0)]
    third = ~first & ~second
    return [np.flatnonzero(mask) for mask in (first, second, third)]


class _Parts:
    """Pre-drawn tokens and dice of every person, put together name by name."""

    def __init__(self, members: Members, ethnic: Texts, rng: Generator) -> None:
        self.members = members
        self.ethnic = ethnic
        self.cohort = _cohorts(members.birth)
        self.given, self.second, self.third = (
            np.empty(len(members), dtype=object) for _ in range(3)
        )
        self._draw(rng)
        self.dice = rng.random((len(members), 4))
        self.family_dice = rng.random(int(members.household.max()) + 1)
        self.surname = _surnames(members, ethnic, rng)
        self.prefix = _prefixes(members, ethnic, self.cohort, rng)

    def _draw(self, rng: Generator) -> None:
        for ethnic in ETHNIC_SHARES:
            for code, sex in ((MALE, "L"), (FEMALE, "P")):
                for cohort in COHORTS:
                    cell = (self.ethnic == ethnic) & (self.cohort == cohort)
                    index = np.flatnonzero(cell & (self.members.sex == code))
                    count = len(index)
                    self.given[index] = draw_given(rng, ethnic, sex, cohort, count)
                    self.second[index] = draw_second(rng, ethnic, sex, cohort, count)
                    self.third[index] = draw_second(rng, ethnic, sex, "muda", count)

    def name_these(self, people: Ints, name: Texts) -> None:
        """Write the full names of these people; their fathers have names already."""
        for person in people.tolist():
            name[person] = self._twin(person, name) or self._full(person, name)

    def _twin(self, person: int, name: Texts) -> str:
        """A twin is called nearly like the other one."""
        if not self.members.twin[person]:
            return ""
        other = name[person - 1].split()
        spot = min(1, len(other) - 1) if other[0] in _PREFIX_WORDS else 0
        same_sex = self.members.sex[person] == self.members.sex[person - 1]
        other[spot] = twin_token(other[spot]) if same_sex else self.given[person]
        return " ".join(other)

    def _full(self, person: int, name: Texts) -> str:
        father = int(self.members.father[person])
        dice = self.dice[person]
        if father >= 0 and self.members.sex[person] == MALE and dice[0] < SON_LIKE_FATHER:
            return _like_father(name[father], dice[1])
        if self.ethnic[person] in ("batak", "tionghoa"):
            return self._with_surname(person, father)
        cohort = self.cohort[person]
        if dice[2] < SINGLE_WORD[cohort]:
            return str(self.given[person])
        words = [
            self.prefix[person],
            self.given[person],
            self._last(person, father, name),
        ]
        if dice[3] < THIRD_TOKEN[cohort]:
            words.insert(2, self.third[person])
        return _joined(words)

    def _last(self, person: int, father: int, name: Texts) -> str:
        """The second token: the father's, one shared by siblings, or one's own."""
        if father >= 0 and self.dice[person][1] < FATHERS_TOKEN[self.cohort[person]]:
            return str(name[father].split()[-1])
        if self.members.role[person] == CHILD:
            home = int(self.members.household[person])
            if self.family_dice[home] < SIBLINGS_SHARE_TOKEN:
                return str(self.second[self.members.father[person]] if father >= 0 else "")
        return str(self.second[person])

    def _with_surname(self, person: int, father: int) -> str:
        surname = self.surname[person]
        if father >= 0 and self.ethnic[father] == self.ethnic[person]:
            surname = self.surname[person] = self.surname[father]
        given, second = self.given[person], self.second[person]
        if self.ethnic[person] == "tionghoa" and self.cohort[person] == "tua":
            return f"{surname} {given} {self.third[person] if len(second) > 6 else second}"
        two = self.dice[person][3] < 0.35
        return _joined([given, second if two else "", surname])


_PREFIX_WORDS = frozenset(
    list(MUHAMMAD[0])
    + [word.split()[0] for word in (*LINEAGE_MALE, *LINEAGE_FEMALE)]
    + ["AHMAD", "SITI", "NUR", "H.", "HJ.", "ANDI"]
)
_TWIN_PAIRS = {
    "HASAN": "HUSEIN",
    "HASANAH": "HUSNAH",
    "ADAM": "IDRIS",
    "LAILA": "LAILI",
}


def twin_token(token: str) -> str:
    """The name of the other twin: one vowel apart, as ANDI and ANDA are."""
    if token in _TWIN_PAIRS:
        return _TWIN_PAIRS[token]
    for spot in range(len(token) - 1, 0, -1):
        if token[spot] in "AIUEO":
            return (
                token[:spot]
                + {"A": "I", "I": "A", "U": "A", "E": "I", "O": "A"}[token[spot]]
                + token[spot + 1 :]
            )
    return token + "A"


def _like_father(father: str, die: float) -> str:
    if die < 0.45:
        return f"{father} JR"
    if die < 0.65:
        return father
    words = father.split()
    head = words[-1 if words[0] in _PREFIX_WORDS else 0]
    return f"{words[-1]} BIN {head}" if die < 0.8 else f"{father} PUTRA"


def _joined(words: list[str]) -> str:
    """Words in order, empty ones dropped and no word twice in a row."""
    kept = [str(word) for word in words if word]
    return " ".join(word for i, word in enumerate(kept) if i == 0 or word != kept[i - 1])


def _cohorts(birth: Ints) -> Texts:
    years = 1970 + birth / 365.2425
    index = np.digitize(years, [1970, 1995])
    return texts(COHORTS)[index]


def _surnames(members: Members, ethnic: Texts, rng: Generator) -> Texts:
    surname = np.full(len(members), "", dtype=object)
    for group in ("batak", "tionghoa"):
        names = section(f"{group} marga")
        weight = 1.0 / (np.arange(len(names)) + 3.0)
        mask = ethnic == group
        drawn = rng.choice(len(names), size=int(mask.sum()), p=weight / weight.sum())
        surname[mask] = texts(names)[drawn]
    return surname


def _prefixes(members: Members, ethnic: Texts, cohort: Texts, rng: Generator) -> Texts:
    """Muhammad, Siti, Raden and their like; elders may carry the pilgrim's title."""
    prefix = np.full(len(members), "", dtype=object)
    dice = rng.random(len(members))
    muslim = np.isin(ethnic.astype(str), list(MUSLIM))
    male = muslim & (members.sex == MALE)
    female = muslim & (members.sex == FEMALE)
    # Shares of the target are of all men; young men carry Muhammad more often than old ones.
    fashion = np.where(cohort == "tua", 0.6, np.where(cohort == "muda", 1.45, 0.95))
    muhammad = pick(rng, *MUHAMMAD, len(dice))
    _put(prefix, male, dice, fashion * PREFIX_MALE["muhammad"] * 1.15, muhammad)
    rest = rng.random(len(dice))
    _put(prefix, male & (prefix == ""), rest, PREFIX_MALE["ahmad"], "AHMAD")
    malay = ethnic == "melayu"
    lineage = texts(LINEAGE_MALE)[rng.integers(0, len(LINEAGE_MALE), len(dice))]
    _put(prefix, male & malay & (prefix == ""), 1 - rest, 0.055, lineage)
    _put(prefix, male & (ethnic == "bugis") & (prefix == ""), 1 - rest, 0.2, "ANDI")
    _put(prefix, female, dice, PREFIX_FEMALE["siti"] * 1.25, "SITI")
    _put(prefix, female & (prefix == ""), rest, PREFIX_FEMALE["nur"] * 1.25, "NUR")
    lineage = texts(LINEAGE_FEMALE)[rng.integers(0, len(LINEAGE_FEMALE), len(dice))]
    _put(prefix, female & malay & (prefix == ""), 1 - rest, 0.04, lineage)
    elder = (cohort == "tua") & (prefix == "") & (rng.random(len(dice)) < TITLED_ELDERS)
    prefix[elder & male], prefix[elder & female] = "H.", "HJ."
    return prefix


def _put(
    prefix: Texts,
    where: Bools,
    dice: Floats,
    share: Floats | float,
    value: Texts | str,
) -> None:
    hit = where & (dice < share)
    prefix[hit] = value[hit] if isinstance(value, np.ndarray) else value


def _kin_nearby(homes: Homes, members: Members, name: Texts, ethnic: Texts, rng: Generator) -> None:
    """Some heads are brothers or sisters of a head close by: one mother, one last token."""
    heads = homes.start
    chosen = np.flatnonzero(rng.random(len(homes)) < KIN_NEARBY)
    for home in chosen.tolist():
        near = max(0, home - int(rng.integers(1, 25)))
        person, kin = int(heads[home]), int(heads[near])
        if ethnic[person] != ethnic[kin] or members.role[kin] != HEAD or person == kin:
            continue
        words = name[person].split()
        if len(words) > 1 and " " in name[kin]:
            name[person] = " ".join([*words[:-1], name[kin].split()[-1]])
        members.mother[person] = -2 - kin  # resolved with the mothers' names


def _mothers(members: Members, name: Texts, ethnic: Texts, rng: Generator) -> Texts:
    """Mothers' names: the known mother's, the brother's mother's, else an unseen woman's."""
    unseen = _unseen_women(members, ethnic, rng)
    mother = members.mother
    orphan = np.flatnonzero((members.role == CHILD) & (mother == -1))
    # Children of a widower have one mother too, though she is seen in no list.
    _, first, inverse = np.unique(members.household[orphan], return_index=True, return_inverse=True)
    unseen[orphan] = unseen[orphan[first][inverse]]
    known = mother >= 0
    unseen[known] = name[mother[known]]
    kin = np.flatnonzero(mother <= -2)
    for person in kin.tolist():
        unseen[person] = unseen[-2 - int(mother[person])]
    mother[kin] = -1
    return unseen


def _unseen_women(members: Members, ethnic: Texts, rng: Generator) -> Texts:
    """A plausible mother's name for each person, from the fashion of thirty years before."""
    out = np.empty(len(members), dtype=object)
    cohorts = _cohorts(members.birth - 27 * 365)
    single = rng.random(len(members))
    for group in ETHNIC_SHARES:
        for cohort in COHORTS:
            index = np.flatnonzero((ethnic == group) & (cohorts == cohort))
            given = draw_given(rng, group, "P", cohort, len(index))
            second = draw_second(rng, group, "P", cohort, len(index))
            for i, person in enumerate(index.tolist()):
                alone = single[person] < SINGLE_WORD[cohort] + 0.1
                out[person] = str(given[i]) if alone else _joined([given[i], second[i]])
    return out
