import datetime as dt
import os
import zlib

import openpyxl
import pytest

from entas import custody
from entas.audit.models import Act
from entas.sources import queries, services
from entas.sources.errors import (
    BrokenFile,
    CannotWrite,
    ListRefused,
    NotWithdrawable,
    OddDay,
    UnknownImport,
    UnknownSource,
)
from entas.sources.models import FILE_CONTEXT, DeliveredFile, Delivery, Problem, RowBlock, Source
from entas.sources.services import Arrival
from secret_search import in_files

NOW = dt.datetime(2026, 6, 2, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))
AS_OF = dt.date(2026, 6, 1)
HEAD = "NIK,NAMA,TANGGAL LAHIR,KELURAHAN,CATATAN\n"
GOOD = "1571814101900001,ANI,01-01-1990,LEGOK,x\n"
NO_NAME = "1571810101900002,,01-01-1990,LEGOK,=1+1\n"


@pytest.fixture
def take_in(ground):
    def take(path, source="umum", as_of=AS_OF, **more):
        return services.import_list(
            arrival=Arrival(path, source, as_of, **more), by=ground, now=NOW
        )

    return take


def test_a_list_is_counted_kept_and_written_down(take_in, text_file):
    path = text_file(f"{HEAD}{GOOD}{GOOD.replace('1990', '1991')}{NO_NAME}")

    result = take_in(path)

    assert result.as_dict() == {
        "import_id": result.delivery.pk,
        "rows": 3,
        "accepted": 2,
        "problems": 3,
        "already_imported": False,
        "rejects_file": str(path.with_name("daftar.tolak.csv")),
    }
    assert result.delivery.state == "accepted"
    assert Act.objects.filter(act="sources.import", object_id=result.delivery.pk).count() == 1


def test_the_file_can_be_put_together_again_as_it_came(take_in, text_file):
    path = text_file(HEAD + GOOD * 30_000)

    delivery = take_in(path).delivery

    parts = DeliveredFile.objects.filter(delivery=delivery).order_by("part")
    pieces = [custody.unseal(bytes(part.sealed), context=FILE_CONTEXT) for part in parts]
    assert len(pieces) > 1
    assert b"".join(map(zlib.decompress, pieces)) == path.read_bytes()


def test_rows_come_back_as_they_came_and_as_they_were_read(take_in, book):
    rows = [["NIK", "NAMA", "TANGGAL LAHIR"]]
    rows += [[f"157181010190{n:04d}", "ANI", dt.date(1990, 1, 1)] for n in range(1, 1_201)]

    delivery = take_in(book(rows)).delivery

    read = list(queries.accepted_rows(delivery))
    assert [baris for baris, _ in read] == list(range(1, 1_201))
    assert read[-1][1].nik == "1571810101901200"
    assert read[-1][1].lahir == dt.date(1990, 1, 1)
    raw = queries.raw_row(delivery, 1_200)
    assert (raw.line, raw.cells) == (1_201, [*rows[-1][:2], dt.date(1990, 1, 1)])
    assert [baris for baris, _ in queries.raw_rows(delivery)] == list(range(1, 1_201))
    assert len(list(queries.accepted_rows(delivery, after=700))) == 500


def test_a_row_that_does_not_exist_is_refused(take_in, text_file):
    delivery = take_in(text_file(HEAD + GOOD)).delivery

    with pytest.raises(UnknownImport, match="1 sampai 1"):
        queries.raw_row(delivery, 2)


def test_the_same_file_twice_changes_nothing(take_in, text_file):
    path = text_file(HEAD + GOOD)
    first = take_in(path)
    acts = Act.objects.count()

    second = take_in(path)

    assert second.is_already_imported
    assert second.delivery.pk == first.delivery.pk
    assert Act.objects.count() == acts


