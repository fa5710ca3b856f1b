"""What happened to a person, told in plain words for a screen."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entas.audit.services import actor_name, user_number
from entas.city.models import User
from entas.city.queries import area_resolver
from entas.registry import states
from entas.registry.queries.history import Happening, what_happened_to
from entas.registry.queries.members import Member
from entas.registry.queries.origins import Line
from entas.sources.masking import as_dots, mask_long_numbers
from entas.sources.models import Delivery

FIELD_WORDS = {
    "name": gettext_lazy("Nama"),
    "nik": gettext_lazy("NIK"),
    "birth": gettext_lazy("Tanggal lahir"),
    "birth_place": gettext_lazy("Tempat lahir"),
    "sex": gettext_lazy("Jenis kelamin"),
    "mother_name": gettext_lazy("Nama ibu"),
    "role": gettext_lazy("Hubungan dalam keluarga"),
    "alive": gettext_lazy("Keadaan"),
    "kelurahan": gettext_lazy("Kelurahan"),
    "rt": gettext_lazy("RT"),
}
_VALUE_WORDS = {
    ("sex", "L"): gettext_lazy("laki-laki"),
    ("sex", "P"): gettext_lazy("perempuan"),
    ("alive", states.LIVING): gettext_lazy("hidup"),
    ("alive", states.DEAD): gettext_lazy("meninggal"),
    ("alive", states.MOVED): gettext_lazy("pindah"),
    ("role", "kepala"): gettext_lazy("kepala keluarga"),
    ("role", "pasangan"): gettext_lazy("suami atau istri"),
    ("role", "anak"): gettext_lazy("anak"),
    ("role", "lain"): gettext_lazy("anggota lain"),
    ("state", states.ACTIVE): gettext_lazy("aktif"),
    ("state", states.MERGED): gettext_lazy("digabung"),
    ("state", states.WITHDRAWN): gettext_lazy("ditarik"),
    ("duplicate", states.SUSPECTED): gettext_lazy("diduga ganda"),
    ("duplicate", states.CONFIRMED): gettext_lazy("benar ganda"),
    ("duplicate", states.REFUTED): gettext_lazy("bukan ganda"),
    ("proposal", states.PROPOSED): gettext_lazy("menunggu keputusan"),
    ("proposal", states.ACCEPTED): gettext_lazy("diterima"),
    ("proposal", states.REJECTED): gettext_lazy("ditolak"),
    ("proposal", states.TAKEN_BACK): gettext_lazy("dicabut pengusulnya"),
    ("decision", states.SURE): gettext_lazy("cocok"),
    ("decision", states.FOUNDED): gettext_lazy("orang baru"),
    ("decision", states.REVIEW): gettext_lazy("perlu ditinjau"),
    ("decision", states.NOT_FOUND): gettext_lazy("tidak ditemukan"),
    ("decision", states.REPEATED): gettext_lazy("tercatat lebih dari sekali"),
    ("decision", states.UNUSABLE): gettext_lazy("tidak dapat dipakai"),
}
# Columns that stand for a field, and columns that mean nothing to a reader.
_FIELD_OF = {"birth_on": "birth", "state": "state", "family": "family"}
_UNTOLD = frozenset({"origin_more", "origin_delivery_id", "origin_row", "birth_year"})
_NEARLY_SURE, _VERY_LIKELY = 0.999, 0.98


@dataclass(frozen=True, slots=True)
class Difference:
    """One value before and after, in words; NIK masked."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a person's story."""

    at: dt.datetime
    who: str
    person_id: int
    sentence: str
    differences: tuple[Difference, ...]


def value_words(field: str, value: Any) -> str:
    """A value as a reader knows it: words for codes, dates in the reader's way."""
    if value in ("", None):
        return ""
    if (words := _VALUE_WORDS.get((field, str(value)))) is not None:
        return str(words)
    if field == "birth" and not isinstance(value, int):
        return day_words(value)
    if field == "rt":
        return f"{int(value):03d}"
    return mask_long_numbers(str(value))


