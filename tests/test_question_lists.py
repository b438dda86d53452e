"""Lists of questions as people keep them, CSV and Markdown, and the drafts made of them."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from interviewer.authoring.csv_list import read_csv
from interviewer.authoring.drafts import missing
from interviewer.authoring.importing import Import, draft_questions
from interviewer.authoring.listed import Listed
from interviewer.authoring.markdown_list import read_markdown
from interviewer.authoring.template import template
from interviewer.content import load_bank

BANK = load_bank()
RUBRIC = BANK.rubrics["ml_fundamentals"]


def drafted(*listed: Listed, topic: str | None = None, round_id: str = "ml_fundamentals") -> Import:
    return draft_questions(listed, BANK.rubrics[round_id], topic, BANK)


# CSV


def test_a_spreadsheets_csv_is_read_with_its_habits() -> None:
    text = (
        "sep=;\r\nNo.;Interview Question;Model Answer;Category;Level;;\r\n"
        '1;"What is ""dropout""?";"It drops units; at random.\r\nOnly in training.";Regularisation;Easy\r\n'
        ";;;;\r\n\r\n"
        "2;**Q2:** Explain β₁ in Adam;;Optimisers;;;\r\n"
    )
    first, second = read_csv(text)[0]
    assert first.question == 'What is "dropout"?'
    assert first.answer == "It drops units; at random.\nOnly in training."
    assert (first.topic, first.difficulty, first.line) == ("Regularisation", "Easy", 3)
    assert second == Listed(7, "Explain β₁ in Adam", topic="Optimisers")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_separator_will_do(separator: str) -> None:
    text = f"Topic{separator}Prompt{separator}Reference\ncnn{separator}Why pool?{separator}Less to compute."
    assert read_csv(text)[0] == [Listed(2, "Why pool?", "Less to compute.", "cnn")]


def test_a_csv_without_headers_is_read_if_it_begins_with_a_question() -> None:
    assert read_csv("Why pool?,Less to compute.")[0] == [Listed(1, "Why pool?", "Less to compute.")]
    with pytest.raises(ValueError, match=r"no column named question.*'Datum'"):
        read_csv("Datum,Wert\n1,2")


def test_a_row_that_cannot_be_read_is_named_not_guessed() -> None:
    found, notes = read_csv(
        "question,answer\nWhy pool?,Less to compute, and shifts matter less\n,Lost"
    )
    assert found == []
    assert notes == [
        "line 2: has 3 cells for 2 columns; put quotes around text that holds ','",
        "line 3: has no question",
    ]


@pytest.mark.parametrize(
    "row", ['"Why pool?,Less to compute.\nWhy stride?,Fewer cells.', '"Why" pool?,Less to compute.']
)
def test_a_quote_that_would_swallow_text_stops_with_its_line(row: str) -> None:
    with pytest.raises(ValueError, match=r"line 3: .*; close every quote"):
        read_csv(f"question,answer\nWhy relu?,It is cheap.\n{row}")


# Markdown

MARKDOWN_LINES = [
    "# Trees #NUMBER",
    "## Why #NUMBER ?",
    "### How to prune #NUMBER",
    "- milk #NUMBER",
    "- Why #NUMBER ?",
    "  - Why #NUMBER ?",
    "text #NUMBER",
    "Why #NUMBER ?",
]
NOTES = """
# My questions

Collected in spring.

## Clustering

### 1. What is k-means?

It assigns points to centres.

- Is scale-sensitive.

### Choosing k

Look at stability.

## Validation

- **Q: Why not split time series at random?**
  A: It sees the future.
- Explain nested cross-validation

## Leakage