def test_the_same_file_for_another_day_or_source_is_another_delivery(take_in, text_file):
    path = text_file(HEAD + GOOD)

    numbers = {
        take_in(path).delivery.pk,
        take_in(path, as_of=dt.date(2026, 5, 1)).delivery.pk,
        take_in(path, source="pkh").delivery.pk,
    }

    assert len(numbers) == 3


def test_a_withdrawn_list_may_be_delivered_again(take_in, text_file, ground):
    path = text_file(HEAD + GOOD)
    first = take_in(path).delivery

    services.withdraw(delivery=first, by=ground, on=AS_OF)
    second = take_in(path)

    assert not second.is_already_imported
    assert second.delivery.pk != first.pk
    assert list(queries.accepted_deliveries()) == [second.delivery]
    assert RowBlock.objects.filter(delivery=first).exists()


def test_a_list_is_withdrawn_once(take_in, text_file, ground):
    delivery = take_in(text_file(HEAD + GOOD)).delivery
    services.withdraw(delivery=delivery, by=ground, on=AS_OF)

    with pytest.raises(NotWithdrawable, match="sudah ditarik"):
        services.withdraw(delivery=delivery, by=ground, on=AS_OF)


def test_rejected_rows_come_back_in_the_layout_of_the_list_and_can_be_delivered(take_in, text_file):
    titles = "DAFTAR PENERIMA,,,,\n\n"
    path = text_file((titles + HEAD + GOOD + NO_NAME).replace(",", ";"))
    rejects = take_in(path).rejects_file

    written = open(rejects, encoding="utf-8-sig").read().splitlines()  # noqa: PTH123, SIM115
    assert written[0] == "DAFTAR PENERIMA;;;;"
    assert written[2] == HEAD.strip().replace(",", ";") + ";masalah"
    assert written[3].startswith("1571810101900002;;01-01-1990;LEGOK;'=1+1;NAMA: Nama tidak ada")

    mended = text_file("\n".join(written).replace(";;01", ";BUDI;01"), name="lagi.csv")
    again = take_in(mended)
    ((_, row),) = queries.accepted_rows(again.delivery)
    assert (row.nama, row.extras) == ("BUDI", {"CATATAN": "=1+1"})


