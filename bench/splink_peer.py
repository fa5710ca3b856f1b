"""Splink as the peer: the project's settings for it, and its own best threshold.

The comparisons and blocking rules are those of the linkage prototype ("Splink B"), kept word
for word; they may be made stronger, never weaker. Splink is "tuned": the threshold is chosen
with the truth, which no office has.
"""

# ruff: noqa: S608 - statements are built from constants of this file

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

TITLES = r"\b(H|HJ|IR|DR|DRS|DRA|SE|SH|SPD|S PD|AMD|A MD|ALM|ALMH|BPK|IBU|SDR|BIN|BINTI)\b"
MUHAMMADS = "M|MUH|MOH|MOHAMMAD|MUHAMAD|MOHAMAD|MOHD|MUCHAMAD|MUHAMMAD|MHD|MUHD"
SOUNDS = (
    ("DJ", "J"), ("TJ", "C"), ("SJ", "S"), ("SY", "S"), ("KH", "H"), ("DH", "D"), ("TH", "T"),
    ("IYA", "IA"),
)  # fmt: skip
DOUBLED = "ALNSTMRDKIUPBGFJ"


def _phonetic(column: str) -> str:
    sql = column
    for old, new in SOUNDS:
        sql = f"replace({sql},'{old}','{new}')"
    sql = f"translate({sql},'VZQYEOH','FJKIIU')"
    for letter in DOUBLED:
        sql = f"replace({sql},'{letter * 2}','{letter}')"
    return sql


def prepared(source: str) -> str:
    """SQL that turns facts (see ``bench.facts``) into the columns Splink compares."""
    return f"""
 with a as (select *,
   trim(regexp_replace(regexp_replace(regexp_replace(upper(name),'[.,''`()-]',' ','g'),
     '{TITLES}',' ','g'),'\\s+',' ','g')) n0,
   trim(regexp_replace(regexp_replace(upper(mother),'[^A-Z ]',' ','g'),'\\s+',' ','g')) mom
   from {source}),
 b as (select *, regexp_replace(regexp_replace(n0,'^({MUHAMMADS}) ','MUHAMMAD '),
   'OE','U','g') nm from a),
 c as (select *, {_phonetic("nm")} ph from b)
 select id as unique_id, nullif(nik,'') nik, nullif(kk,'') kk, nullif(nm,'') as name,
  replace(ph,' ','') phj,
  list_aggregate(list_sort(string_split(ph,' ')),'string_agg',' ') phs,
  nullif(string_split(ph,' ')[1],'') ph1, nullif(string_split(ph,' ')[-1],'') phl,
  dob, substr(dob,1,4) yob,
  substr(dob,1,4)||least(substr(dob,6,2),substr(dob,9,2))
    ||greatest(substr(dob,6,2),substr(dob,9,2)) dobk,
  coalesce(sex, case when nik is null then null when substr(nik,7,1)>='4' then 'P' else 'L' end)
    sex,
  nullif(mom,'') mother, nullif(string_split(mom,' ')[1],'') mom1, kel, rt, kel*1000+rt kelrt,
  regexp_replace(coalesce(street,''),' NO [0-9]+$','') str,
  regexp_extract(street,'NO ([0-9]+)$',1) hno, substr(nik,7,10) nikt from c"""


def _level(sql: str, label: str) -> dict[str, Any]:
    return {"sql_condition": sql, "label_for_charts": label}


