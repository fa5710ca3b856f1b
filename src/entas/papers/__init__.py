"""Typeset papers: letters, records and reports as PDF, from a template and plain data.

Templates are Typst files beside this module. Words travel as data and are never read as markup,
so that no name can change a paper. No network, no fonts of the machine: the same data give the
same paper everywhere. Nothing is written to disk.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from entas.papers.parts import Facts, Heading, Items, Part, Rows, Text

__all__ = ["FONTS", "Facts", "Heading", "Items", "Letter", "Rows", "Text", "letter", "typeset"]

_HERE = Path(__file__).parent
FONTS = _HERE / "fonts"


def typeset(template: str, data: Mapping[str, Any], *, at: dt.datetime) -> bytes:
    """The PDF (tagged, for screen readers too) of a template with this data.

    Args:
        template: name of a file in ``papers/templates``, without its ending.
        data: JSON-like; the template reads it whole.
        at: the moment the paper is made, written into the file.
    """
    # Heavy, and only who prints needs it.
    import typst

    made: bytes = typst.compile(
        str(_HERE / "templates" / f"{template}.typ"),
        root=str(_HERE / "templates"),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(at.timestamp()),
    )
    return made


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands in a letter or record, in the order of reading.

    Attributes:
        title: what it is about.
        office: who writes; the city or an agency.
        parts: headings, texts, tables and lists.
        facts: name and value above the title: number, day, sender.
        to: the addressee, with line breaks.
        signed: lines at the end, right: place and day, office, name.
        footer: small line on every page: who may read it, what is an estimate.
        lang: ``id`` or ``en``, for hyphens and screen readers.
    """

    title: str
    office: str
    parts: Sequence[Part]
    facts: Sequence[tuple[str, str]] = ()
    to: str = ""
    signed: Sequence[str] = ()
    footer: str = ""
    lang: str = field(default="id")


def letter(content: Letter, *, at: dt.datetime) -> bytes:
    """The PDF of a letter made of parts."""
    return typeset("letter", asdict(content), at=at)
