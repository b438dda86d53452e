"""Coverage of the bank: what is counted, what is a gap, and that the README tells the same."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from interviewer.cli.main import app
from interviewer.content import Bank, load_bank
from interviewer.coverage import (
    LEAST,
    RoundCoverage,
    TopicCoverage,
    bank_coverage,
    gap_count,
    remark,
    with_counts,
)
from interviewer.schema import Difficulty, Table
from interviewer.tables import table_aligned
from interviewer.ui.coverage_html import coverage_html, coverage_title

README = Path(__file__).parent.parent / "README.md"
SYLLABUS_ROUNDS = ["ml_fundamentals", "system_design", "debugging", "behavioral", "coding"]
MEND = "run `interviewer bank coverage --readme README.md` and commit README.md"
BANK = load_bank()
RUN = CliRunner()


def only(*question_ids: str) -> Bank:
    """Return the bank with nothing but these questions."""
    return BANK._replace(questions={i: BANK.questions[i] for i in question_ids})


def of(coverage: list[RoundCoverage], topic_id: str) -> TopicCoverage:
    return next(t for row in coverage for t in row.topics if t.topic.id == topic_id)


def test_every_question_is_counted_once_and_rounds_keep_the_order_of_the_topics() -> None:
    coverage = bank_coverage(BANK)
    assert [row.round for row in coverage] == SYLLABUS_ROUNDS
    assert sum(row.total for row in coverage) == len(BANK.questions)


def test_a_topic_with_too_few_questions_is_a_gap() -> None:
    topic = of(bank_coverage(only("l1_versus_l2")), "regularisation")
    assert (topic.total, topic.least, topic.missing) == (1, LEAST["ml_fundamentals"].per_topic, 2)
    assert remark(topic) == "gap: 2 more needed; none medium or hard"


def test_a_missing_difficulty_is_a_remark_and_no_gap() -> None:
    topic = of(bank_coverage(BANK), "regularisation")._replace(
        counts={Difficulty.EASY: 2, Difficulty.MEDIUM: 1, Difficulty.HARD: 0}
    )
    assert (topic.missing, remark(topic)) == (0, "none hard")


def test_a_topic_without_any_question_is_only_a_gap() -> None:
    topic = of(bank_coverage(BANK._replace(questions={})), "debug_labels")
    assert remark(topic) == "gap: 4 more needed"


def test_rounds_without_a_rubric_are_for_later_and_have_no_gaps() -> None:
    coding = bank_coverage(BANK)[-1]
    assert coding.later
    assert [remark(t) for t in coding.topics] == ["later", "later"]
    assert gap_count([coding]) == 0


def test_gaps_are_topics_and_rounds_that_hold_too_few() -> None:
    nothing = bank_coverage(BANK._replace(questions={}))
    needy = [row for row in nothing if not row.later]
    assert gap_count(nothing) == len(needy) + sum(len(row.topics) for row in needy)


def test_the_command_prints_a_line_for_every_topic_in_columns() -> None:
    lines = RUN.invoke(app, ["bank", "coverage"]).stdout.splitlines()
    rows = [line for line in lines for t in BANK.topics.values() if line.startswith(t.name + "  ")]
    assert len(rows) == len(BANK.topics)
    heads = [line for line in lines if line.startswith("topic")]
    assert len(heads) == len(SYLLABUS_ROUNDS)


def test_the_command_as_json_agrees_with_the_bank() -> None:
    told = json.loads(RUN.invoke(app, ["bank", "coverage", "--json"]).stdout)
    assert told["gaps"] == gap_count(bank_coverage(BANK))
    assert sum(row["questions"] for row in told["rounds"]) == len(BANK.questions)
    (dsa, _) = told["rounds"][-1]["topics"]
    assert (dsa["topic"], dsa["missing"], dsa["absent"]) == ("dsa", 0, [])


def test_a_table_for_the_terminal_puts_numbers_to_the_right() -> None:
    table = Table(columns=("topic", "all"), rows=(("Trees", 7), ("SVMs and kernels", 12)))
    assert table_aligned(table).splitlines() == [
        "topic             all",
        "Trees               7",
        "SVMs and kernels   12",
    ]


def test_the_heat_map_tells_gaps_in_words_and_shades_cells_by_their_count() -> None:
    coverage = bank_coverage(only("l1_versus_l2", "batch_norm_paper"))
    shown = coverage_html(coverage)
    assert "▲ gap: 2 more needed; none medium or hard" in shown
    assert '<td style="--share:1.00">1</td><td class="absent" style="--share:0.00">0</td>' in shown
    assert "later: this round cannot be practised yet" in shown
    assert coverage_title(coverage) == f"Coverage: 2 questions, {gap_count(coverage)} gaps"


def test_names_in_the_heat_map_are_text_and_nothing_live() -> None:
    topic = BANK.topics["boosting"].model_copy(update={"name": "<b>Boosting</b>"})
    shown = coverage_html(bank_coverage(BANK._replace(topics={**BANK.topics, topic.id: topic})))
    assert "&lt;b&gt;Boosting&lt;/b&gt;" in shown
    assert "<b>Boosting" not in shown


def test_the_readme_tells_the_counts_of_the_bank() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == with_counts(text, BANK), f"README.md and the bank disagree: {MEND}"


def test_the_command_mends_a_readme_and_leaves_the_rest_alone(tmp_path: Path) -> None:
    old = README.read_text(encoding="utf-8")
    copy = tmp_path / "README.md"
    copy.write_text(with_counts(old, only("l1_versus_l2")), encoding="utf-8")
    assert copy.read_text(encoding="utf-8") != old
    assert RUN.invoke(app, ["bank", "coverage", "--readme", str(copy)]).exit_code == 0
    assert copy.read_text(encoding="utf-8") == with_counts(old, BANK)


def test_a_readme_without_marks_is_left_alone_and_said(tmp_path: Path) -> None:
    plain = tmp_path / "README.md"
    plain.write_text("# Mine\n")
    result = RUN.invoke(app, ["bank", "coverage", "--readme", str(plain)])
    assert result.exit_code == 1
    assert f"{plain}: counts: the lines <!-- Counts of the bank" in result.stderr
    assert "add them where counts belong" in result.stderr
    assert plain.read_text() == "# Mine\n"
