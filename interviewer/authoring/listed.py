"""A question as it stands in somebody's own list, and what makes a line read as a question. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from interviewer.text import words

_ASKING = frozenset(
    words(
        "what what's why how when where which who explain describe compare contrast derive define "
        "discuss design tell walk give name list estimate suppose imagine is are does do can should "
        "would state prove show calculate compute implement outline differentiate distinguish"
    )
)
_LABEL = re.compile(r"^(?:q(?:uestion)?\s*\d*\s*[.:)]|\d+\s*[.)])\s*", re.I)
_EMPHASIS = re.compile(r"\*\*|__")


class Listed(NamedTuple):
    """One question of a list; whatever the list does not say is empty. `line` counts from 1."""

    line: int
    question: str
    answer: str = ""
    topic: str = ""
    difficulty: str = ""
    title: str = ""


def bare_question(text: str) -> str:
    """Take off numbering, `Q:` and emphasis."""
    text = _EMPHASIS.sub("", " ".join(text.split())).strip("# ")
    while (shorter := _LABEL.sub("", text)) != text:
        text = shorter
    return text.strip()


def asks(text: str) -> bool:
    """Tell whether a line reads as a question or a task."""
    bare = bare_question(text)
    first = bare.partition(" ")[0].lower().strip(",:")
    return bare.endswith("?") or (" " in bare and first in _ASKING)
