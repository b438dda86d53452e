"""The question before the score: what would you give yourself? Empty means no answer."""

from __future__ import annotations

from typing import Any

import gradio as gr

from interviewer.ui.events import shown


class RatingForm:
    """Hidden until an interview has ended; `show` is its button, `percent` what was entered."""

    def __init__(self) -> None:
        with gr.Column(elem_classes=["sheet", "rating", "away"]) as self._column:
            gr.Markdown(
                "**Before you see your score: what would you give yourself, from 0 to 100?** "
                "The scorecard shows the difference, Sessions how it develops. Leave it empty to skip."
            )
            with gr.Row(elem_classes="actions"):
                self.percent = gr.Number(
                    None, show_label=False, label="Your own rating, 0 to 100", container=False,
                    min_width=140, placeholder="0 to 100",
                )  # fmt: skip
                self.show = gr.Button("Show my score", variant="primary", min_width=160)
            self.notice = gr.HTML(elem_classes="notice")
        self.outputs = [self._column, self.percent, self.notice]

    def asking(self) -> dict[Any, Any]:
        """Return the updates that ask."""
        return {self._column: shown(self._column, True), self.percent: None, self.notice: ""}

    def hide(self) -> dict[Any, Any]:
        """Return the updates that hide the question."""
        return {self._column: shown(self._column, False)}
