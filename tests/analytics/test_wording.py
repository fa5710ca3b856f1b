import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.cast import ANI, BUDI, EXAMPLES, Someone, pair, row_of, table
from entas.analytics.linkage.compare import Evidence, compare
from entas.analytics.linkage.explain import waterfall
from entas.analytics.linkage.levels import (
    FIELDS,
    AreaLevel,
    BirthLevel,
    CardLevel,
    NameLevel,
    NikLevel,
    SexLevel,
    SpotLevel,
)
from entas.registry import states
from entas.registry.models import Link
from entas.registry.phrases import NOUNS, PHRASES
from entas.registry.queries.links import Explained
from entas.registry.wording import (
    LONGEST_REASON,
    explanation_lines,
    number,
    phrase,
    reason,
    strength,
    waterfall_lines,
)

ALIKE = {
    "name": NameLevel.EQUAL,
    "birth": BirthLevel.EQUAL,
    "nik": NikLevel.EQUAL,
    "kk": CardLevel.EQUAL,
    "mother": NameLevel.EQUAL,
    "area": AreaLevel.SAME,
    "spot": SpotLevel.RT_AND_HOUSE,
    "sex": SexLevel.SAME,
}
NOTHING = dict.fromkeys(FIELDS, 0)
WORDS = [states.SURE, states.REPEATED, states.REVIEW, states.NOT_FOUND, states.FOUNDED]


def seen(**levels: int) -> dict[str, int]:
    return NOTHING | levels


def test_every_level_of_every_field_has_a_phrase_and_no_other_has():
    for field, kind in FIELDS.items():
        assert set(PHRASES[field]) == set(kind)
    assert set(NOUNS) == set(PHRASES) == set(FIELDS)


def test_no_two_levels_of_a_field_read_alike():
    for phrases in PHRASES.values():
        assert len({one.words for one in phrases.values()}) == len(phrases)


def test_phrases_hold_no_digit_because_a_digit_could_be_a_value():
    assert not any(
        letter.isdigit() for of in PHRASES.values() for one in of.values() for letter in one.words
    )


def test_a_level_that_does_not_exist_is_refused():
    with pytest.raises(KeyError):
        phrase("name", 99)


def test_a_sure_link_says_what_agrees_and_then_what_differs():
    moved = ALIKE | {"kk": CardLevel.OTHER, "area": AreaLevel.OTHER, "spot": 0}

    told = reason(moved, states.SURE, 0.999, has_rival=False)

    assert told == (
        "NIK sama, nama sama, tanggal lahir sama, nama ibu sama; KK berbeda, kelurahan berbeda."
    )


def test_a_shared_sex_is_no_reason_but_another_sex_is():
    told = reason(ALIKE, states.SURE, 1, has_rival=False)
    other = reason(seen(name=NameLevel.EQUAL, sex=SexLevel.OTHER), states.SURE, 1, has_rival=False)

    assert "kelamin" not in told
    assert other == "Nama sama; jenis kelamin berbeda."


def test_a_repeated_row_gives_the_same_reason_as_a_sure_one():
    assert reason(ALIKE, states.REPEATED, 1, has_rival=True) == reason(
        ALIKE, states.SURE, 1, has_rival=True
    )


def test_a_review_among_equals_says_that_somebody_else_is_possible():
    levels = seen(name=NameLevel.EQUAL, spot=SpotLevel.RT)

    told = reason(levels, states.REVIEW, 0.48, has_rival=True)

    assert told == "Nama sama, RT sama; ada orang lain yang juga mungkin; perlu dilihat."


def test_a_review_says_what_the_row_lacks():
    levels = seen(name=NameLevel.EQUAL, spot=SpotLevel.RT)

    told = reason(levels, states.REVIEW, 0.8, has_rival=True)

    assert told == "Nama sama, RT sama; tanpa NIK dan tanggal lahir; perlu dilihat."


def test_a_review_of_a_complete_row_says_how_likely_it_is():
    levels = ALIKE | {"name": NameLevel.NONE}

    told = reason(levels, states.REVIEW, 0.634, has_rival=False)

    assert told.endswith("nama berbeda; kemungkinan 63 %; perlu dilihat.")


def test_a_row_like_nobody_is_told_so():
    assert reason(NOTHING, states.NOT_FOUND, 0, has_rival=False) == "Tidak ada orang yang cocok."


