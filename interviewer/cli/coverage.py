"""`bank coverage`: where the bank has gaps, and the counts in a README."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interviewer.cli import AsJson, plain_errors

if TYPE_CHECKING:
    from interviewer.coverage import RoundCoverage, TopicCoverage


def coverage(
    as_json: AsJson = False,
    readme: Annotated[
        Path | None,
        typer.Option(
            help="Write the counts of the built-in bank into this file's marked block.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
) -> None:
    """Count questions by topic and difficulty, and mark the gaps; your own questions count too."""
    from interviewer.config import load_settings
    from interviewer.content import load_bank
    from interviewer.coverage import bank_coverage, gap_count, gap_words

    if readme is not None:
        _write_counts(readme)
        return
    with plain_errors():
        found = bank_coverage(load_bank(private=load_settings().bank))
    if as_json:
        typer.echo(json.dumps({"gaps": gap_count(found), "rounds": _plain(found)}, indent=2))
        return
    for row in found:
        typer.echo(f"\n{_heading(row)}\n{_topics(row)}")
    typer.echo(
        f"\n{gap_words(found).capitalize()}. A gap is a topic, or a round, with fewer questions "
        "than it should have. “none easy” is worth a look and no gap."
    )


def _write_counts(readme: Path) -> None:
    from interviewer.content import load_bank
    from interviewer.coverage import with_counts

    with plain_errors():
        text = with_counts(readme.read_text(encoding="utf-8"), load_bank(), readme)
        readme.write_text(text, encoding="utf-8")
    typer.echo(f"The counts in {readme} are those of the bank.")


def _heading(row: RoundCoverage) -> str:
    if row.later:
        return f"{row.name}: later, {len(row.topics)} topics"
    missing = f"; gap: {row.missing} more needed" if row.missing else ""
    return f"{row.name}: {row.total} questions on {len(row.topics)} topics{missing}"


def _topics(row: RoundCoverage) -> str:
    from interviewer.coverage import remark
    from interviewer.schema import Difficulty, Table
    from interviewer.tables import table_aligned

    if not row.topics:
        return "(no topics)"
    cells = tuple((t.topic.name, *t.counts.values(), t.total, remark(t)) for t in row.topics)
    return table_aligned(
        Table(columns=("topic", *(d.value for d in Difficulty), "all", "remark"), rows=cells)
    )


def _plain(found: list[RoundCoverage]) -> list[dict[str, Any]]:
    return [
        {
            "round": row.round,
            "later": row.later,
            "questions": row.total,
            "least": row.least,
            "missing": row.missing,
            "topics": [_plain_topic(t) for t in row.topics],
        }
        for row in found
    ]


def _plain_topic(topic: TopicCoverage) -> dict[str, Any]:
    return {
        "topic": topic.topic.id,
        **{difficulty.value: count for difficulty, count in topic.counts.items()},
        "questions": topic.total,
        "least": topic.least,
        "missing": topic.missing,
        "absent": [d.value for d in topic.absent],
    }
