"""Claims held against an answer by the embedding tuned on right and wrong wordings.

What is near a right wording and far from a wrong one speaks for the point. Of the rest of the answer
only its stance counts: whoever leans to the wrong wordings throughout is less likely right here. How
well the rest fits the topic stays out: that would order answers better, and credit unmade points.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from interviewer.grading.alignment import Matrix
from interviewer.grading.passages import Passage, PassageReader, Window

# One or two sentences make this many points at most; the others are near because the topic is.
_POINTS_A_WINDOW = 3
# The stance of an answer is read off the points it speaks of most: as many as a question has.
_POINTS_OF_STANCE = 6


class Target(NamedTuple):
    """A claim to look for, with its right and wrong wordings where it has any."""

    claim: str
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


class Senses(NamedTuple):
    """Matrices targets x windows.

    claim: nearness to the claim; right, wrong: to the nearest right wording (the claim is one) and
    the nearest wrong one; leaning: to right wordings on average, less to wrong ones; apart: to this
    claim, less to the nearest other claim; topic: nearness at all, where the window may count.
    stance: the mean leaning of the answer where it speaks of points most; the same in every cell.
    """

    claim: Matrix
    right: Matrix
    wrong: Matrix
    leaning: Matrix
    apart: Matrix
    topic: Matrix
    stance: Matrix


def sense(
    reader: PassageReader, targets: Sequence[Target], windows: Sequence[Window], standing: Matrix
) -> Senses:
    """Measure every target against every window."""
    said = _stack([w.passage for w in windows])
    claim = _stack([reader.read(t.claim) for t in targets]) @ said.T
    right, wrong, leaning = claim.copy(), np.zeros_like(claim), np.zeros_like(claim)
    for k, target in enumerate(targets):
        if target.right and target.wrong:
            rights = _stack([reader.read(text) for text in target.right]) @ said.T
            wrongs = _stack([reader.read(text) for text in target.wrong]) @ said.T
            right[k] = np.maximum(claim[k], rights.max(axis=0))
            wrong[k] = wrongs.max(axis=0)
            leaning[k] = rights.mean(axis=0) - wrongs.mean(axis=0)
    topic = np.maximum(right, wrong) * standing
    return Senses(
        claim, right, wrong, leaning, claim - _nearest_other(claim), topic, _stance(leaning, topic)
    )


def spoken_of(topic: Matrix) -> Matrix:
    """Return 1 for the few targets that each window is nearest to, 0 for the others."""
    if len(topic) <= _POINTS_A_WINDOW:
        return np.ones_like(topic)
    least = np.sort(topic, axis=0)[-_POINTS_A_WINDOW]
    return np.asarray(topic >= least, dtype=np.float64)


def _stack(passages: Sequence[Passage]) -> Matrix:
    return np.stack([p.sense for p in passages]).astype(np.float64)


def _nearest_other(claim: Matrix) -> Matrix:
    """Return per target the greatest nearness of any other target; 0 when there is none."""
    if len(claim) == 1:
        return np.zeros_like(claim)
    first = claim.max(axis=0)
    second = np.sort(claim, axis=0)[-2]
    return np.asarray(np.where(claim == first, second, first))


def _stance(leaning: Matrix, topic: Matrix) -> Matrix:
    best = topic.argmax(axis=1)
    points = np.arange(len(topic))
    spoken = np.argsort(-topic[points, best], kind="stable")[:_POINTS_OF_STANCE]
    return np.full_like(leaning, leaning[spoken, best[spoken]].mean())
