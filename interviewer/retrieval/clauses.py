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
# "When an ad loses, is it kept?": the first half is no question, and the second none without it.
_LEAD_IN = re.compile(
    r"^\W*(?:(?:so|and|but|then)\b\W*)*(?:after|when|whenever|if|for|of|in|with|given|once"
    r"|over|besides|before|on|as"
    r"|regarding|concerning|about|assuming|apart|at|since|during|until|from|among|while)\b",
    re.IGNORECASE,
)
# Words of asking and of manners that say nothing about what is asked for.
_FILLER = (
    r"(?:(?:um+|uh+|hm+|ok|okay|so|and|also|well|first|then|now|but|or|right|sorry|oh|wait|please"
    r"|like|plus)\b[\s,.:]*)*"
)
_POLITE = re.compile(
    rf"^\W*{_FILLER}(?:(?:(?:could|can|would|will) (?:you|u) (?:please |maybe )?(?:tell me"
    r"|show me|explain|clarify|say|plot|share)"
    r"|(?:please )?(?:tell|show) me|(?:can|could|may) i (?:please )?(?:see|look at"
    r"|have a look at|take a look at|know)"
    r"|(?:one thing )?i(?:['’]?d| would)?(?: also)? (?:like|want|need|love) to (?:know|ask"
    r"|understand|clarify|learn|hear|see)"
    r"|i(?:['’]?m| am) (?:curious|wondering)|wondering|my \w+ question is|let me see"
    r"|(?:i )?need to know|what about"
    r"|(?:to (?:be sure|confirm|start|begin) )?(?:i(?:['’]?d| would| will|['’]ll| could| should)"
    r"|we (?:could|should|would)|let['’]?s|let me)(?: (?:also|first|then|next|now|probably|just"
    r"|start by|begin by|begin with|start with|want to|like to|have to|need to|have))*"
    r"(?: (?:look(?:ing)? (?:at|into|for)|check|ask|see|know))?)\b"
    r"(?: is if| if| about)?[\s,:]*)?",
    re.IGNORECASE,
)
# Why one asks says little about what for: "... latency, since a slower page loses orders".
_REASON = re.compile(
    r"(?:,\s*(?:since|so|as|but)|,?\s*\b(?:because|so that|in order to)|,?\s*\bto (?:see|confirm|verify"
    r"|be sure|make sure|find out|rule out|understand|know)|,?\s+then(?= \w+ \w+))\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_LEAST_WORDS_BEFORE_REASON = 4
_AFTERTHOUGHT = re.compile(
    r"(?:[\s,.]*\b(?:please|pls|exactly|etc|thanks|for me|if you have \w+"
    r"|or something(?: else)?|and stuff)\b\W*)+$",
    re.IGNORECASE,
)
_SHORTHAND = (
    (re.compile(r"\bwhats\b", re.I), "what is"),
    (re.compile(r"\bu\b", re.I), "you"),
    (re.compile(r"\bppl\b", re.I), "people"),
)
_STARTS = re.compile(rf"^\W*{_OPENER}\b", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z]{2,}")


class Clause(NamedTuple):
    """A part of a message. `asking`: worded as a question or a request, not as a statement.

    `items`: the things of a list in it ("latency", "traffic"), torn from their sentence.
    """

    text: str
    asking: bool
    items: tuple[str, ...] = ()


def clauses(message: str, *, asks: bool = False) -> Iterator[Clause]:
    """Yield each question or statement of a message; `asks`: all of them ask, however worded."""
    for sentence in sentences(message):
        asked = asks or sentence.text.endswith("?")
        for part in _with_lead_ins(_pieces(_SECOND_QUESTION, sentence.text)):
            asking = asked or _ASKING.search(part) is not None
            items = filter(_is_item, _pieces(_LIST, part))
            yield Clause(part, asking, tuple(items) if asking else ())


def bare(clause: str) -> str:
    """Return a clause without fillers, courtesies and shorthand; as it is if nothing would be left."""
    text = _AFTERTHOUGHT.sub("", _POLITE.sub("", clause))
    asked = _REASON.sub("", text)
    if len(asked.split()) >= _LEAST_WORDS_BEFORE_REASON:
        text = asked
    for pattern, full in _SHORTHAND:
        text = pattern.sub(full, text)
    return text if _LETTERS.search(text) else clause


def _is_item(piece: str) -> bool:
    """Return whether a piece can be a thing asked for by itself, not half of a question."""
    text = bare(piece)
    return len(piece.split()) <= _LIST_ITEM_WORDS and not (
        _STARTS.search(text) or _LEAD_IN.search(text)
    )


def _with_lead_ins(parts: list[str]) -> Iterator[str]:
    """Join a part that only leads into a question with the question."""
    held = ""
    for at, part in enumerate(parts):
        if _LEAD_IN.search(part) and at + 1 < len(parts):
            held += f"{part}, "
        else:
            yield held + part
            held = ""


def _pieces(separator: re.Pattern[str], text: str) -> list[str]:
    return [piece for piece in separator.split(text) if _LETTERS.search(piece)]
