"""The `interviewer` command: `serve`, and the groups of the other files."""

from __future__ import annotations

from typing import Annotated

import typer

from interviewer.cli import bank, evaluate, grade, plain_errors, practice, sessions

app = typer.Typer(
    help="A mock interviewer for Machine Learning Engineer interviews.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("practice")(practice.practice)
app.command("drill")(practice.drill)
app.command("grade")(grade.grade)
app.add_typer(bank.app, name="bank")
app.add_typer(sessions.app, name="sessions")
app.add_typer(evaluate.app, name="eval")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 7860,
) -> None:
    """Serve the page."""
    from interviewer.config import load_settings
    from interviewer.ui.page import serve as serve_page

    with plain_errors():
        serve_page(load_settings(), host, port)
