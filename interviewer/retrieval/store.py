"""What a store of passage vectors does, and the one in memory. The one on disk is in `chroma`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from interviewer.embedding import Embedder, FloatArray
from interviewer.retrieval.documents import Document, Passage

Progress: TypeAlias = Callable[[int, int], None]


class Filter(NamedTuple):
    """Which documents may be found; None means any."""

    kinds: tuple[str, ...]
    round: str | None = None
    question_id: str | None = None

    def admits(self, document: Document) -> bool:
        """Return whether a document passes."""
        return (
            document.kind in self.kinds
            and self.round in (None, document.round)
            and self.question_id in (None, document.question_id)
        )


class BrokenStore(Exception):
    """The stored vectors cannot be used. Never leaves this folder."""


class VectorStore(Protocol):
    def nearest(self, vector: FloatArray, only: Filter, count: int) -> list[str]:
        """Return the ids of the nearest passages by cosine, best first. Raise BrokenStore."""

    def close(self) -> None:
        """Let go of files and locks."""


class MemoryStore:
    """All passages in one matrix; the vectors come from the embedder's cache."""

    def __init__(
        self,
        documents: Sequence[Document],
        passages: Sequence[Passage],
        embedder: Embedder,
        progress: Progress | None = None,
    ) -> None:
        self._documents, self._passages = documents, passages
        report = progress_reporter(progress, len(passages))
        self._matrix = embedder.vectors([p.text for p in passages], report)

    def nearest(self, vector: FloatArray, only: Filter, count: int) -> list[str]:
        cosines = self._matrix @ vector
        best = (self._passages[int(row)] for row in (-cosines).argsort(kind="stable"))
        allowed = (p.id for p in best if only.admits(self._documents[p.document]))
        return [passage_id for passage_id, _ in zip(allowed, range(count), strict=False)]

    def close(self) -> None:
        pass


def progress_reporter(progress: Progress | None, total: int) -> Callable[[int], None] | None:
    """Return what the embedder calls with the number done; None if nobody is to be told."""
    return (lambda done: progress(done, total)) if progress and total else None
