"""What is typed about people who sign in, and the filters of their list."""

from collections import defaultdict
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entas.city.models import Agency, Area, RecoveryRequest, Right, User
from entas.city.policies import GUARDED_ROLES, holds, scope_of
from entas.city.queries import users_seen_by
from entas.city.services import Wanted
from entas.web.forms import DayInput, Form
from entas.web.words import choices_in_words, in_words

WHOLE_CITY = "kota"


def role_choices(actor: User | None = None) -> list[tuple[str, str]]:
    """Roles in the reader's language; for an actor, those that may be given."""
    is_limited = actor is not None and not holds(actor, Right.Role.ADMINISTRATOR)
    return [
        (code, words)
        for code, words in choices_in_words(Right.Role.choices)
        if not (is_limited and code in GUARDED_ROLES)
    ]


def area_choices(actor: User, act: str) -> list[tuple[str, str]]:
    """Areas of today in which the actor may do the act: kecamatan with their kelurahan."""
    scope = scope_of(actor, act)
    areas = list(Area.objects.on(timezone.localdate()).order_by("code_kemendagri"))
    inside = {one.number for one in areas if scope.is_city or one.number in scope.kelurahan}
    for kecamatan in areas:
        parts = [one.number for one in areas if one.parent_id == kecamatan.number]
        if parts and inside.issuperset(parts):
            inside.add(kecamatan.number)
    choices = [(WHOLE_CITY, _("Seluruh kota"))] if scope.is_city else []
    for area in areas:
        if area.number in inside:
            is_kelurahan = area.level == Area.Level.KELURAHAN
            words = f"— {area.name}" if is_kelurahan else _("Kecamatan %(name)s") % {"name": area}
            choices.append((str(area.number), words))
    return choices


def agency_choices() -> list[tuple[str, str]]:
    """All agencies."""
    return [(str(one.pk), one.short_name) for one in Agency.objects.order_by("short_name")]


