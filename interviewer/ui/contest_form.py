"""The form for contesting a point or a charged misconception: own words, why, a second reader decides."""

from __future__ import annotations

from typing import Any, NamedTuple

import gradio as gr

from interviewer.errors import InterviewerError
from interviewer.report.contests import first_views, item_of
from interviewer.schema import Contested, Graded, MisconceptionSeen
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
        # Filled by page.js with "question/kind/id" and a number that makes every click a change.
        with gr.Row(elem_classes="away"):
            self.asked = gr.Textbox("", show_label=False, elem_classes="ask-contest")
        with gr.Column(elem_classes=["sheet", "contest-form", "away"]) as self._column:
            self._claim = gr.Markdown()
            self._pick = gr.Dropdown([], value=None, label="Pick a sentence of yours")
            self.words = gr.Textbox(
                label="Or paste a passage, exactly as you said it", lines=2, max_lines=8
            )
            self.comment = gr.Textbox(label=_WORDS["point"].asks, lines=1, max_lines=4)
            self.notice = gr.HTML(elem_classes="notice")
            with gr.Row(elem_classes="actions"):
                self.send = gr.Button("Contest it", variant="primary", min_width=160)
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
        """Show the form for what a link asked for; hide it for what cannot be contested."""
        about = contested_of(asked)
        try:
            view = self._sessions.view(session_id)
        except InterviewerError as error:
            gr.Warning(str(error))
            return self.hide()
        grade = view.grades.get(about.question_id) if about else None
        first = first_views(grade).get(about) if about and isinstance(grade, Graded) else None
        if about is None or first is None:
            return self.hide()
        question = next(q for q in view.record.snapshot.questions if q.id == about.question_id)
        said = [
            s.text
            for t in view.turns
            if t.role == "candidate" and not t.retracted and t.question_id == question.id
            for s in sentences(t.text)
        ]
        # What is misread are most often the words that a charge quotes.
        quoted = first.evidence.text if isinstance(first, MisconceptionSeen) else ""
        words = _WORDS[about.kind]
        decides = self._sessions.contests.has_second_reader(session_id)
        claim = inert(item_of(about, question).claim)
        return {
            self._column: shown(self._column, True),
            self._claim: f"**{words.contests}** {claim}\n\n{words.points} {_DECIDES[decides]}",
            self._pick: gr.update(choices=list(dict.fromkeys(said)), value=None),
            self.words: quoted,
            self.comment: gr.update(value="", label=words.asks),
            self.notice: "",
        }


class _Words(NamedTuple):
    """How the form speaks of one kind of contest."""

    contests: str
    points: str
    asks: str


_WORDS = {
    "point": _Words(
        "You contest:",
        "Point at your words that say it.",
        "Why? (optional; kept with the case, no evidence)",
    ),
    "misconception": _Words(
        "You contest that you said this:",
        "Point at your words that show what you meant.",
        "What did you mean? (optional; kept with the case, no evidence)",
    ),
}
_DECIDES = {
    True: "A second reader, who is not told what the first one found, reads them in the whole exchange "
    "and decides, either way. Both views stay.",
    False: "No model is configured, so nobody can decide: your view is kept beside the grader's, and "
    "the score stays.",
}


def contested_of(asked: str) -> Contested | None:
    """Return what a link asked for: "question/kind/id", and a number behind it; None for nonsense."""
    path = (asked.split() or [""])[0]
    try:
        question_id, kind, item_id = path.split("/")
        return Contested.model_validate({"question_id": question_id, "kind": kind, "id": item_id})
    except ValueError:
        return None
