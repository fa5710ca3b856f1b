"""Consumption: a latent index per household, mapped so that the poverty rate is exact."""

from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist

import numpy as np

from kotacontoh.areas import Ground, data_rows
from kotacontoh.homes import RESIDENT, Homes
from kotacontoh.sizes import Size
from kotacontoh.streams import Bools, Floats, Generator, Ints, Streams

# kota-jambi.md section 8 and generator_targets.json, consumption.
SHIFT, SHAPE = 0.42, 0.755
VISIBLE_SHARE = 0.55
PER_PERSON_FROM_4 = -0.12
KELURAHAN_SPREAD = 0.35
LINE_RUPIAH_MONTH = 535_000  # G


@dataclass
class Welfare:
    """Per household: what one can see, the whole index, and rupiah a head a month."""

    visible: Floats
    index: Floats
    consumption: Ints
    poor: Bools

    @property
    def lines(self) -> Floats:
        """Consumption in poverty lines."""
        return np.asarray(self.consumption / LINE_RUPIAH_MONTH, dtype=float)


def build_welfare(
    size: Size, homes: Homes, living: Ints, ground: Ground, streams: Streams
) -> Welfare:
    """Welfare of every household; ``living`` counts its living members.

    Only residents count for the poverty rate. Movers and outsiders get the consumption that their
    index would buy among residents.
    """
    rng = streams.numpy("welfare")
    visible, index = _index(homes, living, ground, rng)
    resident = homes.kind == RESIDENT
    chosen = np.flatnonzero(resident)
    order = chosen[np.argsort(index[chosen], kind="stable")]
    order = exact_poor_first(order, living, size.poor)
    below = np.cumsum(living[order])
    rank = (below - living[order] / 2) / size.persons
    consumption = np.zeros(len(homes), dtype=np.int64)
    consumption[order] = np.round(quantiles(rank, size.poor / size.persons)).astype(np.int64)
    others = np.flatnonzero(~resident)
    place = np.searchsorted(index[order], index[others]).clip(0, len(order) - 1)
    consumption[others] = consumption[order[place]]
    poor = np.zeros(len(homes), dtype=bool)
    poor[order[below <= size.poor]] = True
    return Welfare(visible, index, consumption, poor)


def exact_poor_first(order: Ints, persons: Ints, poor: int) -> Ints:
    """Reorder households near the border so that the first ones hold exactly ``poor`` people.

    Raises:
        ValueError: no household of the missing size lies beyond the border.
    """
    reached = np.cumsum(persons[order])
    border = int(np.searchsorted(reached, poor, side="right"))
    missing = poor - (int(reached[border - 1]) if border else 0)
    if missing == 0:
        return order
    fitting = np.flatnonzero(persons[order[border:]] == missing)
    if len(fitting) == 0:
        raise ValueError(f"No household of {missing} persons is left to complete the poor.")
    spot = border + int(fitting[0])
    return np.concatenate([order[:border], order[[spot]], np.delete(order[border:], spot - border)])


def quantiles(rank: Floats, poor_share: float) -> Floats:
    """Rupiah a head a month at person-weighted ranks; exactly the line at ``poor_share``."""
    normal = NormalDist()
    centre = log(1 - SHIFT) - SHAPE * normal.inv_cdf(poor_share)
    lines = [SHIFT + exp(centre + SHAPE * normal.inv_cdf(value)) for value in rank.tolist()]
    rupiah = np.array(lines) * LINE_RUPIAH_MONTH
    # Rounding to whole rupiah must not lift a poor household onto the line.
    return np.where(rank < poor_share, np.minimum(rupiah, LINE_RUPIAH_MONTH - 1), rupiah)


def _index(homes: Homes, living: Ints, ground: Ground, rng: Generator) -> tuple[Floats, Floats]:
    area = kelurahan_effect(ground, rng)[homes.kelurahan]
    crowd = PER_PERSON_FROM_4 * np.maximum(0, living - 4)
    own = rng.normal(size=len(homes))
    visible = standardised(own + area + crowd)
    index = VISIBLE_SHARE**0.5 * visible + (1 - VISIBLE_SHARE) ** 0.5 * rng.normal(size=len(homes))
    return visible, index


def standardised(values: Floats) -> Floats:
    """Mean 0, spread 1."""
    return np.asarray((values - values.mean()) / values.std(), dtype=float)


def kelurahan_effect(ground: Ground, rng: Generator) -> Floats:
    """Welfare by kelurahan: its kecamatan's PKH rate says which side, chance the rest."""
    rate = {
        row["kode_kemendagri"]: log(float(row["pkh_kpm_per_1000_taksiran"]))
        for row in data_rows("kecamatan_kota_jambi.csv")
    }
    centre, spread = np.mean(list(rate.values())), np.std(list(rate.values()))
    anchor = [-(rate[area.code[:8]] - centre) / spread for area in ground.kelurahan]
    noise = rng.normal(size=len(anchor))
    return np.asarray(KELURAHAN_SPREAD * (0.75 * np.array(anchor) + 0.66 * noise), dtype=float)
