"""Claims held against an answer by the embedding tuned on right and wrong wordings.

What is near a right wording and far from a wrong one speaks for the point; how the whole answer
stands to its question's points speaks too, since nobody is right by accident six times.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from interviewer.grading.alignment import Matrix
from interviewer.grading.passages import Passage, PassageReader, Window

# An answer is looked at through the points it speaks of most: as many as a question has.
_POINTS_LOOKED_AT = 6


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
    level_*: the same for the whole answer, over the points that it speaks of most.
    """

    claim: Matrix
    right: Matrix
    wrong: Matrix
    leaning: Matrix
    apart: Matrix
    topic: Matrix
    level_margin: Matrix
    level_leaning: Matrix
    level_topic: Matrix


def sense(
    reader: PassageReader, targets: Sequence[Target], windows: Sequence[Window], standing: Matrix
) -> Senses:
    """Measure every target against every window; windows of one `group` make up one answer."""
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
    groups = np.asarray([w.group for w in windows])
    level_margin, level_leaning, level_topic = (
        _level(values, topic, groups) for values in (right - wrong, leaning, topic)
    )
    return Senses(
        claim, right, wrong, leaning, claim - _nearest_other(claim), topic,
        level_margin, level_leaning, level_topic,
    )  # fmt: skip


def _stack(passages: Sequence[Passage]) -> Matrix:
    return np.stack([p.sense for p in passages]).astype(np.float64)


def _nearest_other(claim: Matrix) -> Matrix:
    """Return per target the greatest nearness of any other target; 0 when there is none."""
    if len(claim) == 1:
        return np.zeros_like(claim)
    first = claim.max(axis=0)
    second = np.sort(claim, axis=0)[-2]
    return np.asarray(np.where(claim == first, second, first))


def _level(values: Matrix, topic: Matrix, groups: Matrix) -> Matrix:
    """Return the mean of `values` where each point is spoken of most, per group of windows."""
    level = np.zeros_like(values)
    for group in np.unique(groups):
        inside = np.flatnonzero(groups == group)
        best = inside[topic[:, inside].argmax(axis=1)]
        points = np.arange(len(topic))
        spoken = np.argsort(-topic[points, best], kind="stable")[:_POINTS_LOOKED_AT]
        level[:, inside] = values[spoken, best[spoken]].mean()
    return level