NAME = cl.CustomComparison(
    output_column_name="name",
    comparison_levels=[
        cll.NullLevel("name"),
        cll.ExactMatchLevel("name", term_frequency_adjustments=True),
        _level("phs_l=phs_r or phj_l=phj_r", "phonetic or sorted-token equal"),
        _level("jaro_winkler_similarity(phj_l,phj_r)>=0.94", "JW>=.94"),
        _level(
            "contains(' '||phs_l||' ',' '||phs_r||' ') or contains(' '||phs_r||' ',' '||phs_l||' ')"
            " or contains(phj_l,phj_r) or contains(phj_r,phj_l)",
            "token subset",
        ),
        _level("jaro_winkler_similarity(phj_l,phj_r)>=0.86", "JW>=.86"),
        _level("ph1_l=ph1_r or phl_l=phl_r", "one token"),
        cll.ElseLevel(),
    ],
)
DOB = cl.CustomComparison(
    output_column_name="dob",
    comparison_levels=[
        cll.NullLevel("dob"),
        cll.ExactMatchLevel("dob"),
        _level("dobk_l=dobk_r", "day/month swapped"),
        _level("hamming(dob_l,dob_r)<=1", "one edit"),
        _level("yob_l=yob_r", "same year"),
        cll.ElseLevel(),
    ],
)
NIK = cl.CustomComparison(
    output_column_name="nik",
    comparison_levels=[
        cll.NullLevel("nik"),
        cll.ExactMatchLevel("nik"),
        _level(
            "length(nik_l)=16 and length(nik_r)=16 and hamming(nik_l,nik_r)<=2"
            " and substr(nik_l,7,6)<>substr(nik_r,7,6)",
            "one edit",
        ),
        _level("nikt_l=nikt_r", "two edits"),
        cll.ElseLevel(),
    ],
)
MOTHER = cl.CustomComparison(
    output_column_name="mother",
    comparison_levels=[
        cll.NullLevel("mother"),
        cll.ExactMatchLevel("mother", term_frequency_adjustments=True),
        _level("jaro_winkler_similarity(mother_l,mother_r)>=0.9", "JW.9"),
        _level("mom1_l=mom1_r", "first token"),
        cll.ElseLevel(),
    ],
)
HOUSEHOLD = cl.CustomComparison(
    output_column_name="hh",
    comparison_levels=[
        _level(
            "kk_l=kk_r or (kelrt_l=kelrt_r and str_l=str_r and hno_l=hno_r and str_l<>'')",
            "same household",
        ),
        _level("kelrt_l=kelrt_r", "kel+rt"),
        _level("kel_l=kel_r", "kel"),
        cll.ElseLevel(),
    ],
)
SEX = cl.ExactMatch("sex")
BLOCKS = [
    block_on("nik"), block_on("kk", "ph1"), block_on("dobk"), block_on("ph1", "yob"),
    block_on("phl", "yob"), block_on("kelrt", "ph1"), block_on("kelrt", "phl"),
    block_on("mother", "ph1"), block_on("phs", "kel"), block_on("kk", "yob"),
]  # fmt: skip
# Candidates below this weight are never the better answer; the prototype kept p >= .001 too.
LOWEST_PROBABILITY = 0.001


def _settings(kind: str) -> SettingsCreator:
    return SettingsCreator(
        link_type=kind,
        comparisons=[NAME, DOB, NIK, HOUSEHOLD, MOTHER, SEX],
        blocking_rules_to_generate_predictions=BLOCKS,
        additional_columns_to_retain=[],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def _train(linker: Linker) -> None:
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("nik"), block_on("dob", "phs")], recall=0.9
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("dob", "ph1"))
    training.estimate_parameters_using_expectation_maximisation(block_on("nik"))


def _connect(threads: int) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(f"set threads={threads}")
    con.execute("set preserve_insertion_order=false")
    return con


@dataclass(frozen=True)
class Found:
    """Rows on the left and on the right, the weight in bits, and seconds by part.

    ``seconds["stored"]`` leaves out preparing the register: what Splink would need if its columns
    had been kept from the last time.
    """

    left: Any
    right: Any
    weight: Any
    seconds: dict[str, float]


def link(list_facts: Path, register_facts: Path, *, threads: int = 2) -> Found:
    """The best register row (right) for every list row (left) that has a candidate."""
    con, marks = _connect(threads), [time.perf_counter()]
    con.execute("create table reg as " + prepared(f"'{register_facts}'"))
    marks.append(time.perf_counter())
    con.execute("create table lst as " + prepared(f"'{list_facts}'"))
    api = DuckDBAPI(con)
    tables = [
        api.register("lst", dataset_display_name="a_lst"),
        api.register("reg", dataset_display_name="b_reg"),
    ]
    linker = Linker(tables, _settings("link_only"), log_level=40)
    _train(linker)
    marks.append(time.perf_counter())
    found = linker.inference.predict(threshold_match_probability=LOWEST_PROBABILITY)
    best = con.execute(
        "select unique_id_l l, arg_max(unique_id_r, match_weight) r, max(match_weight) w"
        f" from {found.physical_name} group by 1 order by 1"
    ).fetchnumpy()
    return _found(best, [*marks, time.perf_counter()])


def duplicates(register_facts: Path, *, threads: int = 2) -> Found:
    """Pairs of register rows that may be one person."""
    con, marks = _connect(threads), [time.perf_counter()]
    con.execute("create table reg as " + prepared(f"'{register_facts}'"))
    marks.append(time.perf_counter())
    table = DuckDBAPI(con).register("reg", dataset_display_name="reg")
    linker = Linker(table, _settings("dedupe_only"), log_level=40)
    _train(linker)
    marks.append(time.perf_counter())
    found = linker.inference.predict(threshold_match_probability=LOWEST_PROBABILITY)
    pairs = con.execute(
        f"select unique_id_l l, unique_id_r r, match_weight w from {found.physical_name}"
    ).fetchnumpy()
    return _found(pairs, [*marks, time.perf_counter()])


def _found(columns: dict[str, Any], marks: list[float]) -> Found:
    began, stored, trained, ended = marks
    seconds = {
        "register": stored - began,
        "train": trained - stored,
        "predict": ended - trained,
        "total": ended - began,
        "stored": ended - stored,
    }
    rounded = {name: round(value, 3) for name, value in seconds.items()}
    return Found(columns["l"], columns["r"], columns["w"], rounded)
