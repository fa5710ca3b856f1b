import csv
import datetime as dt
import io
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entas.sources.cells import cell_text, guarded, is_formula_text, strip_unseen
from entas.sources.errors import CannotWrite, UnknownProfile
from entas.sources.profiles import choose, profile_names
from entas.sources.reading.header import find_header
from entas.sources.templates import write_template
from entas.sources.writing import list_writer, write_csv, write_xlsx

DANGEROUS = [
    "=cmd|' /C calc'!A0",
    "+cmd|x",
    "-2+3+cmd",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1",
    " =1+1",
    "\uff1d1+1",
]
HARMLESS = ["-", "-5", "+62812", "1.250.000", "ANI", "jl. a=b", ""]


def sheet_of(path):
    return openpyxl.load_workbook(path).active


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_text_is_made_harmless_in_csv(tmp_path, text):
    path = tmp_path / "hasil.csv"
    write_csv(path, [[text]])

    with path.open(encoding="utf-8-sig", newline="") as stream:
        ((cell,),) = csv.reader(stream)

    assert cell.startswith("'")


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_text_is_a_text_cell_in_a_workbook(tmp_path, text):
    path = tmp_path / "hasil.xlsx"
    write_xlsx(path, [["NAMA", text]])

    cell = sheet_of(path)["B1"]

    assert cell.data_type == "s"
    assert cell.quotePrefix


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_texts_stay_as_they_are(text):
    assert not is_formula_text(text)


def test_numbers_and_dates_keep_their_kind(tmp_path):
    path = tmp_path / "hasil.xlsx"
    row = ["005", 5, 12.5, True, dt.date(1990, 5, 4), dt.datetime(2026, 6, 1, 12, 30), None]  # noqa: DTZ001
    write_xlsx(path, [row])

    values = [cell.value for cell in sheet_of(path)[1]]

    assert values[:4] == ["005", 5, 12.5, True]
    assert [str(value) for value in values[4:6]] == ["1990-05-04 00:00:00", "2026-06-01 12:30:00"]


def test_text_cells_have_the_format_text_so_that_a_mended_nik_keeps_its_digits(tmp_path):
    path = tmp_path / "hasil.xlsx"
    write_xlsx(path, [["1571810101900001"]])

    assert sheet_of(path)["A1"].number_format == "@"


