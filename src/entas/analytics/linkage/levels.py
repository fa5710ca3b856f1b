"""The fields that are compared and the levels of agreement of each.

The numbers are stored in models and evidence, so they keep their meaning for ever;
a changed list is a new ``LEVELS_VERSION``.
"""

from enum import IntEnum

LEVELS_VERSION = 1


class NameLevel(IntEnum):
    """How two names agree, by sound."""

    MISSING = 0
    NONE = 1
    ONE_TOKEN = 2
    PART_OF_WORD = 3
    SIMILAR = 4
    INITIALS = 5
    TOKEN_AND_SIMILAR = 6
    ONLY_ONE_GIVEN = 7
    TYPO = 8
    TOKENS_CONTAINED = 9
    EQUAL = 10
    HOUSEMATES_NAME = 11


class BirthLevel(IntEnum):
    """How two birth dates agree."""

    MISSING = 0
    NONE = 1
    YEAR_OR_DAY_MONTH = 2
    YEAR_AND_PART = 3
    ONE_DIGIT = 4
    SWAPPED = 5
    EQUAL = 6
    YEAR_ONLY_EQUAL = 7
    YEAR_ONLY_NEAR = 8
    YEAR_ONLY_OTHER = 9


class NikLevel(IntEnum):
    """How two NIK agree; "typo" is at most two wrong digits (an adjacent swap is two).

    A neighbouring serial (one or two apart) is a level of its own: twins and people
    registered on one morning have it, and typing errors rarely do.
    """

    MISSING = 0
    NONE = 1
    SAME_DATE = 2
    SERIAL_TYPO = 3
    EQUAL = 4
    REGION_TYPO = 5
    DATE_TYPO = 6
    HOUSEMATES_NIK = 7
    SOMEBODY_ELSES = 8
    SERIAL_NEIGHBOUR = 9


class CardLevel(IntEnum):
    """How two family card (KK) numbers agree."""

    MISSING = 0
    OTHER = 1
    EQUAL = 2
    TYPO = 3


class AreaLevel(IntEnum):
    """How two kelurahan agree; RELATED is the same area before a split."""

    MISSING = 0
    OTHER = 1
    RELATED = 2
    SAME = 3


class SpotLevel(IntEnum):
    """RT, street and house inside one kelurahan (not compared across kelurahan)."""

    MISSING = 0
    OTHER = 1
    STREET = 2
    RT = 3
    RT_AND_STREET = 4
    HOUSE = 5
    RT_AND_HOUSE = 6


class SexLevel(IntEnum):
    """How two sexes agree."""

    MISSING = 0
    OTHER = 1
    SAME = 2


FIELDS: dict[str, type[IntEnum]] = {
    "name": NameLevel,
    "birth": BirthLevel,
    "nik": NikLevel,
    "kk": CardLevel,
    "mother": NameLevel,
    "area": AreaLevel,
    "spot": SpotLevel,
    "sex": SexLevel,
}
SIZES = {name: max(kind) + 1 for name, kind in FIELDS.items()}
