"""Claims held against an answer by what was trained on right and wrong wordings.

What is near a right wording and far from a wrong one speaks for the point, and so does what a reader of
claim and text together takes for saying it. Of the rest of the answer only its stance counts: whoever
is wrong throughout is less likely right here. How well the rest fits the topic stays out: that would
order answers better, and credit unmade points.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from interviewer.grading.alignment import Matrix
from interviewer.grading.passages import Passage, PassageReader, Window

Places = npt.NDArray[np.intp]

# One or two sentences make this many points at most; the others are near because the topic is.
_POINTS_A_WINDOW = 3
# Stance and reach of an answer are read off the points it speaks of most: as many as a question has.
_POINTS_OF_STANCE = 6
# Reading claim and text together takes 8 ms, so that only the nearest windows are read so.
_LOOKED_AT = 4
# Below the first share of its words a claim is said in other words, above the second in its own.
_OTHER_WORDS, _OWN_WORDS = 0.4, 0.8
# Below the first nearness a window is about something else, where the reader of pairs is not reliable and
# is not asked; above the second it is asked fully.
_ELSEWHERE, _ON_TOPIC = 0.2, 0.35
# A text that neither says nor denies a claim agrees with it little.
_UNSURE = 0.3


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
    stance: the mean leaning of the answer where it speaks of points most; reach: how near it comes to
    the claims that it comes nearest to, on average; both the same in every cell.
    """

    claim: Matrix
    right: Matrix
    wrong: Matrix
    leaning: Matrix
    apart: Matrix
    topic: Matrix
    stance: Matrix
    reach: Matrix


class Entailed(NamedTuple):
    """Matrices targets x windows: how likely the window says the claim, or denies it, read together.

    looked: 1 for the few windows nearest to each claim, which alone are read so; the others are 0 all
    over. heard: what the reader of pairs itself takes for said, the claim's own words apart. agreed,
    against: where the answer speaks of points most, the mean shares of saying and of denying; the
    same in every cell, the stance of an answer to claims that have no wordings.
    """

    said: Matrix
    denied: Matrix
    looked: Matrix
    heard: Matrix
    agreed: Matrix
    against: Matrix


def entail(
    reader: PassageReader,
    targets: Sequence[Target],
    windows: Sequence[Window],
    topic: Matrix,
    shared: Matrix,
) -> Entailed:
    """Read each target together with the windows nearest to it.

    The more a window uses the claim's own words (`shared`), the less the reader of pairs is asked: it
    learned from right wordings that avoid them. What is denied in the claim's own words, the rules of
    `polarity` find.
    """
    looked = np.zeros_like(topic)
    nearest = np.argsort(-topic, axis=1, kind="stable")[:, :_LOOKED_AT]
    np.put_along_axis(looked, nearest, 1.0, axis=1)
    near = topic > _ELSEWHERE
    places = [(k, int(j)) for k, row in enumerate(nearest) for j in row if near[k, j]]
    read = reader.entail([(targets[k].claim, windows[j].passage.text) for k, j in places])
    said, denied = np.zeros_like(topic), np.zeros_like(topic)
    for (k, j), (against, _, made) in zip(places, read, strict=True):
        said[k, j], denied[k, j] = made, against
    about = np.clip((topic - _ELSEWHERE) / (_ON_TOPIC - _ELSEWHERE), 0.0, 1.0)
    said, denied = said * about, denied * about
    own = np.clip((shared - _OTHER_WORDS) / (_OWN_WORDS - _OTHER_WORDS), 0.0, 1.0) * looked
    heard, said, denied = said, np.maximum(said, own), denied * (1.0 - own)
    spoken = _most_spoken_of(topic)
    for_it, against_it = said[spoken], denied[spoken]
    either = for_it + against_it + _UNSURE
    agreed, against = (np.full_like(topic, (x / either).mean()) for x in (for_it, against_it))
    return Entailed(said, denied, looked, heard, agreed, against)


def sense(
    reader: PassageReader, targets: Sequence[Target], windows: Sequence[Window], standing: Matrix
) -> Senses:
    """Measure every target against every window."""
    authored = [text for t in targets for text in (t.claim, *t.right, *t.wrong)]
    reader.prepare([*authored, *(w.passage.text for w in windows)])
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
    apart = claim - _nearest_other(claim)
    stance, reach = _stance(leaning, topic), _reach(claim * standing)
    return Senses(claim, right, wrong, leaning, apart, topic, stance, reach)


def asked_about(question: Passage, windows: Sequence[Passage]) -> dict[str, float]:
    """Return the mean nearness of the windows to the question, by either embedding."""
    meant = _stack(windows) @ question.sense
    asked = np.stack([w.vector for w in windows]) @ question.vector
    return {"asked": float(asked.mean()), "meant": float(meant.mean())}


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
    return np.full_like(leaning, leaning[_most_spoken_of(topic)].mean())


def _reach(claim: Matrix) -> Matrix:
    return np.full_like(claim, claim[_most_spoken_of(claim)].mean())


def _most_spoken_of(topic: Matrix) -> tuple[Places, Places]:
    """Return the points that the answer speaks of most, each with the window where it does."""
    points = np.argsort(-topic.max(axis=1), kind="stable")[:_POINTS_OF_STANCE]
    return points, topic[points].argmax(axis=1)