```
# no heading
```
"""


def test_headings_and_list_items_ask_and_what_follows_answers() -> None:
    found, notes = read_markdown(NOTES)
    assert notes == ["line 4: is no question and answers none; left out: 'Collected in spring.'"]
    assert [(q.question, q.topic) for q in found] == [
        ("What is k-means?", "Clustering"),
        ("Choosing k", "Clustering"),
        ("Why not split time series at random?", "Validation"),
        ("Explain nested cross-validation", "Validation"),
        ("Leakage", "My questions"),
    ]
    assert [q.answer for q in found] == [
        "It assigns points to centres.\n\n- Is scale-sensitive.",
        "Look at stability.",
        "It sees the future.",
        "",
        "```\n# no heading\n```",
    ]
    assert found[0].line == 8


def markdown(*lines: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Return questions with their answers, and the notes."""
    found, notes = read_markdown("\n".join(lines))
    return [(q.question, q.answer) for q in found], notes


def test_prose_without_a_question_gives_none_and_says_so() -> None:
    found, notes = markdown("Some thoughts on learning.", "", "- milk", "- bread")
    assert found == []
    assert notes == [
        "line 1: is no question and answers none; left out: 'Some thoughts on learning.'",
        "line 3: is no question and answers none (to line 4); left out: '- milk'",
    ]


def test_items_that_ask_below_a_heading_that_asks_are_questions_of_their_own() -> None:
    found, notes = markdown(
        "## What is bagging?",
        "It averages models.",
        "- Does not scale.",
        "- **Why does it reduce variance?**",
        "  Errors cancel.",
        "### How is it done?",
        "By resampling.",
    )
    assert found == [
        ("What is bagging?", "It averages models.\n- Does not scale."),
        ("Why does it reduce variance?", "Errors cancel."),
        ("How is it done?", "By resampling."),
    ]
    assert notes == []


def test_a_heading_that_asks_is_kept_though_only_questions_follow() -> None:
    found, _ = markdown("## What do they ask on trees?", "1. What is Gini?", "2. Why prune?")
    assert [question for question, _ in found] == [
        "What do they ask on trees?",
        "What is Gini?",
        "Why prune?",
    ]


def test_nested_questions_below_items_that_name_topics_are_found() -> None:
    found, notes = markdown(
        "- Clustering", "  - What is k-means?", "  - Why scale?", "- Trees", "    - [ ] Why prune?"
    )
    assert found == [("What is k-means?", ""), ("Why scale?", ""), ("Why prune?", "")]
    assert [note[:41] for note in notes] == [
        "line 1: is no question and answers none; ",
        "line 4: is no question and answers none; ",
    ]


def test_what_reads_as_a_question_inside_an_answer_is_named() -> None:
    found, notes = markdown("- What is bagging?", "  - And why?", "", "<b>And how?</b>")
    assert len(found) == 1
    assert notes == [
        f"line {line}: reads as a question, kept in the answer to line 1; "
        "make it a list item or heading beside it if it is one"
        for line in (2, 4)
    ]


def test_headings_that_lead_to_no_question_are_named() -> None:
    found, notes = markdown("# Mine", "## Overfitting", "## Trees", "### Why prune?", "## Boosting")
    assert [question for question, _ in found] == ["Why prune?"]
    assert notes == [
        f"line {line}: the heading has neither text nor a question below it; left out"
        for line in (2, 5)
    ]


def test_code_that_never_ends_is_named_for_it_hides_questions() -> None:
    found, notes = markdown("# What is a loop?", "```", "~~~", "for", "# Why not?")
    assert [question for question, _ in found] == ["What is a loop?"]
    assert notes == ["line 2: code begins here and never ends; close it"]


@given(st.lists(st.sampled_from(MARKDOWN_LINES), max_size=12))
def test_no_line_is_lost(lines: list[str]) -> None:
    numbered = [line.replace("#NUMBER", f"n{n}") for n, line in enumerate(lines, 1)]
    found, notes = read_markdown("\n".join(numbered))
    kept = " ".join(f"{q.question} {q.answer} {q.topic}" for q in found).split()
    for number, line in enumerate(numbered, 1):
        outer_heading = line.startswith("#") and found
        assert f"n{number}" in kept or outer_heading or named(number, notes), line


def named(line: int, notes: list[str]) -> bool:
    """Tell whether a note is on a line, or on a run of lines that holds it."""
    spans = (re.findall(r"^line (\d+)|\(to line (\d+)\)", note) for note in notes)
    ends = [[int(one or other) for one, other in span] for span in spans]
    return any(span[0] <= line <= span[-1] for span in ends)


