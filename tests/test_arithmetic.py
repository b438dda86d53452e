"""Verdicts -> numbers: golden values, and the promises that must hold for any verdicts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from interviewer.content import load_bank
from interviewer.grading.arithmetic import (
    criterion_scores,
    level,
    overall_percent,
    question_score,
    recommendation,
    worth,
)
from interviewer.schema import (
    MisconceptionSeen,
    PointVerdict,
    Prompting,
    Quote,
    Seniority,
    Tier,
    Verdict,
)

BANK = load_bank()
QUESTION = BANK.questions["l1_versus_l2"]
RUBRIC = BANK.rubrics["ml_fundamentals"]
QUOTE = Quote(turn_id=2, start=0, end=21, text="lasso gives you zeros")
IDS = [p.id for p in QUESTION.key_points]


def verdict(
    point_id: str, value: Verdict, prompting: Prompting = Prompting.UNPROMPTED
) -> PointVerdict:
    evidence = None if value is Verdict.NOT_MET else QUOTE
    return PointVerdict(
        key_point_id=point_id,
        verdict=value,
        evidence=evidence,
        reason="said so",
        prompting=prompting,
    )


def score(verdicts: list[PointVerdict]) -> float:
    return question_score(criterion_scores(QUESTION, RUBRIC, verdicts), RUBRIC)


def test_everything_met_is_one_and_nothing_said_is_zero() -> None:
    assert score([verdict(i, Verdict.MET) for i in IDS]) == 1.0
    assert score([verdict(i, Verdict.NOT_MET) for i in IDS]) == 0.0
    assert score([]) == 0.0


def test_help_lowers_the_worth_of_a_point() -> None:
    met = [verdict("penalty_terms", Verdict.MET, p) for p in Prompting]
    assert [worth(v, RUBRIC.credit) for v in met] == [1.0, 0.85, 0.5]


def test_how_sure_a_point_is_made_is_what_it_earns() -> None:
    sure = verdict(IDS[0], Verdict.MET).model_copy(update={"sureness": 0.8})
    probed = sure.model_copy(update={"prompting": Prompting.PROBED})
    assert worth(sure, RUBRIC.credit) == 0.8
    assert worth(probed, RUBRIC.credit) == 0.8 * 0.85


def test_what_is_missing_has_no_sureness() -> None:
    with pytest.raises(ValidationError, match="sureness"):
        PointVerdict(key_point_id="p", verdict=Verdict.NOT_MET, reason="no", sureness=0.1)


def test_criterion_scores_by_hand() -> None:
    verdicts = [
        verdict("penalty_terms", Verdict.MET),
        verdict("exact_zeros", Verdict.PARTLY),
        verdict("constant_pull", Verdict.CONTRADICTED),
        verdict("variance_for_bias", Verdict.MET),
    ]
    expected = {"concept": (1 + 0.5) / 2, "mechanism": (1 - 0.25) / 2, "practice": 0.0}
    assert criterion_scores(QUESTION, RUBRIC, verdicts) == expected


def test_a_misconception_costs_once_where_it_belongs() -> None:
    seen = MisconceptionSeen(misconception_id="l2_sparse", evidence=QUOTE, reason="said")
    verdicts = [verdict(i, Verdict.MET) for i in IDS]
    scores = criterion_scores(QUESTION, RUBRIC, verdicts, [seen, seen])
    assert scores == {"concept": 0.85, "mechanism": 1.0, "practice": 1.0}


def test_a_group_counts_once_by_its_best_member() -> None:
    points = tuple(p.model_copy(update={"any_of": "group"}) for p in QUESTION.key_points[:2])
    question = QUESTION.model_copy(update={"key_points": points})
    one_of_two = [verdict(points[1].id, Verdict.MET)]
    assert criterion_scores(question, RUBRIC, one_of_two) == {"concept": 1.0}


def test_nothing_graded_gives_no_number() -> None:
    assert overall_percent({c.id: None for c in RUBRIC.criteria}, RUBRIC) == (None, {})


def test_weights_are_renormalised_over_what_was_graded() -> None:
    overall, weights = overall_percent({"concept": 0.5, "mechanism": None, "practice": 1.0}, RUBRIC)
    assert weights == {"concept": 0.4 / 0.65, "practice": 0.25 / 0.65}
    assert overall is not None
    assert abs(overall - 100 * (0.5 * 0.4 + 0.25) / 0.65) < 1e-9


def test_a_core_criterion_at_level_one_caps_the_recommendation() -> None:
    assert recommendation(95, [3, 4], RUBRIC, Seniority.MID) == "Strong Hire"
    assert recommendation(95, [1, 4], RUBRIC, Seniority.MID) == "Lean No"
    assert recommendation(3, [1], RUBRIC, Seniority.MID) == "Strong No Hire"


def test_levels_rise_from_core_to_strong() -> None:
    points = QUESTION.key_points
    bar = RUBRIC.levels[Seniority.MID]
    core = ["penalty_terms", "exact_zeros", "constant_pull", "variance_for_bias"]

    def reached(*met: str) -> int:
        return level(points, {i: verdict(i, Verdict.MET) for i in met}, bar)

    assert reached(core[0]) == 1
    assert reached(*core[:2]) == 2
    assert reached(*core) == 3
    assert reached(*core, "scale_features") == 4
    assert reached(*IDS) == 5


def test_a_criterion_without_core_points_goes_by_its_strong_ones() -> None:
    points = [p for p in QUESTION.key_points if p.criterion == "practice"]
    one = {points[0].id: verdict(points[0].id, Verdict.MET)}
    assert level(points, {}, RUBRIC.levels[Seniority.MID]) == 1
    assert level(points, one, RUBRIC.levels[Seniority.MID]) == 2


def test_an_open_contradiction_holds_the_level_at_three() -> None:
    verdicts = {i: verdict(i, Verdict.MET) for i in IDS}
    verdicts["scale_features"] = verdict("scale_features", Verdict.CONTRADICTED)
    assert level(QUESTION.key_points, verdicts, RUBRIC.levels[Seniority.MID]) == 3


def test_a_criterion_may_need_fewer_points_than_it_lists() -> None:
    criteria = tuple(c.model_copy(update={"points_needed": 1}) for c in RUBRIC.criteria)
    one_is_enough = RUBRIC.model_copy(update={"criteria": criteria})
    one = [verdict("penalty_terms", Verdict.MET)]
    assert criterion_scores(QUESTION, RUBRIC, one)["concept"] == 0.5
    assert criterion_scores(QUESTION, one_is_enough, one)["concept"] == 1.0


def test_the_highest_level_is_not_reached_with_hints() -> None:
    bar = RUBRIC.levels[Seniority.MID]
    helped = {i: verdict(i, Verdict.MET, Prompting.HINTED) for i in IDS}
    assert level(QUESTION.key_points, helped, bar) == 4


def test_core_points_alone_do_not_reach_the_highest_level() -> None:
    core = [p for p in QUESTION.key_points if p.tier is Tier.CORE]
    met = {p.id: verdict(p.id, Verdict.MET) for p in core}
    assert level(core, met, RUBRIC.levels[Seniority.MID]) == 4


values = st.lists(st.sampled_from(list(Verdict)), min_size=len(IDS), max_size=len(IDS))
promptings = st.lists(st.sampled_from(list(Prompting)), min_size=len(IDS), max_size=len(IDS))
RISING = [Verdict.CONTRADICTED, Verdict.NOT_MET, Verdict.PARTLY, Verdict.MET]


@given(values, promptings, st.integers(0, len(IDS) - 1))
def test_covering_more_never_lowers_a_score(
    chosen: list[Verdict], helped: list[Prompting], which: int
) -> None:
    before = [verdict(i, v, p) for i, v, p in zip(IDS, chosen, helped, strict=True)]
    better = RISING[min(RISING.index(chosen[which]) + 1, 3)]
    after = [*before]
    after[which] = verdict(IDS[which], better, helped[which])
    assert 0.0 <= score(before) <= score(after) <= 1.0
