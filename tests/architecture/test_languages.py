"""Two languages, both complete: what the catalogues hold, and that no text stands beside them."""

import ast

import pytest
from babel.messages.catalog import Message as Entry
from django.utils.translation import trans_real
from tools import catalogues
from tools.extraction import in_templates
from tree import ROOT, parsed, shown
from untranslated import bare_arguments, bare_text, bare_words, door_files, template_files

LANGUAGES = ["en", "id"]
OWN = catalogues.own_messages()


def entries(language: str) -> list[Entry]:
    catalogue = catalogues.read(catalogues.po_path(language), language)
    return [entry for entry in catalogue if entry.id]


def keys(found) -> set[tuple[str, str, str]]:
    return {
        (*(one.id if isinstance(one.id, tuple) else (one.id, "")), one.context or "")
        for one in found
        if one.id
    }


def test_every_sentence_of_the_code_and_the_templates_stands_in_the_english_catalogue():
    missing = {(one.text, one.plural, one.context) for one in OWN} - keys(entries("en"))

    assert missing == set(), "run: make messages"


def test_the_english_catalogue_holds_no_sentence_that_is_said_nowhere():
    obsolete = keys(entries("en")) - {(one.text, one.plural, one.context) for one in OWN}

    assert obsolete == set(), "run: make messages"


def test_what_libraries_say_in_english_only_stands_in_the_indonesian_catalogue():
    wanted = {(one.text, one.plural, one.context) for one in catalogues.library_messages()}

    assert keys(entries("id")) == wanted, "run: make messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_and_none_is_a_guess(language):
    waiting = [entry.id for entry in entries(language) if catalogues.is_untranslated(entry)]

    assert waiting == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_same_places_for_values(language):
    done = [entry for entry in entries(language) if not catalogues.is_untranslated(entry)]

    assert [line for entry in done for line in catalogues.faults_of(entry)] == []


def test_a_lost_place_would_be_found():
    assert catalogues.faults_of(Entry("Warga {person} tidak ada.", "There is nobody."))
    assert catalogues.faults_of(Entry("%(name)s", "%(nama)s"))
    assert catalogues.faults_of(Entry("100 %% dari %(n)s", "100 % of %(n)s"))
    assert not catalogues.faults_of(Entry(("satu", "%(n)s warga"), ("one person", "%(n)s people")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_django_reads_is_what_people_wrote(language):
    catalogue = catalogues.read(catalogues.po_path(language), language)

    assert catalogues.mo_path(language).read_bytes() == catalogues.as_mo(catalogue)


def test_an_indonesian_sentence_is_not_changed_by_the_words_of_a_library():
    # "No" would become "Tidak": a word that is also English needs a context (pgettext).
    indonesian = trans_real.translation("id")
    changed = [
        one.text for one in OWN if not one.context and indonesian.gettext(one.text) != one.text
    ]

    # The name of the language: right either way.
    assert set(changed) <= {"English"}


def test_english_pages_keep_the_english_of_django():
    english = trans_real.translation("en")
    libraries = [entry for entry in entries("id") if isinstance(entry.id, str)]

    assert english.gettext("This field is required.") == "This field is required."
    assert [entry.id for entry in libraries if english.gettext(entry.id) != entry.id] == []


def test_templates_say_nothing_outside_the_catalogue():
    guilty = [
        f"{path.relative_to(ROOT)}: {words}"
        for path in template_files()
        for words in bare_text(path.read_text(encoding="utf-8"))
    ]

    assert guilty == []


def test_arguments_of_tags_say_nothing_outside_the_catalogue():
    guilty = [
        f"{path.relative_to(ROOT)}: {words}"
        for path in template_files()
        for words in bare_arguments(path.read_text(encoding="utf-8"))
    ]

    assert guilty == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Belum ada usulan</p>",
        "<input placeholder='Cari nama'>",
        "<nav aria-label='Menu kecil'></nav>",
        "<div data-lost='Draf belum tersimpan'></div>",
        "{% if x %}Ada{% endif %}",
        "<title>{{ name }} - Warga</title>",
        "<button value='1'>{% translate 'Kirim' %} sekarang</button>",
    ],
)
def test_text_outside_the_catalogue_would_be_found(source):
    assert bare_text(source)


@pytest.mark.parametrize(
    "source",
    [
        "<p>{% translate 'Belum ada usulan' %}</p>",
        "{% blocktranslate count n=n %}satu warga{% plural %}{{ n }} warga{% endblocktranslate %}",
        "{# catatan #}{% comment %}catatan{% endcomment %}<!-- catatan -->",
        "<p class='card body'>NIK {{ nik }} · Entas</p>",
        "<script src='x.js'></script>",
        "&nbsp;&mdash;",
    ],
)
def test_what_is_translated_or_no_word_is_left_alone(source):
    assert bare_text(source) == []


def test_plain_arguments_of_tags_would_be_found():
    assert bare_arguments('{% number value label="Jumlah warga" %}')
    assert bare_arguments('{% include "a.html" with title="Daftar warga" %}')
    assert bare_arguments('{{ name|default:"tidak ada" }}')
    assert bare_arguments('{{ is_on|yesno:"ya,tidak" }}')
    assert bare_arguments('{% number value label=_("Jumlah warga") %}') == []
    assert bare_arguments('{{ day|date:"j F Y" }}{% url "home" %}') == []


def test_the_door_says_nothing_outside_the_catalogue():
    guilty = [
        f"{shown(path, node)}: {node.value}"
        for path in door_files()
        for node in bare_words(parsed(path))
    ]

    assert guilty == []


def test_words_of_the_door_outside_the_catalogue_would_be_found():
    assert bare_words(ast.parse('messages.success(request, "Tersimpan")'))
    assert bare_words(ast.parse('name = forms.CharField(label="Nama")'))
    assert bare_words(ast.parse('line = "Halaman ini tidak ada."'))
    assert bare_words(ast.parse('form.add_error(None, "Salah")'))
    assert not bare_words(ast.parse('messages.success(request, _("Tersimpan"))'))
    assert not bare_words(ast.parse('name = forms.CharField(label=_("Nama"))'))
    assert not bare_words(ast.parse('"""Halaman ini tidak ada."""'))


def test_a_sentence_with_a_percent_sign_is_found_as_django_looks_it_up(tmp_path):
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "page.html").write_text("{% translate '5 % warga' %}{{ x|default:_('tidak ada') }}")

    found = {one.text for one in in_templates(tmp_path, tmp_path)}

    assert found == {"5 %% warga", "tidak ada"}
