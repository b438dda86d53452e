"""How a clause hangs on the one before it: it goes on with it, or means nothing without it. Pure."""

from __future__ import annotations

import re

from interviewer.agent.cues import AUX
from interviewer.text import words

# Inside a sentence "and is ..." goes on stating, unless a subject follows: "and is it ...".
_PREDICATE = re.compile(
    rf"^\W*{AUX}(?:n'?t)? (?!(?:i|we|you|he|she|it|they|u|there|the|an?|this|that|these|those|all"
    r"|any|some|both|each|every|our|your|my|their|its|people|users|customers)\b)",
    re.I,
)
_WH = r"\b(?:why|how|what|which|where|when|who)\b"
_WH_FIRST, _WH_INSIDE = re.compile(rf"^\W*{_WH}", re.I), re.compile(rf"\w\W+{_WH}", re.I)
_LEANING = re.compile(r"\b(?:it|that|this|them|those|then|so)\b", re.I)
# A longer question says itself what it is about.
_MOST_LEANING_WORDS = 5


def goes_on(statement: str, clause: str) -> bool:
    """Tell whether a clause worded as a question states: "... and is stale", "... how and why"."""
    if _WH_FIRST.search(clause):
        return _WH_INSIDE.search(statement) is not None
    return _PREDICATE.search(clause) is not None


def leans(question: str) -> bool:
    """Tell whether a question needs the words before it: "did you try it?"."""
    return len(words(question)) <= _MOST_LEANING_WORDS and _LEANING.search(question) is not None
