"""The practice tab: choose a round, be interviewed, read the scorecard."""

from __future__ import annotations

from typing import Any

import gradio as gr

from interviewer.config import Settings
from interviewer.content import Bank
from interviewer.schema import Manner, Seniority, Setup
from interviewer.session import Sessions
from interviewer.ui.choices import level_choices, manner_choices, round_cards, topic_choices
from interviewer.ui.events import on
from interviewer.ui.room import Room
from interviewer.ui.welcome import TASTER, Welcome


def build_practice(sessions: Sessions, settings: Settings) -> tuple[Room, Welcome]:
    """Build the tab; return its room, and what a visitor is offered on its first screen."""
    bank = sessions.bank
    first = next(iter(round_cards(bank)))[1]
    with gr.Column(elem_classes="doorway") as doorway:
        gr.Markdown(
            "Choose a round and start. Answer as you would aloud; your scorecard quotes you."
        )
        chosen = gr.Radio(
            round_cards(bank), value=first, label="Round", elem_classes="cards", container=False
        )
        with gr.Row(elem_classes="choices"):
            topic = gr.Dropdown(topic_choices(bank, first), value="", label="Topic")
            seniority = gr.Dropdown(level_choices(), value=Seniority.MID.value, label="Seniority")
            manner = gr.Dropdown(manner_choices(), value=Manner.NEUTRAL.value, label="Manner")
            minutes = gr.Number(
                bank.rubrics[first].minutes, label="Minutes", minimum=1, maximum=240, precision=0
            )
        with gr.Accordion("Or paste a job description", open=False):
            wanted = gr.Textbox(
                lines=5, max_lines=12, show_label=False, container=False, label="Job description",
                placeholder="The questions nearest to it are asked.",
            )  # fmt: skip
        start = gr.Button("Start", variant="primary", size="lg", elem_classes="start")
        welcome = Welcome(sessions, settings)
    room = Room(sessions, doorway)
    on(chosen.change, lambda r: _for_round(bank, r), [chosen], [topic, minutes])
    room.enter(start, practice_setup, [chosen, topic, wanted, seniority, manner, minutes])
    room.enter(welcome.taster, lambda: TASTER, [])
    return room, welcome


def practice_setup(
    round_id: str,
    topic: str | None,
    wanted: str | None,
    seniority: str,
    manner: str,
    minutes: float | None,
) -> Setup:
    """Return the set-up of a practice interview; a chosen topic wins over a job description."""
    return Setup(
        round=round_id,
        topic=topic or None,
        job_description=None if topic else (wanted or "").strip() or None,
        seniority=Seniority(seniority),
        manner=Manner(manner),
        minutes=int(minutes) if minutes else None,
    )


def question_setup(bank: Bank, question_id: str) -> Setup:
    """Return the set-up of an interview on one question of the bank."""
    return Setup(round=bank.questions[question_id].round, question_id=question_id)


def _for_round(bank: Bank, round_id: str) -> tuple[Any, Any]:
    choices = topic_choices(bank, round_id)
    return gr.update(choices=choices, value=""), bank.rubrics[round_id].minutes
