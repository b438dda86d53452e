"""SAF with everything selected inside the training questions: `python -m evals.nested_saf`.

Each question is left out in turn. On the others, parts of them held out, it is selected which features
the word alignment uses and how far the tuned models are trusted; the alignment is then fitted on all of
them and the question left out is graded. Nothing selected or fitted has seen what is scored; the tuned
models have seen no answer of SAF at all. Writes results/saf_nested.json.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from evals import fit_grader
from evals.answers import Answer, Result, saf_answers
from evals.figures import Graded, figures, intervals
from evals.grader_pairs import Pair, bank_pairs, own_pairs
from evals.ways import CACHE
from interviewer.embedding import get_models
from interviewer.grading import features
from interviewer.grading.alignment import Matrix
from interviewer.grading.claims import Claim, split_claims
from interviewer.grading.offline_rows import row_score
from interviewer.grading.passages import PassageReader, Said
from interviewer.grading.reading import judge_plain, measure, usable_windows
from interviewer.grading.senses import Target
from interviewer.synonyms import load_synonyms

RESULT = Path(__file__).parent / "results" / "saf_nested.json"
_ALL = 10_000  # more answers than a question has
_PARTS = 4  # what the training questions are cut into to select on them
_TRUSTS = (0.0, 0.25, 0.5, 0.75)
_FEATURES = (("align",), ("align", "cosine", "residual"), features.COVERAGE)


class Choice(NamedTuple):
    """What is selected: features of the alignment, and the share of the tuned models."""

    names: tuple[str, ...]
    trust: float


class Row(NamedTuple):
    """One answer: what every window makes of every claim, by words and by the tuned models."""

    answer: Answer
    claims: Sequence[Claim]
    words: Matrix  # claims x windows x features
    judged: Matrix
    standing: Matrix


Weights = dict[tuple[str, ...], fit_grader.Array]
CHOICES = [Choice(*both) for both in product(_FEATURES, _TRUSTS)]


def read_rows(reader: PassageReader) -> list[Row]:
    """Return every answer of SAF that says anything, measured."""
    found = (_row(reader, answer) for answer in saf_answers(_ALL))
    return [row for row in found if row]


def _row(reader: PassageReader, answer: Answer) -> Row | None:
    canonical = load_synonyms().canonical
    windows = usable_windows(reader, [Said(0, answer.text)])
    if not windows:
        return None
    claims = split_claims(answer.reference)
    targets = [Target(c.text) for c in claims]
    measured = measure(reader, answer.prompt, targets, windows, canonical)
    passages = [reader.read(c.text) for c in claims]
    said, asked = [w.passage for w in windows], reader.read(answer.prompt)
    words = np.stack(features.measure(passages, said, asked, canonical), axis=-1)
    return Row(answer, claims, words, judge_plain(measured), measured.standing)


def fit(rows: Sequence[Row], pairs: Sequence[Pair]) -> Weights:
    """Return bias and weights of the alignment, for each set of features."""
    return {
        names: fit_grader.fit_coverage(
            [_as_fitted(row, names) for row in rows],
            [p._replace(coverage=_of(np.asarray(p.coverage), names).tolist()) for p in pairs],
        )
        for names in _FEATURES
    }


def _of(values: Matrix, names: Sequence[str]) -> Matrix:
    """Return the features of these names, from the last axis of all of them."""
    return values[..., [features.COVERAGE.index(name) for name in names]]


def _as_fitted(row: Row, names: Sequence[str]) -> fit_grader.Answer:
    near = row.words[..., features.COVERAGE.index("align")] * row.standing
    places = np.arange(len(near)), near.argmax(axis=1)
    share = np.asarray([c.weight for c in row.claims])
    x, standing = _of(row.words[places], names), row.standing[places]
    return fit_grader.Answer(row.answer.group, x, standing, share, row.answer.level)


def grade(row: Row, choice: Choice, weights: Weights) -> float:
    """Return the score of an answer, as the offline grader makes it of a reference alone."""
    theta = weights[choice.names]
    aligned = 1 / (1 + np.exp(-(theta[0] + _of(row.words, choice.names) @ theta[1:])))
    said = (choice.trust * row.judged + (1 - choice.trust) * aligned) * row.standing
    return row_score(said.max(axis=1).tolist(), row.claims)


def select(rows: Sequence[Row], pairs: Sequence[Pair]) -> Choice:
    """Return the choice whose scores, on parts held out from fitting, agree with people best."""
    groups = sorted({row.answer.group for row in rows})
    scores: dict[Choice, list[float]] = {choice: [] for choice in CHOICES}
    human: list[float] = []
    for part in range(_PARTS):
        held = set(groups[part::_PARTS])
        weights = fit([row for row in rows if row.answer.group not in held], pairs)
        tested = [row for row in rows if row.answer.group in held]
        human += [row.answer.level for row in tested]
        for choice in CHOICES:
            scores[choice] += [grade(row, choice, weights) for row in tested]
    return max(CHOICES, key=lambda choice: float(np.corrcoef(scores[choice], human)[0, 1]))


def leave_one_out(
    rows: Sequence[Row], pairs: Sequence[Pair]
) -> tuple[dict[str, float], list[Choice]]:
    """Return answer id -> score by what never saw its question, and what was selected each time."""
    scores: dict[str, float] = {}
    selected: list[Choice] = []
    for group in sorted({row.answer.group for row in rows}):
        known = [row for row in rows if row.answer.group != group]
        choice = select(known, pairs)
        weights = fit(known, pairs)
        asked = [row for row in rows if row.answer.group == group]
        scores |= {row.answer.id: grade(row, choice, weights) for row in asked}
        selected.append(choice)
        print(group, choice, flush=True)
    return scores, selected


def main() -> None:
    """Leave each question out once and write the agreement."""
    reader = PassageReader(get_models(CACHE), kept=60_000)
    pairs = [
        p
        for p in (*bank_pairs(reader), *own_pairs(reader, fit_grader.DATASETS))
        if p.kind != "wrong"
    ]
    scores, selected = leave_one_out(read_rows(reader), pairs)
    answers = saf_answers(_ALL)
    graded = Graded(answers, [Result(scores.get(a.id, 0.0)) for a in answers], 0.5)
    result: dict[str, Any] = {
        "made": datetime.now(UTC).date().isoformat(),
        "selected": Counter(f"{', '.join(c.names)}; trust {c.trust}" for c in selected),
        "figures": figures(graded),
        "intervals": intervals(graded),
    }
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
