"""The user's own folder under `bank check`: its questions as the built-in ones, and its drafts.

Drafts are bank files in `drafts/<round>/`, with what is still to be written in angle brackets. They
are never asked or scored; one that is complete is moved to `<round>/` by its author.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from interviewer.bank_check import faults
from interviewer.consistency import inconsistencies, placeholders
from interviewer.content import Bank, questions_of, with_private
from interviewer.content.private import DRAFTS
from interviewer.content.yaml_files import read_yaml
from interviewer.embedding import Embedder
from interviewer.errors import ContentError

_POINT_PART = re.compile(r"key_points\[(\d+)\]\.(\w+)")


class Draft(NamedTuple):
    """`missing` is "" for one that could join the bank."""

    path: Path
    question: str
    missing: str


def drafts_folder(private: Path, round_id: str) -> Path:
    """Return where drafts of a round are kept."""
    return private / DRAFTS / round_id


def check_private(
    builtin: Bank, root: Path, private: Path, embedder: Embedder
) -> tuple[list[ContentError], list[Draft]]:
    """Return what is wrong with the user's own content beside the built-in one, and all drafts."""
    bank, problems = with_private(builtin, root, private)
    for key, problem in faults(bank, embedder):
        if (question_id := key.split(".")[0]) not in builtin.questions:
            problems.append(ContentError(bank.files[question_id], key, problem))
    drafts: list[Draft] = []
    for path in sorted(private.glob(f"{DRAFTS}/*/*.yaml")):
        try:
            drafts += _of_file(path, bank)
        except ContentError as error:
            problems.append(error)
    return problems, drafts


def missing(question: Any) -> str:
    """Return what is left open in a raw question, key by key."""
    places = list(placeholders(question))
    keys = dict.fromkeys(re.split(r"[.\[]", place)[0] for place in places)
    named = {"key_points": f"key_points ({_missing_of_points(places)})"}
    return "; ".join(named.get(key, key) for key in keys)


def _missing_of_points(places: list[str]) -> str:
    found = [match.groups() for place in places if (match := _POINT_PART.match(place))]
    unwritten = {number for number, part in found if part == "claim"}
    parts = dict.fromkeys(part for number, part in found if number not in unwritten)
    count = [f"{len(unwritten)} to write"] if unwritten else []
    return "; ".join([*count, *([", ".join(parts) + " of those written"] if parts else [])])


def _of_file(path: Path, bank: Bank) -> list[Draft]:
    raw = read_yaml(path)
    questions = raw.get("questions") if isinstance(raw, dict) else None
    if not isinstance(questions, list):
        raise ContentError(path, "questions", "must be a list of questions")
    return [_draft(path, {**raw, "questions": [question]}, bank) for question in questions]


def _draft(path: Path, content: dict[str, Any], bank: Bank) -> Draft:
    question = content["questions"][0]
    name = str(question.get("id")) if isinstance(question, dict) else "?"
    name = "(no id yet)" if list(placeholders(name)) else name
    lacks = [*(["topic"] if list(placeholders(content.get("topic"))) else []), missing(question)]
    return Draft(path, name, "; ".join(filter(None, lacks)) or _faults(path, content, bank))


def _faults(path: Path, content: dict[str, Any], bank: Bank) -> str:
    """Return what else is wrong with a question that has no placeholder left."""
    try:
        (question,) = questions_of(path, content)
    except ContentError as error:
        return f"{error.key}: {error.problem}"
    if question.id in bank.questions:
        return f"{question.id}: this id is used in the bank; rename it"
    found = inconsistencies(question, bank.rubrics, bank.topics)
    return "; ".join(f"{key}: {problem}" for key, problem in found)
