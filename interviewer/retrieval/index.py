"""The search over the bank: nearness in meaning beside shared words, fused by rank.

Derived data: built from the bank, brought up to date when opened, rebuilt by itself when damaged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import RLock
from typing import NamedTuple

from interviewer.content import Bank
from interviewer.embedding import Embedder
from interviewer.retrieval.chroma import ChromaStore, lock_directory
from interviewer.retrieval.documents import KINDS, Kind, documents_of, passages_of
from interviewer.retrieval.facts import FactMatch, facts_asked
from interviewer.retrieval.lexical import LexicalIndex
from interviewer.retrieval.store import BrokenStore, Filter, MemoryStore, Progress, VectorStore
from interviewer.schema import Question
from interviewer.synonyms import load_synonyms
from interviewer.text import words

# Reciprocal-rank fusion with the usual 60: found by both ways beats first in one.
_RANK_OFFSET = 60
# How far down each list counts: deeper ones let two mediocre ranks beat one good one. Finding the
# key point of one of its wordings: MRR 0.42 at 10, 0.40 at 60; by meaning alone 0.39, words 0.34
# (250 wordings; the bank was small, so take it as a direction).
_DEPTH = 10
_PASSAGES_PER_DOCUMENT = 3  # the most that one has: enough passages for `_DEPTH` documents


class Hit(NamedTuple):
    """One document found.

    `score` is 1 for the first of both lists, about 0.5 for the first of one, and falls with rank;
    it orders hits of one search and says nothing about whether the best is any good.
    """

    kind: Kind
    id: str
    question_id: str | None
    round: str
    text: str
    score: float


class BankIndex:
    """Search over one bank; get it from `open_index`. Safe to use from several threads."""

    def __init__(
        self, bank: Bank, embedder: Embedder, directory: Path | None, progress: Progress | None
    ) -> None:
        self._embedder = embedder
        self._synonyms = load_synonyms()
        self._documents = documents_of(bank)
        self._passages = passages_of(self._documents, self._synonyms)
        self._document_of = {p.id: p.document for p in self._passages}
        texts = ["\n".join((*d.passages, d.subject)) for d in self._documents]
        self._lexical = LexicalIndex(texts, self._synonyms)
        self._lock = RLock()
        self._store = self._open_store(directory, progress)

    def __len__(self) -> int:
        return len(self._documents)

    @property
    def persistent(self) -> bool:
        """Tell whether this is the owner of the stored index, not a search in memory."""
        return isinstance(self._store, ChromaStore)

    def search(
        self,
        text: str,
        *,
        kinds: Sequence[Kind] = KINDS,
        round_id: str | None = None,
        question_id: str | None = None,
        limit: int = 10,
    ) -> list[Hit]:
        """Return the best hits, best first; [] for a text without words."""
        if not self._documents or not words(text) or limit < 1:
            return []
        only = Filter(tuple(kinds), round_id, question_id)
        depth = max(limit, _DEPTH)
        rankings = (self._by_words(text, only, depth), self._by_meaning(text, only, depth))
        return [self._hit(position, score) for position, score in _fuse(rankings)[:limit]]

    def unknown_words(self, text: str) -> list[str]:
        """Return the words of a text that nothing in the bank has: hits are then near at best."""
        return self._lexical.unknown_words(text)

    def facts_asked(self, question: Question, ask: str) -> list[FactMatch]:
        """Return which facts of a question a clarifying message asks for, best first, or none."""
        return facts_asked(question, ask, self._embedder, self._synonyms)

    def close(self) -> None:
        """Let go of the directory, so that another process may own it."""
        self._store.close()

    def _by_meaning(self, text: str, only: Filter, depth: int) -> list[int]:
        vector = self._embedder.vectors([self._synonyms.canonical(text)])[0]
        count = min(depth * _PASSAGES_PER_DOCUMENT, len(self._passages))
        with self._lock:
            try:
                found = self._store.nearest(vector, only, count)
            except BrokenStore:
                self._store = self._rebuilt(self._store)
                found = self._store.nearest(vector, only, count)
        return list(dict.fromkeys(self._document_of[passage_id] for passage_id in found))[:depth]

    def _by_words(self, text: str, only: Filter, depth: int) -> list[int]:
        scores = self._lexical.scores(text)
        best = (int(position) for position in (-scores).argsort(kind="stable"))
        matching = (p for p in best if scores[p] > 0 and only.admits(self._documents[p]))
        return [p for p, _ in zip(matching, range(depth), strict=False)]

    def _hit(self, position: int, score: float) -> Hit:
        d = self._documents[position]
        return Hit(d.kind, d.id, d.question_id, d.round, d.text, score)

    def _open_store(self, directory: Path | None, progress: Progress | None) -> VectorStore:
        lock = lock_directory(directory) if directory else None
        if directory is None or lock is None:
            return self._in_memory(progress)
        store = ChromaStore(directory, lock)
        try:
            store.update(self._documents, self._passages, self._embedder, progress)
        except BrokenStore:
            return self._rebuilt(store, progress)
        return store

    def _rebuilt(self, store: VectorStore, progress: Progress | None = None) -> VectorStore:
        """Build the stored index anew; search in memory if even that fails (a full disk, say)."""
        if isinstance(store, ChromaStore):
            store.clear()
            try:
                store.update(self._documents, self._passages, self._embedder, progress)
                return store
            except BrokenStore:
                store.close()
        return self._in_memory(progress)

    def _in_memory(self, progress: Progress | None) -> MemoryStore:
        return MemoryStore(self._documents, self._passages, self._embedder, progress)


def open_index(
    bank: Bank, embedder: Embedder, directory: Path | None, progress: Progress | None = None
) -> BankIndex:
    """Open the index of a bank; build or update what is stored in `directory`.

    With no directory, or while another process owns it, the same search runs in memory.
    `progress` is called with the number of passages embedded and of those to embed.
    """
    return BankIndex(bank, embedder, directory, progress)


def _fuse(rankings: Iterable[Sequence[int]]) -> list[tuple[int, float]]:
    """Return positions with scores, best first; of equals the one that an earlier list has."""
    scores: dict[int, float] = {}
    lists = list(rankings)
    for ranking in lists:
        for rank, position in enumerate(ranking, 1):
            share = (_RANK_OFFSET + 1) / (_RANK_OFFSET + rank) / len(lists)
            scores[position] = scores.get(position, 0.0) + share
    return sorted(scores.items(), key=lambda item: -item[1])
