"""What a model-led interview costs and how fast it answers, against a scripted loopback server.

`python -m evals.cost`: prompt tokens of 40 answers of 120 words through the real sessions, grading
included, and the time to the first words on a server with 0.5 s to first token and 60 tokens/s.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice, pairwise
from pathlib import Path
from statistics import mean, quantiles
from typing import Any, NamedTuple

import typer

from interviewer.config import Settings
from interviewer.llm.tokens import TOKENS_PER_MESSAGE, TokenCounter
from interviewer.schema import Question, Seniority, Setup
from interviewer.session import Sessions, open_sessions
from tests.faulty_server import FaultyServer, Reply

ANSWERS, WORDS, TIMED_ANSWERS = 40, 120, 20
FIRST_TOKEN_SECONDS, TOKENS_PER_SECOND = 0.5, 60.0
SPOKEN = "You went from the loss to the weights there. What would change if the data were ten times larger?"


class ScriptedModel:
    """Answers every kind of call in its shape; with `timed`, as slowly as a real server."""

    def __init__(self, counter: TokenCounter, *, timed: bool) -> None:
        self._count = counter.count
        self._timed = timed

    def __call__(self, request: dict[str, Any]) -> Reply:
        shape = request.get("response_format", {}).get("json_schema", {}).get("name")
        if shape is None:
            return self._spoken()
        text = json.dumps(_steer(request) if shape == "SteerOut" else _reading(request))
        writing = FIRST_TOKEN_SECONDS + self._count(text) / TOKENS_PER_SECOND
        return Reply(text, first_token_seconds=writing if self._timed else 0.0)

    def _spoken(self) -> Reply:
        if not self._timed:
            return Reply(SPOKEN)
        return Reply(
            SPOKEN, first_token_seconds=FIRST_TOKEN_SECONDS, tokens_per_second=TOKENS_PER_SECOND
        )


class Cost(NamedTuple):
    """Prompt tokens: of the calls on the reply path of each turn, of grading, of output schemas."""

    by_turn: list[int]
    grading: int
    schemas: int
    calls: int

    @property
    def total(self) -> int:
        return sum(self.by_turn) + self.grading


def main(round_id: str = "ml_fundamentals") -> None:
    """Print the cost of one scripted session of ROUND_ID, and the first-token times."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        counter = TokenCounter(home / "tiktoken")
        with FaultyServer(answer=ScriptedModel(counter, timed=False)) as server:
            cost = _cost(server, home, counter, round_id)
        turns = ", ".join(f"turn {n}: {cost.by_turn[n - 1]}" for n in (5, 20, len(cost.by_turn)))
        print(f"{round_id}: {len(cost.by_turn)} answers of {WORDS} words, {cost.calls} calls")
        first, last = mean(cost.by_turn[:10]), mean(cost.by_turn[-10:])
        print(f"prompt tokens on the reply path: {turns}; most {max(cost.by_turn)}")
        print(f"  first ten turns {first:.0f} on average, last ten {last:.0f}")
        print(
            f"prompt tokens in all: {cost.total} (replies {sum(cost.by_turn)}, grading "
            f"{cost.grading}); output schemas beside the prompts: {cost.schemas}"
        )
        with FaultyServer(answer=ScriptedModel(counter, timed=True)) as server:
            waits = _first_words(server, home, round_id)
        steps = quantiles(waits, n=20, method="inclusive")
        print(f"first words: p50 {steps[9]:.2f} s, p95 {steps[18]:.2f} s over {len(waits)} answers")


def _cost(server: FaultyServer, home: Path, counter: TokenCounter, round_id: str) -> Cost:
    sessions = _open(server, home)
    by_turn, grading = [], 0
    for _ in _answers(sessions, round_id, ANSWERS):
        by_turn.append(len(server.requests))
    for session in sessions.list():
        sessions.finish(session.id)
        sessions.scorecard(session.id)
    ends = [0, *by_turn]
    tokens = [_prompt_tokens(request, counter) for request in server.requests]
    is_grading = ["grade one exchange" in r["messages"][0]["content"] for r in server.requests]
    grading = sum(t for t, g in zip(tokens, is_grading, strict=True) if g)
    replies = [
        sum(t for t, g in zip(tokens[a:b], is_grading[a:b], strict=True) if not g)
        for a, b in pairwise(ends)
    ]
    schemas = sum(counter.count(json.dumps(r.get("response_format", ""))) for r in server.requests)
    return Cost(replies, grading, schemas, len(server.requests))


def _first_words(server: FaultyServer, home: Path, round_id: str) -> list[float]:
    return list(_answers(_open(server, home), round_id, TIMED_ANSWERS))


def _open(server: FaultyServer, home: Path) -> Sessions:
    return open_sessions(
        Settings(home=home, bank=None, model="scripted", openai_base_url=server.base_url)
    )


def _answers(sessions: Sessions, round_id: str, count: int) -> Iterator[float]:
    """Give `count` answers, in as many sessions as they need; yield the wait for the first words."""
    given = 0
    while given < count:
        setup = Setup(round=round_id, minutes=240, seniority=Seniority.STAFF)
        session_id = sessions.start(setup)
        while given < count and not (view := sessions.view(session_id)).finished:
            if view.state.closing:
                break
            begin = time.perf_counter()
            reply = sessions.answer(session_id, _answer(view.state.question, given), seconds=30)
            next(reply)
            yield time.perf_counter() - begin
            list(reply)
            given += 1


def _answer(question: Question, number: int) -> str:
    """Return WORDS words made of the question's own right wordings, from another place each time."""
    said = [w for p in question.key_points for w in p.right]
    start = number % len(said)
    text = " ".join(islice(cycle(said[start:] + said[:start]), 30))
    return " ".join(text.split()[:WORDS])


def _prompt_tokens(request: dict[str, Any], counter: TokenCounter) -> int:
    return sum(counter.count(m["content"]) + TOKENS_PER_MESSAGE for m in request["messages"])


def _listed(user: str, heading: str) -> list[str]:
    """Return the ids listed under one heading of a prompt."""
    block = user.split(f"{heading}:\n", 1)[1].split("\n\n", 1)[0]
    return re.findall(r"^(?:- )?(\w+): ", block, re.M)


def _steer(request: dict[str, Any]) -> dict[str, Any]:
    """Read one point as met and one as partly said: about what an answer of 120 words holds."""
    touched = _listed(request["messages"][1]["content"], "Key points")[:2]
    points = [
        {"id": p, "verdict": v, "sentences": ["s1", "s2"]}
        for p, v in zip(touched, ("met", "partly"), strict=False)
    ]
    empty: dict[str, Any] = {"misconceptions": [], "facts": [], "unknown_asks": []}
    return {"intents": ["answer"], "points": points, **empty}


def _reading(request: dict[str, Any]) -> dict[str, Any]:
    user = request["messages"][1]["content"]
    sentence = re.search(r"^(t\d+\.s\d+): ", user, re.M)
    cited = [sentence.group(1)] if sentence else []
    verdict = "met" if cited else "not_met"
    reason = "The candidate says so in other words."
    points = [
        {"id": p, "reason": reason, "verdict": verdict, "sentences": cited}
        for p in _listed(user, "Key points")
    ]
    signals = [
        {"id": s, "reason": "Not said.", "seen": False, "sentences": []}
        for s in _listed(user, "Signals")
    ]
    return {"points": points, "misconceptions": [], "signals": signals, "other_valid": []}


if __name__ == "__main__":
    typer.run(main)
