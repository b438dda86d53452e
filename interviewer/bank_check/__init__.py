"""The content lint of `interviewer bank check`: what the readers of content find, and what reading finds.

Leaks, repetitions and form, each in a file of its own, pure over questions and vectors. Only texts that
a check compares are embedded, all at once, so that a bank seen before costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from pathlib import Path

from interviewer.bank_check.form import form_faults
from interviewer.bank_check.leaks import leaks, shown_texts
from interviewer.bank_check.repetitions import (
    repeatable_texts,
    repeated_points,
    repeated_questions,
)
from interviewer.bank_check.vectors import Vectors
from interviewer.config import load_settings
from interviewer.content import Bank, read_bank, read_path
from interviewer.embedding import Embedder, get_embedder
from interviewer.errors import ContentError
from interviewer.schema import Question

__all__ = ["check_bank", "faults", "leaks"]


def check_bank(root: Path, embedder: Embedder | None = None) -> list[ContentError]:
    """Return every problem of the content below `root`, each with file, key and remedy.

    Without an embedder, vectors are kept in the user's vector cache.
    """
    if not (root / "question_bank").is_dir():
        problem = "has no question_bank/; name the folder that holds question_bank/ and rubrics/"
        return [ContentError(root, "(folder)", problem)]
    bank, problems = read_bank(root)
    for key, problem in faults(bank, embedder or get_embedder(load_settings().vector_cache_path)):
        problems.append(ContentError(bank.files[key.split(".")[0]], key, problem))
    if (root / "question_bank" / "path.yaml").exists():
        problems += read_path(root, bank)[1]
    return problems


def faults(bank: Bank, embedder: Embedder) -> Iterator[tuple[str, str]]:
    """Yield (key, problem) for what is wrong with questions that can be read; keys begin with the id."""
    questions = list(bank.questions.values())
    # A story's claim says "the speaker says what it cost", which the probe may simply ask.
    stories = {round_id for round_id, rubric in bank.rubrics.items() if rubric.reads_stories}
    vectors = _embed(questions, stories, embedder)
    for question in questions:
        yield from leaks(question, None if question.round in stories else vectors)
        yield from form_faults(question)
        yield from repeated_points(question, vectors)
    yield from repeated_questions(questions, vectors)


def _embed(questions: Sequence[Question], stories: Set[str], embedder: Embedder) -> Vectors:
    texts = [text for q in questions for text in repeatable_texts(q)]
    texts += [text for q in questions if q.round not in stories for text in shown_texts(q)]
    distinct = list(dict.fromkeys(texts))
    return dict(zip(distinct, embedder.vectors(distinct), strict=True))
