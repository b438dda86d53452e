"""The user's own folder under `bank check`: its questions as the built-in ones, and its drafts.

Drafts are bank files in `drafts/<round>/`, with what is still to be written in angle brackets. They
are never asked or scored; one that is complete, which is to say would pass, its author moves to `<round>/`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from interviewer.bank_check import faults
from interviewer.consistency import inconsistencies, placeholders
from interviewer.content import Bank, questions_of, with_private
from interviewer.content.private import DRAFTS
from interviewer.content.yaml_files import read_yaml
from interviewer.embedding import Embedder
from interviewer.errors import ContentError
from interviewer.schema import Question

_POINT_PART = re.compile(r"key_points\[(\d+)\]\.(\w+)")


class Draft(NamedTuple):
    """`missing` is what is still to be written, `wrong` what else keeps it out of the bank."""

    path: Path
    question: str
    missing: str = ""
    wrong: tuple[str, ...] = ()
    content: Question | None = None  # once it can be read

    @property
    def complete(self) -> bool:
        """Tell whether the draft, moved to its round, would pass `bank check`."""
        return not (self.missing or self.wrong)


def drafts_folder(private: Path, round_id: str) -> Path:
    """Return where drafts of a round are kept."""
    return private / DRAFTS / round_id


def check_private(
    builtin: Bank, root: Path, private: Path, embedder: Embedder
) -> tuple[list[ContentError], list[Draft]]:
    """Return what is wrong with the user's own content beside the built-in one, and all drafts."""
    bank, problems = with_private(builtin, root, private)
    drafts: list[Draft] = []
    for path in sorted(private.glob(f"{DRAFTS}/*/*.yaml")):
        try:
            drafts += _of_file(path, bank)
        except ContentError as error:
            problems.append(error)
    drafts = _told_apart(drafts, bank)
    complete = {draft.question: draft.content for draft in drafts if draft.content}
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    # Drafts come last, so that of two questions that ask the same it is the draft that repeats.
    for key, problem in faults(bank._replace(questions=bank.questions | complete), embedder):
        found[key.split(".")[0]].append((key, problem))
    for question_id in bank.questions.keys() - builtin.questions.keys():
        problems += [ContentError(bank.files[question_id], *fault) for fault in found[question_id]]
    return problems, [_with_faults(draft, found[draft.question]) for draft in drafts]


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
    if lack := "; ".join(filter(None, lacks)):
        return Draft(path, name, lack)
    return _written(path, name, content, bank)


def _written(path: Path, name: str, content: dict[str, Any], bank: Bank) -> Draft:
    """Return a draft that has no placeholder left, with what the loader would say of it."""
    try:
        (question,) = questions_of(path, content)
    except ContentError as error:
        return Draft(path, name, wrong=(f"{error.key}: {error.problem}",))
    found = inconsistencies(question, bank.rubrics, bank.topics)
    wrong = tuple(f"{key}: {problem}" for key, problem in found)
    return Draft(path, name, wrong=wrong, content=None if wrong else question)


def _told_apart(drafts: Iterable[Draft], bank: Bank) -> list[Draft]:
    """Refuse each id that the bank or an earlier draft has."""
    files = dict(bank.files)
    kept: list[Draft] = []
    for draft in drafts:
        if draft.content and (other := files.get(draft.question)):
            problem = f"{draft.question}: this id is used twice, also in {other}; rename it"
            draft = draft._replace(wrong=(problem,), content=None)
        elif draft.content:
            files[draft.question] = draft.path
        kept.append(draft)
    return kept


def _with_faults(draft: Draft, found: Iterable[tuple[str, str]]) -> Draft:
    if draft.content is None:
        return draft
    return draft._replace(wrong=tuple(f"{key}: {problem}" for key, problem in found))
