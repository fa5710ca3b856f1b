"""The list files: as offices send them, every row known to the truth, the truth in none of them."""

import csv
import json
from collections import Counter

import pytest
from python_calamine import CalamineWorkbook

CSV_FORMS = {
    "dukcapil.csv": ("utf-8", ","),
    "dtsen.csv": ("utf-8-sig", ";"),
    "pbi.csv": ("latin-1", "\t"),
    "survei.csv": ("utf-8", ","),
}
SHEETS = ["pkh.xlsx", "pip.xlsx", "kelurahan.xlsx", "cek-60k.xlsx"]


def csv_table(folder, name):
    encoding, delimiter = CSV_FORMS[name]
    with (folder / "lists" / name).open(encoding=encoding, newline="") as handle:
        return list(csv.reader(handle, delimiter=delimiter))


def sheet_rows(folder, name):
    path = str(folder / "lists" / name)
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def data_rows(rows):
    """Numbered rows of a sheet: titles, blank lines and totals carry no number."""
    return [row for row in rows if isinstance(row[0], float)]


def truth_rows(folder):
    with (folder / "truth" / "rows.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CSV_FORMS)
def test_the_truth_covers_every_row_of_a_text_list(mini, name):
    numbers = [int(row["baris"]) for row in truth_rows(mini) if row["file"] == name]

    assert numbers == list(range(1, len(csv_table(mini, name))))


@pytest.mark.parametrize("name", SHEETS)
def test_the_truth_covers_every_row_of_a_spreadsheet(mini, name):
    numbers = [int(row["baris"]) for row in truth_rows(mini) if row["file"] == name]

    assert numbers == [int(row[0]) for row in data_rows(sheet_rows(mini, name))]


def test_the_manifest_counts_what_the_files_hold(mini):
    counted = Counter(row["file"] for row in truth_rows(mini))

    entries = manifest(mini)["files"]

    assert {entry["file"].split("/")[1]: entry["rows"] for entry in entries} == counted
    assert [entry["role"] for entry in entries] == ["register", *["list"] * 5, "survey", "check"]


@pytest.mark.parametrize("name", CSV_FORMS)
def test_no_list_carries_a_column_of_the_truth(mini, name):
    header = {column.lower() for column in csv_table(mini, name)[0]}

    assert not header & {"person", "household", "family", "what", "careless", "errors", "poor"}


@pytest.mark.parametrize("name", SHEETS)
def test_no_spreadsheet_carries_a_column_of_the_truth(mini, name):
    cells = {str(cell).lower() for row in sheet_rows(mini, name)[:8] for cell in row}

    assert not cells & {"person", "household", "family", "what", "careless", "errors", "poor"}


def test_the_pkh_sheet_has_titles_above_blanks_between_and_a_total_below(mini):
    rows = sheet_rows(mini, "pkh.xlsx")
    last = [cell for cell in rows[-1] if cell != ""]
    first_number = next(i for i, row in enumerate(rows) if isinstance(row[0], float))

    assert rows[0][0].startswith("DAFTAR KELUARGA PENERIMA")
    assert rows[first_number - 1][0] == "NO"
    assert last == ["JUMLAH", f"{len(data_rows(rows))} KPM"]
    assert any(all(cell == "" for cell in row) for row in rows[first_number:-2])


def test_the_dtsen_extract_starts_with_a_byte_order_mark(mini):
    assert (mini / "lists" / "dtsen.csv").read_bytes().startswith(b"\xef\xbb\xbfcut_off;")


def test_the_pbi_export_is_latin_1_beyond_ascii(mini):
    raw = (mini / "lists" / "pbi.csv").read_bytes()

    assert b"\xb0" in raw
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")


def test_a_few_nik_cells_were_eaten_by_the_spreadsheet(kecamatan):
    rows = data_rows(sheet_rows(kecamatan, "cek-60k.xlsx"))
    numeric = [row[1] for row in rows if isinstance(row[1], float)]

    assert 0 < len(numeric) / len(rows) < 0.005
    assert all(int(value) % 10 == 0 for value in numeric)


def test_spreadsheet_dates_come_as_cells_texts_and_words(kecamatan):
    kinds = Counter(
        type(row[6]).__name__ for row in data_rows(sheet_rows(kecamatan, "cek-60k.xlsx"))
    )

    assert kinds["date"] + kinds["datetime"] > 100
    assert kinds["str"] > 1_000


def test_the_kelurahan_list_has_a_nik_for_three_in_five(kecamatan):
    rows = data_rows(sheet_rows(kecamatan, "kelurahan.xlsx"))

    assert sum(row[2] != "" for row in rows) / len(rows) == pytest.approx(0.6, abs=0.04)


def test_new_kelurahan_appear_under_their_parents_name_too(kecamatan):
    table = csv_table(kecamatan, "dukcapil.csv")
    names = Counter(row[table[0].index("NAMA_KEL")] for row in table[1:])

    assert names["TALANG GULO"] > 100
    assert names["SIMPANG TIGA SIPIN"] + names["SIMPANG 3 SIPIN"] > 10


def test_no_nik_of_any_list_could_belong_to_a_living_person(kecamatan):
    table = csv_table(kecamatan, "dukcapil.csv") + csv_table(kecamatan, "pbi.csv")
    niks = [cell for row in table for cell in row[:2] if cell.isdigit() and len(cell) == 16]

    assert len(niks) > 40_000
    assert {nik[:6] for nik in niks} <= {f"1571{pair}" for pair in range(81, 92)}


def test_the_truth_knows_the_pairs_registered_twice(mini):
    rows = [row for row in truth_rows(mini) if row["source"] == "dukcapil"]
    with (mini / "truth" / "duplicates.csv").open(encoding="utf-8", newline="") as handle:
        pairs = [(int(row["baris_a"]), int(row["baris_b"])) for row in csv.DictReader(handle)]

    assert len(pairs) == len(rows) - len({row["person"] for row in rows})
    assert all(rows[a - 1]["person"] == rows[b - 1]["person"] for a, b in pairs)


def test_planted_households_are_far_above_the_line(kecamatan):
    with (kecamatan / "truth" / "planted.csv").open(encoding="utf-8", newline="") as handle:
        planted = list(csv.DictReader(handle))

    assert {row["file"] for row in planted} >= {"pkh.xlsx", "pbi.csv", "cek-60k.xlsx"}
    assert all(int(row["consumption"]) > 3.5 * 535_000 for row in planted)
