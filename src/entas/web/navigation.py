"""The menu: by the river, and only what the person may use."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entas.city.models import User
from entas.city.policies import may
from entas.web.frame import SIGNED_IN


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu: its words, the page, the act it needs, pages that belong to it."""

    words: Promise
    page: str
    act: str
    section: str


RIVER = (
    Entry(_("Beranda"), "home", SIGNED_IN, "home"),
    Entry(_("Warga"), "search", "registry.search", "registry"),
    Entry(_("Usulan"), "requests", "registry.propose", "requests"),
    Entry(_("Pindah"), "transfers", "registry.request_transfer", "transfers"),
    Entry(_("Wilayah"), "areas", "city.read", "areas"),
    Entry(_("Angka resmi"), "figures", "city.read", "figures"),
    Entry(_("Perangkat daerah"), "agencies", "city.read", "agencies"),
    Entry(_("Pengguna"), "users", "city.read_users", "users"),
    Entry(_("Jejak"), "acts", "audit.read_acts", "audit"),
    Entry(_("Tindakan tunggal"), "single_handed", "audit.review_single_handed", "single_handed"),
)
# Pages of the trail, as tabs above each of them.
TRAIL = (
    Entry(_("Tindakan"), "acts", "audit.read_acts", "acts"),
    Entry(_("Penglihatan"), "looks", "audit.read_looks", "looks"),
    Entry(_("Keutuhan"), "verify", "audit.verify", "verify"),
)
OWN = (
    Entry(_("Pesan"), "notices", SIGNED_IN, "notices"),
    Entry(_("Pekerjaan saya"), "jobs", SIGNED_IN, "jobs"),
    Entry(_("Akun saya"), "account", SIGNED_IN, "account"),
    Entry(_("Keutuhan jejak"), "verify", "audit.verify", "verify"),
    Entry(_("Tentang Entas"), "about", SIGNED_IN, "about"),
)


def menu_of(actor: User, entries: tuple[Entry, ...]) -> list[dict[str, object]]:
    """The lines this person may use."""
    lines: list[dict[str, object]] = []
    for entry in entries:
        if entry.act == SIGNED_IN or may(actor, entry.act):
            address = reverse(entry.page)
            lines.append({"words": entry.words, "address": address, "section": entry.section})
    return lines
