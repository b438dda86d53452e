"""Passage vectors on disk in Chroma, for one owner. The only importer of chromadb.

Invariant: two processes never open one Chroma directory (it breaks); a file lock decides who owns
it. What is stored is derived: any doubt, and it is deleted.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from interviewer.embedding import MODEL_ID, Embedder, FloatArray
from interviewer.retrieval.documents import Document, Passage
from interviewer.retrieval.store import BrokenStore, Filter, Progress, progress_reporter

_VERSION = "1"  # of what is stored; a directory of another version is rebuilt
_NAME = "bank"
_BATCH = 1000  # Chroma takes 5461 at most


class ChromaStore:
    """One Chroma collection below `directory`, brought up to date when opened."""

    def __init__(self, directory: Path, lock: int) -> None:
        """Own `directory` through `lock`, an open file descriptor; see `lock_directory`."""
        self._directory, self._lock = directory, lock
        self._client: Any = None
        self._collection: Any = None

    def update(
        self,
        documents: Sequence[Document],
        passages: Sequence[Passage],
        embedder: Embedder,
        progress: Progress | None = None,
    ) -> None:
        """Store what is new or changed, delete what is gone. Raise BrokenStore."""
        with _breakage():
            self._open()
            stored = self._collection.get(include=["metadatas"])
            hashes = {
                i: (m or {}).get("hash")
                for i, m in zip(stored["ids"], stored["metadatas"], strict=True)
            }
            gone = sorted(hashes.keys() - {p.id for p in passages})
            changed = [p for p in passages if hashes.get(p.id) != p.hash]
            vectors = embedder.vectors(
                [p.text for p in changed], progress_reporter(progress, len(changed))
            )
            for at in range(0, len(gone), _BATCH):
                self._collection.delete(ids=gone[at : at + _BATCH])
            for at in range(0, len(changed), _BATCH):
                self._upsert(documents, changed[at : at + _BATCH], vectors[at : at + _BATCH])
            if self._collection.count() != len(passages):
                raise BrokenStore("passages are missing")

    def nearest(self, vector: FloatArray, only: Filter, count: int) -> list[str]:
        with _breakage():
            found = self._collection.query(
                query_embeddings=[vector],
                n_results=count,
                where=_where(only),
                include=["distances"],
            )
        return list(found["ids"][0])

    def clear(self) -> None:
        """Delete everything that is stored."""
        self._release()
        for folder in self._directory.glob("chroma-*"):
            shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        self._release()
        os.close(self._lock)

    def _open(self) -> None:
        import chromadb
        from chromadb.config import Settings

        # A cleared index starts in a folder of a new name: Chroma remembers paths per process.
        folders = sorted(self._directory.glob("chroma-*"))
        folder = folders[0] if folders else self._directory / f"chroma-{uuid4().hex}"
        settings = Settings(anonymized_telemetry=False)
        self._client = chromadb.PersistentClient(str(folder), settings=settings)
        stamp = {"version": _VERSION, "model": MODEL_ID}
        # Cosine, and a search list long enough for recall@10 of 0.98 where the default has 0.68.
        self._collection = self._client.get_or_create_collection(
            _NAME,
            metadata=stamp,
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_search": 500}},
        )
        if self._collection.metadata != stamp:
            raise BrokenStore("made by another version")

    def _upsert(
        self, documents: Sequence[Document], passages: Sequence[Passage], vectors: FloatArray
    ) -> None:
        self._collection.upsert(
            ids=[p.id for p in passages],
            embeddings=vectors,
            metadatas=[_metadata(documents[p.document], p) for p in passages],
        )

    def _release(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = self._collection = None


def lock_directory(directory: Path) -> int | None:
    """Return a file descriptor that makes us the owner; None if taken, or not ours to write in."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = os.open(directory / "owner.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


@contextmanager
def _breakage() -> Iterator[None]:
    """Turn what Chroma raises over damaged files into BrokenStore."""
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise BrokenStore(str(error)) from error


def _metadata(document: Document, passage: Passage) -> dict[str, str]:
    return {
        "hash": passage.hash,
        "kind": document.kind,
        "round": document.round,
        "question_id": document.question_id or "",
    }


def _where(only: Filter) -> dict[str, Any]:
    rules: list[dict[str, Any]] = [{"kind": {"$in": list(only.kinds)}}]
    rules += [{"round": only.round}] if only.round else []
    rules += [{"question_id": only.question_id}] if only.question_id else []
    return rules[0] if len(rules) == 1 else {"$and": rules}
