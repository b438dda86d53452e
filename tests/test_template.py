"""The template of a question: it follows schema and rubric, and filled in it is a question."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from interviewer.authoring.guidance import GUIDANCE, OF_THE_FILE
from interviewer.authoring.template import blank_question, template
from interviewer.bank_check import check_bank
from interviewer.consistency import placeholders
from interviewer.content import content_root, load_bank
from interviewer.schema import Question, bank
from interviewer.schema.base import Noun

BANK = load_bank()
# A question of each round whose contents are poured into the template of its round.
POURED = {
    "ml_fundamentals": "l1_versus_l2",
    "system_design": "visual_search",
    "debugging": "fraud_model_misses_more",
    "behavioral": "proudest_impact",
}


def write(root: Path, round_id: str, topic: str, text: str) -> Path:
    """Make a root with the rubrics, the topics and this one file of questions."""
    shutil.copytree(content_root() / "rubrics", root / "rubrics")
    folder = root / "question_bank" / round_id
    folder.mkdir(parents=True)
    for name in ("topics.yaml", "closing.yaml"):
        shutil.copy(content_root() / "question_bank" / name, root / "question_bank")
    (folder / f"{topic}.yaml").write_text(text, encoding="utf-8")
    return root


def poured(blank: Any, real: Any) -> Any:
    """Put real values where the blank has placeholders; list members go by position."""
    if isinstance(blank, dict):
        return {key: poured(value, real[key]) for key, value in blank.items()}
    if isinstance(blank, list):
        return [poured(value, real[number]) for number, value in enumerate(blank)]
    return real


def in_template_order(question: Question) -> dict[str, Any]:
    """Return a question with what the template asks for first: shown and needed facts, a stage's points."""
    raw = question.model_dump(mode="json")
    needed = {r.ruled_out_by for r in question.diagnosis.rivals} if question.diagnosis else set()
    raw["facts"].sort(key=lambda f: (f["table"] is None, f["id"] not in needed))
    if question.stages:
        raw["key_points"] = [
            point
            for brief in question.stages
            for point in [p for p in raw["key_points"] if p["stage"] == brief.id][:3]
        ]
    return raw


def parsed(round_id: str, topic: str) -> dict[str, Any]:
    rubric = BANK.rubrics[round_id]
    text = template(rubric, topic, [topic], [blank_question(rubric)])
    return yaml.safe_load(text)  # type: ignore[no-any-return]


@pytest.mark.parametrize("round_id", BANK.rubrics)
def test_a_template_filled_in_is_accepted_and_unfilled_is_refused(
    round_id: str, tmp_path: Path
) -> None:
    real = BANK.questions[POURED[round_id]]
    content = parsed(round_id, real.topic)
    filled = poured(content["questions"][0], in_template_order(real))
    if real.diagnosis:  # its facts may be fewer than the scenario's
        known = [fact["id"] for fact in filled["facts"]]
        for number, rival in enumerate(filled["diagnosis"]["rivals"]):
            rival["ruled_out_by"] = known[number]
    content["questions"] = [filled]
    root = write(tmp_path, round_id, real.topic, yaml.safe_dump(content))
    assert check_bank(root) == []
    filled["recall"][1] = "<the question asked in a third way>"
    (root / "question_bank" / round_id / f"{real.topic}.yaml").write_text(yaml.safe_dump(content))
    (problem,) = check_bank(root)
    assert "recall[1]: still holds the template's placeholder" in str(problem)


@pytest.mark.parametrize("round_id", BANK.rubrics)
def test_all_that_is_to_be_written_is_a_placeholder(round_id: str) -> None:
    question = parsed(round_id, "some_topic")["questions"][0]
    stages = {stage.id for stage in BANK.rubrics[round_id].stages}
    fixed = set(texts(question)) - stages
    assert len(list(placeholders(question))) == sum(1 for t in texts(question) if t in fixed)
    assert all(text.startswith("<") for text in fixed)


def texts(raw: Any) -> list[str]:
    if isinstance(raw, str):
        return [raw]
    return [t for item in (raw.values() if isinstance(raw, dict) else raw) for t in texts(item)]


def test_a_design_template_has_the_stages_of_the_rubric_each_with_three_points() -> None:
    question = parsed("system_design", "design_ads")["questions"][0]
    stages = [stage.id for stage in BANK.rubrics["system_design"].stages]
    assert [brief["id"] for brief in question["stages"]] == stages
    assert [point["stage"] for point in question["key_points"]] == [
        s for s in stages for _ in "123"
    ]


def test_choices_come_from_the_rubric_and_optional_keys_are_comments() -> None:
    rubric = BANK.rubrics["behavioral"]
    text = template(rubric, None, ["impact", "failure"], [blank_question(rubric)])
    assert "topic: <one of impact, failure>" in text
    assert "criterion: <one of structure, ownership, impact, reflection, judgement>" in text
    assert "# signal: one of situation, task" in text
    assert "# any_of:" in text
    assert "stage" not in text


def test_each_field_of_the_bank_is_explained_and_no_other() -> None:
    nouns: list[type[Noun]] = [
        Question,
        bank.KeyPoint,
        bank.Misconception,
        bank.Fact,
        bank.Table,
        bank.Twist,
    ]
    nouns += [bank.StageBrief, bank.Diagnosis, bank.Rival]
    fields = {f"{noun.__name__}.{name}" for noun in nouns for name in noun.model_fields}
    assert set(GUIDANCE) | OF_THE_FILE == fields
