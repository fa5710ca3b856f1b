"""What a reader of the chains asks for, from the address; never names or numbers of people."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entas.audit.services import actor_text
from entas.city.models import User
from entas.city.policies import scope_of
from entas.web.act_words import ACTS, OBJECTS, act_words
from entas.web.frame import WebRequest

_DAY = dt.timedelta(days=1)
# No chain is older, and days at the ends of the calendar have no midnight in every zone.
_FIRST_DAY, _LAST_DAY = dt.date(2000, 1, 1), dt.date(2999, 12, 31)


def _users() -> list[tuple[str, str]]:
    # With the user name: two people may bear one name.
    known = User.objects.order_by("username").values_list("pk", "name", "username")
    named = [
        (str(pk), f"{name} ({username})" if name else username) for pk, name, username in known
    ]
    return [("", gettext("Semua pelaku")), *named]


class TrailFilters(forms.Form):
    """Period and actor; both chains have them."""

    since = forms.DateField(
        label=_("Dari tanggal"), required=False, widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(
        label=_("Sampai tanggal"), required=False, widget=forms.DateInput({"type": "date"})
    )
    by = forms.ChoiceField(label=_("Pelaku"), required=False, choices=_users)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        for field in self.fields.values():
            is_choice = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"
            if isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "form-check-input"


def _codes(words: dict[str, Any], everything: str) -> list[tuple[str, str]]:
    named = sorted(((code, str(word)) for code, word in words.items()), key=lambda pair: pair[1])
    return [("", everything), *named]


class ActFilters(TrailFilters):
    """Besides: which act, and what it was about."""

    act = forms.ChoiceField(
        label=_("Tindakan"), required=False, choices=lambda: _codes(ACTS, gettext("Semua tindakan"))
    )
    kind = forms.ChoiceField(
        label=_("Tentang"),
        required=False,
        choices=lambda: _codes(
            {kind: words[0] for kind, words in OBJECTS.items() if words[1]}, gettext("Apa saja")
        ),
    )
    number = forms.IntegerField(
        label=_("Nomor"), required=False, min_value=1, max_value=999_999_999_999
    )
    # What the first line of an exported file names.
    position = forms.IntegerField(
        label=_("Nomor tindakan"), required=False, min_value=1, max_value=999_999_999_999
    )


class LookFilters(TrailFilters):
    """Besides: whether looks at the chains themselves are shown."""

    trail = forms.BooleanField(label=_("Juga penglihatan lewat halaman jejak"), required=False)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, and the address without it."""

    words: str
    address: str


def _near(day: dt.date) -> dt.date:
    return min(max(day, _FIRST_DAY), _LAST_DAY)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def is_city_wide(request: WebRequest, act: str) -> bool:
    """Whether the reader may do it everywhere.

    Entries of the chains lie in no kelurahan: whose right holds somewhere only sees none of them,
    and asks for one person at a time instead.
    """
    return scope_of(request.actor, act).is_city


def asked(form: TrailFilters) -> dict[str, Any]:
    """What the form asks the queries for; fields with faults ask for nothing."""
    form.full_clean()
    typed = form.cleaned_data
    wanted: dict[str, Any] = {}
    if typed.get("since"):
        wanted["since"] = _midnight(_near(typed["since"]))
    if typed.get("until"):
        # The last day still counts.
        wanted["until"] = _midnight(_near(typed["until"]) + _DAY)
    if typed.get("by"):
        wanted["actor"] = actor_text(User.objects.get(pk=int(typed["by"])))
    if typed.get("act"):
        wanted["act"] = typed["act"]
    if typed.get("position"):
        wanted["position"] = typed["position"]
    if typed.get("kind") and typed.get("number"):
        wanted["about"] = (typed["kind"], str(typed["number"]))
    return wanted


def chips(form: TrailFilters, query: QueryDict) -> list[Chip]:
    """The filters that are set, each removable."""
    typed = form.cleaned_data
    words: dict[str, str] = {}
    for name, value in typed.items():
        if not value or name == "kind":
            continue
        label: object = form.fields[name].label
        shown = value
        if isinstance(value, dt.date):
            shown = f"{value:%d-%m-%Y}"
        elif name == "act":
            shown = act_words(value)
        elif name == "by":
            shown = User.objects.get(pk=int(value)).get_full_name()
        elif name == "number":
            if not typed.get("kind"):
                continue
            label, shown = OBJECTS[typed["kind"]][0], value
        words[name] = str(label) if value is True else f"{label}: {shown}"
    return [Chip(text, _without(query, name)) for name, text in words.items()]


def _without(query: QueryDict, name: str) -> str:
    rest = query.copy()
    for gone in (name, "before", *(("kind",) if name == "number" else ())):
        rest.pop(gone, None)
    return f"?{rest.urlencode()}"


def place_asked(query: QueryDict) -> int | None:
    """The place to go on from, when the address names one."""
    text = query.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None  # noqa: PLR2004


def older_address(query: QueryDict, place: int | None) -> str:
    """Address of the next fifty; empty at the end."""
    if place is None:
        return ""
    rest = query.copy()
    rest["before"] = str(place)
    return f"?{rest.urlencode()}"


def newest_query(query: QueryDict) -> str:
    """The filters without the place, for the way back to the newest."""
    rest = query.copy()
    rest.pop("before", None)
    return rest.urlencode()
