"""Train a linkage model, choose one, and calibrate one on what people decided.

All three are deliberate acts of a person: no run of linking changes the model it works with.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from django.db import transaction

from entas.analytics.linkage.keys import KeyTable
from entas.analytics.linkage.model import Model
from entas.analytics.linkage.score import calibrated
from entas.analytics.linkage.train import train
from entas.audit.services import record
from entas.city.models import User
from entas.city.policies import check_may
from entas.city.queries import area_resolver
from entas.registry import states
from entas.registry.errors import DecisionRefused
from entas.registry.keys import KeyColumns, add_row
from entas.registry.models import Link, LinkageModel, LinkedList
from entas.registry.queries import register, review
from entas.registry.services.models import keep_model, model_in_use, shipped_model, stored_model
from entas.sources.models import Delivery
from entas.sources.queries import accepted_columns
from entas.tables import fetch

# Rows of one list that are normalised for training; EM itself looks at fewer.
_ROWS_OF_A_LIST = 60_000
LEAST_ROWS = 500
LEAST_DECISIONS = 50
# What the curve in use weighs against decisions, at each whole bit of odds; a guess
# (unconfirmed): ten decisions at one weight outvote it.
_OLD_CURVE_WEIGHT = 2.0
_CURVE_ENDS = 30
_LONGEST_VERSION = 60
_RECALIBRATED = "+k"


def train_model(
    *, by: User, version: str, note: str, use: bool = False, seed: int = 1
) -> LinkageModel:
    """Learn new weights from the register and every linked list.

    Lines that founded a person are left out: they are the register, and would teach that
    clerks never err. The calibration of the model in use is kept; see ``recalibrate``.

    Args:
        by: who trains.
        version: a new name for the artefact.
        note: why it was trained.
        use: whether to link with it from now on.
        seed: of the random pairs, so that the same data give the same model.

    Raises:
        DecisionRefused: the version exists, or the lists have too few lines to learn from.
        entas.city.errors.NotAllowed: ``by`` may not.
    """
    check_may(by, "registry.train_model")
    _check_version(version, note)
    index, _ = register.index()
    table = index.table
    lists = [keys for delivery in _linked() if len(keys := _lines_of(delivery))]
    rows = sum(map(len, lists))
    if rows < LEAST_ROWS or not len(table):
        raise DecisionRefused(
            "Baru ada {rows} baris tertaut untuk dipelajari; perlu sedikitnya {least}. "
            "Impor dan tautkan daftar program dulu, lalu latih lagi.",
            rows=rows,
            least=LEAST_ROWS,
        )
    trained = train(model_in_use(), lists, table, index.rarity, seed=seed)
    detail = {"version": version, "lists": len(lists), "rows": rows, "persons": len(table)}
    with transaction.atomic():
        act = record(
            by, "registry.train_model", object_type="model", object_id=version, detail=detail
        )
        return keep_model(model=trained.renamed(version, note), use=use, at=act.at)


@transaction.atomic
def use_model(*, version: str, by: User) -> Model:
    """Link with this model from now on; links made before stay as they are.

    Args:
        version: of a stored model, or of the one that came with Entas.
        by: who chooses.

    Raises:
        DecisionRefused: there is no such model.
        ModelUnreadable: it was made for another version of Entas.
        entas.city.errors.NotAllowed: ``by`` may not.
    """
    check_may(by, "registry.use_model")
    row = LinkageModel.objects.filter(version=version).first()
    if row is None and version != shipped_model().version:
        known = [*LinkageModel.objects.order_by("pk").values_list("version", flat=True)[:20]]
        raise DecisionRefused(
            "Model {version} tidak ada. Yang ada: {known}.",
            version=repr(version[:60]),
            known=", ".join([shipped_model().version, *known]),
        )
    model = stored_model(row) if row else shipped_model()
    record(by, "registry.use_model", object_type="model", object_id=version)
    LinkageModel.objects.filter(in_use=True).update(in_use=False)
    LinkageModel.objects.filter(version=version).update(in_use=True)
    return model


def recalibrate(*, by: User, use: bool = True) -> LinkageModel:
    """Let the probabilities of the model in use say how often people agreed with it.

    Only decisions on lists that were linked with these weights count. Where nobody decided,
    the curve in use stays.

    Returns:
        The same weights with another curve, stored under a version of their own.

    Raises:
        DecisionRefused: there are fewer than fifty decisions; the message says how many more.
        entas.city.errors.NotAllowed: ``by`` may not.
    """
    check_may(by, "registry.recalibrate")
    model = model_in_use()
    base = model.version.split(_RECALIBRATED)[0]
    judged = _judged(base)
    if len(judged) < LEAST_DECISIONS:
        raise DecisionRefused(
            "Baru ada {count} keputusan orang atas tautan model {model}; masih kurang "
            "{lacking}. Tinjau baris lain dulu, lalu ulangi.",
            count=len(judged),
            model=base,
            lacking=LEAST_DECISIONS - len(judged),
        )
    fresh = replace(
        model,
        version=_next_version(base),
        note=f"Kalibrasi ulang dari {len(judged)} keputusan orang.",
        calibration=rising_curve([*judged, *_old_curve(model)]),
    )
    detail = {"version": fresh.version, "decisions": len(judged)}
    with transaction.atomic():
        act = record(
            by, "registry.recalibrate", object_type="model", object_id=fresh.version, detail=detail
        )
        return keep_model(model=fresh, use=use, at=act.at)


def _check_version(version: str, note: str) -> None:
    if not version.strip() or len(version) > _LONGEST_VERSION or not note.strip():
        raise DecisionRefused(
            "Model perlu nama versi (paling panjang {most} huruf) dan catatan.",
            most=_LONGEST_VERSION,
        )
    if _RECALIBRATED in version:
        raise DecisionRefused(
            "Nama versi tidak boleh memuat {mark}; itu tanda kalibrasi ulang.",
            mark=repr(_RECALIBRATED),
        )
    is_taken = LinkageModel.objects.filter(version=version).exists()
    if is_taken or version == shipped_model().version:
        raise DecisionRefused(
            "Model {version} sudah ada. Pilih nama versi lain.", version=repr(version)
        )


def _linked() -> Sequence[Delivery]:
    lists = LinkedList.objects.filter(withdrawn=False).values("delivery_id")
    return list(Delivery.objects.accepted().filter(pk__in=lists).order_by("pk"))


def _lines_of(delivery: Delivery) -> KeyTable:
    """Keys of a fair sample of the lines that did not found anybody."""
    links = Link.objects.filter(delivery=delivery, withdrawn=False).order_by("row")
    rows = fetch(links.exclude(decision=states.FOUNDED), "row")["row"]
    step = max(1, -(-len(rows) // _ROWS_OF_A_LIST))
    chosen = set(rows[::step])
    columns, group = KeyColumns(), area_resolver().parent_group
    for block in accepted_columns(delivery) if chosen else ():
        for number, row in block.rows():
            if number in chosen:
                add_row(columns, row, group)
    return columns.table()


class Point(NamedTuple):
    """One decision, or what stands for some: odds in bits, share of "yes", and its weight."""

    bits: float
    share: float
    weight: float


class _Group(NamedTuple):
    """Neighbouring points that say the same: from, to, share of "yes", weight."""

    first: float
    last: float
    share: float
    weight: float


def rising_curve(points: Sequence[Point]) -> tuple[tuple[float, float], ...]:
    """The rising curve nearest to the points (weighted least squares).

    Pool adjacent violators: points in the order of their bits; as long as a group says no more
    than the one before it, both are thrown together.

    Returns:
        Knots (bits, probability): the bits rise, the probability never falls. It is level
        across a group.

    Source: Ayer et al. (1955); Zadrozny and Elkan (2002) for calibration.
    """
    groups: list[_Group] = []
    for point in sorted(points):
        groups.append(_Group(point.bits, point.bits, point.share, point.weight))
        while len(groups) > 1 and groups[-1].first == groups[-2].last:
            groups[-2:] = [_pooled(*groups[-2:])]
    rising: list[_Group] = []
    for group in groups:
        rising.append(group)
        while len(rising) > 1 and rising[-1].share <= rising[-2].share:
            rising[-2:] = [_pooled(*rising[-2:])]
    knots = {bits: group.share for group in rising for bits in (group.first, group.last)}
    return tuple((round(bits, 4), round(share, 12)) for bits, share in sorted(knots.items()))


def _pooled(one: _Group, other: _Group) -> _Group:
    weight = one.weight + other.weight
    share = (one.share * one.weight + other.share * other.weight) / weight
    return _Group(one.first, other.last, share, weight)


def _old_curve(model: Model) -> list[Point]:
    """The curve in use as points: it holds where people said nothing."""
    bits = np.arange(-_CURVE_ENDS, _CURVE_ENDS + 1, dtype=np.float32)
    shares = calibrated(model, bits)
    pairs = zip(bits.tolist(), shares.tolist(), strict=True)
    return [Point(bit, share, _OLD_CURVE_WEIGHT) for bit, share in pairs]


def _judged(base: str) -> list[Point]:
    return [Point(weight, float(right), 1.0) for weight, right in review.judged_weights(base)]


def _next_version(base: str) -> str:
    taken = LinkageModel.objects.filter(version__startswith=f"{base}{_RECALIBRATED}").count()
    return f"{base}{_RECALIBRATED}{taken + 1}"
