"""The sessions tab: every session, to go on with, to read, or to delete."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import gradio as gr

from interviewer.errors import InterviewerError
from interviewer.schema import Format, Scorecard
from interviewer.session import Sessions
from interviewer.store import SessionRecord
from interviewer.ui.events import on, shown, then

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
        self.opened = gr.Textbox("", visible=False)
        self._to_delete = gr.Textbox("", visible=False)
        self.outputs = [self._none, self._list, self._actions]
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
        }

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
