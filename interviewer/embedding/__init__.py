"""What texts mean, offline: vectors of sentences and tokens, and whether a text makes a claim.

Small BERT models as int8 ONNX, cached by content. Invariant: a text has one vector, whatever it was
asked for with. Dynamic int8 quantisation scales by all that is in a run of the model, so every run
holds exactly one text.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from interviewer.embedding.model import (
    DIMENSIONS,
    MODEL_ID,
    MODEL_IDS,
    MiniLM,
    ModelName,
    PairMiniLM,
    TokenVectors,
)
from interviewer.embedding.rows import RUNS_AT_ONCE, Rows, keep

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FloatArray: TypeAlias = "NDArray[np.float32]"

__all__ = [
    "DIMENSIONS",
    "MODEL_ID",
    "Embedder",
    "Entailment",
    "FloatArray",
    "Models",
    "TokenVectors",
    "get_embedder",
    "get_models",
]

_TOKENS_KEPT = 1024


class Embedder:
    """Embeds texts. Safe to use from several threads; several processes may share `cache_path`."""

    def __init__(self, cache_path: Path | None = None, model: ModelName = "base") -> None:
        """Keep vectors at `cache_path` (SQLite) or, if None, in memory only. Loads nothing yet.

        Embedders of different models may share a cache: the model is part of the key.
        """
        self._model = MiniLM(model)
        self._model_id = MODEL_IDS[model]
        self._rows = Rows(cache_path)
        self._tokens: OrderedDict[str, TokenVectors] = OrderedDict()
        self._lock = Lock()

    def vectors(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> FloatArray:
        """Return float32 (len(texts), 384): mean-pooled, of length 1.

        `progress` is called with the number of distinct texts that are done so far.
        """
        import numpy as np

        keys = [_key(self._model_id, text) for text in texts]
        found = self._rows.get(dict(zip(keys, texts, strict=True)), self._vector, progress)
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        return np.stack([found[key] for key in keys])

    def tokens(self, text: str) -> TokenVectors:
        """Return the tokens of a text with their offsets and vectors; the last 1,024 are kept."""
        with self._lock:
            kept = self._tokens.get(text)
            if kept is not None:
                self._tokens.move_to_end(text)
                return kept
        fresh = self._model.tokens(text)
        with self._lock:
            keep(self._tokens, [(text, fresh)], _TOKENS_KEPT)
        return fresh

    def _vector(self, text: str) -> FloatArray:
        with self._lock:
            kept = self._tokens.get(text)
        return kept.whole if kept else self._model.vector(text)

    def prepare_tokens(self, texts: Sequence[str]) -> None:
        """Read many texts side by side, so that `tokens` of each is quick; keep them few enough."""
        with ThreadPoolExecutor(RUNS_AT_ONCE) as pool:
            list(pool.map(self.tokens, dict.fromkeys(texts)))


class Entailment:
    """Reads a claim and a text together: does the text make the claim, deny it, or neither?"""

    def __init__(self, cache_path: Path | None = None) -> None:
        """Keep what was read at `cache_path` or, if None, in memory only. Loads nothing yet."""
        self._model = PairMiniLM()
        self._rows = Rows(cache_path)

    def read(self, pairs: Sequence[tuple[str, str]]) -> FloatArray:
        """Return float32 (pairs, 3) for (claim, text): probabilities of denied, unsaid, said."""
        import numpy as np

        keys = [_key(MODEL_IDS["entailment"], f"{claim}\0{text}") for claim, text in pairs]
        found = self._rows.get(dict(zip(keys, pairs, strict=True)), self._model.read)
        if not pairs:
            return np.zeros((0, 3), dtype=np.float32)
        return np.stack([found[key] for key in keys])


class Models(NamedTuple):
    """What the offline grader reads with: a general embedding, a tuned one, and pairs."""

    general: Embedder
    tuned: Embedder
    entailment: Entailment


@cache
def get_embedder(cache_path: Path | None, model: ModelName = "base") -> Embedder:
    """Return this process's embedder for a cache file and a model."""
    return Embedder(cache_path, model)


@cache
def get_models(cache_path: Path | None) -> Models:
    """Return this process's models for a cache file."""
    general, tuned = get_embedder(cache_path), get_embedder(cache_path, "tuned")
    return Models(general, tuned, Entailment(cache_path))


def _key(model_id: str, text: str) -> bytes:
    named = f"{model_id}\0{text}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(named).digest()[:16]