# Drafts


def test_an_answer_fills_reference_and_key_points_and_the_rest_is_named() -> None:
    row = Listed(
        2, "Why does pooling help?", "It shrinks maps. It tolerates shifts.", "CNN", "beginner"
    )
    found = drafted(row, topic="cnn")
    ((_, draft),) = found.drafts["cnn"]
    assert draft["id"] == "pooling_help"
    assert (draft["difficulty"], draft["reference"]) == ("easy", row.answer)
    claims = [point["claim"] for point in draft["key_points"]]
    assert claims[:2] == ["It shrinks maps.", "It tolerates shifts."]
    assert missing(draft) == (
        "recall; key_points (2 to write; criterion, right, wrong, probe of those written); "
        "misconceptions; hints"
    )


def test_without_an_answer_the_reference_and_all_points_are_missing() -> None:
    ((_, draft),) = drafted(Listed(2, "Why does pooling help?")).drafts[None]
    assert missing(draft) == (
        "difficulty; recall; reference; key_points (4 to write); misconceptions; hints"
    )


def test_a_question_asked_twice_is_kept_once_with_its_answer() -> None:
    known = BANK.questions["l1_versus_l2"].prompt
    found = drafted(
        Listed(2, "What is pooling?"),
        Listed(3, "what is  POOLING", "It shrinks maps."),
        Listed(4, known.upper()),
    )
    ((line, draft),) = found.drafts[None]
    assert (line, draft["reference"]) == (3, "It shrinks maps.")
    assert found.notes == [
        "line 2: asks the same as line 3; left out",
        "line 4: asks the same as l1_versus_l2 of the bank; left out",
    ]


@pytest.mark.parametrize(
    "name", ["Bias and variance", "bias_variance", "bias-variance", "Bias-Variance"]
)
def test_a_topic_is_known_by_id_name_or_phrase(name: str) -> None:
    assert list(drafted(Listed(2, "Why?", topic=name)).drafts) == ["bias_variance"]


def test_a_topic_or_difficulty_that_is_none_is_named_and_left_open() -> None:
    rows = [Listed(line, f"Why {line}?", topic="Cooking", difficulty="9 of 10") for line in (2, 3)]
    assert drafted(*rows).notes == [
        "line 2: '9 of 10' is none of easy, medium, hard; left open",
        "line 3: '9 of 10' is none of easy, medium, hard; left open",
        "line 2: 'Cooking' is no topic of ml_fundamentals; left open",
    ]
    assert not [note for note in drafted(*rows, topic="cnn").notes if "Cooking" in note]


def test_more_claims_than_a_question_holds_are_counted() -> None:
    answer = " ".join(
        f"Claim number {word} holds."
        for word in ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    )
    found = drafted(Listed(5, "What holds?", answer))
    assert len(found.drafts[None][0][1]["key_points"]) == 7
    assert found.notes == ["line 5: 9 claims in the answer; the first 7 are key points"]


def test_a_design_draft_keeps_the_six_stages_to_be_written() -> None:
    ((_, draft),) = drafted(
        Listed(1, "Design a spam filter", "Ask for the goal."), round_id="system_design"
    ).drafts[None]
    assert draft["key_points"][0]["claim"] == "Ask for the goal."
    assert draft["key_points"][0]["stage"].startswith("<one of requirements")
    assert len(draft["key_points"]) == 1 + 18


@pytest.mark.parametrize(
    "text", ['Say "yes": no? # not: a comment', "什么是过拟合?", "- a\n- b: {c}", "<eos>"]
)
def test_any_text_survives_the_way_through_yaml(text: str) -> None:
    ((_, draft),) = drafted(Listed(1, text, text)).drafts[None]
    content = yaml.safe_load(template(RUBRIC, "cnn", ["cnn"], [draft]))
    assert content["questions"][0]["prompt"] == text
    assert content["questions"][0]["reference"] == text
