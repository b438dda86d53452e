"""`bank`: check, count and search the question bank; notes on its questions."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from interviewer.cli import (
    AsJson,
    bank_authoring,
    coverage,
    open_with_progress,
    plain_errors,
    rubric_of,
    study_path,
)

app = typer.Typer(help="Check, count and search the question bank.", no_args_is_help=True)
app.command("coverage")(coverage.coverage)
app.command("path")(study_path.path)
app.command("new")(bank_authoring.new)
app.command("import")(bank_authoring.import_list)


@app.command()
def check(
    root: Annotated[
        Path | None,
        typer.Option(
            help="A folder with question_bank/ and rubrics/; without: the built-in one and yours.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
) -> None:
    """Say what is wrong with the content: file, key, and how to mend it."""
    from interviewer.bank_check import check_bank
    from interviewer.content import content_root

    with plain_errors():
        problems = check_bank(root or content_root())
        if root is None and not problems:
            problems = bank_authoring.check_own()
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        typer.echo(f"{len(problems)} problem{'s' * (len(problems) != 1)}.", err=True)
        raise typer.Exit(1)
    typer.echo("The bank is in order.")


@app.command()
def stats(as_json: AsJson = False) -> None:
    """Count questions by round, topic and difficulty, and what they hold."""
    from interviewer.config import load_settings
    from interviewer.content import load_bank

    with plain_errors():
        bank = load_bank(private=load_settings().bank)
    counts = {}
    for round_id in bank.rubrics:
        questions = bank.of_round(round_id)
        counts[round_id] = {
            "questions": len(questions),
            "key_points": sum(len(q.key_points) for q in questions),
            "facts": sum(len(q.facts) for q in questions),
            "by_topic": dict(Counter(q.topic for q in questions)),
            "by_difficulty": dict(Counter(q.difficulty.value for q in questions)),
        }
    if as_json:
        typer.echo(json.dumps({"rounds": counts, "topics": len(bank.topics)}, indent=2))
        return
    for round_id, row in counts.items():
        typer.echo(
            f"{round_id}: {row['questions']} questions, {row['key_points']} key points, {row['facts']} facts"
        )


@app.command()
def search(
    text: str,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
    round_id: Annotated[str | None, typer.Option("--round")] = None,
    as_json: AsJson = False,
) -> None:
    """Search questions, key points, facts and rubric anchors."""
    from interviewer.config import load_settings
    from interviewer.content import load_bank
    from interviewer.embedding import get_embedder
    from interviewer.retrieval import open_index

    with plain_errors():
        settings = load_settings()
        bank = load_bank(private=settings.bank)
        if round_id is not None:
            rubric_of(bank, round_id)
        index = open_index(bank, get_embedder(settings.vector_cache_path), None)
        hits = index.search(text, round_id=round_id, limit=limit)
    if unknown := index.unknown_words(text):
        typer.echo(_nearest_at_best(unknown), err=True)
    if as_json:
        typer.echo(json.dumps([hit._asdict() for hit in hits], indent=2))
        return
    for hit in hits:
        typer.echo(f"{hit.score:.2f}  {hit.kind:9}  {hit.id}\n      {hit.text[:100]}")
    if not hits:
        typer.echo("Nothing found; write what you look for in English words.")


def _nearest_at_best(unknown: list[str]) -> str:
    named = ", ".join(f"“{word}”" for word in unknown)
    return f"Nothing in the bank has the word {named}: what follows is the nearest in meaning."


@app.command()
def report(
    question_id: str,
    note: Annotated[str, typer.Argument(help="What is wrong with it.")],
) -> None:
    """Keep a note on a question for the bank's author."""
    with plain_errors():
        open_with_progress().opinions.report(question_id, note)
    typer.echo("Kept. `interviewer bank reports` lists all notes.")


@app.command()
def reports(as_json: AsJson = False) -> None:
    """List the notes on questions, oldest first."""
    with plain_errors():
        found = open_with_progress().opinions.reports()
    if as_json:
        typer.echo(json.dumps([r.model_dump(mode="json") for r in found], indent=2))
        return
    for r in found:
        session = f", session {r.session_id}" if r.session_id else ""
        typer.echo(
            f"{r.question_id} ({r.made_at:%Y-%m-%d %H:%M}, wording {r.question_hash}{session})"
        )
        typer.echo(f"    {r.note}")
    if not found:
        typer.echo("No question was reported.")