def test_a_row_not_found_names_in_what_the_nearest_person_differs():
    levels = ALIKE | {"birth": BirthLevel.NONE, "mother": NameLevel.NONE}

    told = reason(levels, states.NOT_FOUND, 0.001, has_rival=False)

    assert told == "Tidak ada orang yang cocok; calon terdekat berbeda tanggal lahir dan nama ibu."


def test_a_name_alone_is_not_enough():
    told = reason(seen(name=NameLevel.EQUAL), states.NOT_FOUND, 0.01, has_rival=False)

    assert told == "Tidak ada orang yang cukup cocok; pada calon terdekat hanya nama sama."


def test_a_row_that_fits_two_is_not_found_because_it_cannot_be_settled():
    told = reason(
        seen(name=NameLevel.EQUAL, spot=SpotLevel.RT), states.NOT_FOUND, 0.4, has_rival=True
    )

    assert told == ("Tidak dapat dipastikan: nama sama, RT sama; ada orang lain yang juga mungkin.")


def test_a_word_that_is_no_decision_on_a_readable_row_is_refused():
    with pytest.raises(KeyError):
        reason(ALIKE, states.UNUSABLE, 0, has_rival=False)


@EXAMPLES
@given(
    st.fixed_dictionaries({name: st.sampled_from(sorted(kind)) for name, kind in FIELDS.items()}),
    st.sampled_from(WORDS),
    st.floats(0, 1),
    st.booleans(),
)
def test_every_reason_is_one_short_sentence(levels, word, chance, has_rival):
    told = reason(levels, word, chance, has_rival=has_rival)

    assert len(told) <= LONGEST_REASON
    assert told.isprintable()
    assert told[0].isupper()
    assert told.endswith(".")
    assert ".." not in told
    assert "; ;" not in told


def test_the_longest_reason_of_all_is_short_enough():
    # Phrases are cut to a room of letters; what frames them is longest for these words.
    longest = {
        name: max(PHRASES[name], key=lambda level: len(PHRASES[name][level].words))
        for name in FIELDS
    }
    everything = [
        reason(longest | {"birth": birth, "name": name, "nik": nik}, word, chance, has_rival=rival)
        for birth in BirthLevel
        for name in NameLevel
        for nik in NikLevel
        for word in WORDS
        for chance in (0, 0.5, 1)
        for rival in (True, False)
    ]

    assert max(map(len, everything)) <= LONGEST_REASON


@pytest.mark.parametrize(
    ("bits", "word"),
    [
        (14.0, "sangat mendukung"),
        (6.0, "sangat mendukung"),
        (3.0, "mendukung"),
        (0.5, "sedikit mendukung"),
        (0.0, "netral"),
        (-0.5, "netral"),
        (-0.6, "melemahkan"),
        (-6.0, "melemahkan"),
        (-6.1, "sangat melemahkan"),
    ],
)
def test_bits_have_a_strength_in_words(bits, word):
    assert strength(bits) == word


@pytest.mark.parametrize(
    ("bits", "shown"), [(1.25, "+1,2"), (-19.34, "-19,3"), (0.0, "+0,0"), (-0.04, "+0,0")]
)
def test_numbers_have_a_sign_and_a_decimal_comma(bits, shown):
    assert number(bits) == shown


def test_a_waterfall_reads_as_two_tables_with_sums(model):
    told = waterfall(pair(ANI.but(kk=0), ANI), model, lean=0, people=600_000)

    lines = waterfall_lines(told)

    assert lines[0] == "Dibanding orang asing:"
    assert lines[1].split()[-1] == number(told.steps[0].stranger)
    assert "Dibanding anggota keluarga serumah:" in lines
    assert [line.split()[-1] for line in lines if line.strip().startswith("jumlah")] == [
        number(told.stranger),
        number(told.housemate),
    ]
    assert lines[-1] == "Tidak dapat dibandingkan: KK."
    assert all(len(line) <= 100 and line.isprintable() for line in lines)


def test_the_printed_steps_add_up_to_the_printed_sum(model):
    lines = waterfall_lines(waterfall(pair(ANI, ANI), model, lean=1, people=600_000))
    end = lines.index("Dibanding anggota keluarga serumah:")

    figures = [float(line.split()[-1].replace(",", ".")) for line in lines[1:end]]

    assert sum(figures[:-1]) == pytest.approx(figures[-1], abs=0.05 * len(figures))


