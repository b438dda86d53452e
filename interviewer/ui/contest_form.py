"""The form for contesting a point: pick or paste own words, say why, let a second reader decide."""

from __future__ import annotations

from typing import Any

import gradio as gr

from interviewer.errors import InterviewerError
from interviewer.session import Sessions
from interviewer.text import sentences
from interviewer.ui.events import on, shown
from interviewer.ui.markup import inert, notice_html

Updates = dict[Any, Any]

_WHERE_TO = "() => window.interviewerPage.showForm('contest-form')"


class ContestForm:
    """Hidden until a link of the scorecard asks for it; `send` is its button."""

    def __init__(self, sessions: Sessions, session_id: gr.Textbox) -> None:
        self._sessions = sessions
        # Filled by page.js with "question/point" and a number that makes every click a change.
        with gr.Row(elem_classes="away"):
            self.asked = gr.Textbox("", show_label=False, elem_classes="ask-contest")
        with gr.Column(elem_classes=["sheet", "contest-form", "away"]) as self._column:
            self._claim = gr.Markdown()
            self._pick = gr.Dropdown([], value=None, label="Pick a sentence of yours")
            self.words = gr.Textbox(
                label="Or paste a passage, exactly as you said it", lines=2, max_lines=8
            )
            self.comment = gr.Textbox(
                label="Why? (optional; kept with the case, no evidence)", lines=1, max_lines=4
            )
            self.notice = gr.HTML(elem_classes="notice")
            with gr.Row(elem_classes="actions"):
                self.send = gr.Button("Contest this point", variant="primary", min_width=160)
                cancel = gr.Button("Cancel", min_width=100)
        self.outputs = [
            self._column, self._claim, self._pick, self.words, self.comment, self.notice,
        ]  # fmt: skip
        opened = on(self.asked.change, self._opened, [session_id, self.asked], self.outputs)
        opened.then(None, None, None, js=_WHERE_TO)
        on(self._pick.input, lambda sentence: sentence or "", [self._pick], [self.words])
        on(cancel.click, self.hide, [], self.outputs)

    def hide(self) -> Updates:
        """Return the updates that hide the form."""
        return {self._column: shown(self._column, False)}

    def trouble(self, sentence: str) -> Updates:
        """Return the updates that say what is wrong with what was entered."""
        return {self.notice: notice_html(sentence)}

    def _opened(self, session_id: str, asked: str) -> Updates:
        question_id, point_id = point_of(asked)
        try:
            view = self._sessions.view(session_id)
        except InterviewerError as error:
            gr.Warning(str(error))
            return self.hide()
        questions = {q.id: q for q in view.record.snapshot.questions}
        points = questions[question_id].key_points if question_id in questions else ()
        claim = next((p.claim for p in points if p.id == point_id), None)
        if claim is None:
            return self.hide()
        is_decided = self._sessions.contests.has_second_reader(session_id)
        promise = _SOMEBODY_DECIDES if is_decided else _NOBODY_DECIDES
        said = [
            s.text
            for t in view.turns
            if t.role == "candidate" and not t.retracted and t.question_id == question_id
            for s in sentences(t.text)
        ]
        return {
            self._column: shown(self._column, True),
            self._claim: f"**You contest:** {inert(claim)}\n\n{promise}",
            self._pick: gr.update(choices=list(dict.fromkeys(said)), value=None),
            self.words: "",
            self.comment: "",
            self.notice: "",
        }


_SOMEBODY_DECIDES = (
    "Point at your words that say it. A second reader, who does not know the first verdict, reads "
    "them in the whole exchange and decides, either way. Both views stay."
)
_NOBODY_DECIDES = (
    "Point at your words that say it. No model is configured, so nobody can decide: your view is "
    "kept beside the grader's, and the score stays."
)


def point_of(asked: str) -> tuple[str, str]:
    """Return (question id, point id) of what a link asked for."""
    path = (asked.split() or [""])[0]
    question_id, _, point_id = path.partition("/")
    return question_id, point_id
