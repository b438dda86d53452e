"""Claims against an answer: for every claim and window, how likely it is said, and contradicted.

The numbers only; `evidence` makes verdicts of them, `batch` a score. Nothing typed to the grader,
admitted as not known, or merely repeated from the question can raise a probability.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from interviewer.grading import features, wordings
from interviewer.grading.alignment import Matrix
from interviewer.grading.passages import Passage, PassageReader, Window, segments
from interviewer.grading.polarity import Conflict
from interviewer.grading.screening import is_command, is_hedge
from interviewer.grading.weights import PARTLY, load_weights, probability

_LOOKED_AT = 4
_FORESEEN = 0.6
_TOPIC = 0.38


class Target(NamedTuple):
    """A claim to look for, with its right and wrong wordings where it has any."""

    claim: str
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


class Readings(NamedTuple):
    """Probabilities, targets x windows; `said` is void of what the same window contradicts."""

    windows: tuple[Window, ...]
    said: Matrix
    contradicted: Matrix
    conflicts: dict[tuple[int, int], Conflict]


def usable_windows(reader: PassageReader, turns: Sequence[tuple[int, str]]) -> list[Window]:
    """Return the windows of (turn id, text) pairs that answer: no commands, no "I don't know"."""
    found: list[Window] = []
    for turn_id, text in turns:
        barred = [s for s in segments(text) if is_command(s.text) or is_hedge(s.text)]
        found += [
            w
            for w in reader.windows(turn_id, text, len(found))
            if not any(b.start < w.end and b.end > w.start for b in barred)
        ]
    return found


def read_targets(
    reader: PassageReader,
    question: str,
    targets: Sequence[Target],
    windows: Sequence[Window],
    canonical: Callable[[str], str],
) -> Readings:
    """Read every target in every window; there must be at least one of each."""
    asked = reader.read(question)
    claims = [reader.read(t.claim) for t in targets]
    passages = [w.passage for w in windows]
    measured = features.measure(claims, passages, asked, canonical)
    standing = features.standing(claims, passages, asked)
    weights = load_weights()
    said = probability(weights["coverage"], measured._asdict())
    contradicted = np.zeros_like(said)
    conflicts: dict[tuple[int, int], Conflict] = {}
    for k, target in enumerate(targets):
        leaning = np.ones(len(windows))
        if target.right and target.wrong:
            leaning = _hold_against(reader, target, claims[k], passages, said[k], contradicted[k])
        for j in _spoken_of(said[k] * standing[k] * leaning):
            conflict = features.conflict(claims[k], passages[j])
            p = _conflict_probability(conflict, measured, k, j)
            if p > contradicted[k, j]:
                contradicted[k, j] = p
                conflicts[k, j] = conflict
    said *= standing
    return Readings(tuple(windows), said * (1.0 - contradicted), contradicted * standing, conflicts)


def _hold_against(
    reader: PassageReader,
    target: Target,
    claim: Passage,
    windows: Sequence[Passage],
    said: Matrix,
    contradicted: Matrix,
) -> Matrix:
    """Replace one target's probabilities by those that its wordings give.

    Return 1 for the windows nearer to a wrong wording: only there do lexical conflicts count too.
    """
    right = [claim, *(reader.read(text) for text in target.right)]
    wrong = [reader.read(text) for text in target.wrong]
    compared = wordings.compare(right, wrong, windows)
    weights = load_weights()
    logit = np.log(np.clip(said, 1e-6, 1 - 1e-6) / np.clip(1 - said, 1e-6, 1))
    met = {name: compared[name] for name in wordings.MET} | {"claim_logit": logit}
    said[:] = probability(weights["wordings"], met)
    foreseen = compared["foreseen"]
    contradicted[:] = np.where(foreseen > 0, _FORESEEN + (1 - _FORESEEN) * foreseen, 0.0)
    return np.asarray(compared["margin_align"] < 0, dtype=np.float64)


def _spoken_of(said: Matrix) -> list[int]:
    """Return the likeliest windows: only where a claim is spoken of can it be denied."""
    order = np.argsort(-said, kind="stable")[:_LOOKED_AT]
    return [int(j) for j in order if said[j] >= PARTLY]


def _conflict_probability(
    conflict: Conflict, measured: features.Coverage, k: int, j: int
) -> float:
    topic = (measured.align[k, j] + measured.cosine[k, j]) / 2
    if topic < _TOPIC or max(conflict[:3]) == 0:
        return 0.0
    values = {"opposite": conflict.opposite, "negation": conflict.negation}
    values |= {"swap": conflict.swap, "topic": topic}
    arrays = {name: np.asarray(value, dtype=np.float64) for name, value in values.items()}
    return float(probability(load_weights()["conflict"], arrays))