class RightForm(Form):
    """A right: what, where, for which office, from when to when, in whose place."""

    role = forms.ChoiceField(label=gettext_lazy("Peran"))
    area = forms.ChoiceField(label=gettext_lazy("Wilayah"))
    agency = forms.ChoiceField(label=gettext_lazy("Perangkat daerah"), required=False)
    valid_from = forms.DateField(label=gettext_lazy("Mulai"), widget=DayInput(), required=False)
    valid_to = forms.DateField(label=gettext_lazy("Sampai"), widget=DayInput(), required=False)
    deputy_for = forms.ChoiceField(
        label=gettext_lazy("Sebagai pengganti dari"),
        required=False,
        help_text=gettext_lazy("Hak pengganti harus punya tanggal akhir."),
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("role", [("", _("Pilih peran")), *role_choices(actor)])
        self._choose("area", [("", _("Pilih wilayah")), *area_choices(actor, "city.grant")])
        self._choose("agency", [("", "—"), *agency_choices()])
        others = users_seen_by(actor).filter(is_active=True).order_by("name", "username")
        people = [(str(one.pk), f"{one.get_full_name()} ({one.username})") for one in others]
        self._choose("deputy_for", [("", "—"), *people])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- for the reader and mypy
        field.choices = choices

    def wanted(self) -> Wanted:
        """The right that was typed."""
        typed = self.cleaned_data
        place = typed["area"]
        return Wanted(
            role=typed["role"],
            valid_from=typed["valid_from"] or timezone.localdate(),
            area=None if place == WHOLE_CITY else Area.objects.get(pk=place),
            agency=Agency.objects.filter(pk=typed["agency"] or 0).first(),
            valid_to=typed["valid_to"],
            deputy_for=User.objects.filter(pk=typed["deputy_for"] or 0).first(),
        )


class NewUserForm(RightForm):
    """Somebody new, with the first right."""

    field_order = ("username", "name", "email", "phone")
    username = forms.CharField(
        label=gettext_lazy("Nama pengguna"),
        max_length=150,
        help_text=gettext_lazy("Huruf, angka dan @ . + - _; tidak berubah lagi."),
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off"}),
    )
    name = forms.CharField(label=gettext_lazy("Nama lengkap"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("Surel"), required=False, max_length=120)
    phone = forms.RegexField(
        r"^\+?[0-9][0-9 \-]{5,18}$",
        label=gettext_lazy("Telepon"),
        required=False,
        error_messages={"invalid": gettext_lazy("Tulis angka saja, misalnya 0741123456.")},
    )


class RecoveryForm(Form):
    """What was lost, and how the person was recognised."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Yang hilang"),
        choices=lambda: choices_in_words(RecoveryRequest.Kind.choices),
    )
    reason = forms.CharField(
        label=gettext_lazy("Bagaimana Anda yakin ini orangnya"),
        max_length=200,
        help_text=gettext_lazy("Misalnya: datang sendiri dengan kartu pegawai."),
    )


class SheetForm(Form):
    """A filled sheet of users."""

    sheet = forms.FileField(
        label=gettext_lazy("Berkas XLSX atau CSV"),
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )


class UserFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows the list by what stands in the address; names never do."""

    peran = django_filters.ChoiceFilter(label=gettext_lazy("Peran"), method="ignore")
    wilayah = django_filters.ChoiceFilter(label=gettext_lazy("Wilayah"), method="ignore")
    opd = django_filters.ChoiceFilter(label=gettext_lazy("Perangkat daerah"), method="ignore")
    keadaan = django_filters.ChoiceFilter(
        label=gettext_lazy("Keadaan"),
        method="ignore",
        choices=[("aktif", gettext_lazy("aktif")), ("tidak", gettext_lazy("tidak aktif"))],
    )
    hak = django_filters.ChoiceFilter(
        label=gettext_lazy("Hak"),
        method="ignore",
        empty_label=gettext_lazy("yang berlaku"),
        choices=[("semua", gettext_lazy("juga yang berakhir"))],
    )

    class Meta:
        model = User
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["peran"].extra["choices"] = role_choices()
        self.filters["wilayah"].extra["choices"] = area_choices(actor, "city.read_users")
        self.filters["opd"].extra["choices"] = agency_choices()
        for one in self.filters.values():
            one.extra.setdefault("empty_label", _("semua"))
            one.extra["widget"] = forms.Select({"class": "form-select"})

    @staticmethod
    def ignore(users: QuerySet[User], _name: str, _value: Any) -> QuerySet[User]:
        """Filters that speak of the same right are applied together, below."""
        return users

    @property
    def shows_ended(self) -> bool:
        """Rights that ended, were withdrawn, or have not begun are asked for too."""
        return bool(self.form.is_valid() and self.form.cleaned_data["hak"])

    def filter_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        """Users with one right that fits all of role, area and office."""
        # What fits no choice narrows nothing.
        typed = defaultdict(str, self.form.cleaned_data)
        held = Right.objects.all() if typed["hak"] else Right.objects.on(timezone.localdate())
        if typed["peran"]:
            held = held.filter(role=typed["peran"])
        if typed["wilayah"]:
            area = None if typed["wilayah"] == WHOLE_CITY else typed["wilayah"]
            held = held.filter(area=area)
        if typed["opd"]:
            held = held.filter(agency=typed["opd"])
        if any(typed[name] for name in ("peran", "wilayah", "opd")):
            queryset = queryset.filter(pk__in=held.values("user"))
        if typed["keadaan"]:
            queryset = queryset.filter(is_active=typed["keadaan"] == "aktif")
        return queryset

    def chips(self) -> list[dict[str, str]]:
        """What is filtered by, each with the address that leaves it out."""
        shown = []
        for name, value in self.form.cleaned_data.items() if self.form.is_valid() else ():
            if value:
                rest = self.data.copy()
                rest.pop(name)
                rest.pop("page", None)
                words = dict(self.form.fields[name].choices).get(value, value)
                label = self.form.fields[name].label
                shown.append({"words": f"{label}: {in_words(words)}", "without": rest.urlencode()})
        return shown
