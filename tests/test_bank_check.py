"""The content lint: leaks by words and by meaning, repetitions, form; measured on texts made to leak."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from interviewer.bank_check import check_bank, faults, leaks
from interviewer.bank_check.form import form_faults, longest_run, reading_grade
from interviewer.bank_check.leaks import shown_texts
from interviewer.bank_check.repetitions import repeatable_texts, repeated_points, repeated_questions
from interviewer.bank_check.vectors import Vectors
from interviewer.content import Bank, content_root, load_bank
from interviewer.embedding import Embedder
from interviewer.schema import KeyPoint, Misconception, Question
from interviewer.text import words

LEAKS = Path(__file__).parent / "leaks.yaml"


class Leak(NamedTuple):
    """A text written to give a point away; `degree` says how openly."""

    question: str
    point: str
    kind: str
    degree: str
    text: str


@cache
def authored() -> tuple[Leak, ...]:
    rows = yaml.safe_load(LEAKS.read_text(encoding="utf-8"))["leaks"]
    return tuple(Leak(*row) for row in rows)


@cache
def embedder() -> Embedder:
    return Embedder()


@cache
def bank() -> Bank:
    return load_bank()


def vectors_of_all(questions: Iterable[Question]) -> Vectors:
    texts = [t for q in questions for t in (*shown_texts(q), *repeatable_texts(q))]
    distinct = list(dict.fromkeys(texts))
    return dict(zip(distinct, embedder().vectors(distinct), strict=True))


def with_leak(leak: Leak) -> Question:
    """Return the question with nothing to show but the text, in its place."""
    question = bank().questions[leak.question]
    point = next(p for p in question.key_points if p.id == leak.point)
    bare: dict[str, object] = {"hints": (), "recall": (), "misconceptions": (), "facts": ()}
    silent = [p.model_copy(update={"probe": "And what else?"}) for p in question.key_points]
    briefs = [b.model_copy(update={"hints": ("", "")}) for b in question.stages]
    bare |= {"key_points": tuple(silent), "stages": tuple(briefs)}
    return question.model_copy(update=bare | placed(leak, point, question, silent))


def placed(
    leak: Leak, point: KeyPoint, question: Question, points: list[KeyPoint]
) -> dict[str, object]:
    if leak.kind == "probe":
        told = point.model_copy(update={"probe": leak.text})
        return {"key_points": tuple(told if p.id == point.id else p for p in points)}
    if leak.kind in ("hint", "opening"):
        part = {"opening": leak.text} if leak.kind == "opening" else {"hints": (leak.text, "")}
        briefs = [b.model_copy(update=part if b.id == point.stage else {}) for b in question.stages]
        return {"stages": tuple(briefs), "hints": part.get("hints", ())}
    if leak.kind == "challenge":
        false = Misconception(
            id="false", claim="It is so.", wordings=("a", "b"), correction="It is not.",
            challenge=leak.text, key_point=point.id,
        )  # fmt: skip
        return {"misconceptions": (false,)}
    if leak.kind == "fact":
        return {
            "facts": (question.facts[0].model_copy(update={"text": leak.text, "credits": None}),)
        }
    return {"recall": (leak.text,)}


@cache
def found(by_meaning: bool) -> frozenset[Leak]:
    """Return the authored leaks that the check finds."""
    made = {leak: with_leak(leak) for leak in authored()}
    texts = vectors_of_all(made.values())
    return frozenset(
        leak
        for leak, q in made.items()
        if any(leak.point in key for key, _ in leaks(q, texts if by_meaning else None))
    )


def share(*kinds_or_degrees: str, by_meaning: bool = True) -> float:
    """Return the share of such leaks that is found; stories are not searched by meaning."""
    rows = {
        leak
        for leak in authored()
        if {leak.kind, leak.degree} & set(kinds_or_degrees)
        and bank().questions[leak.question].round != "behavioral"
    }
    return len(found(by_meaning) & rows) / len(rows)


def test_the_labelled_leaks_cover_the_bank() -> None:
    questions = {bank().questions[leak.question].id for leak in authored()}
    assert len(authored()) >= 120
    assert len(questions) >= 50
    assert {bank().questions[q].round for q in questions} == set(bank().rubrics)


@pytest.mark.parametrize(
    ("kind", "least"), [("probe", 0.7), ("fact", 0.75), ("recall", 0.35), ("hint", 0.4)]
)
def test_most_texts_written_to_leak_are_found(kind: str, least: float) -> None:
    assert share(kind) >= least


def test_open_leaks_are_found_and_those_in_other_words_left_to_readers() -> None:
    assert share("stated", "presupposed") >= 0.85
    assert 0.2 <= share("reworded", "partial") <= 0.4  # `leaks` and the design page say a third


def test_meaning_finds_leaks_that_the_words_alone_do_not() -> None:
    assert share("probe") >= share("probe", by_meaning=False) + 0.2


def test_a_claim_in_other_words_may_be_found_by_meaning_only() -> None:
    leak = next(k for k in authored() if k.point == "worst_case_sum")
    q = with_leak(leak)
    assert not list(leaks(q))
    ((key, problem),) = leaks(q, vectors_of_all([q]))
    assert key == "dynamic_batching_server.key_points[worst_case_sum]"
    assert "its probe gives the claim away" in problem


def test_a_fact_may_state_what_asking_for_it_credits() -> None:
    leak = next(k for k in authored() if k.kind == "fact" and k.point == "split_by_hour")
    q = with_leak(leak)
    texts = vectors_of_all([q])
    assert list(leaks(q, texts))
    credited = q.facts[0].model_copy(update={"credits": leak.point})
    assert not list(leaks(q.model_copy(update={"facts": (credited,)}), texts))


def test_an_opening_is_not_excused_by_its_own_words() -> None:
    leak = next(k for k in authored() if k.kind == "opening" and k.point == "last_order_when_late")
    assert leak in found(by_meaning=True)


def one(question_id: str = "l1_versus_l2", **changes: object) -> Question:
    return bank().questions[question_id].model_copy(update=changes)


def test_a_question_copied_with_some_words_changed_is_found() -> None:
    q = one()
    copy = one(
        id="penalties",
        prompt="How do L1 and L2 regularisation differ, and which of them gives sparse models, and why?",
        recall=(),
    )
    texts = vectors_of_all([q, copy])
    assert list(repeated_questions([q, copy], texts)) == [
        ("penalties", "asks nearly what l1_versus_l2 asks; change or remove one")
    ]


def test_the_same_key_points_under_another_prompt_are_found() -> None:
    q = one()
    copy = one(id="other", prompt="Tell me about shrinkage.", recall=())
    texts = vectors_of_all([q, copy])
    ((key, problem),) = repeated_questions([q, copy], texts)
    assert (key, problem) == ("other", "wants the key points of l1_versus_l2; change or remove one")


def test_neighbours_of_a_topic_are_no_repetitions() -> None:
    questions = [q for q in bank().questions.values() if q.topic == "regularisation"]
    texts = vectors_of_all(questions)
    assert len(questions) >= 3
    assert not list(repeated_questions(questions, texts))


def test_a_key_point_said_twice_is_found() -> None:
    q = one()
    again = q.key_points[1].model_copy(
        update={
            "id": "zeros",
            "claim": "L1 drives some weights to exactly zero, L2 only makes them small.",
        }
    )
    q = one(key_points=(*q.key_points, again))
    ((key, problem),) = repeated_points(q, vectors_of_all([q]))
    assert key == "l1_versus_l2.key_points[zeros]"
    assert "says nearly what exact_zeros says" in problem


@pytest.mark.parametrize(
    ("claim", "problem"),
    [
        ("L1 is sparse.", "has 3 words; needs 6 to 30"),
        (
            "L1 gives zeros; L2 makes every weight small instead.",
            "one sentence without a semicolon",
        ),
        ("L1 gives many zeros. L2 makes all weights small.", "one sentence without a semicolon"),
        ("Both penalties (absolute values, squares, or a mixture) shrink weights.", "parentheses"),
        ("L1 has a constant pull whatever the size of the weight.", "11 words in a row"),
    ],
)
def test_a_claim_must_be_plain_single_and_not_copied(claim: str, problem: str) -> None:
    q = one()
    points = (q.key_points[0].model_copy(update={"claim": claim}), *q.key_points[1:])
    ((key, told),) = form_faults(one(key_points=points))
    assert key == "l1_versus_l2.key_points[penalty_terms].claim"
    assert problem in told


def test_a_formula_in_parentheses_is_no_list() -> None:
    q = one()
    claim = "The expected Brier score has the derivative 2(q - p) at the announced value."
    points = (q.key_points[0].model_copy(update={"claim": claim}), *q.key_points[1:])
    assert not list(form_faults(one(key_points=points)))


def test_lengths_are_kept_per_round() -> None:
    short = one(reference="Short sentences are good. " * 10, prompt="Why L1?", recall=())
    assert [(key, told) for key, told in form_faults(short)] == [
        ("l1_versus_l2.reference", "has 40 words; needs 90 to 250"),
        ("l1_versus_l2.prompt", "has 2 words; needs 5 to 60"),
    ]


def test_right_and_wrong_wordings_must_be_about_as_long() -> None:
    q = one()
    terse = tuple(
        p.model_copy(update={"wrong": ("This is just the other way round.",) * 2})
        for p in q.key_points
    )
    ((key, problem),) = form_faults(one(key_points=terse))
    assert key == "l1_versus_l2.key_points"
    assert "balance them" in problem


def test_long_sentences_of_long_words_read_like_a_high_grade() -> None:
    plain = "The cat sat on the mat. It was warm. " * 20
    heavy = (
        "Regularisation methodologies predominantly necessitate hyperparameter optimisation, "
        "incorporating multidimensional experimentation alongside considerable computational expenditure. "
    )
    assert reading_grade(plain) < 2
    assert reading_grade(heavy) > 20
    ((_, problem),) = form_faults(one(reference=heavy * 8))
    assert "use shorter sentences and words" in problem


def test_the_longest_run_counts_words_in_a_row() -> None:
    said, text = words("A small cat sat there."), words("The cat sat there and a small dog.")
    assert longest_run(said, text) == 3


def test_stories_may_be_asked_for_what_they_are_to_tell() -> None:
    leak = next(k for k in authored() if k.point == "direction_checkpoint")
    q = with_leak(leak)
    told = bank()._replace(questions={q.id: q})
    assert not list(faults(told, embedder()))


def test_a_problem_names_the_file_of_the_question_not_of_a_part_with_its_id(tmp_path: Path) -> None:
    root = content_root()
    shutil.copytree(root / "rubrics", tmp_path / "rubrics")
    for name in ("topics.yaml", "closing.yaml", "system_design/feature_platform.yaml"):
        target = tmp_path / "question_bank" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / "question_bank" / name, target)
    path = tmp_path / "question_bank/system_design/feature_platform.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["questions"][0]["prompt"] = "Design it."
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    other = path.with_name("feed_ranking.yaml")
    shutil.copy(root / "question_bank/system_design/feed_ranking.yaml", other)
    assert "      - id: feature_platform\n" in other.read_text(encoding="utf-8")
    (problem,) = check_bank(tmp_path, embedder())
    assert problem.path == str(path)
    assert problem.key == "feature_platform.prompt"
