"""The scorecard on the page: summary, radar, questions, grading again, downloads."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, TypeAlias

import gradio as gr

from interviewer.errors import InterviewerError
from interviewer.report.markdown import scorecard_markdown, transcript_markdown
from interviewer.schema import Scorecard
from interviewer.session import Sessions, SessionView
from interviewer.session.grades import is_open
from interviewer.ui.events import on, shown
from interviewer.ui.markup import LATEX
from interviewer.ui.plots import radar_figure
from interviewer.ui.scorecard_html import questions_html, summary_html

Updates: TypeAlias = dict[Any, Any]


class ScorecardPane:
    """One scorecard, hidden until there is one to show. `session_id` names the session it is of."""

    def __init__(
        self, sessions: Sessions, session_id: gr.Textbox, *, for_example: bool = False
    ) -> None:
        self._sessions = sessions
        with gr.Column(elem_classes=["scorecard", "away"]) as self.column:
            with gr.Row(elem_classes="top"):
                self.summary = gr.HTML()
                with gr.Column(elem_classes="radar", min_width=260) as self.radar_box:
                    self.radar = gr.Plot(show_label=False, container=False)
            self.questions = gr.Markdown(latex_delimiters=LATEX)
            with gr.Row(elem_classes=["actions", "away"] if for_example else "actions"):
                self.retry = gr.Button(
                    "Not graded yet: retry", variant="primary", elem_classes="away"
                )
                self.again = gr.Button("Grade again")
                self.markdown = gr.DownloadButton("Download Markdown")
                self.json = gr.DownloadButton("Download JSON")
        self.outputs = [
            self.column, self.summary, self.radar, self.radar_box, self.questions, self.retry,
            self.markdown, self.json,
        ]  # fmt: skip
        on(self.again.click, lambda i: self._regraded(i, False), [session_id], self.outputs)
        on(self.retry.click, lambda i: self._regraded(i, True), [session_id], self.outputs)

    def show(self, session_id: str) -> Updates:
        """Return the updates that show a finished session's scorecard, grading what is not graded."""
        return self.fill(self._sessions.scorecard(session_id), self._sessions.view(session_id))

    def fill(self, card: Scorecard, view: SessionView) -> Updates:
        """Return the updates that show this scorecard."""
        figure = radar_figure(card.criteria)
        markdown, as_json = _files(card, view)
        open_grades = [r for r in card.questions if is_open(r.grade)]
        return {
            self.column: shown(self.column, True),
            self.summary: summary_html(card, view.record.snapshot),
            self.radar: figure,
            self.radar_box: shown(self.radar_box, figure is not None),
            self.questions: questions_html(card, view.record.snapshot, view.turns),
            self.retry: shown(self.retry, bool(open_grades)),
            self.markdown: gr.update(value=str(markdown)),
            self.json: gr.update(value=str(as_json)),
        }

    def waiting(self) -> Updates:
        """Return the updates that say that grading is going on."""
        return {
            self.column: shown(self.column, True),
            self.summary: '<p class="quiet" role="status">Reading your answers…</p>',
            self.radar_box: shown(self.radar_box, False),
            self.questions: "",
        }

    def hide(self) -> Updates:
        """Return the updates that hide the scorecard."""
        return {self.column: shown(self.column, False)}

    def _regraded(self, session_id: str, only_failed: bool) -> Updates:
        try:
            card = self._sessions.regrade(session_id, only_failed=only_failed)
            return self.fill(card, self._sessions.view(session_id))
        except InterviewerError as error:
            gr.Warning(str(error))
            return {self.summary: gr.skip()}


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
