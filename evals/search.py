"""How fast the bank opens and how well it is searched: `python -m evals.search`.

Measures building the index, opening it again, picking a question, and, at 10,000 made-up passages, how
long Chroma takes and how many of the ten nearest it finds (`recall`) beside exact search, by the
length of its search list. Compare ratios within one run.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt

from interviewer.content import Bank, load_bank
from interviewer.embedding import DIMENSIONS, Embedder
from interviewer.retrieval import open_index
from interviewer.schema import Setup
from interviewer.selection import choose_questions

RESULTS = Path(__file__).parent / "results" / "search.json"
Rows = npt.NDArray[np.float32]
_PASSAGES, _QUERIES, _NEAREST = 10_000, 200, 10
# Made-up vectors gather in groups, as questions on one topic do, or all would be equally far apart.
_GROUPS, _SPREAD = 50, 0.8
_SEARCH_LISTS = (10, 100, 500)
_SHARES = (0.25, 0.5, 1.0)


def main() -> None:
    """Measure and print; the figures also go to evals/results/search.json."""
    figures = {
        "bank": [bank_times(part) for part in map(_part_of_bank, _SHARES)],
        "picking": picking_times(),
        f"chroma_at_{_PASSAGES}": chroma_figures(),
    }
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures, indent=2))


def bank_times(bank: Bank) -> dict[str, float]:
    """Return seconds to build the index with nothing embedded, to open it again, and to search."""
    asks = [q.title for q in bank.questions.values()][:100]
    with tempfile.TemporaryDirectory() as folder:
        embedder = Embedder(Path(folder) / "vectors.sqlite3")
        embedder.vectors(["loads the model"])
        started = time.perf_counter()
        index = open_index(bank, embedder, Path(folder) / "index")
        built, documents = time.perf_counter() - started, len(index)
        index.close()
        reopened = _timed(lambda: open_index(bank, embedder, Path(folder) / "index").close())
        index = open_index(bank, embedder, Path(folder) / "index")
        searches = [_timed(partial(index.search, ask)) for ask in asks]
        index.close()
    return {
        "questions": len(bank.questions),
        "documents": documents,
        "build_seconds": built,
        "reopen_seconds": reopened,
        "search_p50_seconds": median(searches),
    }


def picking_times() -> dict[str, float]:
    """Return seconds to pick twenty of the bank's largest round, and of ten times as many."""
    questions = load_bank().of_round("ml_fundamentals")
    many = [q.model_copy(update={"id": f"{q.id}_{n}"}) for n in range(10) for q in questions]
    setup = Setup(round="ml_fundamentals")

    def pick(pool: Sequence[Any]) -> float:
        choose = partial(choose_questions, pool, setup, 20, recent=(), relevance={}, seed=7)
        return median(_timed(choose) for _ in range(20))

    return {
        "questions": len(questions),
        "seconds": pick(questions),
        "seconds_of_ten_times": pick(many),
    }


def chroma_figures() -> list[dict[str, float]]:
    """Return latency and recall@10 of Chroma for each length of search list, and of exact search."""
    chance = np.random.default_rng(7)
    centres = _unit(chance.normal(size=(_GROUPS, DIMENSIONS)))
    rows = _like(centres, _PASSAGES, chance)
    queries = _like(centres, _QUERIES, chance)
    exact = [set(np.argsort(-(rows @ q))[:_NEAREST].tolist()) for q in queries]
    plain = _spread([_timed(partial(_exactly, rows, q)) for q in queries])
    return [
        {"search_list": 0, "recall": 1.0, **plain},
        *(_chroma(rows, queries, exact, length) for length in _SEARCH_LISTS),
    ]


def _exactly(rows: Rows, query: Rows) -> None:
    (-(rows @ query)).argsort()


def _chroma(rows: Rows, queries: Rows, exact: Sequence[set[int]], length: int) -> dict[str, float]:
    import chromadb
    from chromadb.config import Settings

    with tempfile.TemporaryDirectory() as folder:
        client: Any = chromadb.PersistentClient(
            folder, settings=Settings(anonymized_telemetry=False)
        )
        collection = client.create_collection(
            uuid4().hex,
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_search": length}},
        )
        started = time.perf_counter()
        for at in range(0, len(rows), 1000):
            ids = [str(i) for i in range(at, min(at + 1000, len(rows)))]
            collection.add(ids=ids, embeddings=rows[at : at + 1000])
        stored = time.perf_counter() - started
        seconds: list[float] = []
        found = 0
        for query, right in zip(queries, exact, strict=True):
            started = time.perf_counter()
            hits = collection.query(query_embeddings=[query], n_results=_NEAREST, include=[])
            seconds.append(time.perf_counter() - started)
            found += len(right & {int(i) for i in hits["ids"][0]})
        client.close()
    recall = found / (_NEAREST * len(queries))
    return {"search_list": length, "recall": recall, "store_seconds": stored, **_spread(seconds)}


def _part_of_bank(share: float) -> Bank:
    bank = load_bank()
    some = list(bank.questions)[:: round(1 / share)]
    return bank._replace(questions={i: bank.questions[i] for i in some})


def _like(centres: Rows, count: int, chance: np.random.Generator) -> Rows:
    near = centres[chance.integers(0, len(centres), count)]
    return _unit(near + _SPREAD * _unit(chance.normal(size=near.shape)))


def _unit(rows: npt.NDArray[Any]) -> Rows:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    return {"p50_seconds": median(seconds), "p95_seconds": quantiles(seconds, n=20)[18]}


if __name__ == "__main__":
    main()
