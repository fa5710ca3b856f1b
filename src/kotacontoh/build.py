"""Build a city: list files, the truth behind them, and the manifest."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kotacontoh.city import City, build_city
from kotacontoh.lists import check, dtsen, dukcapil, kelurahan, pbi, pip, pkh, survey
from kotacontoh.lists.delivery import Delivery
from kotacontoh.programmes import CHECK_ROWS, LONG_CHECK_ROWS, Programmes
from kotacontoh.truth import Truth
from kotacontoh.welfare import LINE_RUPIAH_MONTH

Say = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What to build and where."""

    size: str
    seed: int
    out: Path


def build(order: Order, say: Say = lambda _: None) -> dict[str, Any]:
    """Build everything and return the manifest.

    Raises:
        UnknownSize: no such size.
        OSError: the folder cannot be written.
    """
    say(f"Membangun kota contoh ukuran {order.size} (benih {order.seed}) ...")
    city = build_city(order.size, order.seed)
    for folder in ("lists", "truth"):
        (order.out / folder).mkdir(parents=True, exist_ok=True)
    # Truth is written list by list: no two large lists are in memory at once.
    files = []
    with Truth(city, order.out / "truth") as truth:
        for delivery in deliveries(city, order.out):
            say(f"  {delivery.name}: {len(delivery.draft):,} baris")
            truth.add(delivery)
            files.append(_entry(delivery))
    return _write_manifest(order, city, files)


def deliveries(city: City, out: Path) -> Any:
    """All deliveries of a city in import order, each made when asked for."""
    yield dukcapil.deliver(city, out)
    programmes = Programmes(city)
    for office in (dtsen, pkh, pip, pbi, kelurahan):
        yield office.deliver(city, programmes, out)
    yield survey.deliver(city, out)
    yield check.deliver_sheet(city, programmes, city.size.scaled(CHECK_ROWS), out)
    if city.size.long_check:
        yield check.deliver_long(city, programmes, city.size.scaled(LONG_CHECK_ROWS), out)


def _entry(delivery: Delivery) -> dict[str, Any]:
    return {
        "file": delivery.file,
        "source": delivery.source,
        "as_of": delivery.as_of,
        "legal_basis": delivery.legal_basis,
        "rows": len(delivery.draft),
        "role": delivery.role,
    }


def _write_manifest(order: Order, city: City, files: list[dict[str, Any]]) -> dict[str, Any]:
    living = city.living()
    poor = city.welfare.poor[city.members.household] & living
    manifest = {
        "size": order.size,
        "seed": order.seed,
        "persons": int(living.sum()),
        "poor": int(poor.sum()),
        "poverty_line_rupiah_month": LINE_RUPIAH_MONTH,
        "files": files,
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    (order.out / "manifest.json").write_text(text, encoding="utf-8")
    return manifest
