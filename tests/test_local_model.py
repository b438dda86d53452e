"""A real model behind a real server (llama.cpp with SmolLM2-135M): the wire, not the quality."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from interviewer.config import Settings
from interviewer.grading.batch import grade_rows
from interviewer.grading.model_rows import ModelRowGrader
from interviewer.llm import Model, Prompt, Usage, get_model

QUESTION = "What is the capital of France? Answer in one sentence."


class City(BaseModel):
    """A city and its country."""

    name: str
    country: str


class Book:
    """A ledger in memory."""

    def __init__(self) -> None:
        self.usages: list[Usage] = []

    def note(self, usage: Usage) -> None:
        self.usages.append(usage)

    def remaining(self) -> float | None:
        return None


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Model]:
    """Serve SmolLM2 from a process of its own, and speak to it as to any server."""
    script = Path(__file__).with_name("local_model_server.py")
    command = [sys.executable, str(script)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            address = next((line for line in server.stdout if line.startswith("http")), "").strip()
            assert address, "see requirements-model.lock"
            home = tmp_path_factory.mktemp("home")
            opened = get_model(Settings(home=home, model="smollm2", openai_base_url=address))
            assert opened is not None
            yield opened
            opened.close()
        finally:
            server.kill()


def ask(model: Model, max_tokens: int, book: Book | None = None) -> Iterator[str]:
    prompt = Prompt("You are brief.", QUESTION, 200)
    return model.stream(
        prompt, purpose="speak", max_tokens=max_tokens, timeout_seconds=60, ledger=book
    )


def test_chat_streams_and_reports_its_usage(model: Model) -> None:
    book = Book()
    pieces = list(ask(model, 30, book))
    assert len(pieces) > 3
    assert "Paris" in "".join(pieces)
    (usage,) = book.usages
    assert usage.prompt_tokens > 20
    assert 3 < usage.completion_tokens <= 31


def test_structured_output_has_the_shape_that_was_asked_for(model: Model) -> None:
    prompt = Prompt("Answer in JSON.", "Name one city in Italy and its country.", 200)
    city = model.structured(
        prompt, City, purpose="grade", max_tokens=80, timeout_seconds=60, ledger=Book()
    )
    assert city.name
    assert city.country


def test_a_stopped_stream_frees_the_server(model: Model) -> None:
    pieces = ask(model, 400)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    begin = time.monotonic()
    assert list(ask(model, 5))
    assert time.monotonic() - begin < 3


def test_a_model_that_cannot_grade_never_gets_a_number_without_a_quote(model: Model) -> None:
    answer = "L1 sets many weights to zero. The other one only makes them small."
    row = {"id": 1, "question": "L1 or L2?", "key_points": ["L1 gives zeros."], "answer": answer}
    (result,) = grade_rows([row], ModelRowGrader(model, 15))
    assert result["status"] in ("graded", "failed")
    assert (result["score"] is None) == (result["status"] == "failed")
    for evidence in [p["evidence"] for p in result["key_points"] if p["evidence"]]:
        assert answer[evidence["start"] : evidence["end"]] == evidence["quote"]
