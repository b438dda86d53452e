"""The order of scores on the small labelled set: a floor that later changes must not fall below.

The set served development (see its README), so this guards; it does not measure.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from statistics import mean

import pytest

from interviewer.embedding import get_models
from interviewer.grading.batch import grade_rows
from interviewer.grading.offline_rows import OfflineGrader

ITEMS = Path(__file__).parents[1] / "evals" / "datasets" / "small_set" / "items.jsonl"
Scores = dict[str, dict[str, float]]


@pytest.fixture(scope="module")
def scores() -> Scores:
    rows = [json.loads(line) for line in ITEMS.read_text(encoding="utf-8").splitlines()]
    found: Scores = defaultdict(dict)
    for row, grade in zip(
        rows,
        grade_rows(rows, OfflineGrader(get_models(None))),
        strict=True,
    ):
        found[row["question_id"]][row["kind"]] = grade["score"]
    return found


def share(scores: Scores, better: list[str], worse: list[str]) -> float:
    return mean(s[b] > s[w] for s in scores.values() for b in better for w in worse)


GOOD = ["excellent", "excellent_short"]
EMPTY = ["parrot", "off_topic", "injection", "dont_know"]


@pytest.mark.parametrize(
    ("better", "worse", "least"),
    [
        (GOOD, EMPTY, 0.97),
        (GOOD, ["keyword_list"], 0.95),
        (GOOD, ["wrong_long"], 0.85),
        (GOOD, ["weak_long"], 0.8),
        (["partial"], ["keyword_list"], 0.8),
        (["paraphrase"], EMPTY, 0.95),
        (["weak_long"], ["off_topic"], 0.9),
    ],
)
def test_better_answers_score_higher(
    scores: Scores, better: list[str], worse: list[str], least: float
) -> None:
    assert share(scores, better, worse) >= least


@pytest.mark.parametrize("kind", [*EMPTY, "keyword_list"])
def test_what_says_nothing_stays_below_a_pass(scores: Scores, kind: str) -> None:
    assert max(s[kind] for s in scores.values()) <= 0.4


def test_a_short_excellent_answer_is_not_punished_for_its_length(scores: Scores) -> None:
    assert (
        mean(s["excellent_short"] for s in scores.values())
        >= mean(s["excellent"] for s in scores.values()) - 0.1
    )
