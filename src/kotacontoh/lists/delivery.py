"""What an office hands over: a file, its paper trail, and (for the truth only) its draft."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from kotacontoh.draft import Draft
from kotacontoh.streams import Bools


@dataclass
class Delivery:
    """One delivered file. ``role`` is register, list, survey or check."""

    file: str
    source: str
    as_of: str
    legal_basis: str
    role: str
    draft: Draft
    planted: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))

    @property
    def name(self) -> str:
        """The bare file name, as the truth and results call it."""
        return Path(self.file).name
