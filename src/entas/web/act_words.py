"""What stands in the chains, in the words of whoever reads them.

The chains keep codes, for they must say the same for ever; a page says what a code means. A code
without words shows as it is.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entas.audit.models import Act
from entas.audit.services import actor_name, user_number
from entas.city.models import Right, User
from entas.city.policies import may
from entas.web.story import field_words
from entas.web.words import in_words

ACTS: dict[str, Promise] = {
    "audit.export": _("Mengekspor jejak"),
    "audit.review_single_handed": _("Menelaah tindakan tunggal"),
    "audit.verify": _("Memeriksa keutuhan jejak"),
    "city.add_figure": _("Menambah angka resmi"),
    "city.add_target": _("Menambah target"),
    "city.approve_recovery": _("Menyetujui pemulihan akun"),
    "city.ask_recovery": _("Mengajukan pemulihan akun"),
    "city.choose_password": _("Memilih sandi sendiri"),
    "city.close_recovery": _("Menutup pemulihan akun"),
    "city.confirm_factor": _("Memasang faktor kedua"),
    "city.end_sessions": _("Mengakhiri semua sesi"),
    "city.recover_on_server": _("Memulihkan akun di server"),
    "city.set_own_password": _("Memasang sandi sendiri di server"),
    "city.set_password": _("Membuat sandi sekali pakai"),
    "city.sign_in": _("Masuk"),
    "city.switch_off": _("Menonaktifkan pengguna"),
    "city.switch_on": _("Mengaktifkan pengguna"),
    "city.use_recovery": _("Memakai kode pemulihan"),
    "city.withdraw": _("Mencabut hak"),
    "city.add_user": _("Mendaftarkan pengguna"),
    "city.correct_figure": _("Membetulkan angka resmi"),
    "city.grant": _("Memberikan hak"),
    "city.initialise": _("Membuat instalasi"),
    "city.load_reference_rows": _("Memuat wilayah, perangkat daerah dan tujuan"),
    "jobs.cancel": _("Membatalkan pekerjaan"),
    "jobs.enqueue": _("Memulai pekerjaan"),
    "jobs.repeat": _("Mengulang pekerjaan"),
    "keys.escrow": _("Menitipkan kunci"),
    "keys.rotate_begin": _("Mulai mengganti kunci"),
    "keys.rotate_end": _("Selesai mengganti kunci"),
    "registry.export": _("Mengekspor daftar warga"),
    "registry.link": _("Menautkan daftar"),
    "registry.link.published": _("Menerbitkan hasil penautan"),
    "registry.merge": _("Menggabungkan dua warga"),
    "registry.propose": _("Mengusulkan koreksi data"),
    "registry.proposal.diterima": _("Menerima usulan koreksi"),
    "registry.proposal.ditolak": _("Menolak usulan koreksi"),
    "registry.proposal.dicabut": _("Mencabut usulan koreksi"),
    "registry.recalibrate": _("Menyetel ulang model penautan"),
    "registry.refute": _("Menyatakan bukan orang yang sama"),
    "registry.request_transfer": _("Meminta pindah wilayah"),
    "registry.reveal": _("Membuka nomor lengkap"),
    "registry.reveal.refused": _("Ditolak membuka nomor: melampaui batas per jam"),
    "registry.review": _("Memutus baris daftar"),
    "registry.review.withdrawn": _("Menarik keputusan atas baris"),
    "registry.split": _("Memisahkan dua warga"),
    "registry.train_model": _("Melatih model penautan"),
    "registry.transfer.dibatalkan": _("Membatalkan permohonan pindah"),
    "registry.transfer.disetujui": _("Menyetujui permohonan pindah"),
    "registry.transfer.ditolak": _("Menolak permohonan pindah"),
    "registry.undo": _("Menarik hasil penautan sebuah impor"),
    "registry.undo.done": _("Selesai menarik hasil penautan"),
    "registry.undo.published": _("Menerbitkan penarikan"),
    "registry.use_model": _("Memakai model penautan"),
    "sources.add": _("Mendaftarkan sumber"),
    "sources.import": _("Mengimpor daftar"),
    "sources.load": _("Memuat sumber dan profil"),
    "sources.undo": _("Menarik impor"),
}

# Kind of thing: its words, the page that shows it, the act that page needs.
OBJECTS: dict[str, tuple[Promise, str, str]] = {
    "delivery": (_("impor"), "delivery", "sources.read"),
    "family": (_("keluarga"), "family", "registry.look"),
    "figure": (_("angka resmi"), "figure", "city.read"),
    "job": (_("pekerjaan"), "job", "jobs.read_all"),
    "list": (_("daftar"), "", ""),
    "model": (_("model penautan"), "", ""),
    "person": (_("warga"), "person", "registry.look"),
    "run": (_("penautan"), "", ""),
    "single_handed": (
        _("tindakan tunggal"),
        "review_single_handed",
        "audit.review_single_handed",
    ),
    "source": (_("sumber"), "", ""),
    "target": (_("target"), "", ""),
    "user": (_("pengguna"), "user", "city.read_users"),
}

DETAILS: dict[str, Promise] = {
    "act": _("tindakan"),
    "act_id": _("nomor tindakan"),
    "acts": _("jejak tindakan"),
    "agency": _("perangkat daerah"),
    "area": _("wilayah"),
    "areas": _("wilayah"),
    "broken_at": _("rusak pada entri"),
    "columns": _("kolom"),
    "deputy_for": _("pengganti dari pengguna"),
    "factor": _("dengan faktor kedua"),
    "field": _("isian"),
    "from": _("dari wilayah"),
    "hash": _("sidik"),
    "indicator": _("indikator"),
    "is_demo": _("demo"),
    "is_whole": _("utuh"),
    "key_id": _("kunci"),
    "kind": _("jenis"),
    "length": _("jumlah entri"),
    "limit": _("batas"),
    "list": _("daftar"),
    "looks": _("jejak penglihatan"),
    "other": _("warga lain"),
    "person": _("warga"),
    "purpose": _("tujuan"),
    "replaced": _("mengganti yang lama"),
    "right": _("hak nomor"),
    "role": _("peran"),
    "roles": _("peran"),
    "row": _("baris"),
    "rows": _("jumlah baris"),
    "same": _("orang yang sama"),
    "to": _("ke wilayah"),
    "transfer": _("permohonan pindah"),
    "sha256": _("sidik berkas (SHA-256)"),
    "status": _("keadaan"),
    "valid_from": _("berlaku sejak"),
    "valid_to": _("berlaku sampai"),
    "value": _("nilai"),
    "version": _("versi"),
    "whole_family": _("sekeluarga"),
    "why": _("sebab"),
}

PLACES: dict[str, Promise] = {
    "cli registry explain": _("baris perintah: penjelasan tautan"),
    "cli registry find": _("baris perintah: pencarian"),
    "cli registry match": _("baris perintah: adu data"),
    "web cari": _("halaman pencarian"),
    "web cari luar wilayah": _("pencarian di luar wilayah"),
    "web koreksi": _("halaman usul koreksi"),
    "web keluarga": _("halaman keluarga"),
    "web permohonan pindah": _("permohonan pindah wilayah"),
    "web usulan": _("halaman usulan"),
    "web warga": _("halaman warga"),
    "web act": _("halaman satu tindakan"),
    "web acts": _("halaman jejak tindakan"),
    "web looks": _("halaman jejak penglihatan"),
    "web reveal_kk": _("nomor KK dibuka lengkap"),
    "web reveal_nik": _("NIK dibuka lengkap"),
    "web review_single_handed": _("halaman tindakan tunggal"),
    "web who_looked": _("halaman siapa yang melihat"),
}


_ROLES = dict(Right.Role.choices)
# Codes in the detail of an act that have words.
_IN_WORDS = {"role": _ROLES, "roles": _ROLES}


# Purposes that our own pages write with a look; reasons that people typed stay as they are.
PURPOSES: dict[str, Promise] = {
    "adu data": _("adu data"),
    "daftar usulan": _("daftar usulan"),
    "halaman keluarga": _("halaman keluarga"),
    "halaman koreksi": _("halaman koreksi"),
    "halaman usulan": _("halaman usulan"),
    "halaman warga": _("halaman warga"),
    "membuka halaman": _("membuka halaman"),
    "pencarian warga": _("pencarian warga"),
    "permohonan pindah": _("permohonan pindah"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """An act in words."""

    act: Act
    words: str
    who: str
    user: int | None
    about: str
    address: str
    numbers: tuple[tuple[str, str], ...]


def actor_words(text: str) -> tuple[str, int | None]:
    """Name and number of whom the chain names; no number for what is not a user."""
    return actor_name(text), user_number(text)


def act_words(act: str) -> str:
    """What an act means, or its code."""
    return str(ACTS.get(act, act))


def place_words(where: str) -> str:
    """Which page or command showed a person."""
    if where.startswith("web ekspor "):
        return gettext("ekspor: %(name)s") % {"name": where.removeprefix("web ekspor ")}
    return str(PLACES.get(where, where))


def told(act: Act, reader: User) -> Told:
    """An act in words, with a link to what it was about where the reader may go there."""
    who, user = actor_words(act.actor)
    about, address = _about(act, reader)
    numbers = tuple(_flat(act.detail)) if isinstance(act.detail, dict) else ()
    return Told(act, act_words(act.act), who, user, about, address, numbers)


def _about(act: Act, reader: User) -> tuple[str, str]:
    if not act.object_type:
        return "", ""
    words, page, needed = OBJECTS.get(act.object_type, (act.object_type, "", ""))
    address = ""
    if page and act.object_id.isdecimal() and may(reader, needed):
        # Until every page stands.
        with suppress(NoReverseMatch):
            address = reverse(page, args=[int(act.object_id)])
    return f"{words} {act.object_id}".strip(), address


def _flat(detail: dict[str, object]) -> Iterator[tuple[str, str]]:
    for key, value in detail.items():
        label = str(DETAILS.get(key, key))
        if isinstance(value, dict):
            for inner, text in _flat(value):
                yield f"{label}: {inner}", text
        elif value not in (None, "", []):
            yield label, _shown(value, key)


def _shown(value: object, key: str = "") -> str:
    if isinstance(value, bool):
        return gettext("ya") if value else gettext("tidak")
    if isinstance(value, list | tuple):
        return ", ".join(_shown(one, key) for one in value)
    said = str(value)
    if key == "field":
        return field_words(said)
    words = _IN_WORDS.get(key, {})
    return in_words(words[said]) if said in words else said
