"""Somebody's own list of questions into drafts: what it says is filled in, the rest left open.

Key points are the claims of the answer, as the grader would cut it. Pure over the bank; a draft is
never asked or scored, because it still holds placeholders.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from interviewer.authoring.listed import Listed
from interviewer.authoring.template import blank_point, blank_question
from interviewer.consistency import MOST_KEY_POINTS
from interviewer.content import Bank
from interviewer.grading.claims import split_claims
from interviewer.schema import Difficulty, Rubric, Topic
from interviewer.text import words

_FILLER = frozenset(
    words(
        "what why how when which is are be the a an of in on to for from with between and or it its "
        "this that they you your we do does can would explain describe"
    )
)
_NAME_WORDS = 5
_TITLE_LENGTH = 60
_CODE = re.compile(r"(?:```|~~~).*?(?:```|~~~|\Z)", re.S)
_LEVELS = {
    Difficulty.EASY: {"easy", "beginner", "basic", "simple", "junior", "low"},
    Difficulty.MEDIUM: {"medium", "intermediate", "moderate", "mid", "normal"},
    Difficulty.HARD: {"hard", "advanced", "difficult", "expert", "senior", "high"},
}


class Import(NamedTuple):
    """Drafts by topic id (None: not known), each with the line it comes from; and what was left out."""

    drafts: dict[str | None, list[tuple[int, dict[str, Any]]]]
    notes: list[str]


def draft_questions(
    listed: Iterable[Listed], rubric: Rubric, topic: str | None, bank: Bank
) -> Import:
    """Return a draft per question; one asked twice, here or in the bank, is left out with a note."""
    found = Import({}, [])
    asked = {
        _key(text): f"{q.id} of the bank"
        for q in bank.questions.values()
        for text in (q.prompt, *q.recall)
    }
    names = set(bank.questions)
    unknown: dict[str, int] = {}
    for row in _answered_first(listed):
        key = _key(row.question)
        if key in asked:
            found.notes.append(f"line {row.line}: asks the same as {asked[key]}; left out")
            continue
        asked[key] = f"line {row.line}"
        place = topic or find_topic(row.topic, bank.topics, rubric.round)
        if row.topic and not place:
            unknown.setdefault(row.topic, row.line)
        draft = _draft(row, rubric, names, found.notes)
        found.drafts.setdefault(place, []).append((row.line, draft))
    for name, line in unknown.items():
        found.notes.append(f"line {line}: {name!r} is no topic of {rubric.round}; left open")
    for drafts in found.drafts.values():
        drafts.sort(key=lambda pair: pair[0])
    return found


def find_topic(name: str, topics: Mapping[str, Topic], round_id: str) -> str | None:
    """Return the topic of a round that a free text names, by its id or name; None if it names none."""
    wanted = words(name.replace("_", " "))
    for topic in topics.values():
        ways = (topic.id.replace("_", " "), topic.name, *topic.covers)
        if wanted and topic.round == round_id and any(wanted == words(way) for way in ways):
            return topic.id
    return None


def _draft(row: Listed, rubric: Rubric, names: set[str], notes: list[str]) -> dict[str, Any]:
    raw = blank_question(rubric)
    raw["id"] = _name(row.question, names)
    raw["title"] = row.title or textwrap.shorten(
        row.question.rstrip("?"), _TITLE_LENGTH, placeholder=" …"
    )
    raw["prompt"] = row.question
    level = next((d for d, ways in _LEVELS.items() if set(words(row.difficulty)) & ways), None)
    raw["difficulty"] = level.value if level else raw["difficulty"]
    if row.difficulty and not level:
        notes.append(
            f"line {row.line}: {row.difficulty!r} is none of {', '.join(Difficulty)}; left open"
        )
    if row.answer:
        raw["reference"] = row.answer
        raw["key_points"] = _points(row, rubric, raw["key_points"], notes)
    return raw


def _points(
    row: Listed, rubric: Rubric, blank: list[dict[str, Any]], notes: list[str]
) -> list[dict[str, Any]]:
    """Put the answer's claims into key points. With stages, somebody has to say which is whose."""
    claims = [c.text.rstrip(" ;,") for c in split_claims(_CODE.sub("", row.answer))]
    if len(claims) > MOST_KEY_POINTS and not rubric.stages:
        notes.append(
            f"line {row.line}: {len(claims)} claims in the answer; the first {MOST_KEY_POINTS} are key points"
        )
        claims = claims[:MOST_KEY_POINTS]
    taken: set[str] = set()
    made = [blank_point(rubric) | {"id": _name(text, taken), "claim": text} for text in claims]
    return made + (blank if rubric.stages else blank[len(made) :])


def _answered_first(listed: Iterable[Listed]) -> list[Listed]:
    """Of the same question asked twice, the one with an answer is to be kept."""
    return sorted(listed, key=lambda row: not row.answer)


def _key(question: str) -> str:
    return " ".join(words(question))


def _name(text: str, taken: set[str]) -> str:
    """Return a free id made of a text's first telling words."""
    ascii_words = [w for w in words(text) if w.isascii() and w not in _FILLER]
    base = re.sub(r"[^a-z0-9]+", "_", "_".join(ascii_words[:_NAME_WORDS])).strip("_")[:60]
    base = base if base[:1].isalpha() else f"question_{base}".rstrip("_")
    name, number = base, 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    taken.add(name)
    return name
