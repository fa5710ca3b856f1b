"""What people read at the web door, in Indonesian and in English."""

import datetime as dt
import re
from decimal import Decimal

import django_filters
import django_tables2
import pytest
from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.template import engines
from django.test import RequestFactory
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy, override

from entas.city.errors import NotAllowed, UnknownUser
from entas.city.models import Area, Right, User
from entas.registry import states
from entas.web.middleware import Door
from entas.web.words import choices_in_words, in_words

# Words that every English sentence of a form or a table has one of.
ENGLISH = re.compile(
    r"\b(the|this|that|is|are|not|and|or|of|to|a|an|your|please|select|enter|make|ensure|field|"
    r"required|invalid|choice|next|previous|page|all|yes|no|unknown|today|year|month|must|"
    r"password|at|least|too|with|has|between|search|submit|date|time|value|number|contains)\b",
    re.IGNORECASE,
)
NOON = dt.datetime(2026, 11, 25, 7, 30, tzinfo=dt.UTC)


def shown(html: str) -> str:
    """The words of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", str(html)))


def rendered(source: str, **values: object) -> str:
    return engines["django"].from_string(source).render(values)


@pytest.fixture
def refused(ground):
    """What the door answers to a fault, as a part of a page."""

    def answer(fault, language):
        request = RequestFactory().get("/", headers={"HX-Request": "true"})
        with override(language):
            return Door(lambda _: None).process_exception(request, fault)

    return answer


def test_a_refusal_is_told_in_the_language_of_the_reader(refused):
    indonesian, english = (refused(UnknownUser("citra"), one) for one in ("id", "en"))

    assert "belum terdaftar di instalasi ini" in indonesian.text
    assert "is not registered in this installation" in english.text
    assert "belum" not in english.text
    assert (indonesian.status_code, english.status_code) == (422, 422)


def test_what_is_not_allowed_is_told_in_the_language_of_the_reader(refused):
    english = refused(NotAllowed("citra", "registry.search"), "en")

    assert "ask the administrator for the role" in english.text
    assert english.status_code == 403


def test_a_fault_of_the_system_is_told_in_the_language_of_the_reader(refused):
    english = refused(MemoryError(), "en")

    assert "There is not enough memory." in english.text
    assert english.status_code == 503


def test_a_fault_nobody_foresaw_is_told_in_the_language_of_the_reader(refused):
    english = refused(RuntimeError("values of a row"), "en")

    assert "Unexpected error" in english.text
    assert "tell the code to whoever runs Entas" in english.text
    assert "values of a row" not in english.text
    assert english.status_code == 500


def test_roles_and_states_have_words_in_both_languages():
    with override("en"):
        roles = dict(choices_in_words(Right.Role.choices))
        alive = dict(choices_in_words(states.ALIVE_CHOICES))

    assert roles["data_steward"] == "data steward"
    assert alive == {"hidup": "alive", "meninggal": "died", "pindah": "moved away"}


def test_a_name_that_stands_in_no_catalogue_stays_as_it_is():
    with override("en"):
        assert in_words("Kenali Asam Bawah") == "Kenali Asam Bawah"
        assert in_words("") == ""


def test_a_template_says_words_of_the_stages():
    with override("en"):
        assert rendered("{{ state|said }}", state=states.MERGED) == "merged"
        assert rendered("{{ line|said }}", line=UnknownUser("citra")).startswith("User &#x27;citra")
    with override("id"):
        assert rendered("{{ state|said }}", state=states.MERGED) == "digabung"


@pytest.mark.parametrize(
    ("language", "number", "money", "share"),
    [
        ("id", "12.345", "Rp 1.250.000", "12.345,6"),
        ("en", "12,345", "Rp 1,250,000", "12,345.6"),
    ],
)
def test_numbers_and_rupiah_are_written_as_the_reader_writes_them(language, number, money, share):
    with override(language):
        assert rendered("{{ n }}", n=12345) == number
        assert rendered('{{ n|floatformat:"0g" }}', n=12345) == number
        assert rendered("{{ n|rupiah }}", n=1_250_000) == money
        assert rendered('{{ n|floatformat:"1g" }}', n=Decimal("12345.6")) == share


@pytest.mark.parametrize(
    ("language", "moment", "short"),
    [
        ("id", "17 Agustus 2026, 14.30 WIB", "17-08-2026"),
        ("en", "17 August 2026, 14:30 WIB", "17-08-2026"),
    ],
)
def test_days_and_times_are_written_as_the_reader_writes_them(language, moment, short):
    at = NOON.replace(month=8, day=17)
    with override(language):
        assert rendered("{{ at|moment }}", at=at) == moment
        assert rendered('{{ at|date:"j F Y" }}', at=at) == moment.split(",")[0]
        assert rendered("{{ day }}", day=at.date()) == moment.split(",")[0]
        assert formats.date_format(timezone.localtime(at), "SHORT_DATE_FORMAT") == short


def test_there_is_no_moment_where_nothing_happened():
    assert rendered("{{ at|moment }}", at=None) == ""


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("typed", ["2026-05-04", "04-05-2026", "04/05/2026", "4/5/2026"])
def test_a_day_is_typed_day_first_in_both_languages(language, typed):
    with override(language):
        assert forms.DateField(localize=True).clean(typed) == dt.date(2026, 5, 4)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("typed", ["05/31/2026", "31 Mei", "31-05-26"])
def test_a_day_nobody_could_read_for_certain_is_refused(language, typed):
    with override(language), pytest.raises(forms.ValidationError):
        forms.DateField().clean(typed)


class Everything(forms.Form):
    """A form with every kind of field, to be filled in wrongly."""

    empty = forms.CharField(label="A1")
    long = forms.CharField(max_length=3, label="A2")
    short = forms.CharField(min_length=3, label="A3")
    number = forms.IntegerField(label="A4")
    share = forms.DecimalField(max_digits=3, decimal_places=1, label="A5")
    large = forms.IntegerField(max_value=3, label="A6")
    day = forms.DateField(label="A7")
    moment = forms.DateTimeField(label="A8")
    mail = forms.EmailField(label="A9")
    choice = forms.ChoiceField(choices=[("1", "1")], label="B1")
    several = forms.MultipleChoiceField(choices=[("1", "1")], label="B2")
    area = forms.ModelChoiceField(Area.objects.none(), label="B3")
    file = forms.FileField(label="B4")
    slug = forms.SlugField(label="B5")
    uuid = forms.UUIDField(label="B6")
    nothing = forms.CharField(label="B7")
    null = forms.NullBooleanField(label="B8")


WRONG = {
    "long": "abcd", "short": "a", "number": "x", "share": "12345.67", "large": "4", "day": "x",
    "moment": "x", "mail": "x", "choice": "9", "several": ["9"], "area": "9", "slug": "a b",
    "uuid": "x", "nothing": "a\0b",
}  # fmt: skip


def test_forms_refuse_in_indonesian():
    with override("id"):
        form = Everything(WRONG)
        words = shown(form.as_p())

    assert len(form.errors) == len(Everything.base_fields) - 1
    assert ENGLISH.findall(words) == []


def test_forms_refuse_in_english():
    with override("en"):
        words = shown(Everything(WRONG).as_p())

    assert "This field is required." in words
    assert "Bidang" not in words


@pytest.mark.parametrize("password", ["", "a", "password", "ani ani ani"])
def test_passwords_are_refused_in_indonesian(ground, password):
    with override("id"):
        form = SetPasswordForm(User(username="ani ani ani"), {"new_password1": password})
        words = shown(form.as_p())

    assert form.errors
    assert ENGLISH.findall(words) == []


def test_who_cannot_sign_in_is_told_so_in_indonesian(ground):
    with override("id"):
        form = AuthenticationForm(RequestFactory().post("/masuk/"), {"username": "x"})
        words = shown(form.as_p())

    assert form.errors
    assert ENGLISH.findall(words) == []


class Numbers(django_tables2.Table):
    """A table long enough for three pages."""

    number = django_tables2.Column(verbose_name=gettext_lazy("Warga"))


@pytest.mark.parametrize(("language", "words"), [("id", "berikutnya"), ("en", "next")])
def test_pages_of_a_table_are_turned_in_the_language_of_the_reader(language, words):
    table = Numbers([{"number": number} for number in range(120)])
    request = RequestFactory().get("/")
    django_tables2.RequestConfig(request, paginate={"page": 2, "per_page": 50}).configure(table)
    table.template_name = "django_tables2/bootstrap5.html"

    with override(language):
        seen = shown(table.as_html(request))

    assert words in seen
    assert bool(ENGLISH.findall(seen)) == (language == "en")


class Areas(django_filters.FilterSet):
    """Every kind of filter whose words come from the library."""

    by_name = django_filters.CharFilter(field_name="name", lookup_expr="icontains")
    since = django_filters.DateRangeFilter(field_name="valid_from")
    between = django_filters.RangeFilter(field_name="number")
    is_old = django_filters.BooleanFilter(field_name="valid_to", lookup_expr="isnull", label="A1")
    level = django_filters.ChoiceFilter(choices=Area.Level.choices, label="A2", null_label="-")
    order = django_filters.OrderingFilter(
        fields={"number": "number"}, field_labels={"number": "A3"}
    )
    several = django_filters.BaseInFilter(field_name="number", label="A4")
    looked = django_filters.LookupChoiceFilter(
        field_name="number", field_class=forms.DecimalField, lookup_choices=["exact", "gt"]
    )

    class Meta:
        model = Area
        fields = ()


def test_filters_speak_indonesian():
    asked = {"between_min": "x", "looked": "3", "several": "x"}

    with override("id"):
        words = shown(Areas(asked, queryset=Area.objects.none()).form.as_p())

    # Names of the columns are given by whoever makes the filter.
    own = re.compile(r"\b(Name|Valid from|Number|Valid to|order|looked)\b", re.IGNORECASE)
    assert ENGLISH.findall(own.sub("", words)) == []


def test_english_words_would_be_seen():
    with override("en"):
        assert ENGLISH.findall(shown(Everything(WRONG).as_p()))
