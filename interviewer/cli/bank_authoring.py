"""`bank new` and `bank import`: templates and lists into bank files. Never overwrites a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interviewer.cli import plain_errors, rubric_of

if TYPE_CHECKING:
    from interviewer.authoring.drafts import Draft
    from interviewer.authoring.importing import Import
    from interviewer.content import Bank
    from interviewer.errors import ContentError
    from interviewer.schema import Rubric

TopicOption = Annotated[str | None, typer.Option("--topic", help="A topic id of the round.")]
Target = Annotated[
    Path | None,
    typer.Option(
        "--output",
        help="A file that does not exist yet; without, your drafts folder (INTERVIEWER_BANK).",
        dir_okay=False,
    ),
]


def new(
    round_id: Annotated[str, typer.Argument(metavar="ROUND")],
    topic: TopicOption = None,
    target: Target = None,
) -> None:
    """Write a commented template of a question, to be filled in."""
    from interviewer.authoring.template import blank_question

    with plain_errors():
        bank = _bank()
        rubric = rubric_of(bank, round_id)
        text = _text(bank, rubric, _known(bank, rubric, topic), [blank_question(rubric)])
        path = target or _drafts(round_id) / f"{topic or 'new_question'}.yaml"
        _write({path: text})
    typer.echo(path)
    _say_what_next([path], round_id)


def import_list(
    source: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
    round_id: Annotated[str, typer.Option("--round", help="Their round.")] = "ml_fundamentals",
    topic: TopicOption = None,
    target: Target = None,
) -> None:
    """Turn a list of questions (CSV or Markdown) into drafts, and say what each lacks for scoring."""
    from interviewer.authoring.importing import draft_questions
    from interviewer.authoring.list_file import read_list

    with plain_errors():
        bank = _bank()
        rubric = rubric_of(bank, round_id)
        listed, notes = read_list(source)
        found = draft_questions(listed, rubric, _known(bank, rubric, topic), bank)
        paths = _paths(found, source, round_id, target)
        texts = {
            paths[place]: _text(bank, rubric, place, [raw for _, raw in drafts])
            for place, drafts in found.drafts.items()
        }
        _write(texts)
    for place, drafts in found.drafts.items():
        typer.echo(f"{paths[place]}")
        for line, raw in drafts:
            typer.echo(f"  line {line}: {raw['id']}: missing: {_missing(place, raw)}")
    for note in [*notes, *found.notes]:
        typer.echo(f"{source}: {note}", err=True)
    count = sum(len(drafts) for drafts in found.drafts.values())
    typer.echo(f"{_count(count)}. A draft is not asked and not scored until nothing is missing.")
    if paths:
        _say_what_next(list(paths.values()), round_id)


def check_own() -> list[ContentError]:
    """List the drafts of the user's folder, and return what is wrong with its questions."""
    from interviewer.authoring.drafts import check_private
    from interviewer.config import load_settings
    from interviewer.content import content_root, load_bank
    from interviewer.embedding import get_embedder

    settings = load_settings()
    private = settings.bank
    if private is None:
        return []
    embedder = get_embedder(settings.vector_cache_path)
    problems, drafts = check_private(load_bank(), content_root(), private, embedder)
    for draft in drafts:
        typer.echo(f"draft {draft.path}: {draft.question}: {_state(draft, private)}")
        for problem in draft.wrong:
            typer.echo(f"    {problem}")
    if drafts:
        typer.echo(f"{_count(len(drafts))}, not asked and not scored.")
    return problems


def _bank() -> Bank:
    """Return the bank with what can be read of the user's own, which may be what is being mended."""
    from interviewer.config import load_settings
    from interviewer.content import content_root, load_bank, with_private

    private = load_settings().bank
    return with_private(load_bank(), content_root(), private)[0] if private else load_bank()


def _state(draft: Draft, private: Path) -> str:
    if draft.missing:
        return f"missing: {draft.missing}"
    if draft.wrong:
        return "nothing missing; to be mended:"
    return f"complete; move it to {private / draft.path.parent.name}"


def _count(drafts: int) -> str:
    return f"{drafts} draft{'s' * (drafts != 1)}"


def _known(bank: Bank, rubric: Rubric, topic: str | None) -> str | None:
    from interviewer.errors import ContentError

    if topic is None or (topic in bank.topics and bank.topics[topic].round == rubric.round):
        return topic
    problem = (
        f"no such topic; use one of {', '.join(_topics(bank, rubric))}, or add it to topics.yaml"
    )
    raise ContentError("--topic", topic, problem)


def _topics(bank: Bank, rubric: Rubric) -> list[str]:
    return [t.id for t in bank.topics.values() if t.round == rubric.round]


def _text(bank: Bank, rubric: Rubric, topic: str | None, questions: list[dict[str, Any]]) -> str:
    from interviewer.authoring.template import template

    return template(rubric, topic, _topics(bank, rubric), questions)


def _missing(topic: str | None, raw: dict[str, Any]) -> str:
    from interviewer.authoring.drafts import missing

    return ("" if topic else "topic; ") + missing(raw)


def _paths(
    found: Import, source: Path, round_id: str, target: Path | None
) -> dict[str | None, Path]:
    """Return a file per topic, since a bank file has one."""
    from interviewer.errors import ContentError

    topics = list(found.drafts)
    if target is None:
        folder = _drafts(round_id)
        return {
            topic: folder / f"{'_'.join(filter(None, (source.stem, topic)))}.yaml"
            for topic in topics
        }
    if len(topics) > 1:
        names = ", ".join(topic or "unknown" for topic in topics)
        problem = (
            f"one file has one topic, and these are {names}; give --topic, or leave --output out"
        )
        raise ContentError(target, "topic", problem)
    return dict.fromkeys(topics, target)


def _drafts(round_id: str) -> Path:
    from interviewer.authoring.drafts import drafts_folder
    from interviewer.config import load_settings
    from interviewer.errors import ConfigError

    private = load_settings().bank
    if private is None:
        problem = "is not set; let it name a folder for your own questions, or give --output FILE"
        raise ConfigError("INTERVIEWER_BANK", problem)
    return drafts_folder(private, round_id)


def _write(texts: dict[Path, str]) -> None:
    """Write new files: all, or none if one of them is there. Raise ContentError."""
    from interviewer.errors import ContentError

    for path in texts:
        if path.exists():
            raise ContentError(path, "(file)", "exists already; give another --output, or move it")
    for path, text in texts.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            problem = f"cannot be written ({error.strerror}); give --output, or another folder"
            raise ContentError(path, "(file)", problem) from None


def _say_what_next(paths: list[Path], round_id: str) -> None:
    from interviewer.content.private import DRAFTS

    typer.echo(
        "Write what stands in angle brackets; `interviewer bank check` says what is missing."
    )
    if all(path.parent.parent.name == DRAFTS for path in paths):
        typer.echo(f"What is complete goes to {paths[0].parents[2] / round_id}.")
