"""Vectors of texts by text, as the checks compare them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from interviewer.embedding import FloatArray

Vectors: TypeAlias = Mapping[str, FloatArray]


def stack(vectors: Vectors, texts: Sequence[str]) -> FloatArray:
    """Return a row per text; rows have length 1, so that products are cosines."""
    return np.stack([vectors[text] for text in texts])
