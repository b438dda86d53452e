"""How every control is wired: private to the page, never covered by a spinner, never queued behind others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr


def on(
    triggers: Any,
    run: Callable[..., Any] | None,
    inputs: Sequence[Any] = (),
    outputs: Sequence[Any] = (),
    *,
    js: str | None = None,
    latest: bool = False,
) -> Any:
    """Run `run` when one of `triggers` fires; return the event, so that `then` can follow it.

    While it runs, further triggers are dropped, or with `latest` the last of them runs afterwards.
    """
    return gr.on(
        triggers if isinstance(triggers, list) else [triggers],
        run,
        list(inputs),
        list(outputs),
        api_visibility="private",
        show_progress="hidden",
        concurrency_limit=None,
        js=js,
        trigger_mode="always_last" if latest else "once",
    )


def then(
    event: Any,
    run: Callable[..., Any] | None,
    inputs: Sequence[Any] = (),
    outputs: Sequence[Any] = (),
    *,
    js: str | None = None,
) -> Any:
    """Run `run` after an event, whether or not it failed; return the new event."""
    return event.then(
        run,
        list(inputs),
        list(outputs),
        api_visibility="private",
        show_progress="hidden",
        concurrency_limit=None,
        js=js,
    )


def shown(component: Any, visible: bool) -> Any:
    """Return the update that shows or hides a component by its class `away`.

    Not by `visible`: a component that is not on the page loses updates that arrive meanwhile.
    """
    own = [name for name in component.elem_classes if name != "away"]
    return gr.update(elem_classes=own if visible else [*own, "away"])
