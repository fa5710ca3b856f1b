"""Splink on the FEBRL sets: the comparisons its own manual recommends for such records."""

# ruff: noqa: S608 - the only thing put into a statement is a table name Splink made up

from typing import Any

import duckdb
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

COMPARISONS = [
    cl.NameComparison("given_name"),
    cl.NameComparison("surname"),
    cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
    cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
    cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
    cl.JaroWinklerAtThresholds("address_1", [0.9, 0.8]),
    cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
    cl.JaroWinklerAtThresholds("suburb", [0.9, 0.8]),
]
# Eight rules, as in the project's earlier measurement.
BLOCKS = [
    block_on("soc_sec_id"), block_on("date_of_birth"), block_on("given_name", "surname"),
    block_on("surname", "postcode"), block_on("given_name", "postcode"),
    block_on("address_1", "street_number"), block_on("suburb", "given_name"),
    block_on("suburb", "surname"),
]  # fmt: skip


def pairs(frames: list[Any]) -> tuple[Any, Any, Any]:
    """Rows of the first frame, rows of the last, and the weight of each pair in bits.

    For two frames every row of the second keeps its best partner only.
    """
    con = duckdb.connect()
    con.execute("set threads=2")
    api = DuckDBAPI(con)
    tables = [
        api.register(_numbered(frame), dataset_display_name=f"{'ab'[at]}_set")
        for at, frame in enumerate(frames)
    ]
    linker = Linker(tables, _settings(len(frames)), log_level=40)
    _train(linker)
    found = linker.inference.predict(threshold_match_probability=0.001)
    columns = "unique_id_l l, unique_id_r r, match_weight w"
    if len(frames) > 1:
        columns = "arg_max(unique_id_l, match_weight) l, unique_id_r r, max(match_weight) w"
    grouped = " group by unique_id_r" if len(frames) > 1 else ""
    rows = con.execute(f"select {columns} from {found.physical_name}{grouped}").fetchnumpy()
    return rows["l"], rows["r"], rows["w"]


def _numbered(frame: Any) -> Any:
    """Rows by position; an empty text is a missing value."""
    out = frame.replace("", None).reset_index(drop=True)
    out["unique_id"] = range(len(out))
    return out


def _settings(sets: int) -> SettingsCreator:
    return SettingsCreator(
        link_type="link_only" if sets > 1 else "dedupe_only",
        comparisons=COMPARISONS,
        blocking_rules_to_generate_predictions=BLOCKS,
    )


def _train(linker: Linker) -> None:
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")], recall=0.9
    )
    training.estimate_u_using_random_sampling(max_pairs=3e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("date_of_birth"))
    training.estimate_parameters_using_expectation_maximisation(block_on("postcode"))