def day_words(value: Any) -> str:
    """A day as ``17 Agustus 1990``; an ISO text is read first."""
    day = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return formats.date_format(day, "j F Y")


def field_words(field: str) -> str:
    """What a field is called on screens; several fields come divided by commas."""
    names = [str(FIELD_WORDS.get(one, one)) for one in field.split(",")]
    return ", ".join(names)


def actor_words(actor: str, users: Mapping[int, User]) -> str:
    """Who did it: the name a user goes by, or the text of the chain."""
    user = users.get(user_number(actor) or 0)
    return actor_name(actor) if user is None else user.get_full_name()


def confidence_words(line: Line) -> str:
    """How sure it is that a line is this person's."""
    if line.is_by_people:
        return _("dipastikan petugas")
    if line.decision == states.FOUNDED:
        return _("orang ini dicatat dari baris ini")
    if line.decision == states.REPEATED:
        return _("tercatat lebih dari sekali di daftar ini")
    chance = line.probability or 0.0
    if chance >= _NEARLY_SURE:
        return _("hampir pasti")
    return _("sangat mungkin") if chance >= _VERY_LIKELY else _("mungkin")


def users_behind(actors: Iterable[str]) -> dict[int, User]:
    """The users that texts of the chain name, by number."""
    numbers = {number for actor in actors if (number := user_number(actor)) is not None}
    return User.objects.only("username", "name").in_bulk(numbers) if numbers else {}


def story_of(members: Sequence[Member]) -> list[Told]:
    """What happened to these persons, in words, the newest first.

    The caller shows persons' data: it records the looks.

    Raises:
        entas.custody.SealBroken: the log cannot be opened with the keys at hand.
    """
    happenings = what_happened_to([one.id for one in members])
    events = [event for several in happenings.values() for event in several]
    lists = {line.import_id: (line.list_name, line.as_of) for one in members for line in one.lines}
    lists |= _other_lists({one.words.get("import_id", 0) for one in events} - {0, *lists})
    teller = _Teller(users_behind(event.actor for event in events), lists)
    told = [
        one
        for person, several in happenings.items()
        for event in _once(several)
        if (one := teller.tell(person, event)) is not None
    ]
    # Oldest first and turned round: of one moment, what was told last stands first.
    told.sort(key=lambda one: one.at)
    return told[::-1]


def _once(events: Sequence[Happening]) -> Iterable[Happening]:
    """Without the opening of a person where the line that opened him or her is told."""
    is_told = any(one.words.get("decision") == states.FOUNDED for one in events)
    return (one for one in events if not (is_told and one.words.get("new")))


def _other_lists(wanted: set[int]) -> dict[int, tuple[str, dt.date]]:
    if not wanted:
        return {}
    found = Delivery.objects.filter(pk__in=wanted)
    return {pk: (name, day) for pk, name, day in found.values_list("pk", "source__name", "as_of")}


@dataclass(slots=True)
class _Teller:
    users: Mapping[int, User]
    lists: Mapping[int, tuple[str, dt.date]]

    def tell(self, person: int, event: Happening) -> Told | None:
        sentence = _SENTENCES[event.thing](self, person, event)
        differences = tuple(self._differences(event))
        if not sentence or (event.changes and not differences):
            return None
        who = actor_words(event.actor, self.users)
        return Told(event.at, who, person, sentence, differences)

    def _differences(self, event: Happening) -> list[Difference]:
        kind = event.thing if event.thing in {"link", "duplicate"} else "person"
        return [
            one
            for name, (before, after) in event.changes.items()
            if (one := self._difference(kind, name, before, after)) is not None
        ]

    def _difference(self, kind: str, name: str, before: Any, after: Any) -> Difference | None:
        if name in _UNTOLD or (kind != "person" and name not in {"decision", "state"}):
            return None
        field = {"duplicate": "duplicate"}.get(kind, _FIELD_OF.get(name, name))
        label = _LABELS.get(field) or FIELD_WORDS.get(field)
        if label is None:
            return None
        words = [self._words(field, value) for value in (before, after)]
        return Difference(str(label), *words) if words[0] != words[1] else None

    def _words(self, field: str, value: Any) -> str:
        if value in ("", None):
            return _("(kosong)")
        if field == "kelurahan":
            return area_resolver().name(int(value))
        if field == "nik":
            return as_dots(str(value))
        return value_words(field, value)

    def list_words(self, import_id: int) -> str:
        if import_id not in self.lists:
            return _("impor %(number)s") % {"number": import_id}
        name, day = self.lists[import_id]
        return f"{name} ({day_words(day)})"


