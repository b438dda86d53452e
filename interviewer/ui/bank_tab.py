"""The bank tab: search and read questions; the answer stays hidden until asked for."""

from __future__ import annotations

from typing import Any

import gradio as gr

from interviewer.coverage import bank_coverage
from interviewer.schema import Question, Rubric
from interviewer.session import Sessions
from interviewer.ui.choices import Choices, round_choices
from interviewer.ui.coverage_html import coverage_html, coverage_title
from interviewer.ui.events import on
from interviewer.ui.markup import LATEX, inert

_HITS = 25


class BankTab:
    """The tab; pressing `practise` is to start a session on the question in `chosen`."""

    def __init__(self, sessions: Sessions) -> None:
        bank = sessions.bank
        everything = _choices(sessions, "", "")
        first = everything[0][1]
        coverage = bank_coverage(bank)
        with gr.Row(elem_classes="search"):
            words = gr.Textbox(
                label="Search", placeholder="sparse weights, cold start, a conflict …", scale=3
            )
            round_id = gr.Dropdown(round_choices(bank), value="", label="Round", scale=1)
        with gr.Accordion(coverage_title(coverage), open=False):
            gr.HTML(coverage_html(coverage))
        with gr.Row(elem_classes="desk"):
            with gr.Column(scale=1, min_width=280):
                found = gr.Radio(
                    everything,
                    value=first,
                    label="Questions",
                    elem_classes="found",
                    container=False,
                )
            with gr.Column(scale=2, min_width=320, elem_classes="reader"):
                text = gr.Markdown(_prompt(bank.questions[first]), latex_delimiters=LATEX)
                with gr.Row(elem_classes="actions"):
                    reveal = gr.Button("Show the answer", min_width=140)
                    practise = gr.Button("Practise this question", variant="primary", min_width=180)
                answer = gr.Markdown(latex_delimiters=LATEX, elem_classes="away")

        def search(asked: str, where: str) -> dict[Any, Any]:
            choices = _choices(sessions, asked, where)
            chosen = choices[0][1] if choices else None
            return {found: gr.update(choices=choices, value=chosen), **read(chosen)}

        def read(chosen: str | None) -> dict[Any, Any]:
            question = bank.questions.get(chosen or "")
            shown_text = _prompt(question) if question else "Nothing found. Try other words."
            return {text: shown_text, answer: gr.update(value="", elem_classes="away")}

        def revealed(chosen: str | None) -> Any:
            question = bank.questions.get(chosen or "")
            value = answer_markdown(question, bank.rubrics[question.round]) if question else ""
            return gr.update(value=value, elem_classes=[])

        typed = [words.change, round_id.change]
        on(typed, search, [words, round_id], [found, text, answer], latest=True)
        on(found.input, read, [found], [text, answer])
        on(reveal.click, revealed, [found], [answer])
        self.chosen, self.practise = found, practise


def question_hits(sessions: Sessions, asked: str, round_id: str) -> list[Question]:
    """Return the questions nearest to `asked`, best first; all of the round for no words."""
    bank = sessions.bank
    if not asked.strip():
        return [q for q in bank.questions.values() if round_id in ("", q.round)]
    hits = sessions.index.search(
        asked, kinds=("question", "key_point"), round_id=round_id or None, limit=_HITS
    )
    ids = dict.fromkeys(hit.question_id for hit in hits if hit.question_id)
    return [bank.questions[i] for i in ids if i in bank.questions]


def answer_markdown(question: Question, rubric: Rubric) -> str:
    """Return the reference answer and the key points by criterion."""
    points = "\n".join(
        f"- {inert(p.claim)} *({rubric.criterion(p.criterion).name}, {p.tier.value})*"
        for p in question.key_points
    )
    staff = question.staff
    parts = {
        "A strong answer": inert(question.reference),
        "What a staff engineer adds": inert(staff) if staff else "",
        "Key points": points,
    }
    return "\n\n".join(f"#### {title}\n\n{text}" for title, text in parts.items() if text)


def _choices(sessions: Sessions, asked: str, round_id: str) -> Choices:
    names = {r.round: r.name for r in sessions.bank.rubrics.values()}
    return [
        (f"{q.title}\n{names[q.round]} · {q.difficulty.value}", q.id)
        for q in question_hits(sessions, asked, round_id)
    ]


def _prompt(question: Question) -> str:
    tags = ", ".join(question.tags)
    return f"### {inert(question.title)}\n\n{inert(question.prompt)}\n\n*{question.difficulty.value}; {tags}*"