def test_rejected_rows_of_a_workbook_come_back_as_a_workbook(take_in, book, tmp_path):
    rows = [["DAFTAR"], ["NIK", "NAMA", "RT"], [1, 2, 3], ["1571810101900002", None, 5]]
    rows.append(["1571810101900003", "ANI", 5])

    take_in(book(rows), rejects=tmp_path / "kembali.xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "kembali.xlsx").active
    lines = [[cell for cell in line if cell is not None] for line in sheet.values]
    assert lines[:3] == [["DAFTAR"], ["NIK", "NAMA", "RT", "masalah"], [1, 2, 3]]
    assert lines[3][:2] == ["1571810101900002", 5]
    assert sheet["A4"].data_type == "s"


def test_a_list_that_cannot_be_written_back_says_so_and_is_taken_in(take_in, text_file):
    path = text_file(HEAD + GOOD + NO_NAME)
    path.with_name("daftar.tolak.csv").mkdir()

    result = take_in(path)

    assert result.rejects_file is None
    assert result.delivery.accepted == 1


def test_a_rejects_file_that_was_asked_for_and_cannot_be_written_stops_everything(
    take_in, text_file, tmp_path
):
    with pytest.raises(CannotWrite, match="--rejects"):
        take_in(text_file(HEAD + GOOD + NO_NAME), rejects=tmp_path / "tidak-ada" / "x.csv")

    assert not Delivery.objects.exists()
    assert not DeliveredFile.objects.exists()


def test_two_persons_with_one_nik_are_named_and_the_same_person_twice_is_not(take_in, text_file):
    other = GOOD.replace("ANI", "BUDI")

    delivery = take_in(text_file(HEAD + GOOD + GOOD + other + GOOD)).delivery

    found = [(problem.row, problem.value) for problem in queries.problems_of(delivery)]
    assert found == [(3, "**************01")]
    assert queries.problems_of(delivery)[0].message.startswith("NIK dipakai nama")


def test_a_problem_names_row_line_column_masked_value_and_what_to_do(take_in, text_file):
    delivery = take_in(text_file(f"JUDUL,,,,\n{HEAD}15718101019,ANI,31-02-1990,LEGOK,\n")).delivery

    first, second = list(queries.problem_lines(delivery))[1:]
    assert first[:5] == (1, 3, "TANGGAL LAHIR", "31-02-19**", "error")
    assert second == (1, 3, "NIK", "*********19", "error", "N1",
                      "NIK bukan 16 angka. Salin dari KTP/KK.")  # fmt: skip


def test_remarks_are_counted_by_rule_and_are_no_problems(take_in, text_file):
    delivery = take_in(text_file(HEAD + ",ANI,01-01-1990,LEGOK,\n")).delivery

    assert delivery.problems == 0
    assert delivery.run["rules"] == {"N14": 1}


def test_a_broken_list_leaves_nothing_behind(take_in, text_file):
    with pytest.raises(ListRefused, match="Tanda kutip"):
        take_in(text_file(HEAD + GOOD * 3_000 + '1,"ANI,01-01-1990\n'))

    assert not Delivery.objects.exists()
    assert not RowBlock.objects.exists()
    assert not DeliveredFile.objects.exists()
    assert not Act.objects.filter(act="sources.import").exists()


def test_an_unknown_source_is_refused_with_the_known_ones(take_in, text_file):
    with pytest.raises(UnknownSource, match=r"dukcapil.*entas sources add"):
        take_in(text_file(HEAD + GOOD), source="tidak-ada")


@pytest.mark.parametrize("as_of", [dt.date(2026, 6, 3), dt.date(1905, 1, 1)])
def test_an_odd_day_is_refused(take_in, text_file, as_of):
    with pytest.raises(OddDay, match=str(as_of)):
        take_in(text_file(HEAD + GOOD), as_of=as_of)


def test_no_secret_of_a_list_can_be_read_in_the_tables(take_in, text_file, tmp_path):
    path = text_file(f"{HEAD}{GOOD}{NO_NAME}", name="1571814101900001.csv")
    delivery = take_in(path).delivery

    dump = tmp_path / "tabel"
    dump.mkdir()
    for model in (Delivery, DeliveredFile, RowBlock, Problem, Act):
        text = repr(list(model._base_manager.values())).encode()
        (dump / model.__name__).write_bytes(text)

    assert queries.as_dict(delivery)["file"] == "**************01.csv"
    assert in_files(dump, "1571814101900001") == []
    assert in_files(dump, "1571810101900002") == []


def test_a_new_source_is_entered_once(ground):
    first = services.add_source(code="rtlh", name="Rumah tidak layak huni", by=ground)
    second = services.add_source(code="rtlh", name="lain", by=ground)

    assert (first[1], second[1]) == (True, False)
    assert first[0] == second[0]


@pytest.mark.parametrize("code", ["", "PKH", "a b", "x" * 41])
def test_an_odd_code_of_a_source_is_refused(ground, code):
    with pytest.raises(UnknownSource, match="tidak dapat dipakai"):
        services.add_source(code=code, name="x", by=ground)


def test_sources_rank_by_field(ground):
    dukcapil, kelurahan = (Source.objects.get(code=code) for code in ("dukcapil", "kelurahan"))

    assert dukcapil.rank("nama") < kelurahan.rank("nama")
    assert kelurahan.rank("alamat") < dukcapil.rank("alamat")


def nothing_remains():
    return not any(
        table._base_manager.exists() for table in (Delivery, DeliveredFile, RowBlock, Problem)
    )


class Interrupted(BaseException):
    """What no layer of ours knows, like Ctrl-C."""


def test_any_fault_on_the_way_leaves_nothing_half_done(ground, text_file, monkeypatch):
    monkeypatch.setattr("entas.jobs.services._SECONDS_BETWEEN_WRITES", 1_000)
    path = text_file(HEAD + GOOD * 1_500 + NO_NAME)

    def stop(done, total, note=""):
        raise Interrupted

    with pytest.raises(Interrupted):
        services.import_list(arrival=Arrival(path, "umum", AS_OF), by=ground, now=NOW, watch=stop)

    assert nothing_remains()
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("way", ["written", "replaced", "written with the old time"])
def test_a_file_that_changes_while_it_is_read_is_refused_and_nothing_is_kept(
    ground, text_file, way
):
    path = text_file(HEAD + GOOD * 1_500)
    other = text_file(HEAD + GOOD.replace("ANI", "BUD") * 1_500, name="lain.csv")
    before = path.stat()

    def change(done, total, note=""):
        if way == "replaced":
            other.replace(path)
        else:
            path.write_bytes(other.read_bytes())
        if way == "written with the old time":
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    with pytest.raises(BrokenFile, match="berubah"):
        services.import_list(
            arrival=Arrival(path, "umum", AS_OF), by=ground, now=NOW, watch=once(change)
        )

    assert nothing_remains()


def once(act):
    done = []

    def maybe(*words):
        if not done:
            done.append(act(*words))

    return maybe


def test_a_name_too_long_for_its_rejects_is_taken_in_without_them(take_in, text_file):
    path = text_file(HEAD + GOOD + NO_NAME, name="x" * 250 + ".csv")

    result = take_in(path)

    assert (result.rejects_file, result.delivery.accepted) == (None, 1)
    assert take_in(path).rejects_file is None


def test_rejects_over_the_delivered_file_itself_are_refused_before_anything_is_read(
    take_in, text_file
):
    path = text_file(HEAD + GOOD)

    with pytest.raises(CannotWrite, match=r"sedang dibaca.*--rejects"):
        take_in(path, rejects=path)

    assert nothing_remains()
    assert path.read_text() == HEAD + GOOD


def test_the_second_answer_names_the_same_file_of_rejected_rows(
    take_in, text_file, tmp_path, monkeypatch
):
    path = text_file(HEAD + NO_NAME, name="daftar-1571814101900001.csv")
    monkeypatch.chdir(tmp_path)
    first = take_in(path, rejects=type(path)("tolak-1571814101900001.csv"))
    other = tmp_path / "lain"
    other.mkdir()
    monkeypatch.chdir(other)

    second = take_in(path)

    assert first.rejects_file == str(tmp_path / "tolak-1571814101900001.csv")
    assert second.rejects_file == first.rejects_file


def test_folders_named_after_days_are_no_long_number(take_in, tmp_path):
    folder = tmp_path / "2026" / "06" / "01" / "20260601"
    folder.mkdir(parents=True)
    path = folder / "daftar.csv"
    path.write_text(HEAD + NO_NAME, encoding="utf-8")
    first = take_in(path)

    assert take_in(path).rejects_file == first.rejects_file == str(folder / "daftar.tolak.csv")
    assert first.delivery.run["rejects_file"] == first.rejects_file


def test_rejected_rows_with_every_separator_in_them_go_round(take_in, text_file):
    odd = '1571810101900002,,01-01-1990,LEGOK,"a;=HYPERLINK(1)\t+x|@y"\n'
    rejects = take_in(text_file(HEAD + odd)).rejects_file

    with open(rejects, encoding="utf-8-sig", newline="") as stream:  # noqa: PTH123
        written = stream.read()
    mended = text_file(written.replace(",,01", ",BUDI,01"), name="lagi.csv")
    ((_, row),) = queries.accepted_rows(take_in(mended).delivery)

    assert row.extras == {"CATATAN": "a;=HYPERLINK(1) +x|@y"}
