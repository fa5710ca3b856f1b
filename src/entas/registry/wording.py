"""What the linkage saw, in plain Indonesian for an officer.

Only levels of agreement become words, never a value: a reason may stand in a file that
goes back to another office.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from entas.analytics.linkage.compare import Evidence
from entas.analytics.linkage.explain import CLERK, LEAN, PRIOR, Step, Waterfall, contrast, waterfall
from entas.analytics.linkage.levels import FIELDS
from entas.registry import states
from entas.registry.models import Link
from entas.registry.phrases import NOUNS, PHRASES, Stance
from entas.registry.queries.links import Explained

LONGEST_REASON = 200
# Letters for what agrees and for what differs; the frame around them needs the rest.
_ROOM_AGREEING, _ROOM_DIFFERING = 90, 49
# The order in which an officer looks at a row.
_READING_ORDER = ("nik", "name", "birth", "mother", "kk", "spot", "area", "sex")
# Below this the second candidate is no reason for the answer.
_WORTH_A_LOOK_PERCENT = 5
_EVEN_PERCENT = 60

# Bits of evidence to words: 6 bits make something 64 times as likely, 2 bits 4 times.
_STRENGTHS = (
    (6.0, "sangat mendukung"),
    (2.0, "mendukung"),
    (0.5, "sedikit mendukung"),
    (-0.5, "netral"),
    (-6.0, "melemahkan"),
)
_WEAKEST = "sangat melemahkan"
_CLOSING = (
    "Satuan: bit; tiap +1 berarti dua kali lebih mungkin.",
    "Bobot keputusan juga menimbang calon lain dan jenis orang di daftar ini,",
    "karena itu dapat berbeda dari jumlah di atas.",
)
# A value that is four times rarer or commoner than others at its level is worth saying.
_TELLING_RARITY_BITS = 2.0


def phrase(field: str, level: int) -> str:
    """The words for one field at one level of agreement.

    Raises:
        KeyError: there is no such field, or it has no such level.
    """
    return PHRASES[field][level].words


def reason(seen: Mapping[str, int], word: str, chance: float, *, has_rival: bool) -> str:
    """Why a row was decided as it was: one sentence of at most ``LONGEST_REASON`` letters.

    Args:
        seen: field -> level of agreement with the best candidate; all 0 without one.
        word: the decision, one of ``states.SURE``, ``REPEATED``, ``REVIEW``,
            ``NOT_FOUND``, ``FOUNDED``.
        chance: probability that the best candidate is the person, 0 to 1.
        has_rival: another person came near.

    Raises:
        KeyError: ``word`` is no decision on a row that could be read.
    """
    levels = tuple(int(seen.get(name, 0)) for name in FIELDS)
    return _reason(levels, word, round(chance * 100), has_rival)


# A long list has some thousand different patterns.
@lru_cache(maxsize=50_000)
def _reason(levels: tuple[int, ...], word: str, percent: int, has_rival: bool) -> str:  # noqa: FBT001
    seen = _Seen(levels)
    sentence = _REASONS[word](seen, percent, has_rival)
    return sentence[0].upper() + sentence[1:] + "."


class _Seen:
    """Levels of one pair, sorted by what they speak for."""

    def __init__(self, levels: tuple[int, ...]) -> None:
        by_field = dict(zip(FIELDS, levels, strict=True))
        told = {name: PHRASES[name][by_field[name]] for name in _READING_ORDER}
        self.has_candidate = any(levels)
        # Half of all people share a sex, and a shared RT says the kelurahan already.
        idle = {"sex", "area"} if told["spot"].stance is Stance.AGREES else {"sex"}
        self.agreeing = [
            one.words
            for name, one in told.items()
            if one.stance is Stance.AGREES and name not in idle
        ]
        self.differing = [one.words for one in told.values() if one.stance is Stance.DIFFERS]
        self.apart = [NOUNS[name] for name, one in told.items() if one.stance is Stance.DIFFERS]
        self.lacking = [NOUNS[name] for name in ("nik", "birth") if not by_field[name]]

    def agreement(self) -> str:
        return _fitting(self.agreeing, _ROOM_AGREEING) or "bukti gabungan"

    def evidence(self) -> str:
        differing = _fitting(self.differing, _ROOM_DIFFERING)
        return "; ".join(part for part in (self.agreement(), differing) if part)


def _fitting(phrases: Iterable[str], room: int) -> str:
    """As many phrases, joined by commas, as fit into ``room`` letters."""
    text = ""
    for words in phrases:
        longer = f"{text}, {words}" if text else words
        if len(longer) > room:
            break
        text = longer
    return text


def _reason_sure(seen: _Seen, _percent: int, _rival: object) -> str:
    return seen.evidence()


def _reason_founded(_seen: _Seen, _percent: int, _rival: object) -> str:
    return "tidak ada orang yang cocok; didaftarkan sebagai orang baru dari baris ini"


def _reason_review(seen: _Seen, percent: int, rival: object) -> str:
    if rival and percent <= _EVEN_PERCENT:
        return f"{seen.evidence()}; ada orang lain yang juga mungkin; perlu dilihat"
    if seen.lacking:
        return f"{seen.evidence()}; tanpa {' dan '.join(seen.lacking)}; perlu dilihat"
    return f"{seen.evidence()}; kemungkinan {percent} %; perlu dilihat"


def _reason_not_found(seen: _Seen, percent: int, rival: object) -> str:
    if not seen.has_candidate:
        return "tidak ada orang yang cocok"
    if percent >= _WORTH_A_LOOK_PERCENT:
        why = "ada orang lain yang juga mungkin" if rival else "bukti tidak cukup"
        return f"tidak dapat dipastikan: {seen.evidence()}; {why}"
    if not seen.apart:
        told = seen.agreement()
        only = "" if told.startswith("hanya") else "hanya "
        return f"tidak ada orang yang cukup cocok; pada calon terdekat {only}{told}"
    return f"tidak ada orang yang cocok; calon terdekat berbeda {_listed(seen.apart)}"


_REASONS: dict[str, Callable[[_Seen, int, object], str]] = {
    states.SURE: _reason_sure,
    states.REPEATED: _reason_sure,
    states.REVIEW: _reason_review,
    states.NOT_FOUND: _reason_not_found,
    states.FOUNDED: _reason_founded,
}


def _listed(words: list[str]) -> str:
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} dan {words[-1]}"


def strength(bits: float) -> str:
    """Bits of evidence in words, from "sangat mendukung" to "sangat melemahkan"."""
    return next((word for least, word in _STRENGTHS if bits >= least), _WEAKEST)


def number(bits: float) -> str:
    """Bits with sign, one decimal and a decimal comma; never "-0,0"."""
    rounded = round(bits, 1) + 0.0
    return f"{rounded:+.1f}".replace(".", ",")


def waterfall_lines(told: Waterfall) -> list[str]:
    """The two waterfalls of a pair as two small tables, and what could not be compared.

    Each line is at most 100 letters and holds no value of the row.
    """
    lines = ["Dibanding orang asing:"]
    lines += [_line(_words(step, told), step.stranger) for step in _telling(told)]
    lines += [_total(told.stranger), "Dibanding anggota keluarga serumah:"]
    lines += [
        _line(_words(step, told, rarity=False), step.housemate)
        for step in _telling(told)
        if step.field != PRIOR
    ]
    lines.append(_total(told.housemate))
    missing = [NOUNS[step.field] for step in told.steps if _is_missing(step)]
    if missing:
        lines.append(f"Tidak dapat dibandingkan: {', '.join(missing)}.")
    return lines


def _telling(told: Waterfall) -> Iterator[Step]:
    for step in told.steps:
        if not _is_missing(step) and not (step.field == LEAN and step.stranger == 0):
            yield step


def _is_missing(step: Step) -> bool:
    return step.level is not None and step.level == 0


def _words(step: Step, told: Waterfall, *, rarity: bool = True) -> str:
    if step.field == PRIOR:
        return "titik awal: satu dari semua warga terdaftar"
    if step.field == LEAN:
        return "jenis orang yang dimuat daftar ini"
    if step.field == CLERK:
        return f"cara menulis seperti pada {told.clerk_share * 100:.0f} % baris"
    words = phrase(step.field, step.level or 0)
    return words + (_rarity_words(step) if rarity else "")


def _rarity_words(step: Step) -> str:
    if step.rarity >= _TELLING_RARITY_BITS:
        return " (jarang)"
    if step.rarity <= -_TELLING_RARITY_BITS:
        return " (banyak dipakai)"
    return ""


def _line(words: str, bits: float) -> str:
    return f"  {words:<58} {strength(bits):<18} {number(bits):>6}"


def _total(bits: float) -> str:
    return f"  {'jumlah':<58} {'':<18} {number(bits):>6}"


def explanation_lines(told: Explained) -> list[str]:
    """A link explained: the decision, two waterfalls, and the nearest rival.

    Persons are named by their id_warga only.
    """
    lines = [_decision_line(told.link)]
    if told.best is None:
        return [*lines, _nothing_to_weigh(told.link)]
    fall = waterfall(told.best, told.model, lean=0.0, people=told.people)
    lines += [f"Warga {_best_id(told.link)}", *waterfall_lines(fall), *_rival_lines(told, fall)]
    return [*lines, *_CLOSING]


def _best_id(link: Link) -> int | None:
    return link.person_id or link.candidate_id


def _decision_line(link: Link) -> str:
    meaning = dict(states.DECISION_CHOICES)[link.decision]
    known = []
    if link.weight is not None:
        known.append(f"bobot {number(link.weight)}")
    if link.probability is not None:
        # Rounded down, and never to 100 %: no link is beyond doubt.
        share = min(int(link.probability * 1000) / 10, 99.9)
        known.append(f"kemungkinan {share:.1f} %".replace(".", ","))
    more = f" ({'; '.join(known)})" if known else ""
    return f"Keputusan: {link.decision}, {meaning}{more}."


def _nothing_to_weigh(link: Link) -> str:
    if link.decision == states.FOUNDED:
        return f"Warga {link.person_id} didaftarkan dari baris ini; tidak ada yang dibandingkan."
    if _best_id(link):
        return "Calonnya tidak aktif lagi di registri; jalankan `entas registry link` lagi."
    return "Tidak ada orang yang cukup mirip untuk dibandingkan."


def _rival_lines(told: Explained, best: Waterfall) -> list[str]:
    if told.best is None or told.rival is None:
        return ["Calon terdekat berikutnya: tidak ada."]
    rival = waterfall(told.rival, told.model, lean=0.0, people=told.people)
    sums = f"jumlah {number(rival.stranger)} (yang pertama {number(best.stranger)})"
    lines = [f"Calon terdekat berikutnya: warga {told.link.rival_id}, {sums}"]
    fields = contrast(told.best, told.rival)
    if not fields:
        return [*lines, "  Menurut data baris ini keduanya sama cocoknya."]
    return lines + [f"  {_compared(name, told.best, told.rival)}" for name in fields]


def _compared(name: str, best: Evidence, rival: Evidence) -> str:
    first, second = (phrase(name, int(one.level[name][0])) for one in (best, rival))
    return f"{NOUNS[name]}: yang pertama {first}; yang berikut {second}"
