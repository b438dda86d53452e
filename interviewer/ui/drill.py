"""The drill tab: concept questions in quick succession, the verdict after each, a summary by topic."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import gradio as gr

from interviewer.programme.drills import TopicResult, by_topic
from interviewer.schema import Format, Setup, Topic
from interviewer.session import Sessions, SessionView
from interviewer.ui.choices import topic_choices
from interviewer.ui.markup import escaped
from interviewer.ui.room import Room

ROUND = "ml_fundamentals"


def build_drill(sessions: Sessions) -> Room:
    """Build the tab."""
    with gr.Column(elem_classes="doorway") as doorway:
        gr.Markdown(
            "Short questions, one after another. After each answer: the verdict and a better one."
        )
        with gr.Row(elem_classes="choices"):
            topic = gr.Dropdown(topic_choices(sessions.bank, ROUND), value="", label="Topic")
            count = gr.Number(20, label="Questions", minimum=1, maximum=60, precision=0)
            minutes = gr.Number(60, label="Minutes", minimum=1, maximum=240, precision=0)
        start = gr.Button("Start drill", variant="primary", size="lg", elem_classes="start")
    room = Room(
        sessions, doorway, phrases=("Skip",), below=lambda v: drill_html(v, sessions.bank.topics)
    )
    room.enter(start, drill_setup, [topic, count, minutes])
    return room


def drill_setup(topic: str | None, count: float | None, minutes: float | None) -> Setup:
    """Return the set-up of a drill; 20 questions in 60 minutes where nothing is given."""
    return Setup(
        round=ROUND,
        format=Format.DRILL,
        topic=topic or None,
        count=int(count or 20),
        minutes=int(minutes or 60),
    )


def drill_html(view: SessionView, topics: Mapping[str, Topic]) -> str:
    """Return the summary by topic of a finished drill; nothing before."""
    if not view.finished:
        return ""
    rows = "".join(map(_row, by_topic(view.record.snapshot, view.grades, topics)))
    if not rows:
        return '<section class="summary"><p>No question was answered.</p></section>'
    return (
        '<section class="summary"><h2 class="panel-title">By topic</h2><table class="criteria"><thead>'
        "<tr><th>Topic</th><th>Answered</th><th>Mean</th><th>Missed most</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></section>"
    )


def _row(result: TopicResult) -> str:
    mean = "not graded yet" if result.mean is None else f"{result.mean:.0%}"
    open_ = (
        f" ({result.ungraded} not graded)" if result.ungraded and result.mean is not None else ""
    )
    missed = "<br>".join(f"○ {escaped(claim)}" for claim in result.missed[:3]) or "nothing"
    return (
        f'<tr><th scope="row">{escape(result.topic)}</th><td>{result.answered} of {result.reached}</td>'
        f"<td>{mean}{open_}</td><td>{missed}</td></tr>"
    )
