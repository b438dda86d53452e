"""The content lint: what the readers of content find, and probes or early hints that hold their own answer.

A leak is lexical here: a probe or hint holds most of the words that tell a claim apart from the
question that was asked anyway. Pure over the bank; `interviewer bank check` prints what it returns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from interviewer.content import read_bank, read_path
from interviewer.errors import ContentError
from interviewer.schema import KeyPoint, Question
from interviewer.synonyms import stems

# Share of a claim's telling words that a probe or an early hint may hold. In the first bank the
# worst honest probe holds half of them and almost all hold none; a probe made from its claim by
# putting a question word in front holds nearly all.
_LEAK_SHARE = 0.5
_LEAST_TELLING_WORDS = 3
# A word in this many of a question's claims is its subject, not an answer.
_SUBJECT_CLAIMS = 3

_COMMON = frozenset(
    stems(
        "a an the and or but of in on at to for from by with without is are was were be been "
        "being it its this that these those as so if then than not no nor only also both each "
        "every any some one two which who what when where why how can could may might must "
        "shall should will would do does did has have had their they them he she you your we "
        "our i there here more most less least much many few very just into over under "
        "between because while since until after before about against during such same other "
        "another own again once "
    )
)


def check_bank(root: Path) -> list[ContentError]:
    """Return every problem of the content below `root`, each with file, key and remedy."""
    bank, problems = read_bank(root)
    paths = {
        question_id: path
        for path in sorted((root / "question_bank").glob("*/*.yaml"))
        for question_id in bank.questions
        if f"id: {question_id}\n" in path.read_text(encoding="utf-8", errors="replace")
    }
    for question in bank.questions.values():
        problems += [
            ContentError(paths.get(question.id, question.id), key, problem)
            for key, problem in leaks(question)
        ]
    if (root / "question_bank" / "path.yaml").exists():
        problems += read_path(root, bank)[1]
    return problems


def leaks(question: Question) -> Iterator[tuple[str, str]]:
    """Yield (key, problem) for each probe, early hint or stage opening that tells its own claim."""
    subject = _subject(question)
    for point in question.key_points:
        telling = _telling(point, subject)
        given = {"probe": point.probe}
        early = question.hints_of(point.stage)[:-1]
        given |= {f"hint {number}": hint for number, hint in enumerate(early, 1)}
        for name, text in given.items():
            held = telling & set(stems(text))
            if len(telling) >= _LEAST_TELLING_WORDS and len(held) > _LEAK_SHARE * len(telling):
                words = ", ".join(sorted(held))
                yield (
                    f"{question.id}.key_points[{point.id}]",
                    f"its {name} gives the claim away ({words}); ask without these words",
                )


def _telling(point: KeyPoint, subject: set[str]) -> set[str]:
    return set(stems(point.claim)) - _COMMON - subject


def _subject(question: Question) -> set[str]:
    """Return the stems that are given anyway: the prompt's, the openings', and the question's theme."""
    given = set(stems(f"{question.title} {question.prompt}"))
    for brief in question.stages:
        given |= set(stems(brief.opening))
    claims = Counter(s for p in question.key_points for s in set(stems(p.claim)))
    return given | {s for s, n in claims.items() if n >= _SUBJECT_CLAIMS}
