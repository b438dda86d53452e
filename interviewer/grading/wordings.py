"""An answer held against the authored right and wrong wordings of one key point.

A wrong wording shares its words with the right one on purpose, so what counts is the margin between
the two; closeness alone only says that the topic is met.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from interviewer.grading.alignment import Matrix, Stack, recall, similarity
from interviewer.grading.passages import Passage

MET = ("right_cosine", "right_align", "margin_cosine", "margin_align")
# Chosen for precision: on wordings with every fifth word dropped this finds 8 of 10 wrong ones and
# no right one; on unforeseen phrasings it stays silent (1 in 200 of either kind).
_CLOSE, _MARGIN_ALIGN, _MARGIN_COSINE = 0.5, 0.1, 0.05


def compare(
    right: Sequence[Passage], wrong: Sequence[Passage], windows: Sequence[Passage]
) -> dict[str, Matrix]:
    """Return each feature of `MET` per window, and `foreseen`: 0, or how close (0..1) it comes to a
    wrong wording where it is one."""
    cosine_right, align_right = _nearest(right, windows)
    cosine_wrong, align_wrong = _nearest(wrong, windows)
    foreseen = (
        (align_wrong >= _CLOSE)
        & (cosine_wrong >= _CLOSE)
        & (align_wrong - align_right >= _MARGIN_ALIGN)
        & (cosine_wrong - cosine_right >= _MARGIN_COSINE)
    )
    return {
        "right_cosine": cosine_right,
        "right_align": align_right,
        "margin_cosine": cosine_right - cosine_wrong,
        "margin_align": align_right - align_wrong,
        "foreseen": np.where(foreseen, np.minimum(align_wrong, 1.0), 0.0),
    }


def _nearest(wordings: Sequence[Passage], windows: Sequence[Passage]) -> tuple[Matrix, Matrix]:
    """Return the best cosine and the best two-way alignment over the wordings, per window."""
    ours, theirs = Stack(wordings), Stack(windows)
    similar = similarity(ours, theirs)
    there, _ = recall(ours, theirs, similar)
    back, _ = recall(theirs, ours, similar.T)
    cosines = np.stack([w.vector for w in wordings]) @ np.stack([w.vector for w in windows]).T
    return np.asarray(cosines.max(axis=0), dtype=np.float64), np.asarray(((there + back.T) / 2).max(axis=0))