_LABELS = {
    "state": gettext_lazy("Status data"),
    "decision": gettext_lazy("Penilaian baris"),
    "duplicate": gettext_lazy("Dugaan ganda"),
}


def _person_sentence(_teller: _Teller, _person: int, event: Happening) -> str:
    if event.words.get("new"):
        return _("Orang ini pertama kali dicatat.")
    sentences: dict[str, str] = {
        "registry.link": _("Data dilengkapi dari daftar yang dihubungkan."),
        "registry.proposal.diterima": _("Usulan koreksi diterima."),
        "registry.merge": _("Data digabung dengan data ganda."),
        "registry.split": _("Penggabungan dibatalkan."),
        "registry.transfer.disetujui": _("Permohonan pindah disetujui."),
        "registry.undo": _("Daftar ditarik; data kembali ke daftar yang masih berlaku."),
        "registry.review": _("Data disesuaikan setelah petugas menilai sebuah baris."),
        "registry.review.withdrawn": _("Data disesuaikan setelah penilaian baris dicabut."),
    }
    return sentences.get(event.act, _("Data diubah."))


def _link_sentence(teller: _Teller, _person: int, event: Happening) -> str:
    if event.changes:
        return _("Penilaian sebuah baris daftar berubah.")
    about = {"row": event.words["row"], "list": teller.list_words(event.words["import_id"])}
    if event.words["decision"] == states.FOUNDED:
        return _("Pertama kali dicatat, dari baris %(row)s daftar %(list)s.") % about
    return _("Baris %(row)s daftar %(list)s dihubungkan dengan orang ini.") % about


def _duplicate_sentence(_teller: _Teller, _person: int, _event: Happening) -> str:
    return _("Dugaan data ganda dinilai.")


def _decision_sentence(teller: _Teller, _person: int, event: Happening) -> str:
    about = {"row": event.words["row"], "list": teller.list_words(event.words["import_id"])}
    if event.words["same"]:
        line = _("Petugas menyatakan baris %(row)s daftar %(list)s milik orang ini.")
    else:
        line = _("Petugas menyatakan baris %(row)s daftar %(list)s bukan milik orang ini.")
    return (line % about) + (" " + _("(Sudah dicabut.)") if event.words["withdrawn"] else "")


def _merge_sentence(_teller: _Teller, person: int, event: Happening) -> str:
    kept, reason = event.words["kept"], mask_long_numbers(str(event.words["reason"]))
    about = {"absorbed": event.words["absorbed"], "kept": kept, "reason": reason}
    if person == kept:
        line = _("Warga nomor %(absorbed)s digabung ke orang ini. Alasan: %(reason)s") % about
    else:
        line = _("Digabung ke warga nomor %(kept)s. Alasan: %(reason)s") % about
    return line + (" " + _("(Sudah dibatalkan.)") if event.words["reversed_at"] else "")


def _proposal_sentence(_teller: _Teller, _person: int, event: Happening) -> str:
    about = {"field": field_words(event.words["field"])}
    if event.act == f"registry.proposal.{states.REJECTED}":
        return _("Usulan koreksi ditolak: %(field)s.") % about
    if event.act == f"registry.proposal.{states.TAKEN_BACK}":
        return _("Usulan koreksi dicabut pengusulnya: %(field)s.") % about
    return _("Koreksi diusulkan: %(field)s.") % about


_SENTENCES: dict[str, Callable[[_Teller, int, Happening], str]] = {
    "person": _person_sentence,
    "link": _link_sentence,
    "duplicate": _duplicate_sentence,
    "decision": _decision_sentence,
    "merge": _merge_sentence,
    "proposal": _proposal_sentence,
}
