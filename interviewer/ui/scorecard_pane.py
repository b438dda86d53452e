"""The scorecard on the page: own rating first, then summary, radar, questions, contests, downloads."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import gradio as gr

from interviewer.errors import InterviewerError
from interviewer.report.grader_card import load_grader_card
from interviewer.report.markdown import scorecard_markdown, transcript_markdown
from interviewer.schema import Scorecard
from interviewer.session import Sessions, SessionView
from interviewer.session.grades import is_open
from interviewer.ui.contest_form import ContestForm, contested_of
from interviewer.ui.events import on, shown, then
from interviewer.ui.grader_card_html import grader_card_html
from interviewer.ui.markup import LATEX, notice_html
from interviewer.ui.plots import radar_figure
from interviewer.ui.rating_form import RatingForm
from interviewer.ui.report_form import ReportForm
from interviewer.ui.scorecard_html import questions_html, summary_html

Updates: TypeAlias = dict[Any, Any]


_SHOW_VIEWS = "() => window.interviewerPage.showViews()"


class ScorecardPane:
    """One scorecard, hidden until there is one to show. `session_id` names the session it is of."""

    def __init__(
        self, sessions: Sessions, session_id: gr.Textbox, *, for_example: bool = False
    ) -> None:
        self._sessions = sessions
        self._may_act = not for_example
        self.rating = RatingForm()
        with gr.Column(elem_classes=["scorecard", "away"]) as self.column:
            with gr.Row(elem_classes="top"):
                self.summary = gr.HTML()
                with gr.Column(elem_classes="radar", min_width=260) as self.radar_box:
                    self.radar = gr.Plot(show_label=False, container=False)
            self.questions = gr.Markdown(latex_delimiters=LATEX)
            self.contest = ContestForm(sessions, session_id)
            self.report = ReportForm(sessions, session_id)
            with gr.Row(elem_classes=["actions", "away"] if for_example else "actions"):
                self.retry = gr.Button(
                    "Not graded yet: retry", variant="primary", elem_classes="away"
                )
                self.decide = gr.Button(
                    "Contested: read again", variant="primary", elem_classes="away"
                )
                self.again = gr.Button("Grade again")
                self.markdown = gr.DownloadButton("Download Markdown")
                self.json = gr.DownloadButton("Download JSON")
            self.how_good = gr.HTML()
        self.outputs = [
            self.column, self.summary, self.radar, self.radar_box, self.questions, self.retry,
            self.decide, self.markdown, self.json, self.how_good, *self.rating.outputs, *self.contest.outputs,
            *self.report.outputs,
        ]  # fmt: skip
        self._wire(session_id)

    def show(self, session_id: str) -> Updates:
        """Return the updates that ask for a self-rating, or else show the scorecard, grading what is not."""
        if self._sessions.opinions.awaits_rating(session_id):
            return {self.column: shown(self.column, False), **self.rating.asking()}
        return self._revealed(session_id)

    def fill(self, card: Scorecard, view: SessionView, open_id: str | None = None) -> Updates:
        """Return the updates that show this scorecard, with one question's fold open."""
        figure = radar_figure(card.criteria)
        markdown, as_json = _files(card, view)
        open_grades = [r for r in card.questions if is_open(r.grade)]
        may_decide = self._may_act and self._sessions.contests.may_decide_again(card.session_id)
        return {
            self.column: shown(self.column, True),
            self.summary: summary_html(card, view.record.snapshot),
            self.radar: figure,
            self.radar_box: shown(self.radar_box, figure is not None),
            self.questions: questions_html(
                card, view.record.snapshot, view.turns, open_id=open_id, may_act=self._may_act
            ),
            self.retry: shown(self.retry, bool(open_grades)),
            self.decide: shown(self.decide, may_decide),
            self.markdown: gr.update(value=str(markdown)),
            self.json: gr.update(value=str(as_json)),
            self.how_good: grader_card_html(load_grader_card(), card.grader),
            **self._without_forms(),
        }

    def waiting(self) -> Updates:
        """Return the updates that say that grading is going on."""
        return {
            self.column: shown(self.column, True),
            self.summary: '<p class="quiet" role="status">Reading your answers…</p>',
            self.radar_box: shown(self.radar_box, False),
            self.questions: "",
            **self._without_forms(),
        }

    def hide(self) -> Updates:
        """Return the updates that hide the scorecard and its forms."""
        return {self.column: shown(self.column, False), **self._without_forms()}

    def _wire(self, session_id: gr.Textbox) -> None:
        form, rating = self.contest, self.rating
        on(
            [rating.show.click, rating.percent.submit],
            self._rated,
            [session_id, rating.percent],
            self.outputs,
        )
        for button, make in (
            (self.again, self._sessions.regrade),
            (self.retry, lambda i: self._sessions.regrade(i, only_failed=True)),
            (self.decide, self._sessions.contests.decide_again),
        ):
            on(button.click, self._made(make), [session_id], self.outputs)
        sent = on(
            form.send.click,
            self._contested,
            [session_id, form.asked, form.words, form.comment],
            self.outputs,
        )
        then(sent, None, js=_SHOW_VIEWS)

    def _rated(self, session_id: str, percent: float | None) -> Iterator[Updates]:
        """Keep the self-rating, if one was given, and show the scorecard."""
        try:
            if percent is not None:
                self._sessions.opinions.rate(session_id, percent)
        except InterviewerError as error:
            yield {self.rating.notice: notice_html(str(error))}
            return
        yield self.waiting()
        yield self._revealed(session_id)

    def _contested(
        self, session_id: str, asked: str, words: str, comment: str
    ) -> Iterator[Updates]:
        """Contest what a link asked for and show the card with both views."""
        about = contested_of(asked)
        if about is None:
            return
        yield {self.contest.notice: '<p role="status">A second look at your words…</p>'}
        try:
            card = self._sessions.contests.add(session_id, about, words, comment)
            yield self.fill(card, self._sessions.view(session_id), about.question_id)
        except InterviewerError as error:
            yield self.contest.trouble(str(error))

    def _made(self, make: Callable[[str], Scorecard]) -> Callable[[str], Updates]:
        def made(session_id: str) -> Updates:
            try:
                return self.fill(make(session_id), self._sessions.view(session_id))
            except InterviewerError as error:
                gr.Warning(str(error))
                return {self.summary: gr.skip()}

        return made

    def _revealed(self, session_id: str) -> Updates:
        return self.fill(self._sessions.scorecard(session_id), self._sessions.view(session_id))

    def _without_forms(self) -> Updates:
        return {**self.rating.hide(), **self.contest.hide(), **self.report.hide()}


def _files(card: Scorecard, view: SessionView) -> tuple[Path, Path]:
    """Write both downloads to a temporary folder, from which the page copies them."""
    folder = Path(tempfile.mkdtemp(prefix="interviewer-"))
    snapshot = view.record.snapshot
    transcript = transcript_markdown(view.turns, snapshot)
    markdown, as_json = folder / f"{card.round}.md", folder / f"{card.round}.json"
    markdown.write_text(
        f"{scorecard_markdown(card, snapshot)}\n# Transcript\n\n{transcript}", encoding="utf-8"
    )
    content = {
        "session_id": card.session_id,
        "setup": view.record.setup.model_dump(mode="json"),
        "turns": [t.model_dump(mode="json") for t in view.turns],
        "scorecard": card.model_dump(mode="json"),
    }
    as_json.write_text(json.dumps(content, indent=2, ensure_ascii=False), encoding="utf-8")
    return markdown, as_json
