"""Vectors: the same for the same text whatever the batch, cached on disk, never in the way."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from interviewer.embedding import DIMENSIONS, Embedder, get_embedder

ROOT = Path(__file__).parent.parent
TEXTS = ["Dropout zeroes random units.", "Bagging averages many trees.", "k", ""]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


def test_vectors_are_float32_of_length_one(embedder: Embedder) -> None:
    vectors = embedder.vectors(TEXTS)
    assert vectors.shape == (len(TEXTS), DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.vectors([]).shape == (0, DIMENSIONS)


def test_a_text_has_the_same_vector_whatever_it_comes_with(embedder: Embedder) -> None:
    alone = Embedder().vectors(TEXTS[:1])[0]
    assert np.array_equal(embedder.vectors([*TEXTS, "long " * 200])[0], alone)


def test_near_meanings_are_nearer(embedder: Embedder) -> None:
    a, b, c = embedder.vectors(["How fast must it respond?", "latency limit", "a fluffy cat"])
    assert a @ b > a @ c + 0.2


def test_long_texts_are_read_to_the_end(embedder: Embedder) -> None:
    start = "Trees split on features. " * 80
    plain, ended = embedder.vectors([start, start + "Bananas grow in Ecuador. " * 80])
    banana = embedder.vectors(["Bananas grow in Ecuador."])[0]
    assert ended @ banana > plain @ banana + 0.2


def test_tokens_have_offsets_into_the_text_and_unit_vectors(embedder: Embedder) -> None:
    text = "Naïve Bayes: overfitting?"
    tokens = embedder.tokens(text)
    assert tokens.vectors.shape == (len(tokens.tokens), DIMENSIONS)
    assert np.linalg.norm(tokens.vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    pieces = [text[s:e] for s, e in zip(tokens.starts, tokens.ends, strict=True)]
    assert "".join(pieces) == text.replace(" ", "")
    assert "[CLS]" not in tokens.tokens


def test_tokens_of_a_long_text_are_all_there_with_their_places(embedder: Embedder) -> None:
    tokens = embedder.tokens("word " * 600)
    assert len(tokens.tokens) == 600
    assert (tokens.starts[599], tokens.ends[599]) == (2995, 2999)


def test_tokens_of_no_text(embedder: Embedder) -> None:
    assert embedder.tokens("").vectors.shape == (0, DIMENSIONS)


def test_progress_counts_distinct_texts(embedder: Embedder) -> None:
    seen: list[int] = []
    embedder.vectors(["one", "two", "two"], seen.append)
    assert seen[-1] == 2


def test_vectors_are_found_on_disk_exactly_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "vectors.db"
    first = Embedder(path).vectors(TEXTS)
    rows = sqlite3.connect(path)
    assert rows.execute("SELECT count(*) FROM vectors").fetchone() == (len(TEXTS),)
    rows.close()
    assert np.array_equal(Embedder(path).vectors(TEXTS), first)


@pytest.mark.parametrize(
    "damage", [b"not a database at all" * 400, b"SQLite format 3\0" + b"x" * 900]
)
def test_a_damaged_cache_is_replaced(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "vectors.db"
    path.write_bytes(damage)
    vectors = Embedder(path).vectors(TEXTS)
    assert np.array_equal(vectors, Embedder().vectors(TEXTS))
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM vectors").fetchone() == (len(TEXTS),)
    connection.close()


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    path.mkdir()
    assert Embedder(path).vectors(["still works"]).shape == (1, DIMENSIONS)


def test_several_users_of_one_cache_agree(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    embedders = [Embedder(path) for _ in range(3)]
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda e: e.vectors(TEXTS), embedders * 2))
    assert all(np.array_equal(result, results[0]) for result in results)


def test_one_embedder_per_cache(tmp_path: Path) -> None:
    assert get_embedder(tmp_path / "a") is get_embedder(tmp_path / "a")
    assert get_embedder(tmp_path / "a") is not get_embedder(None)


def test_two_models_share_a_cache_and_are_not_mixed_up(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    base, tuned = Embedder(path).vectors(TEXTS), Embedder(path, "tuned").vectors(TEXTS)
    assert not np.allclose(base, tuned, atol=0.01)
    assert np.array_equal(Embedder(path, "tuned").vectors(TEXTS), tuned)
    assert np.array_equal(Embedder(path).vectors(TEXTS), base)


def test_one_embedder_per_model(tmp_path: Path) -> None:
    assert get_embedder(tmp_path / "a", "tuned") is get_embedder(tmp_path / "a", "tuned")
    assert get_embedder(tmp_path / "a", "tuned") is not get_embedder(tmp_path / "a")


def test_importing_loads_nothing_heavy() -> None:
    code = (
        "import sys, interviewer.embedding, interviewer.retrieval\n"
        "print([m for m in ('numpy', 'onnxruntime', 'tokenizers', 'chromadb', 'bm25s') "
        "if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
