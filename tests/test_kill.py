"""Kill -9 at any moment, start again: the session goes on, nothing lost, nothing doubled."""

from __future__ import annotations

import subprocess
import sys
import time

from interviewer.config import load_settings
from interviewer.schema import Setup
from interviewer.session import open_sessions

ANSWERS = [f"Answer {n}: I would look at the validation error first." for n in range(40)]

# Sends answers one after another, saying before each what it sends; another process kills it.
CANDIDATE = """
import sys
from interviewer.config import load_settings
from interviewer.session import open_sessions

sessions = open_sessions(load_settings())
session_id, sent = sys.argv[1], int(sys.argv[2])
"".join(sessions.resume(session_id))
for answer in sys.stdin.read().splitlines()[sent:]:
    print("sending", flush=True)
    reply = sessions.answer(session_id, answer, seconds=1)
    print("stored", flush=True)
    "".join(reply)
"""


def run_and_kill(session_id: str, sent: int, after_lines: int, delay: float) -> None:
    """Let a process send answers and kill it `delay` seconds after its n-th line."""
    process = subprocess.Popen(
        [sys.executable, "-c", CANDIDATE, session_id, str(sent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n".join(ANSWERS))
    process.stdin.close()
    for _ in range(after_lines):
        assert process.stdout.readline(), "the candidate process ended by itself"
    time.sleep(delay)
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_killed_session_goes_on_where_it_was() -> None:
    sessions = open_sessions(load_settings())
    session_id = sessions.start(Setup(round="ml_fundamentals", count=20, minutes=200))
    for lines, delay in [(1, 0.0), (2, 0.0), (3, 0.005), (4, 0.02), (6, 0.05)]:
        sent = sum(t.role == "candidate" for t in sessions.view(session_id).turns)
        run_and_kill(session_id, sent, lines, delay)
        turns = sessions.view(session_id).turns
        said = [t.text for t in turns if t.role == "candidate"]
        assert said == ANSWERS[: len(said)], "an answer was lost or doubled"
        assert len(said) >= sent
        assert [t.id for t in turns] == list(range(1, len(turns) + 1))
    "".join(sessions.resume(session_id))
    roles = [t.role for t in sessions.view(session_id).turns]
    assert roles == ["interviewer", "candidate"] * (len(roles) // 2) + ["interviewer"]
    sessions.finish(session_id)
    assert sessions.scorecard(session_id).session_id == session_id
