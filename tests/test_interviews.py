"""A whole offline interview per round, as `interviewer practice --answers` runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from interviewer.cli.main import app
from interviewer.schema import Scorecard

ANSWERS = Path(__file__).parent / "answers"
QUESTIONS = {
    "ml_fundamentals": "l1_versus_l2",
    "system_design": "marketplace_recommender",
    "debugging": "auc_drop_after_retraining",
    "behavioral": "led_without_authority",
}


def practise(round_id: str, *options: str) -> dict[str, Any]:
    arguments = ["practice", round_id, "--question", QUESTIONS[round_id], "--json", *options]
    result = CliRunner().invoke(app, [*arguments, "--answers", str(ANSWERS / f"{round_id}.txt")])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)  # type: ignore[no-any-return]


@pytest.mark.parametrize("round_id", QUESTIONS)
def test_a_round_runs_to_its_scorecard(round_id: str) -> None:
    session = practise(round_id)
    turns = session["turns"]
    assert turns[0]["role"] == "interviewer"
    assert turns[-1]["move"] == "close"
    said = [t["text"] for t in turns if t["role"] == "interviewer"]
    assert len(set(said)) == len(said), "the interviewer repeated itself"
    card = Scorecard.model_validate(session["scorecard"])
    assert card.overall is not None
    assert card.overall > 0
    (result,) = card.questions
    assert result.grade.status == "graded"
    answers = {n + 1: t["text"] for n, t in enumerate(turns)}
    for verdict in result.grade.verdicts:
        if quote := verdict.evidence:
            assert answers[quote.turn_id][quote.start : quote.end] == quote.text
            assert turns[quote.turn_id - 1]["role"] == "candidate"


def test_a_debugging_candidate_is_told_what_they_ask_for() -> None:
    moves = [t.get("move") for t in practise("debugging")["turns"]]
    assert moves.count("reveal") >= 2
    assert "hint" in moves
    assert "wait" in moves


def test_a_diagnosis_is_followed_up_and_not_taken_for_a_request(tmp_path: Path) -> None:
    diagnosis = (
        "I think the ids of app customers no longer match since the new identity service. The left "
        "join finds nothing, the gaps become zeros, and no check fails since there are no nulls. "
        "What would I do? I would check the plans of the identity team, then write the ids alike "
        "on both sides, fill the table again since the fourth of May, retrain, and watch the match "
        "rate of every join from now on. The May model reads the same table and is hurt as well."
    )
    answers = tmp_path / "answers.txt"
    answers.write_text(diagnosis)
    arguments = ["practice", "debugging", "--question", QUESTIONS["debugging"], "--json"]
    result = CliRunner().invoke(app, [*arguments, "--answers", str(answers)])
    reply = json.loads(result.stdout)["turns"][2]
    assert reply["move"] in ("probe", "challenge", "advance")


def test_a_design_credits_points_wherever_they_fall_and_says_so() -> None:
    card = practise("system_design")["scorecard"]
    assert any("before that stage was opened" in o for o in card["observations"])


def test_the_same_answers_get_the_same_score_under_every_manner() -> None:
    scores = {
        practise("ml_fundamentals", "--manner", m)["scorecard"]["overall"]
        for m in ("friendly", "tough")
    }
    assert len(scores) == 1


def test_an_interrupted_terminal_session_is_listed_and_exported(tmp_path: Path) -> None:
    session_id = practise("ml_fundamentals")["session_id"]
    listed = json.loads(CliRunner().invoke(app, ["sessions", "list", "--json"]).stdout)
    assert [row["id"] for row in listed] == [session_id]
    target = tmp_path / "session.md"
    CliRunner().invoke(app, ["sessions", "export", session_id, "--output", str(target)])
    text = target.read_text()
    assert "# Scorecard: ML fundamentals" in text
    assert "**Candidate:**" in text


def test_a_stopped_terminal_session_is_resumed_by_its_id() -> None:
    start = ["practice", "ml_fundamentals", "--question", "l1_versus_l2"]
    stopped = CliRunner().invoke(app, start, input="L1 makes many of the weights exactly zero.\n\n")
    assert "Stopped. Go on with: interviewer practice ml_fundamentals --resume " in stopped.stdout
    session_id = stopped.stdout.split()[-1]
    again = CliRunner().invoke(
        app, ["practice", "ml_fundamentals", "--resume", session_id], input="finish\n\n"
    )
    assert "L1 makes many of the weights exactly zero." in again.stdout
    assert "# Scorecard" in again.stdout
