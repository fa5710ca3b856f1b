"""The catalogues of the two languages: ``make messages``.

The sentences in the code are Indonesian. ``en`` gives them in English. ``id`` holds only what the
libraries say in English and neither they nor Django say in Indonesian. The compiled ``.mo`` files
are kept in the repository, because a fresh machine has no gettext.

Many translations at once: ``python -m tools.catalogues --fill FILE``, a line each,
``Belum ada usulan. => There are no requests yet.``; plurals ``satu => one || many``.
"""

import datetime as dt
import io
import os
import re
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tools.extraction import Message, in_python, in_templates

ROOT = Path(__file__).resolve().parents[1]
ENTAS = ROOT / "src" / "entas"
LOCALE = ENTAS / "locale"
# Packages whose words can come to our pages.
LIBRARIES = ("django_tables2", "django_filters", "axes")
# Django's own sentences, in the catalogues it makes them from.
_OF_DJANGO = ("django/conf", "django/contrib/auth", "django/contrib/contenttypes")
# Words of admin pages, commands and interfaces that Entas does not show.
_UNSEEN = re.compile(
    r"^(axes/(admin|management|models|apps|migrations)|django_filters/rest_framework)"
)

_WIDTH = 96
# The day a file was written says nothing, and would change the file each time.
_SOME_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_DATED = re.compile(
    rb'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By)'
    rb'[^\n]*\n', re.MULTILINE,
)  # fmt: skip
_PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{[a-z_][a-z0-9_]*\}|%%")


def po_path(language: str) -> Path:
    """The catalogue that people edit."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def mo_path(language: str) -> Path:
    """The catalogue that Django reads."""
    return po_path(language).with_suffix(".mo")


def read(path: Path, language: str) -> Catalog:
    """A catalogue from its file; an empty one when there is none."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        found = read_po(file, locale=language)
    found.creation_date = found.revision_date = _SOME_DAY
    return found


def own_messages() -> list[Message]:
    """Every sentence of Entas."""
    return in_python(ENTAS, ROOT) + in_templates(ENTAS, ROOT)


def library_messages() -> list[Message]:
    """Every sentence of the libraries that no catalogue of theirs or Django's has in Indonesian."""
    found: list[Message] = []
    given: set[tuple[str, str]] = set()
    for name in LIBRARIES:
        spec = find_spec(name)
        folder = Path(str(spec and spec.origin)).parent
        given |= _translated(folder / "locale" / "id" / "LC_MESSAGES" / "django.po")
        found += [one for one in in_python(folder, folder.parent) if not _UNSEEN.match(one.place)]
        found += in_templates(folder, folder.parent) if name == "django_tables2" else []
    for package in _OF_DJANGO:
        folder = Path(str(find_spec("django").origin)).parents[1] / package  # type: ignore[union-attr]
        given |= _translated(folder / "locale" / "id" / "LC_MESSAGES" / "django.po")
        english = read(folder / "locale" / "en" / "LC_MESSAGES" / "django.po", "en")
        for entry in english:
            text, plural = entry.id if isinstance(entry.id, tuple) else (entry.id, "")
            if text:
                found.append(Message(text, plural, entry.context or "", package))
    return [one for one in found if (one.text, one.context) not in given]


def _translated(path: Path) -> set[tuple[str, str]]:
    return {
        (entry.id[0] if isinstance(entry.id, tuple) else entry.id, entry.context or "")
        for entry in read(path, "id")
        if entry.id and not is_untranslated(entry)
    }


def template_of(messages: list[Message], language: str) -> Catalog:
    """A catalogue of these sentences without translations."""
    catalogue = Catalog(
        locale=language,
        project="Entas",
        version="1",
        msgid_bugs_address="see CONTRIBUTING.md",
        header_comment="# Made by `make messages`; people write the translations.",
        creation_date=_SOME_DAY,
        revision_date=_SOME_DAY,
        fuzzy=False,
    )
    for one in sorted(set(messages), key=lambda one: (one.place, one.text)):
        text = (one.text, one.plural) if one.plural else one.text
        catalogue.add(text, locations=[(one.place, 0)], context=one.context or None)
    return catalogue


