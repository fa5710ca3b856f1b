"""The sex a name tells, where a list has no column for it.

The NIK tells it too, but a borrowed NIK tells the owner's: that would count the number
twice. A name that nearly all women bear speaks for itself.
"""

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.keys import KeyTable

# A token must be borne by this many people, nearly all of one sex, to be believed.
_LEAST_BEARERS = 8
_NEARLY_ALL = 0.97


class NameSexes:
    """The sex each word of a register's names tells; counted once, asked often."""

    def __init__(self, register: KeyTable) -> None:
        held = np.flatnonzero((register.name >= 0) & (register.sex >= 0))
        tokens = register.names.tokens[register.name[held]]
        sex = np.repeat(register.sex[held][:, None], tokens.shape[1], axis=1)
        filled = tokens != 0
        self._tokens, inverse = np.unique(tokens[filled], return_inverse=True)
        bearers = np.bincount(inverse, minlength=len(self._tokens))
        women = np.bincount(inverse, weights=sex[filled], minlength=len(self._tokens))
        share = women / np.maximum(bearers, 1)
        told = np.where(share >= _NEARLY_ALL, 1, np.where(share <= 1 - _NEARLY_ALL, 0, -1))
        told[bearers < _LEAST_BEARERS] = -1
        self._told = told.astype(np.int8)

    def fill(self, rows: KeyTable) -> NDArray[np.int8]:
        """The rows' sexes, filled in from the first telling token of the name."""
        filled_in = rows.sex.copy()
        open_ = np.flatnonzero((rows.sex < 0) & (rows.name >= 0))
        if not len(open_) or not len(self._tokens):
            return filled_in
        wanted = rows.names.tokens[rows.name[open_]]
        place = np.minimum(np.searchsorted(self._tokens, wanted), len(self._tokens) - 1)
        guess = np.where((self._tokens[place] == wanted) & (wanted != 0), self._told[place], -1)
        first = np.argmax(guess >= 0, axis=1)
        filled_in[open_] = guess[np.arange(len(open_)), first]
        return filled_in


def sexes_by_name(register: KeyTable, rows: KeyTable) -> NDArray[np.int8]:
    """The rows' sexes, filled in from the first telling token of the name."""
    return NameSexes(register).fill(rows)
