"""The whole page: its tabs, its look, and how it is served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
from rich.console import Console
from rich.progress import Progress

from interviewer.config import Settings
from interviewer.embedding import get_embedder
from interviewer.errors import ConfigError, InterviewerError
from interviewer.grading.stories import StoryReader
from interviewer.programme.stories import Stories
from interviewer.schema import Format
from interviewer.session import Sessions, open_sessions
from interviewer.ui.bank_tab import BankTab
from interviewer.ui.drill import build_drill
from interviewer.ui.events import on, then
from interviewer.ui.practice import build_practice, question_setup
from interviewer.ui.room import Room
from interviewer.ui.sessions_tab import SessionsTab
from interviewer.ui.settings_tab import build_settings
from interviewer.ui.stories import build_stories

_HERE = Path(__file__).parent
_DAY = (86_400, 86_400)  # copies of downloads older than a day are removed, daily
_SANS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif"]
_MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]


def build_page(sessions: Sessions, settings: Settings) -> gr.Blocks:
    """Return the page over running sessions."""
    reader = StoryReader(get_embedder(settings.vector_cache_path))
    page: gr.Blocks
    with gr.Blocks(title="Interviewer", analytics_enabled=False, delete_cache=_DAY) as page:
        gr.HTML('<h1 class="brand">Interviewer</h1>')
        with gr.Tabs() as tabs:
            # Rooms are on the page from the start, so that an update reaches them in any tab.
            with gr.Tab("Practice", id=Format.INTERVIEW.value, render_children=True):
                practice, welcome = build_practice(sessions, settings)
            with gr.Tab("Drill", id=Format.DRILL.value, render_children=True):
                drill = build_drill(sessions)
            with gr.Tab("Stories", id=Format.STORY.value, render_children=True) as tab:
                story = build_stories(sessions, Stories(sessions, reader), tab)
            with gr.Tab("Sessions", id="sessions") as sessions_tab:
                listed = SessionsTab(sessions, sessions_tab)
            with gr.Tab("Bank", id="bank"):
                bank = BankTab(sessions)
            with gr.Tab("Settings", id="settings") as settings_tab:
                build_settings(sessions, settings, settings_tab, practice.session_id)
        rooms = {Format.INTERVIEW: practice, Format.DRILL: drill, Format.STORY: story}
        _open_from_address(page, sessions, tabs, rooms)
        on(page.load, welcome.look, [], welcome.outputs)
        open_after(listed.open_event, listed.opened, sessions, tabs, rooms)
        going_on = on(welcome.resume.click, lambda: None)
        open_after(going_on, welcome.unfinished, sessions, tabs, rooms)
        practised = practice.enter(
            bank.practise, lambda q: question_setup(sessions.bank, q), [bank.chosen]
        )
        then(practised, lambda: gr.Tabs(selected=Format.INTERVIEW.value), [], [tabs])
    return page


def serve(settings: Settings, host: str = "127.0.0.1", port: int = 7860) -> None:
    """Open the sessions, the index with a progress bar, and serve the page until interrupted."""
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading the question bank", total=None)
        sessions = open_sessions(
            settings,
            owns_index=True,
            progress=lambda done, of: bar.update(task, completed=done, total=of),
        )
    Console(stderr=True).print(f"Interviewer is at http://{host}:{port}  (Ctrl+C stops it)")
    page = build_page(sessions, settings)
    try:
        _launch(page, host, port)
    except OSError:
        problem = f"{host}:{port} is taken or not ours to listen on; choose another with --port"
        raise ConfigError("--port", problem) from None


def _launch(page: gr.Blocks, host: str, port: int) -> None:
    page.launch(
        server_name=host,
        server_port=port,
        theme=_theme(),
        css=(_HERE / "style.css").read_text(encoding="utf-8"),
        head=f"<script>{(_HERE / 'page.js').read_text(encoding='utf-8')}</script>",
        footer_links=["settings"],
        ssr_mode=False,
        share=False,
        quiet=True,
    )


def _open_from_address(
    page: gr.Blocks, sessions: Sessions, tabs: gr.Tabs, rooms: dict[Format, Room]
) -> None:
    """On loading `?session=ID`, open that session where it stands."""
    asked = gr.Textbox("", visible=False)
    loaded = on(page.load, _asked, [], [asked])
    open_after(loaded, asked, sessions, tabs, rooms)


def _asked(request: gr.Request) -> str:
    return request.query_params.get("session") or ""


def open_after(
    event: Any, asked: gr.Textbox, sessions: Sessions, tabs: gr.Tabs, rooms: dict[Format, Room]
) -> None:
    """After `event`, open the session named in `asked` in its tab, and give a reply that is due."""

    def opened(session_id: str) -> dict[Any, Any]:
        if not session_id:
            return {tabs: gr.skip()}
        try:
            kind = sessions.view(session_id).record.setup.format
            return {tabs: gr.Tabs(selected=kind.value), **rooms[kind].show(session_id)}
        except InterviewerError as error:
            gr.Warning(str(error))
            return {tabs: gr.skip()}

    outputs = [tabs, *(c for room in rooms.values() for c in room.outputs)]
    done = then(event, opened, [asked], outputs)
    for room in rooms.values():
        room.go_on(done)


def _theme() -> gr.themes.Base:
    theme = gr.themes.Base(
        primary_hue="teal", secondary_hue="teal", neutral_hue="slate", font=_SANS, font_mono=_MONO,
        radius_size="lg",
    )  # fmt: skip
    # White on teal 500 is too faint to read; 700 passes AA.
    return theme.set(
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_600",
        color_accent="*primary_700",
        input_background_fill="white",
        input_border_color="*neutral_300",
        input_border_width="1px",
        input_background_fill_dark="#161d27",
        input_border_color_dark="#2c3644",
        input_placeholder_color_dark="*neutral_400",
        input_placeholder_color="*neutral_500",
    )