def merged(language: str) -> Catalog:
    """What should stand in the catalogue of a language: today's sentences, known translations."""
    messages = own_messages() if language == "en" else library_messages()
    known, fresh = read(po_path(language), language), template_of(messages, language)
    for entry in fresh:
        old = known.get(entry.id, entry.context) if entry.id else None
        if old is not None and isinstance(old.id, tuple) == isinstance(entry.id, tuple):
            entry.string = old.string
    return fresh


def as_po(catalogue: Catalog) -> bytes:
    """The text of a ``.po`` file, without days."""
    file = io.BytesIO()
    write_po(file, catalogue, width=_WIDTH, sort_by_file=True, include_lineno=False)
    return _DATED.sub(b"", file.getvalue())


def as_mo(catalogue: Catalog) -> bytes:
    """The bytes of a ``.mo`` file."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def is_untranslated(entry: Entry) -> bool:
    """Whether a translation is missing, in whole or in one of its plurals, or only guessed."""
    said = entry.string if isinstance(entry.string, tuple) else (entry.string,)
    return bool(entry.id) and (not all(said) or entry.fuzzy)


def faults_of(entry: Entry) -> list[str]:
    """What is wrong with a translation: values that got lost, or that nobody gives."""
    given = entry.id if isinstance(entry.id, tuple) else (entry.id,)
    said = entry.string if isinstance(entry.string, tuple) else (entry.string,)
    needed = sorted(_PLACES.findall(given[-1]))
    found = []
    for place, text in enumerate(said):
        places = sorted(_PLACES.findall(text))
        # "One family" needs no number; the last form is the general one.
        is_fine = set(places) <= set(needed) if place < len(said) - 1 else places == needed
        if not is_fine:
            found.append(f"{given[0]!r}: {text!r} has {places}, not {needed}")
    return found


def _set_up_django() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "entas.settings"
    os.environ["ENTAS_HOME"] = tempfile.mkdtemp(prefix="entas-messages-")
    django.setup()


def fill(catalogue: Catalog, lines: list[str]) -> list[str]:
    """Put translations in; returns the lines whose sentence the catalogue does not have."""
    known: dict[str, list[Entry]] = {}
    for entry in catalogue:
        known.setdefault(entry.id[0] if isinstance(entry.id, tuple) else entry.id, []).append(entry)
    unknown = []
    for line in filter(None, lines):
        text, _, said = line.partition(" => ")
        if not text or not said or text not in known:
            unknown.append(line)
        for entry in known.get(text, []) if said else []:
            entry.string = tuple(said.split(" || ")) if isinstance(entry.id, tuple) else said
    return unknown


def main(words: list[str]) -> int:
    """Bring both catalogues up to date; 1 when sentences wait for a translation."""
    _set_up_django()
    given = (
        Path(words[1]).read_text(encoding="utf-8").splitlines() if words[:1] == ["--fill"] else []
    )
    waiting = 0
    for language in ("en", "id"):
        catalogue = merged(language)
        for line in fill(catalogue, given) if language == "en" else []:
            sys.stdout.write(f"  nobody says: {line}\n")
        po_path(language).write_bytes(as_po(catalogue))
        mo_path(language).write_bytes(as_mo(read(po_path(language), language)))
        missing = [entry for entry in catalogue if is_untranslated(entry)]
        done = [entry for entry in catalogue if entry.id and not is_untranslated(entry)]
        odd = [line for entry in done for line in faults_of(entry)]
        waiting += len(missing) + len(odd)
        shown = po_path(language).relative_to(ROOT)
        sys.stdout.write(f"{shown}: {len(catalogue)} sentences, {len(missing)} untranslated\n")
        for entry in missing:
            where = entry.locations[0][0] if entry.locations else ""
            sys.stdout.write(f"  {entry.id!r}  ({where})\n")
        sys.stdout.writelines(f"  values differ: {line}\n" for line in odd)
    return 1 if waiting else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
