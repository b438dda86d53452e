"""The example for a first visit: a scripted interview, really run and really graded, kept nowhere."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from interviewer.config import Settings
from interviewer.schema import Scorecard, Setup
from interviewer.session import SessionView, open_sessions

_ANSWERS = Path(__file__).with_name("example_answers.md")
_QUESTION = "l1_versus_l2"
_ROUND = "ml_fundamentals"
_MINUTES = 10
# Speaking pace, for the example's clock.
_WORDS_PER_SECOND = 2.5


@cache
def example(home: Path) -> tuple[SessionView, Scorecard]:
    """Return the example's transcript and scorecard, from a store that is gone when they are read.

    `home` is where vectors are cached; nothing else is written to it, and no model is called.
    """
    with tempfile.TemporaryDirectory(prefix="interviewer-example-") as folder:
        settings = Settings(
            home=home, model=None, database_url=f"sqlite:///{Path(folder) / 'example.sqlite3'}"
        )
        sessions = open_sessions(settings)
        session_id = sessions.start(Setup(round=_ROUND, question_id=_QUESTION, minutes=_MINUTES))
        for answer in example_answers():
            if sessions.view(session_id).finished:
                break
            list(
                sessions.answer(session_id, answer, seconds=len(answer.split()) / _WORDS_PER_SECOND)
            )
        sessions.finish(session_id)
        card = sessions.scorecard(session_id)
        return sessions.view(session_id), card


def example_answers() -> list[str]:
    """Return the authored messages, one per paragraph."""
    return _ANSWERS.read_text(encoding="utf-8").strip().split("\n\n")
