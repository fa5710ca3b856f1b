"""How a single text goes wrong: typing, hearing, shortening, forgetting. Pure functions."""

# ruff: noqa: PLR2004 - shares and ages of an invented city; the ones that matter have names

import re
from random import Random

from kotacontoh.streams import words

_NEAR = {
    "A": "SQZ", "B": "VNG", "C": "XVD", "D": "SFE", "E": "WRD", "F": "DGR", "G": "FHT", "H": "GJY",
    "I": "UOK", "J": "HKU", "K": "JLI", "L": "KOP", "M": "NK", "N": "BMH", "O": "IPL", "P": "OL",
    "Q": "WA", "R": "ETF", "S": "ADW", "T": "RYG", "U": "YIJ", "V": "CBF", "W": "QES", "X": "ZCS",
    "Y": "TUH", "Z": "XAS",
}  # fmt: skip

# domain.md 3.8: the same name as different ears and clerks write it.
_HEARD = (
    (
        "MUHAMMAD",
        ("M.", "MUHAMAD", "MOHAMMAD", "MOHAMAD", "MHD.", "MUHD", "MOCH.", "M", "MUH."),
    ),
    ("MUHAMAD", ("MUHAMMAD", "M.", "MHD")),
    ("MOHAMMAD", ("MUHAMMAD", "MOH.", "M.")),
    ("M.", ("MUHAMMAD", "MUHAMAD", "MHD.", "M")),
    ("MHD.", ("MUHAMMAD", "M.", "MHD")),
    ("AHMAD", ("ACHMAD", "AKHMAD", "AHMAT", "A.")),
    ("SITI", ("ST.", "SITTI", "ST", "SITY")),
    ("NUR", ("NOER", "NOOR", "NR.")),
    ("SRI", ("SRIE", "SRY")),
    ("DWI", ("DEWI", "DWIE")),
    ("DEWI", ("DWI", "DEWY")),
    ("RADEN", ("RD.", "R.", "RD")),
    ("RD.", ("RADEN", "R.")),
    ("KEMAS", ("KMS.", "KMS")),
    ("MASAGUS", ("MGS.", "MGS")),
    ("NYIMAS", ("NYS.", "NYM.")),
    ("RATUMAS", ("RTS.", "RTS")),
    ("SYARIFAH", ("SY.", "SARIPAH", "SYARIPAH")),
    ("ABDUL", ("ABD.", "ABD", "ABDOEL")),
)
_SOUNDS = (
    ("OE", "U"), ("U", "OE"), ("DJ", "J"), ("J", "DJ"), ("TJ", "C"), ("C", "TJ"), ("F", "P"),
    ("P", "F"), ("V", "P"), ("Z", "J"), ("Z", "S"), ("DH", "D"), ("TH", "T"), ("KH", "H"),
    ("KH", "K"), ("Y", "I"), ("I", "Y"), ("SY", "S"), ("AH", "A"), ("UDDIN", "UDIN"), ("Q", "K"),
    ("KS", "X"), ("NN", "N"), ("LL", "L"), ("SS", "S"), ("DD", "D"), ("H", ""), ("AI", "AY"),
)  # fmt: skip
_TITLES_MALE = (
    "H. {}",
    "{}, S.PD",
    "DRS. {}",
    "{} S.E",
    "IR. {}",
    "BPK. {}",
    "{} (ALM)",
)
_TITLES_FEMALE = (
    "HJ. {}",
    "{}, S.PD",
    "DRA. {}",
    "{} S.E",
    "NY. {}",
    "IBU {}",
    "{} AMD",
)
_LESSER = frozenset(
    words("M. M MUHAMMAD MUHAMAD MOHAMMAD MHD. AHMAD SITI NUR RADEN RD. KEMAS KMS. H. HJ. AYU")
)


def typed(text: str, rnd: Random) -> str:
    """One slip of the fingers: a near key, a letter lost, doubled or swapped."""
    spots = [i for i, letter in enumerate(text) if letter.isalpha()]
    if len(spots) < 3:
        return text
    i = rnd.choice(spots[1:])
    kind = rnd.random()
    if kind < 0.35:
        return text[:i] + rnd.choice(_NEAR.get(text[i].upper(), "A")) + text[i + 1 :]
    if kind < 0.6:
        return text[:i] + text[i + 1 :]
    if kind < 0.78:
        return text[:i] + text[i] + text[i:]
    return text[: i - 1] + text[i] + text[i - 1] + text[i + 1 :]


def heard(text: str, rnd: Random) -> str:
    """The same name written as another ear would: Mhd for Muhammad, oe for u, f for p."""
    parts = text.split()
    for i, word in enumerate(parts):
        for full, others in _HEARD:
            if word == full and rnd.random() < 0.75:
                return " ".join([*parts[:i], rnd.choice(others), *parts[i + 1 :]])
    fitting = [(a, b) for a, b in _SOUNDS if a in text[1:]]
    if not fitting:
        return text
    old, new = rnd.choice(fitting)
    spot = rnd.choice([m.start() for m in re.finditer(old, text) if m.start() > 0] or [0])
    return text[:spot] + new + text[spot + len(old) :] if spot else text


