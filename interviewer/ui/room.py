"""The room of one session: chat, answer box, live panel, scorecard. Practice, drill and stories share it.

Invariant: what was typed leaves the box only after it is stored; the browser holds the session's id
and the last turn it shows, so that a reload, a restart or a second tab cannot mix sessions up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import gradio as gr

from interviewer.errors import InterviewerError
from interviewer.schema import Setup
from interviewer.session import Sessions, SessionView
from interviewer.ui.chat import Message, interviewer_message, last_said, messages_of
from interviewer.ui.events import on, shown, then
from interviewer.ui.markup import LATEX, notice_html
from interviewer.ui.panel import panel_html
from interviewer.ui.replies import Replies
from interviewer.ui.scorecard_pane import ScorecardPane

Updates: TypeAlias = dict[Any, Any]

# Understood as if typed.
PHRASES = {
    "Hint": "Could I have a hint?",
    "Skip": "Let's skip this question.",
    "Let me think": "Let me think for a moment.",
}
_TAKE_BACK = "Scratch that, I take back my last message."
_TICK_SECONDS = 2.0
_SHOW_IN_ADDRESS = "(id) => window.interviewerPage.address(id)"
_SHOW_LATEST = "() => window.interviewerPage.showLatest()"
_KEEP_DRAFT = "(text, id) => window.interviewerPage.keepDraft(text, id)"
_BRING_DRAFT = "(id) => window.interviewerPage.draft(id)"


class Room:
    """Builds the room in the present Blocks context; `doorway` is shown while no session is open."""

    def __init__(
        self,
        sessions: Sessions,
        doorway: gr.Column,
        phrases: Sequence[str] = tuple(PHRASES),
        below: Callable[[SessionView], str] | None = None,
    ) -> None:
        self._sessions = sessions
        self._write_below = below or (lambda view: "")
        self._doorway = doorway
        self._replies = Replies(sessions)
        self.session_id = gr.Textbox("", visible=False)
        self._last_turn = gr.Number(0, visible=False)
        self._timer = gr.Timer(_TICK_SECONDS, active=False)
        with gr.Column(elem_classes=["room", "away"]) as self._column:
            with gr.Row(elem_classes="desk"):
                with gr.Column(scale=3, min_width=320, elem_classes="talk"):
                    self._build_chat(phrases)
                with gr.Column(scale=1, min_width=240, elem_classes="side"):
                    self._panel = gr.HTML()
                    with gr.Row(elem_classes="actions") as self._clockwork:
                        self._pause = gr.Button("Pause", size="sm", min_width=90)
                        self._finish = gr.Button("Finish", size="sm", min_width=90)
                    self._leave = gr.Button("New session", size="sm")
            self._below = gr.HTML()
            self.pane = ScorecardPane(sessions, self.session_id)
        self.outputs = [
            self.session_id, self._last_turn, self._timer, self._column, doorway, self._chat,
            self._notice, self._answer, self._box, self._send, self._stop, self._panel, self._pause,
            self._clockwork, self._below, *self.pane.outputs,
        ]  # fmt: skip
        self._wire()

    def enter(self, start: Any, make_setup: Callable[..., Setup], inputs: Sequence[Any]) -> Any:
        """Start a session of `make_setup(*inputs)` when `start` is clicked; return the event."""

        def begin(*values: Any) -> Updates:
            try:
                return self.show(self._sessions.start(make_setup(*values)))
            except InterviewerError as error:
                gr.Warning(str(error))
                return self._nothing()

        return on(start.click, begin, inputs, self.outputs)

    def say_first(self, started: Any, told: gr.Textbox) -> None:
        """After a session is started, send what stands in `told` as the first answer, if anything does."""

        def say(session_id: str, last_turn: float, text: str | None) -> Iterator[Updates]:
            if session_id and text and last_turn == 1:
                yield from self._answered(session_id, last_turn, text)
            else:
                yield self._nothing()

        said = then(started, say, [self.session_id, self._last_turn, told], self.outputs)
        then(said, self._settle, [self.session_id], self.outputs)

    def show(self, session_id: str) -> Updates:
        """Return the updates that open a session where it stands."""
        finished = self._sessions.view(session_id).finished
        card = self.pane.show(session_id) if finished else self.pane.hide()
        if not finished:
            self._sessions.tick(session_id)
        view = self._sessions.view(session_id)
        return {
            self._doorway: shown(self._doorway, False),
            self._column: shown(self._column, True),
            self.session_id: session_id,
            self._notice: "",
            **self._standing(view),
            **card,
        }

    def hide(self) -> Updates:
        """Return the updates that leave the session; it stays in the list and can be gone on with."""
        return {
            self._doorway: shown(self._doorway, True),
            self._column: shown(self._column, False),
            self.session_id: "",
            self._timer: gr.Timer(_TICK_SECONDS, active=False),
            **self.pane.hide(),
        }

    def go_on(self, event: Any) -> Any:
        """After `event` opened a session: give the reply that is due and bring back the draft."""
        replied = then(event, self._resume, [self.session_id], self.outputs)
        then(event, None, [self.session_id], [self._box], js=_BRING_DRAFT)
        return then(replied, self._settle, [self.session_id], self.outputs)

    def _build_chat(self, phrases: Sequence[str]) -> None:
        self._chat = gr.Chatbot(
            show_label=False, container=False, height="58vh", latex_delimiters=LATEX,
            buttons=[], layout="bubble", elem_classes="chat", group_consecutive_messages=False,
            allow_tags=False,
        )  # fmt: skip
        self._notice = gr.HTML(elem_classes="notice")
        with gr.Column(elem_classes="answer") as self._answer:
            with gr.Row(elem_classes="line"):
                self._box = gr.Textbox(
                    lines=1, max_lines=14, label="Your answer", show_label=False, container=False,
                    placeholder="Your answer (Shift+Enter: new line)",
                    scale=8, elem_classes="box", autofocus=True,
                )  # fmt: skip
                self._send = gr.Button("Send", variant="primary", scale=1, min_width=90)
                self._stop = gr.Button(
                    "Stop", variant="stop", scale=1, min_width=90, elem_classes="away"
                )
            with gr.Row(elem_classes="phrases"):
                self._says = [(gr.Button(p, size="sm", min_width=90), PHRASES[p]) for p in phrases]
                self._take_back = gr.Button("Take back last", size="sm", min_width=90)

    def _wire(self) -> None:
        here = [self.session_id, self._last_turn]
        sent = on(
            [self._box.submit, self._send.click], self._typed, [*here, self._box], self.outputs
        )
        struck = on(self._take_back.click, self._taken_back, [*here, self._box], self.outputs)
        said = [
            on(button.click, _saying(self._answered, words), here, self.outputs)
            for button, words in self._says
        ]
        for event in (sent, struck, *said):
            settled = then(event, self._settle, [self.session_id], self.outputs)
            then(settled, None, js=_SHOW_LATEST)
        on(self._stop.click, self._stopped, [self.session_id], [self._stop])
        on(self._timer.tick, self._ticked, [self.session_id], [self._panel])
        on(self._pause.click, self._paused, [self.session_id], [self._pause, self._panel])
        ended = on(self._finish.click, self._finished, [self.session_id], self.outputs)
        then(ended, self._settle, [self.session_id], self.outputs)
        on(self._leave.click, self.hide, [], self.outputs)
        on(self.session_id.change, None, [self.session_id], js=_SHOW_IN_ADDRESS)
        on(self._box.change, None, [self._box, self.session_id], js=_KEEP_DRAFT)

    def _typed(self, session_id: str, last_turn: float, text: str) -> Iterator[Updates]:
        if not text.strip():
            yield self._nothing()
        else:
            yield from self._answered(session_id, last_turn, text, {self._box: ""})

    def _taken_back(self, session_id: str, last_turn: float, text: str) -> Iterator[Updates]:
        """Take the last message back and put its words into the box, unless something stands there."""
        last = last_said(self._sessions.view(session_id))
        stored = {self._box: last.text} if last and not text.strip() else {}
        yield from self._answered(session_id, last_turn, _TAKE_BACK, stored)

    def _answered(
        self, session_id: str, last_turn: float, text: str, stored: Updates | None = None
    ) -> Iterator[Updates]:
        """Send a message and stream the reply; `stored` are the updates once it is safe."""
        try:
            reply = self._replies.send(session_id, text, int(last_turn))
        except InterviewerError as error:
            yield {**self._standing(self._sessions.view(session_id)), **self._trouble(str(error))}
            return
        before = messages_of(self._sessions.view(session_id))
        yield {**(stored or {}), self._notice: "", **self._streaming(before, "")}
        yield from self._drawn(before, reply)

    def _resume(self, session_id: str) -> Iterator[Updates]:
        """Give the reply that a kill or a closed tab cut off, if one is due."""
        yield self._nothing()
        if session_id:
            view = self._sessions.view(session_id)
            if view.awaits_reply and not view.finished:
                yield from self._drawn(messages_of(view), self._replies.resume(session_id))

    def _drawn(self, before: list[Message], reply: Iterator[str]) -> Iterator[Updates]:
        try:
            for said in reply:
                yield self._streaming(before, said)
        except InterviewerError as error:
            yield self._trouble(str(error))

    def _settle(self, session_id: str) -> Iterator[Updates]:
        """Show the session as it now stands; once it is finished, grade and show the scorecard."""
        if not session_id:
            yield self._nothing()
            return
        view = self._sessions.view(session_id)
        if not view.finished:
            yield self._standing(view)
            return
        yield {**self._standing(view), **self.pane.waiting()}
        card = self.pane.show(session_id)
        yield {**card, self._below: self._write_below(self._sessions.view(session_id))}

    def _finished(self, session_id: str) -> Updates:
        self._replies.stop(session_id)
        # Or both would write the same turn.
        self._replies.wait(session_id, seconds=10)
        try:
            self._sessions.finish(session_id)
        except InterviewerError as error:
            return self._trouble(str(error))
        return {self._notice: ""}

    def _stopped(self, session_id: str) -> Updates:
        self._replies.stop(session_id)
        return {self._stop: shown(self._stop, False)}

    def _ticked(self, session_id: str) -> Any:
        if not session_id:
            return gr.skip()
        try:
            self._sessions.tick(session_id)
            return panel_html(self._sessions.view(session_id))
        except InterviewerError:  # deleted in another tab: nothing to count
            return gr.skip()

    def _paused(self, session_id: str) -> Updates:
        if self._sessions.view(session_id).paused:
            self._sessions.go_on(session_id)
        else:
            self._sessions.pause(session_id)
        view = self._sessions.view(session_id)
        return {self._pause: "Go on" if view.paused else "Pause", self._panel: panel_html(view)}

    def _standing(self, view: SessionView) -> Updates:
        running = not view.finished
        return {
            self._chat: messages_of(view),
            self._last_turn: view.turns[-1].id,
            self._panel: panel_html(view),
            self._below: self._write_below(view),
            **(self._trouble(view.trouble) if view.trouble else {}),
            self._timer: gr.Timer(_TICK_SECONDS, active=running),
            self._answer: shown(self._answer, running),
            self._send: shown(self._send, True),
            self._stop: shown(self._stop, False),
            self._pause: "Go on" if view.paused else "Pause",
            self._clockwork: shown(self._clockwork, running),
        }

    def _streaming(self, before: list[Message], said: str) -> Updates:
        return {
            self._chat: [*before, interviewer_message(said)],
            self._send: shown(self._send, False),
            self._stop: shown(self._stop, True),
        }

    def _nothing(self) -> Updates:
        """Return an update of nothing: a generator that yields nothing at all blanks its outputs."""
        return {self._notice: gr.skip()}

    def _trouble(self, sentence: str) -> Updates:
        return {self._notice: notice_html(sentence)}


def _saying(
    answer: Callable[..., Iterator[Updates]], words: str
) -> Callable[..., Iterator[Updates]]:
    def say(session_id: str, last_turn: float) -> Iterator[Updates]:
        yield from answer(session_id, last_turn, words)

    return say
