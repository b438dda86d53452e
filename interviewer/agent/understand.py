"""A candidate's message -> intents, by patterns alone: no model call. Several at once are normal.

Pure. Knows no question, fact or rubric; which fact was asked for is found by retrieval.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from interviewer.schema import Intent
from interviewer.text import sentences, words

_COMMANDS: tuple[tuple[Intent, re.Pattern[str]], ...] = tuple(
    (intent, re.compile(pattern, re.I))
    for intent, pattern in (
        (Intent.FINISH, r"^(i'?m done|let'?s (stop|finish|end)|finish|that'?s all( from me)?|end (the )?interview)\b"),
        (Intent.SKIP, r"\b(skip (this|it|that)|next question|let'?s move on|pass on this)\b|^(skip|pass|next)\W*$"),
        (Intent.HINT, r"\b(hint|nudge|clue|point me in)\b"),
        (Intent.THINK, r"\b(let me think|give me a (moment|minute|sec)|a moment please|need (a|some) time|one moment|hold on)\b"),
        (Intent.RETRACT, r"\b(scratch that|forget (that|what i (just )?said)|ignore my last|i take (that|it) back|strike that)\b"),
        (Intent.DONT_KNOW, r"\b(i (really )?(don'?t|do not) know|no idea|not sure at all|i have no clue|never heard of)\b"),
        (Intent.CORRECT, r"\b(actually,? no|i meant|let me correct|correction|i misspoke|sorry, i mean)\b"),
    )
)
_SHOW = re.compile(r"\b(show me|can i see|could i see|let me see|may i see|i'?d like to see)\b", re.I)
_ASK = re.compile(
    r"^(and |so |ok(ay)?,? |also,? )?(what|which|who|when|where|how (many|much|long|often|big|large|fast)|"
    r"do we|do you|is there|are there|is it|are we|can i|could i|may i|should i|did|does|has|have|was|were|tell me)\b",
    re.I,
)
# Shorter leftovers than this are manners ("ok, thanks"), not an answer.
_LEAST_ANSWER_WORDS = 4


class Understanding(NamedTuple):
    """What a message wants. `asks` are its clarifying sentences, in order."""

    intents: tuple[Intent, ...]
    asks: tuple[str, ...]


def understand(text: str) -> Understanding:
    """Read the intents of one message."""
    intents: list[Intent] = []
    asks: list[str] = []
    rest = 0
    for span in sentences(text):
        found = [intent for intent, pattern in _COMMANDS if pattern.search(span.text)]
        is_question = span.text.endswith("?")
        if _SHOW.search(span.text):
            found.append(Intent.SHOW)
            asks.append(span.text)
        elif is_question and (not found or _ASK.search(span.text)):
            found.append(Intent.ASK)
            asks.append(span.text)
        if not found:
            rest += len(words(span.text))
        intents += found
    if rest >= _LEAST_ANSWER_WORDS or not intents:
        intents.append(Intent.ANSWER if rest else Intent.CHAT)
    return Understanding(tuple(dict.fromkeys(intents)), tuple(asks))
