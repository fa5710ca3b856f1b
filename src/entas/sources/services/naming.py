"""The sources of lists: those every installation starts with, and new ones."""

import re

from django.db import transaction

from entas.audit.services import record
from entas.city.models import User
from entas.city.policies import check_may
from entas.sources.errors import UnknownSource
from entas.sources.models import Source
from entas.sources.profiles import GENERAL, profile_names, rows_of


@transaction.atomic
def load_reference_rows(*, by: object) -> None:
    """Enter the sources that come with Entas; those already there stay as they are."""
    ranks: dict[str, dict[str, int]] = {}
    for row in rows_of("rank.csv"):
        ranks.setdefault(row["source"], {})[row["field"]] = int(row["rank"])
    known = set(Source.objects.values_list("code", flat=True))
    new = [row for row in rows_of("sources.csv") if row["code"] not in known]
    for row in new:
        Source.objects.create(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            ranks=ranks.get(row["code"], {}),
        )
    if new:
        record(by, "sources.load", object_type="source", detail={"new": len(new)})


@transaction.atomic
def add_source(*, code: str, name: str, kind: str = GENERAL, by: User) -> tuple[Source, bool]:
    """Enter a source of lists, or give the one that has this code already.

    Returns:
        The source, and whether it is new. Its word counts last until ranks are decided.

    Raises:
        UnknownSource: the code is no code, or the kind no profile.
        entas.city.errors.NotAllowed: ``by`` may not.
    """
    check_may(by, "sources.add")
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", code):
        raise UnknownSource(
            "Kode sumber '{code}' tidak dapat dipakai. Pakai huruf kecil, angka, - dan _, "
            "diawali huruf.",
            code=code[:40],
        )
    if kind not in profile_names():
        known = ", ".join(profile_names())
        raise UnknownSource(
            "Profil '{name}' tidak dikenal. Pilih salah satu: {known}.", name=kind[:40], known=known
        )
    source, is_new = Source.objects.get_or_create(
        code=code, defaults={"name": name[:120], "kind": kind, "ranks": {"*": 9}}
    )
    if is_new:
        record(by, "sources.add", object_type="source", object_id=source.pk, detail={"code": code})
    return source, is_new
