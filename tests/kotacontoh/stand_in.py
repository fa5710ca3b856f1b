"""A stand-in for the product: it answers every command of the tour from the truth it is shown.

The tour is tested against what the product promises to print, not against the product.
"""

# ruff: noqa: T201 - a command speaks by printing

import csv
import json
import os
import sys
from pathlib import Path

import xlsxwriter

HOME = Path(os.environ["ENTAS_HOME"])
COLUMNS = ("import_id", "baris", "id_warga", "id_calon", "keputusan", "bobot")


def truth(source):
    with (HOME.parent / "truth" / "rows.csv").open(encoding="utf-8", newline="") as handle:
        return [row for row in csv.DictReader(handle) if row["source"] == source]


def option(name):
    return sys.argv[sys.argv.index(name) + 1]


def links():
    source, founded = option("--source"), {row["person"] for row in truth("dukcapil")}
    with Path(option("--out")).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(COLUMNS)
        for row in truth(source):
            register = source == "dukcapil"
            known = register or row["person"] in founded
            ident = f"W{row['baris']}" if register else f"P{row['person']}"
            said = "baru" if register or not known else "cocok"
            writer.writerow(("I1", row["baris"], ident, "", said, "9.0"))


def match():
    book = xlsxwriter.Workbook(option("--out"))
    page = book.add_worksheet()
    page.write_row(0, 0, ("baris", "keputusan", "id_warga", "id_calon", "bobot", "alasan"))
    for row in truth("cek-60k"):
        line = int(row["baris"])
        page.write_row(line, 0, (line, "tidak_ditemukan", "", "", -3.5, "tidak ada yang mirip"))
    book.close()


def duplicates():
    Path(option("--out")).write_text("id_warga_a,id_warga_b,bobot,peluang\n", encoding="utf-8")


VERDICTS = dict.fromkeys(("cocok", "tinjau", "ganda", "bermasalah"), 0)
ANSWERS = {
    "init": {},
    "import": {"import_id": "I1", "rows": 1, "accepted": 1, "problems": 0},
    "link": {"persons": 1, "linked": 1, "review": 0, "new": 1, "duplicates": 0, "seconds": 0.1},
    "match": {"rows": 195, "tidak_ditemukan": 195, "seconds": 0.1, **VERDICTS},
    "find": {"results": []},
    "explain": {"alasan": "nama sama"},
}
WORK = {"links": links, "match": match, "duplicates": duplicates}

if "--refuse" in sys.argv:
    sys.exit("Kunci tidak ditemukan.\nPulihkan dari titipan.")
act = sys.argv[1] if sys.argv[1] == "init" else sys.argv[2]
HOME.mkdir(exist_ok=True)
WORK.get(act, lambda: None)()
print(json.dumps(ANSWERS.get(act, {})) if "--json" in sys.argv else "Melawan orang asing: +12,3")
