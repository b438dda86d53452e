"""The form for reporting a question: a note for the bank's author."""

from __future__ import annotations

from html import escape
from typing import Any

import gradio as gr

from interviewer.errors import InterviewerError
from interviewer.session import Sessions
from interviewer.ui.events import on, shown
from interviewer.ui.markup import inert, notice_html

Updates = dict[Any, Any]

_WHERE_TO = "() => window.interviewerPage.showForm('report-form')"
_KEPT = "Kept on this machine. “interviewer bank reports” lists all notes for the bank's author."


class ReportForm:
    """Hidden until a link of the scorecard asks for it."""

    def __init__(self, sessions: Sessions, session_id: gr.Textbox) -> None:
        self._sessions = sessions
        with gr.Row(elem_classes="away"):
            asked = gr.Textbox("", show_label=False, elem_classes="ask-report")
        with gr.Column(elem_classes=["sheet", "report-form", "away"]) as self._column:
            self._title = gr.Markdown()
            self._note = gr.Textbox(label="What is wrong with it?", lines=3, max_lines=10)
            self._notice = gr.HTML(elem_classes="notice")
            with gr.Row(elem_classes="actions"):
                send = gr.Button("Send the note", variant="primary", min_width=140)
                close = gr.Button("Close", min_width=100)
        self.outputs = [self._column, self._title, self._note, self._notice]
        opened = on(asked.change, self._opened, [asked], self.outputs)
        opened.then(None, None, None, js=_WHERE_TO)
        on(send.click, self._sent, [session_id, asked, self._note], self.outputs)
        on(close.click, self.hide, [], self.outputs)

    def hide(self) -> Updates:
        """Return the updates that hide the form."""
        return {self._column: shown(self._column, False)}

    def _opened(self, asked: str) -> Updates:
        question = self._sessions.bank.questions.get(_question_of(asked))
        title = inert(question.title) if question else "this question"
        return {
            self._column: shown(self._column, True),
            self._title: f"**Report a question:** {title}",
            self._note: "",
            self._notice: "",
        }

    def _sent(self, session_id: str, asked: str, note: str) -> Updates:
        try:
            self._sessions.opinions.report(_question_of(asked), note, session_id)
        except InterviewerError as error:
            return {self._notice: notice_html(str(error))}
        return {self._note: "", self._notice: f'<p role="status">{escape(_KEPT)}</p>'}


def _question_of(asked: str) -> str:
    return (asked.split() or [""])[0]
