"""What `fit_points` fits on: labelled answers, and references, measured by the grader's own features.

Invariant: no question here is one that test answers answer. (What is borrowed as an answer about something
else may be the reference of such a question.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evals import gradability
from evals.answers import Answer, interview_answers
from interviewer.content import load_bank
from interviewer.grading.misconceptions import STATED_BY, likeness
from interviewer.grading.passages import PassageReader, Said
from interviewer.grading.reading import ON_TOPIC, Measured, measure, usable_windows
from interviewer.grading.senses import Target
from interviewer.synonyms import load_synonyms

Array = npt.NDArray[np.float64]
# An answer off its topic counts as much as these on it; references of the rounds whose questions share
# most (the same latency, the same trade-off) count less.
_OFF_TOPIC, _BORROWED, _BORROWED_SHARED = 3.0, 0.3, 0.1
_SHARE_MUCH = frozenset({"system_design", "behavioral"})
_SAYS_NOTHING_OF_IT = frozenset({"keyword_list", "parroted", "manipulation", "dont_know"})


class Labelled(NamedTuple):
    """One point of one answer: features by window (windows x features), standing, and its label."""

    x: Array
    standing: Array
    worth: float
    share: float = 1.0


def collect(
    reader: PassageReader, chosen: Sequence[Answer], worded: bool
) -> list[tuple[Measured, int, str]]:
    """Return the points of the answers that say anything: features, the point's row, its verdict."""
    found: list[tuple[Measured, int, str]] = []
    for row in chosen:
        points = [p for p in row.question.key_points if p.signal is None] if row.question else []
        windows = usable_windows(reader, [Said(1, row.text)])
        if not windows or not points:
            continue
        targets = [Target(p.claim, p.right, p.wrong) if worded else Target(p.claim) for p in points]
        measured = measure(reader, row.prompt, targets, windows, load_synonyms().canonical)
        found += [(measured, k, row.points.get(point.id, "")) for k, point in enumerate(points)]
    return found


def labelled(
    collected: Sequence[tuple[Measured, int, str]],
    names: Sequence[str],
    worth: Mapping[str, float],
    share: float = 1.0,
) -> list[Labelled]:
    """Return the points for one model: its features, and what their verdicts are worth to it."""
    return [
        Labelled(
            np.stack([measured.features[name][k] for name in names], axis=1),
            measured.standing[k],
            worth.get(verdict, 0.0),
            share,
        )
        for measured, k, verdict in collected
    ]


def own_references() -> list[Answer]:
    """Return the reference of each question that no test answer answers; it denies no point."""
    tested = _tested()
    return [
        _as_answer(case, dict.fromkeys((p.id for p in case.question.key_points), "met"))
        for case in gradability.own_references(load_bank())
        if case.question.id not in tested
    ]


def about(
    reader: PassageReader, chosen: Sequence[Answer], worth: float, share: float
) -> list[Labelled]:
    """Return answers as wholes, for whether they are about their question."""
    found: list[Labelled] = []
    for row in chosen:
        measured = collect(reader, [row], worded=False)
        if measured:
            x = np.asarray([[measured[0][0].features[name][0, 0] for name in ON_TOPIC]])
            found.append(Labelled(x, np.ones(1), worth, share))
    return found


def on_topic(reader: PassageReader, chosen: Sequence[Answer]) -> list[Labelled]:
    """Return what is about its question and what is not: labelled answers, and borrowed references."""
    tested = _tested()
    cases = gradability.references_elsewhere(load_bank())
    borrowed = [_as_answer(c, {}) for c in cases if c.question.id not in tested]
    off = [a for a in chosen if a.kind == "off_topic"]
    on = [a for a in chosen if a not in off and a.kind not in _SAYS_NOTHING_OF_IT]
    alike = [a for a in borrowed if a.question and a.question.round in _SHARE_MUCH]
    unlike = [a for a in borrowed if a not in alike]
    return [
        *about(reader, on, 1.0, 1.0),
        *about(reader, off, 0.0, _OFF_TOPIC),
        *about(reader, unlike, 0.0, _BORROWED),
        *about(reader, alike, 0.0, _BORROWED_SHARED),
    ]


def _tested() -> set[str]:
    return {a.question.id for a in interview_answers("test") if a.question}


def _as_answer(case: gradability.Case, points: Mapping[str, str]) -> Answer:
    q = case.question
    return Answer(
        f"{q.id}/{case.source}", q.id, q.prompt, q.reference, case.text, 1.0, "", points, q
    )


def misconceptions(
    reader: PassageReader, chosen: Sequence[Answer], share: float = 1.0
) -> list[Labelled]:
    """Return each listed misconception of each answer that says anything, with whether it is stated."""
    found: list[Labelled] = []
    for row in chosen:
        windows = usable_windows(reader, [Said(1, row.text)])
        for listed in row.question.misconceptions if row.question and windows else ():
            features = likeness(reader, listed, windows).features
            x = np.stack([features[name] for name in STATED_BY], axis=1)
            stated = float(listed.id in row.misconceptions)
            found.append(Labelled(x, np.ones(len(x)), stated, share))
    return found
