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

_AT_ONCE = 40
_CONFIRM = "(id) => [id && confirm('Delete this session for good?') ? id : '']"
_KINDS = {Format.DRILL: "Drill", Format.STORY: "Story"}


class SessionsTab:
    """The list; `opened` holds the id of the session to open, and `open_event` follows its choice."""

    def __init__(self, sessions: Sessions, tab: gr.Tab) -> None:
        self._sessions = sessions
        self._none = gr.Markdown("No sessions yet. Start one in Practice; it will be kept here.")
        self._counted = gr.HTML()
        self._list = gr.Radio(
            [], label="Sessions", elem_classes=["sessions", "away"], container=False
        )
        with gr.Row(elem_classes=["actions", "away"]) as self._actions:
            go = gr.Button("Open", variant="primary", min_width=120)
            delete = gr.Button("Delete", min_width=120)
            self._more = gr.Button("Show more", min_width=120, elem_classes="away")
            self._cases = gr.DownloadButton(
                "Download contested cases", min_width=220, elem_classes="away"
            )
        self._trends = gr.HTML()
        with gr.Column(elem_classes="away") as self._plot_box:
            self._plot = gr.Plot(show_label=False, container=False)
        self.opened = gr.Textbox("", visible=False)
        self._to_delete = gr.Textbox("", visible=False)
        self._shown = gr.Number(_AT_ONCE, visible=False)
        self.outputs = [
            self._none, self._list, self._counted, self._actions, self._more, self._shown, self._cases,
            self._trends, self._plot_box, self._plot,
        ]  # fmt: skip
        on(tab.select, self.listed, [], self.outputs)
        on(self._more.click, self._longer, [self._shown], self.outputs)
        self.open_event = on(go.click, lambda chosen: chosen or "", [self._list], [self.opened])
        asked = on(delete.click, None, [self._list], [self._to_delete], js=_CONFIRM)
        then(asked, self._delete, [self._to_delete, self._shown], self.outputs)

    def listed(self, at_most: float = _AT_ONCE) -> dict[Any, Any]:
        """Return the updates that show the list as it now is."""
        records, total = self._sessions.list(int(at_most)), self._sessions.count()
        choices = [(self._line(record), record.id) for record in records]
        return {
            self._none: shown(self._none, not choices),
            self._list: gr.update(
                choices=choices,
                value=choices[0][1] if choices else None,
                elem_classes=["sessions"] if choices else ["sessions", "away"],
            ),
            self._counted: counted_html(len(records), total),
            self._actions: shown(self._actions, bool(choices)),
            self._more: shown(self._more, total > len(records)),
            self._shown: at_most,
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

    def _longer(self, at_most: float) -> dict[Any, Any]:
        return self.listed(at_most + _AT_ONCE)

    def _delete(self, session_id: str, at_most: float) -> dict[Any, Any]:
        if session_id:
            try:
                self._sessions.delete(session_id)
            except InterviewerError as error:
                gr.Warning(str(error))
        return self.listed(at_most)


def counted_html(listed: int, total: int) -> str:
    """Return how many sessions there are, and how many of them are listed; nothing for one."""
    if total < 2:
        return ""
    latest = f"The latest {listed} of {total}" if listed < total else f"All {total}"
    return f'<p class="quiet" role="status">{latest} sessions, newest first.</p>'


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