@given(st.text(max_size=60))
def test_whatever_is_written_comes_back_without_what_nobody_sees(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("tulis") / "hasil.xlsx"
    write_xlsx(path, [["A", text, "Z"]])

    found = [cell.value or "" for cell in sheet_of(path)[1]]

    # XML has one kind of line end.
    seen = strip_unseen(text).replace("\r\n", "\n").replace("\r", "\n")
    assert found == ["A", seen, "Z"]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_no_cell_of_any_csv_can_run(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("tulis") / "hasil.csv"
    write_csv(path, [texts])

    with path.open(encoding="utf-8-sig", newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]

    assert not any(is_formula_text(cell) for cell in cells)


def test_a_cell_too_long_for_a_sheet_is_cut_and_shows_it(tmp_path):
    path = tmp_path / "hasil.xlsx"
    write_xlsx(path, [["x" * 40_000]])

    value = sheet_of(path)["A1"].value

    assert (len(value), value[-1]) == (32_767, "…")


def test_a_file_that_is_not_finished_never_shows(tmp_path):
    path = tmp_path / "hasil.csv"
    path.write_text("lama", encoding="utf-8")

    with pytest.raises(RuntimeError), list_writer(path) as write:
        write(["baru"])
        raise RuntimeError

    assert path.read_text(encoding="utf-8") == "lama"
    assert [entry.name for entry in tmp_path.iterdir()] == ["hasil.csv"]


@pytest.mark.parametrize("name", ["tidak-ada/hasil.csv", "tidak-ada/hasil.xlsx"])
def test_a_folder_that_is_not_there_is_refused(tmp_path, name):
    with pytest.raises(CannotWrite, match="Periksa folder"):
        write_csv(tmp_path / name, [["x"]])


@pytest.mark.parametrize("profile", profile_names())
def test_every_profile_has_a_form_that_is_read_as_that_profile(tmp_path, profile):
    path = tmp_path / "formulir.xlsx"
    write_template(profile, path)

    sheet = openpyxl.load_workbook(path)["Daftar"]
    header = find_header([[cell.value for cell in sheet[1]]])

    assert choose(header.names, source_kind=profile).profile == profile
    formats = {dimension.number_format for dimension in sheet.column_dimensions.values()}
    assert formats == {"@"}


def test_a_form_checks_the_length_of_numbers_and_brings_its_notes(tmp_path):
    path = tmp_path / "formulir.xlsx"
    write_template("umum", path)

    book = openpyxl.load_workbook(path)

    rules = {str(rule.sqref): rule.type for rule in book["Daftar"].data_validations.dataValidation}
    assert rules["A2:A5001"] == "textLength"
    assert "Petunjuk" in book.sheetnames


def test_an_unknown_form_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(UnknownProfile, match="dukcapil"):
        write_template("tidak-ada", tmp_path / "f.xlsx")


@pytest.fixture
def home(tmp_path, settings):
    settings.ENTAS_HOME = tmp_path / "entas-data"
    settings.ENTAS_KEY_FILE = settings.ENTAS_HOME / "keys" / "entas.key"
    settings.ENTAS_KEY_FILE.parent.mkdir(parents=True)
    return settings.ENTAS_HOME


def write_one(path, **more):
    with list_writer(path, **more) as write:
        write(["x"])


@pytest.mark.parametrize("name", ["entas.sqlite3", "baru.csv", "keys/entas.key", "keys/x.xlsx"])
def test_nothing_is_written_inside_the_installation(home, name):
    (home / "entas.sqlite3").write_bytes(b"lama")

    with pytest.raises(CannotWrite, match="di dalam folder instalasi"):
        write_one(home / name)

    assert (home / "entas.sqlite3").read_bytes() == b"lama"


def test_a_key_file_elsewhere_is_not_written_over(tmp_path, settings):
    settings.ENTAS_KEY_FILE = tmp_path / "kunci"
    settings.ENTAS_KEY_FILE.write_text("kunci")

    with pytest.raises(CannotWrite, match="berkas kunci"):
        write_one(tmp_path / "kunci")

    assert settings.ENTAS_KEY_FILE.read_text() == "kunci"


@pytest.mark.parametrize("way", ["same", "hard link", "symbolic link", "round about"])
def test_the_file_that_is_read_is_not_written_over(tmp_path, way):
    source, out = tmp_path / "masuk.csv", tmp_path / "keluar.csv"
    source.write_text("lama")
    if way == "hard link":
        out.hardlink_to(source)
    elif way == "symbolic link":
        out.symlink_to(source)
    else:
        out = source if way == "same" else tmp_path / ".." / tmp_path.name / "masuk.csv"

    with pytest.raises(CannotWrite, match="sedang dibaca"):
        write_one(out, inputs=[source])

    assert source.read_text() == "lama"


def test_a_pipe_and_a_folder_stay_what_they_are(tmp_path):
    os.mkfifo(tmp_path / "pipa")
    (tmp_path / "folder").mkdir()

    for name, why in (("pipa", "bukan berkas biasa"), ("folder", "itu folder")):
        with pytest.raises(CannotWrite, match=why):
            write_one(tmp_path / name)

    assert (tmp_path / "pipa").is_fifo()


@pytest.mark.parametrize("name", ["", ".", "..", "/", "sub/.."])
def test_what_is_no_name_of_a_file_is_refused(name):
    with pytest.raises(CannotWrite, match="bukan nama berkas"):
        write_one(Path(name))


def test_a_link_is_followed_and_stays_a_link(tmp_path):
    link = tmp_path / "link.csv"
    link.symlink_to("sungguh.csv")

    write_one(link, mark=False)

    assert link.is_symlink()
    assert (tmp_path / "sungguh.csv").read_text() == "x\n"


def test_a_link_that_leads_in_a_circle_is_refused(tmp_path):
    (tmp_path / "a.csv").symlink_to("b.csv")
    (tmp_path / "b.csv").symlink_to("a.csv")

    with pytest.raises(CannotWrite, match="tautannya berputar"):
        write_one(tmp_path / "a.csv")


def test_a_name_too_long_is_refused(tmp_path):
    with pytest.raises(CannotWrite, match="terlalu panjang"):
        write_one(tmp_path / ("x" * 300))


def test_a_name_as_long_as_a_name_may_be_is_written(tmp_path):
    write_one(tmp_path / ("x" * 255))

    assert [len(entry.name) for entry in tmp_path.iterdir()] == [255]


def test_two_writers_of_one_target_never_mix_their_rows(tmp_path):
    path = tmp_path / "hasil.csv"

    with list_writer(path, mark=False) as first, list_writer(path, mark=False) as second:
        for _ in range(20_000):
            first(["satu"])
            second(["dua"])

    assert set(path.read_text().split()) == {"satu"}
    assert [entry.name for entry in tmp_path.iterdir()] == ["hasil.csv"]


def test_an_unfinished_file_is_for_its_owner_only(tmp_path):
    with list_writer(tmp_path / "hasil.csv") as write:
        write(["x"])
        (draft,) = tmp_path.iterdir()
        mode = draft.stat().st_mode & 0o777

    assert mode == 0o600


def test_what_a_killed_writer_left_is_swept_and_what_a_living_one_writes_is_not(tmp_path):
    path, other = tmp_path / "hasil.csv", tmp_path / "lain.csv"
    code = (
        "import sys, os, pathlib\n"
        "from django.conf import settings\n"
        "settings.configure(ENTAS_HOME='/nonexistent', ENTAS_KEY_FILE='/nonexistent/k')\n"
        "from entas.sources.writing import list_writer\n"
        "with list_writer(pathlib.Path(sys.argv[1])) as write:\n"
        "    write(['1571810101900001'])\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    for target in (path, other):
        subprocess.run([sys.executable, "-c", code, str(target)], check=False)
    assert len(list(tmp_path.iterdir())) == 2

    with list_writer(path) as living:
        living(["a"])
        write_one(path, mark=False)
        living(["b"])

    assert path.read_text(encoding="utf-8-sig") == "a\nb\n"
    left = [entry.name for entry in tmp_path.iterdir() if entry != path]
    assert len(left) == 1


def test_a_planted_link_is_not_followed_while_sweeping(tmp_path):
    path, victim = tmp_path / "hasil.csv", tmp_path / "korban"
    victim.write_text("utuh")
    with list_writer(path):
        (draft,) = (entry.name for entry in tmp_path.iterdir() if entry.suffix == ".sebagian")
    (tmp_path / draft).symlink_to(victim)

    write_one(path)

    assert victim.read_text() == "utuh"


@pytest.mark.parametrize(
    "text", ["a;=HYPERLINK(1)", "a\t=1+x", 'a;"=x', "a\n@x", "a, +cmd|x", "-2;=x", "a|=x"]
)
def test_no_cell_can_run_whichever_separator_it_is_opened_with(tmp_path, text):
    path = tmp_path / "hasil.csv"
    write_csv(path, [["z", text]])
    written = path.read_text(encoding="utf-8-sig")

    for separator in ",;\t|":
        lines = csv.reader(io.StringIO(written, newline=""), delimiter=separator)
        cells = [cell.strip('" ') for row in lines for cell in row]
        assert not any(is_formula_text(cell) for cell in cells), (separator, cells)
    assert cell_text(guarded(text)) == cell_text(text)


@given(st.text(alphabet='a1=+-@;,|\t\n" ', max_size=12))
def test_a_guarded_text_is_read_as_it_was(text):
    assert cell_text(guarded(text)) == cell_text(text)


def test_a_signed_number_behind_a_separator_stays_a_number():
    assert guarded("a;-5") == "a;-5"


def test_a_text_with_any_separator_stands_in_quotes(tmp_path):
    path = tmp_path / "hasil.csv"
    write_csv(path, [["a;b", "c\td", "e", 'f"g', "h,i", None, 5.0, True]])

    line = path.read_text(encoding="utf-8-sig")
    assert line == '"a;b","c\td",e,"f""g","h,i",,5,True\n'
