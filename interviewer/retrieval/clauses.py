"""A message into the things it may be asking for. Pure; knows no facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from interviewer.text import sentences

_OPENER = (
    r"(?:what|which|who|whose|where|when|why|how|is|are|was|were|do|does|did|can|could|may|will"
    r"|would|should|has|have|any|tell|show|give)"
)
# "..., and how fast ...", "... or is there ...": a second question in the same sentence.
_SECOND_QUESTION = re.compile(
    rf"\s*(?:,|\b(?:and|or|also|plus|but)\b)+\s*(?={_OPENER}\b)", re.IGNORECASE
)
_LIST = re.compile(r"\s*(?:,|\b(?:and|also|plus|as well as)\b)+\s*", re.IGNORECASE)
_LIST_ITEM_WORDS = 4  # longer ones are halves of a sentence ("Do I know if the user saw it")
_ASKING = re.compile(
    rf"\?|^\W*(?:(?:so|and|ok|okay|well|but|also|then|now|alright)\b\W*)*{_OPENER}\b"
    r"|\b(?:what|which|who|where|when|how|whether|any)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[A-Za-z]{2,}")


class Clause(NamedTuple):
    """A part of a message. `asking`: worded as a question or a request, not as a statement.

    `fragment`: an item of a list ("latency and traffic"), torn from its sentence.
    """

    text: str
    asking: bool
    fragment: bool = False


def clauses(message: str) -> Iterator[Clause]:
    """Yield each question or statement of a message, then the items of the lists inside it."""
    for sentence in sentences(message):
        asking = sentence.text.endswith("?")
        for part in _pieces(_SECOND_QUESTION, sentence.text):
            whole = Clause(part, asking or _ASKING.search(part) is not None)
            yield whole
            items = _pieces(_LIST, part)
            if whole.asking and len(items) > 1:
                short = (item for item in items if len(item.split()) <= _LIST_ITEM_WORDS)
                yield from (Clause(item, asking=True, fragment=True) for item in short)


def _pieces(separator: re.Pattern[str], text: str) -> list[str]:
    return [piece for piece in separator.split(text) if _LETTERS.search(piece)]
