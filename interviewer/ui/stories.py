"""The stories tab: tell a story for a theme, read what it has and lacks, be probed, compare tellings."""

from __future__ import annotations

import gradio as gr

from interviewer.programme.stories import Stories
from interviewer.schema import Format, Setup
from interviewer.session import Sessions, SessionView
from interviewer.ui.choices import theme_choices
from interviewer.ui.events import on
from interviewer.ui.room import Room
from interviewer.ui.story_html import report_html, tellings_html


def build_stories(sessions: Sessions, stories: Stories, tab: gr.Tab) -> Room:
    """Build the tab."""
    themes = theme_choices(sessions.bank)

    def below(view: SessionView) -> str:
        telling = stories.telling(view)
        if telling is None:
            return ""
        earlier = stories.tellings(view.record.snapshot.questions[0].id)
        return report_html(telling) + (tellings_html(earlier) if len(earlier) > 1 else "")

    with gr.Column(elem_classes="doorway") as doorway:
        gr.Markdown(
            "Tell one story as you would aloud, in three to four minutes (450 to 600 words)."
        )
        theme = gr.Dropdown(themes, value=themes[0][1], label="Theme")
        prompt = gr.Markdown(sessions.bank.questions[themes[0][1]].prompt, elem_classes="quoted")
        told = gr.Textbox(
            lines=10, max_lines=24, label="Your story", elem_classes="story",
            placeholder="Paste or type it here. Or start empty and tell it in the chat.",
        )  # fmt: skip
        start = gr.Button("Read my story", variant="primary", size="lg", elem_classes="start")
        before = gr.HTML()
    room = Room(sessions, doorway, phrases=("Hint", "Let me think"), below=below)
    started = room.enter(start, story_setup, [theme])
    room.say_first(started, told)
    on(
        [theme.change, tab.select],
        lambda t: (sessions.bank.questions[t].prompt, tellings_html(stories.tellings(t))),
        [theme],
        [prompt, before],
    )
    return room


def story_setup(question_id: str) -> Setup:
    """Return the set-up of a story session for one question."""
    return Setup(round="behavioral", format=Format.STORY, question_id=question_id, minutes=15)
