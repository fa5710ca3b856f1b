import copy

from bench import page
from bench.verdicts import lines

GRADE = {
    "findable": 100, "precision": 0.99, "recall": 0.98, "f1": 0.985, "wrong": 1,
    "review_share": 0.01, "errors_in_review": 0.8,
}  # fmt: skip
TUNED = {"precision": 0.98, "recall": 0.96, "f1": 0.97, "wrong": 2}
LIST = {
    "ours": {"grade": GRADE, "at_half": {"f1": 0.986}, "with_nik": 0.9},
    "splink": {"tuned": TUNED, "untuned": TUNED},
    "nik": {"grade": GRADE},
}
EMPTY = {
    "commit": "abc", "size": "city", "measured_at": "2026-11-24", "versions": {"entas": "0.1.0"},
    "machine": {"processor": "P", "cores_used": 2, "cores_present": 2, "memory_gb": 8,
                "system": "Linux", "python": "3.11"},
    "febrl": {}, "growth": {}, "seeds": {},
}  # fmt: skip


def with_lists(*figures):
    seeds = {str(100 + at): {"quality": {"pkh": one}} for at, one in enumerate(figures)}
    return {**EMPTY, "seeds": seeds}


def changed(**grade):
    figures = copy.deepcopy(LIST)
    figures["ours"]["grade"] |= grade
    return figures


def line(kept, subject):
    return next(one for one in lines(kept) if one.subject == subject)


def written(kept, tmp_path):
    page.write(kept, tmp_path / "benchmarks.md")
    return (tmp_path / "benchmarks.md").read_text(encoding="utf-8")


def test_what_was_not_measured_is_never_met():
    assert {one.is_met for one in lines(EMPTY)} == {None}


def test_one_bad_seed_misses_the_figure():
    kept = with_lists(LIST, changed(f1=0.96))

    assert line(kept, "pkh: F1 untuned").is_met is False


def test_an_equal_f1_is_not_above():
    assert line(with_lists(changed(f1=0.97)), "pkh: F1 untuned").is_met is False


def test_half_of_the_wrong_links_is_still_met_and_more_is_not():
    assert line(with_lists(LIST), "pkh: wrong automatic links").is_met is True
    assert line(with_lists(changed(wrong=2)), "pkh: wrong automatic links").is_met is False


def test_a_list_that_mostly_lacks_nik_may_ask_more_of_reviewers():
    bare = changed(review_share=0.05)
    bare["ours"]["with_nik"] = 0.4

    assert line(with_lists(bare), "pkh: rows for review").is_met is True
    assert line(with_lists(changed(review_share=0.05)), "pkh: rows for review").is_met is False


def test_missed_figures_stand_on_the_page_as_missed(tmp_path):
    text = written(with_lists(changed(f1=0.96)), tmp_path)

    assert "| pkh: F1 untuned | above Splink tuned | 0.9600 | 0.9700 | **missed** |" in text


def test_a_case_that_failed_is_named_and_hides_no_other(tmp_path):
    kept = with_lists(LIST)
    kept["seeds"]["100"]["sqlite"] = {"failed": "entas registry ended with 1"}

    text = written(kept, tmp_path)

    assert "seed 100, sqlite: `entas registry ended with 1`" in text
    assert "| pkh | 100 |" in text


def test_growth_is_linear_only_while_a_row_costs_about_the_same():
    def kept(seconds):
        sizes = (("kecamatan", 1_000, 1.0), ("city", 10_000, seconds))
        growth = {
            size: {"rows": rows, "doors": {"total": {"wall_s": wall}}} for size, rows, wall in sizes
        }
        return {**EMPTY, "growth": growth}

    subject = "milliseconds a row, files to linked registry"
    assert line(kept(13.0), subject).is_met is True
    assert line(kept(13.1), subject).is_met is False
