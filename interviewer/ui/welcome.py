"""What a first visit is offered below the choices: an example to read, and a five-minute taster."""

from __future__ import annotations

from typing import Any

import gradio as gr

from interviewer.config import Settings
from interviewer.schema import Setup
from interviewer.session import Sessions
from interviewer.ui.chat import messages_of
from interviewer.ui.events import on, shown, then
from interviewer.ui.example import example
from interviewer.ui.markup import LATEX
from interviewer.ui.scorecard_pane import ScorecardPane

# An unfinished session further back than this is not offered; Sessions lists it.
_LOOKED_AT = 30
TASTER = Setup(round="ml_fundamentals", minutes=5, count=1)


class Welcome:
    """Two buttons, shown while there is no session; an unfinished session is offered otherwise."""

    def __init__(self, sessions: Sessions, settings: Settings) -> None:
        self._sessions = sessions
        self._settings = settings
        with gr.Row(elem_classes=["actions", "welcome", "away"]) as self._first:
            self.taster = gr.Button("Five-minute taster", min_width=170)
            read = gr.Button("Read an example", min_width=170)
        with gr.Row(elem_classes=["actions", "welcome", "away"]) as self._again:
            self.resume = gr.Button("Go on with your unfinished session", min_width=260)
        self.unfinished = gr.Textbox("", visible=False)
        with gr.Column(elem_classes=["example", "away"]) as self._example:
            gr.Markdown(
                "**Example.** A scripted interview on one question, graded as yours will be."
            )
            self._chat = gr.Chatbot(
                show_label=False, container=False, height=420, latex_delimiters=LATEX, buttons=[],
                elem_classes="chat", group_consecutive_messages=False, autoscroll=False,
            )  # fmt: skip
            self._pane = ScorecardPane(sessions, gr.Textbox("", visible=False), for_example=True)
        self.outputs = [self._first, self._again, self.unfinished]
        opening = on(
            read.click, lambda: {self._example: shown(self._example, True)}, [], [self._example]
        )
        then(opening, self._read, [], [self._chat, *self._pane.outputs])

    def look(self) -> dict[Any, Any]:
        """Return the updates for what there is: nothing yet, or a session to go on with."""
        records = self._sessions.list(_LOOKED_AT)
        running = next((r for r in records if r.status != "finished"), None)
        return {
            self._first: shown(self._first, not records),
            self._again: shown(self._again, running is not None),
            self.unfinished: running.id if running else "",
        }

    def _read(self) -> dict[Any, Any]:
        view, card = example(self._settings.home)
        return {self._chat: messages_of(view), **self._pane.fill(card, view)}
