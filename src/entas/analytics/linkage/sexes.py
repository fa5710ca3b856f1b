"""The sex a name tells, where a list has no column for it.

The NIK tells it too, but a borrowed NIK tells the owner's: that would count the number
twice. A name that nearly all women bear speaks for itself.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.keys import Ints, KeyTable

# A token must be borne by this many people, nearly all of one sex, to be believed.
_LEAST_BEARERS = 8
_NEARLY_ALL = 0.97


@dataclass(slots=True)
class NameSexes:
    """The words of a city's names that tell a sex: hashes in rising order, and for each
    0 male, 1 female or -1 where it is borne by both or by too few.
    """

    words: Ints
    sex: NDArray[np.int8]


def name_sexes(register: KeyTable) -> NameSexes:
    """Count once which words of names are borne by nearly only men or women."""
    held = np.flatnonzero((register.name >= 0) & (register.sex >= 0))
    tokens = register.names.tokens[register.name[held]]
    sex = np.repeat(register.sex[held][:, None], tokens.shape[1], axis=1)
    filled = tokens != 0
    distinct, inverse = np.unique(tokens[filled], return_inverse=True)
    bearers = np.bincount(inverse, minlength=len(distinct))
    women = np.bincount(inverse, weights=sex[filled], minlength=len(distinct))
    share = women / np.maximum(bearers, 1)
    told = np.where(share >= _NEARLY_ALL, 1, np.where(share <= 1 - _NEARLY_ALL, 0, -1))
    told[bearers < _LEAST_BEARERS] = -1
    return NameSexes(distinct, told.astype(np.int8))


def sexes_by_name(told: NameSexes, rows: KeyTable) -> NDArray[np.int8]:
    """The rows' sexes, filled in from the first telling token of the name."""
    filled_in = rows.sex.copy()
    open_ = np.flatnonzero((rows.sex < 0) & (rows.name >= 0))
    if not len(open_) or not len(told.words):
        return filled_in
    wanted = rows.names.tokens[rows.name[open_]]
    place = np.minimum(np.searchsorted(told.words, wanted), len(told.words) - 1)
    guess = np.where((told.words[place] == wanted) & (wanted != 0), told.sex[place], -1)
    first = np.argmax(guess >= 0, axis=1)
    filled_in[open_] = guess[np.arange(len(open_)), first]
    return filled_in
