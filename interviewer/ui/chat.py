"""A session's turns -> the messages of the chat. Pure but for the plot component it may hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import gradio as gr

from interviewer.schema import Fact, Snapshot, Turn
from interviewer.session import SessionView
from interviewer.ui.markup import inert
from interviewer.ui.plots import series_figure

Message: TypeAlias = dict[str, Any]


def messages_of(view: SessionView) -> list[Message]:
    """Return every turn as chat messages; a revealed series follows as a plot."""
    return [m for turn in view.turns for m in _messages(turn, view.record.snapshot)]


def interviewer_message(text: str) -> Message:
    """Return one message of the interviewer, whole or as far as it has come."""
    return {"role": "assistant", "content": inert(text) or "…"}


def last_said(view: SessionView) -> Turn | None:
    """Return the candidate's last message that still stands."""
    return next(
        (t for t in reversed(view.turns) if t.role == "candidate" and not t.retracted), None
    )


def plotted_facts(turn: Turn, snapshot: Snapshot) -> list[Fact]:
    """Return the facts with a series that a turn revealed, in the order told."""
    if turn.move is None or not turn.move.fact_ids:
        return []
    facts = {f.id: f for q in snapshot.questions if q.id == turn.question_id for f in q.facts}
    return [facts[f] for f in turn.move.fact_ids if f in facts and facts[f].series]


def _messages(turn: Turn, snapshot: Snapshot) -> Iterator[Message]:
    if turn.role == "candidate":
        struck = "*Taken back:*\n\n" if turn.retracted else ""
        yield {"role": "user", "content": struck + inert(turn.text)}
        return
    if turn.text:
        yield interviewer_message(turn.text)
    for fact in plotted_facts(turn, snapshot):
        if fact.series:
            plot = gr.Plot(series_figure(fact.series), label=fact.text)
            yield {"role": "assistant", "content": plot}