@pytest.mark.parametrize(
    ("bits", "remark"), [(19, " (jarang)"), (5, " (banyak dipakai)"), (14, "  ")]
)
def test_a_name_that_is_rare_or_common_is_marked(model, bits, remark):
    evidence = pair(ANI, ANI)
    evidence.bits["name"][:] = bits

    lines = waterfall_lines(waterfall(evidence, model, lean=0, people=600_000))

    assert any(line.startswith(f"  nama sama{remark}") for line in lines)


def test_the_lean_of_a_list_is_shown_only_where_it_leans(model):
    straight = waterfall_lines(waterfall(pair(ANI, ANI), model, lean=0, people=1_000))
    leaning = waterfall_lines(waterfall(pair(ANI, ANI), model, lean=2, people=1_000))

    assert not any("jenis orang" in line for line in straight)
    assert any("jenis orang" in line and "+2,0" in line for line in leaning)


def evidence_on(row: Someone, person: Someone, town) -> Evidence:
    zero = np.zeros(1, np.int32)
    at = np.asarray([row_of(person)], np.int32)
    return compare(table([row.on_a_list()]), zero, town.table, at, town.rarity, town.house)


def linked(**fields) -> Link:
    known = {"decision": states.SURE, "person_id": 12, "rival_id": 44}
    return Link(**(known | {"weight": 31.2, "probability": 0.99996} | fields))


def test_a_link_is_explained_with_its_nearest_rival(model, town):
    best, rival = evidence_on(ANI, ANI, town), evidence_on(ANI, BUDI, town)

    lines = explanation_lines(Explained(linked(), best, rival, model, 1_405))

    assert lines[0] == (
        "Keputusan: cocok, satu orang, cukup pasti (bobot +31,2; kemungkinan 99,9 %)."
    )
    assert lines[1] == "Warga 12"
    assert any("warga 44" in line for line in lines)
    assert (
        "  tanggal lahir: yang pertama tanggal lahir sama; yang berikut tanggal lahir berbeda"
        in lines
    )


def test_no_link_reads_as_certain(model, town):
    told = Explained(linked(probability=1.0), evidence_on(ANI, ANI, town), None, model, 1_405)

    assert "kemungkinan 99,9 %" in explanation_lines(told)[0]


def test_a_rival_who_fits_alike_is_told_so(model, town):
    same = evidence_on(ANI, ANI, town)

    lines = explanation_lines(Explained(linked(), same, same, model, 1_405))

    assert "  Menurut data baris ini keduanya sama cocoknya." in lines


def test_a_link_without_a_rival_says_that_there_is_none(model, town):
    told = Explained(linked(rival_id=None), evidence_on(ANI, ANI, town), None, model, 1_405)

    assert "Calon terdekat berikutnya: tidak ada." in explanation_lines(told)


@pytest.mark.parametrize(
    ("decision", "person", "line"),
    [
        (states.FOUNDED, 12, "Warga 12 didaftarkan dari baris ini"),
        (states.NOT_FOUND, None, "Tidak ada orang yang cukup mirip"),
        (states.SURE, 12, "jalankan `entas registry link` lagi"),
    ],
)
def test_a_row_without_evidence_says_why(model, decision, person, line):
    link = linked(decision=decision, person_id=person, weight=None, probability=None, rival_id=None)

    lines = explanation_lines(Explained(link, None, None, model, 1_405))

    assert len(lines) == 2
    assert line in lines[1]
    assert "None" not in " ".join(lines)


@pytest.mark.parametrize("decision", [word for word, _ in states.DECISION_CHOICES])
def test_every_decision_is_explained_in_words(model, decision):
    lines = explanation_lines(Explained(linked(decision=decision), None, None, model, 1))

    assert lines[0].startswith(f"Keputusan: {decision}, ")


def test_no_value_of_a_person_reaches_an_explanation(model, town):
    best, rival = evidence_on(ANI, ANI, town), evidence_on(ANI, BUDI, town)

    text = "\n".join(explanation_lines(Explained(linked(), best, rival, model, 1_405))).upper()

    for value in ("ANI ", "ROSMAWATI", "BUDI", "PRASETYO", "KASIYEM", "1983", str(ANI.nik)[-4:]):
        assert value not in text