def shortened(text: str, rnd: Random) -> str:
    """A name cut down: one token lost, an initial, or the form's last column reached."""
    parts = text.split()
    if len(parts) == 1:
        return text
    kind = rnd.random()
    if kind < 0.35:
        return " ".join(parts[:-1])
    if kind < 0.6:
        return " ".join([*parts[:-1], parts[-1][0] + rnd.choice(("", "."))])
    if kind < 0.8:
        return " ".join([parts[0][0] + ".", *parts[1:]]) if len(parts[0]) > 2 else parts[-1]
    return text[: max(6, len(text) - rnd.randint(2, 6))].rstrip()


def called(text: str, rnd: Random) -> str:
    """What neighbours call somebody: one token, or its last syllables (UDIN, SIAH, TI)."""
    parts = [word for word in text.split() if word not in _LESSER and len(word) > 2]
    if not parts:
        return text
    word = rnd.choice(parts)
    if len(word) > 5 and rnd.random() < 0.4:
        word = word[-4:] if rnd.random() < 0.6 else word[:4]
    return word


def titled(text: str, rnd: Random, *, woman: bool) -> str:
    """A title put on by politeness."""
    return rnd.choice(_TITLES_FEMALE if woman else _TITLES_MALE).format(text)


def respaced(text: str, rnd: Random) -> str:
    """Words joined, split or turned round."""
    parts = text.split()
    if len(parts) == 1:
        word = parts[0]
        if len(word) < 7:
            return text
        cut = rnd.randint(3, len(word) - 3)
        return f"{word[:cut]} {word[cut:]}"
    i = rnd.randrange(len(parts) - 1)
    if rnd.random() < 0.6:
        return " ".join([*parts[:i], parts[i] + parts[i + 1], *parts[i + 2 :]])
    parts[i], parts[i + 1] = parts[i + 1], parts[i]
    return " ".join(parts)


def with_digits(text: str, rnd: Random) -> str:
    """Digits for letters that look alike, as O and 0."""
    spots = [i for i, letter in enumerate(text) if letter in "OIES"]
    if not spots:
        return text
    i = rnd.choice(spots)
    return text[:i] + {"O": "0", "I": "1", "E": "3", "S": "5"}[text[i]] + text[i + 1 :]


def wrong_digit(number: str, rnd: Random, count: int = 1) -> str:
    """Digits mistyped behind the region, so that the number stays in the reserved range."""
    digits = list(number)
    for i in rnd.sample(range(6, len(digits)), min(count, max(0, len(digits) - 6))):
        digits[i] = rnd.choice([d for d in "0123456789" if d != digits[i]])
    return "".join(digits)


def wrong_region(number: str, rnd: Random) -> str:
    """Another kecamatan's digits."""
    return f"1571{rnd.randint(81, 91)}{number[6:]}" if len(number) == 16 else number


def swapped_digits(number: str, rnd: Random) -> str:
    """Two neighbouring digits behind the region change places."""
    spots = [i for i in range(6, len(number) - 1) if number[i] != number[i + 1]]
    if not spots:
        return number
    i = rnd.choice(spots)
    return number[:i] + number[i + 1] + number[i] + number[i + 2 :]


def wrong_length(number: str, rnd: Random) -> str:
    """A digit lost or typed twice behind the region."""
    if len(number) < 16:
        return number
    i = rnd.randrange(6, 16)
    return (
        number[:i] + number[i + 1 :] if rnd.random() < 0.7 else number[:i] + number[i] + number[i:]
    )


def misdated(iso: str, rnd: Random) -> str:
    """One wrong part of a date: a year off by one or ten, a month or day beside the right one."""
    if len(iso) != 10:
        return iso
    year, month, day = int(iso[:4]), int(iso[5:7]), int(iso[8:])
    kind = rnd.random()
    if kind < 0.45:
        year += rnd.choice((-1, 1, -1, 1, -10, 10, 2, -2))
    elif kind < 0.7:
        month = rnd.choice([m for m in range(1, 13) if m != month])
    else:
        day = rnd.choice([d for d in range(1, 29) if d != day])
    return f"{min(year, 2026):04d}-{month:02d}-{min(day, 28):02d}"


def day_month_swapped(iso: str) -> str:
    """Day and month in each other's place, where that is a date at all."""
    return f"{iso[:4]}-{iso[8:]}-{iso[5:7]}" if len(iso) == 10 and int(iso[8:]) <= 12 else iso


def new_year(iso: str, rnd: Random) -> str:
    """Only the year is known: 1 January, 31 December or 1 July."""
    return iso[:4] + rnd.choice(("-01-01", "-01-01", "-01-01", "-12-31", "-07-01"))


def guessed_year(iso: str, rnd: Random) -> str:
    """A birth year from the look of a face."""
    if len(iso) != 10:
        return iso
    year = int(iso[:4]) + rnd.choice((-5, -3, -2, -1, 1, 2, 3, 4))
    return f"{min(max(year, 1920), 2026):04d}-01-01"
