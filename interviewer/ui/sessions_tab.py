"""The sessions tab: every session, to go on with, read or delete; self-ratings; contested cases."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import gradio as gr

from interviewer.errors import InterviewerError
from interviewer.programme.self_ratings import trends_of
from interviewer.schema import Format, Scorecard
from interviewer.session import Sessions
from interviewer.store import SessionRecord
from interviewer.ui.events import on, shown, then
from interviewer.ui.self_ratings_html import trend_figure, trends_html

_SHOWN = 60
_CONFIRM = "(id) => [id && confirm('Delete this session for good?') ? id : '']"
_KINDS = {Format.DRILL: "Drill", Format.STORY: "Story"}


class SessionsTab:
    """The list; `opened` holds the id of the session to open, and `open_event` follows its choice."""

    def __init__(self, sessions: Sessions, tab: gr.Tab) -> None:
        self._sessions = sessions
        self._none = gr.Markdown("No sessions yet. Start one in Practice; it will be kept here.")
        self._list = gr.Radio(
            [], label="Sessions", elem_classes=["sessions", "away"], container=False
        )
        with gr.Row(elem_classes=["actions", "away"]) as self._actions:
            go = gr.Button("Open", variant="primary", min_width=120)
            delete = gr.Button("Delete", min_width=120)
            self._cases = gr.DownloadButton(
                "Download contested cases", min_width=220, elem_classes="away"
            )
        self._trends = gr.HTML()
        with gr.Column(elem_classes="away") as self._plot_box:
            self._plot = gr.Plot(show_label=False, container=False)
        self.opened = gr.Textbox("", visible=False)
        self._to_delete = gr.Textbox("", visible=False)
        self.outputs = [
            self._none, self._list, self._actions, self._cases, self._trends, self._plot_box,
            self._plot,
        ]  # fmt: skip
        on(tab.select, self.listed, [], self.outputs)
        self.open_event = on(go.click, lambda chosen: chosen or "", [self._list], [self.opened])
        asked = on(delete.click, None, [self._list], [self._to_delete], js=_CONFIRM)
        then(asked, self._delete, [self._to_delete], self.outputs)

    def listed(self) -> dict[Any, Any]:
        """Return the updates that show the list as it now is."""
        records = list(self._sessions.list())[:_SHOWN]
        choices = [(self._line(record), record.id) for record in records]
        return {
            self._none: shown(self._none, not choices),
            self._list: gr.update(
                choices=choices,
                value=choices[0][1] if choices else None,
                elem_classes=["sessions"] if choices else ["sessions", "away"],
            ),
            self._actions: shown(self._actions, bool(choices)),
            **self._self_ratings(),
            **self._contested(),
        }

    def _self_ratings(self) -> dict[Any, Any]:
        trends = trends_of(self._sessions.opinions.rated_scorecards())
        figure = trend_figure(trends)
        names = {r.round: r.name for r in self._sessions.bank.rubrics.values()}
        return {
            self._trends: trends_html(trends, names),
            self._plot: figure,
            self._plot_box: shown(self._plot_box, figure is not None),
        }

    def _contested(self) -> dict[Any, Any]:
        """Write the contested cases to a temporary folder, from which the page copies them."""
        rows = [
            json.dumps(r, ensure_ascii=False) for r in self._sessions.contests.calibration_rows()
        ]
        if not rows:
            return {self._cases: gr.update(value=None, elem_classes="away")}
        path = Path(tempfile.mkdtemp(prefix="interviewer-")) / "contested.jsonl"
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        return {self._cases: gr.update(value=str(path), elem_classes=[])}

    def _line(self, record: SessionRecord) -> str:
        cards = self._sessions.scorecards(record.id) if record.status == "finished" else []
        return session_line(record, cards[-1] if cards else None)

    def _delete(self, session_id: str) -> dict[Any, Any]:
        if session_id:
            try:
                self._sessions.delete(session_id)
            except InterviewerError as error:
                gr.Warning(str(error))
        return self.listed()


def session_line(record: SessionRecord, card: Scorecard | None) -> str:
    """Return one session in two lines: what it was; when, how long, and how it ended."""
    kind = _KINDS.get(record.setup.format)
    questions = record.snapshot.questions
    what = questions[0].title if len(questions) == 1 else f"{len(questions)} questions"
    name = f"{kind}: {what}" if kind else f"{record.snapshot.rubric.name}: {what}"
    return f"{name}\n{_when(record.started_at)} · {record.seconds / 60:.0f} min · {_state(record, card)}"


def _state(record: SessionRecord, card: Scorecard | None) -> str:
    if record.status != "finished":
        return "running, open it to go on"
    if card is None:
        return "finished"
    if card.overall is None:
        return "finished, not graded yet"
    return f"finished, {card.overall:.0f} of 100 ({card.recommendation})"


def _when(moment: datetime) -> str:
    return moment.astimezone().strftime("%d %b %Y, %H:%M")
