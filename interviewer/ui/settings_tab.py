"""The settings tab: which interviewer is in use and why, a connection test, budgets. Shows no key."""

from __future__ import annotations

import time
from html import escape

import gradio as gr

from interviewer.config import Settings
from interviewer.errors import InterviewerError
from interviewer.session import Sessions
from interviewer.store import UsageTotal
from interviewer.ui.events import on


def build_settings(
    sessions: Sessions, settings: Settings, tab: gr.Tab, running: gr.Textbox
) -> None:
    """Build the tab; `running` names the session whose spending is shown."""
    status = gr.HTML()
    with gr.Row(elem_classes="actions"):
        test = gr.Button("Test the connection", min_width=180)
    result = gr.HTML()

    def show(session_id: str) -> str:
        usage = sessions.view(session_id).usage if session_id else None
        return settings_html(settings, usage)

    on(tab.select, show, [running], [status])
    on(
        test.click,
        lambda: f'<p role="status">{escape(connection_words(settings))}</p>',
        [],
        [result],
    )


def settings_html(settings: Settings, usage: UsageTotal | None) -> str:
    """Return the settings that matter to a user, and what the open session has cost."""
    # Not at the top: the model's client costs every start, and most have no model.
    from interviewer.llm import model_status

    rows = [
        ("Interviewer", model_status(settings)),
        ("Reading a message", f"at most {settings.steer_timeout_seconds:g} s, then offline"),
        ("Replying", f"at most {settings.reply_timeout_seconds:g} s, then authored words"),
        ("Grading a question", f"at most {settings.grade_timeout_seconds:g} s, then “retry”"),
        ("Spend limit", _limit(settings)),
        ("This session", usage_words(usage)),
        ("Home folder", str(settings.home)),
    ]
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(words)}</td></tr>'
        for name, words in rows
    )
    return (
        '<section class="summary"><h2 class="panel-title">Settings</h2>'
        f'<table class="criteria"><tbody>{body}</tbody></table>'
        '<p class="quiet">Set OPENAI_API_KEY or OPENAI_BASE_URL, and INTERVIEWER_MODEL, in the '
        "environment or in .env, and start again.</p></section>"
    )


def usage_words(usage: UsageTotal | None) -> str:
    """Return what a session's model calls used."""
    if usage is None:
        return "none open"
    if not usage.calls:
        return "no model calls"
    cost = f"; about {usage.cost:.4f}" if usage.cost is not None else "; no price is set"
    return (
        f"{usage.calls} calls, {usage.prompt_tokens:,} tokens in, "
        f"{usage.completion_tokens:,} out{cost}"
    )


def connection_words(settings: Settings) -> str:
    """Make one tiny call to the configured model; return how it went in one sentence."""
    from interviewer.llm import get_model

    try:
        model = get_model(settings)
        if model is None:
            return "No model is configured; the offline interviewer needs no connection."
        start = time.monotonic()
        model.probe()
        return f"{model.name} answered in {time.monotonic() - start:.1f} s."
    except InterviewerError as error:
        return f"No answer: {error}"


def _limit(settings: Settings) -> str:
    return f"{settings.spend_limit:g} per session" if settings.spend_limit else "none set"
