"""A candidate's message -> intents, by patterns alone: no model call. Several at once are normal.

Pure. Knows no question, fact or rubric; which fact was asked for is found by retrieval. A command
must be said as one: words that merely occur in an answer or in quotation marks are content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from interviewer.agent import cues, joints
from interviewer.schema import Intent
from interviewer.text import sentences, words

_QUOTED = re.compile(r"[\"“”«»][^\"“”«»]{3,}[\"“”«»]|(?<=\s)'[^'\n]{3,}'(?=[\s.,;:!?]|$)")
# Shorter leftovers beside a command or a question are manners or fillers, not an answer.
_LEAST_ANSWER_WORDS = 3
# A check told at such length is part of the answer too; who says so much after a question goes on
# without waiting for its answer.
_MOST_CHECK_WORDS = 20
_MOST_WORDS_AFTER_ASK = 15
# "And the latency" after a question is the next item of the same question.
_MOST_ITEM_WORDS = 5
_AFTER_COMMAND = re.compile(r"^[^,:;.]*")
# Announced and then done: "let me think about features: I'd use ...", "let's move on to the model. I'd ..."
_MOVING_ON = re.compile(r"\b(?:move on|go(?: on)? to|continue with|jump)\b", re.I)


class Understanding(NamedTuple):
    """What a message wants.

    `asks` are its clarifying sentences or clauses, in order. `checks` are what its author would look
    at ("I'd compare the ids"): part of the answer, and granted where the case has it. `waits`: the
    candidate stopped to hear something, so that an ask without an answer must be told so.
    """

    intents: tuple[Intent, ...]
    asks: tuple[str, ...]
    checks: tuple[str, ...] = ()
    waits: bool = False


class _Kind(Enum):
    CONTENT = "content"
    MANNERS = "manners"
    CHECK = "check"


class _Clause(NamedTuple):
    """A part of a sentence. `masked` is its text with quotations blotted out.

    `question`: it ends with a question mark.
    """

    text: str
    masked: str
    sentence: int
    question: bool


class _Reading(NamedTuple):
    """A clause and what it wants."""

    clause: _Clause
    kind: Intent | _Kind


def understand(text: str, *, may_inspect: bool = False) -> Understanding:
    """Read the intents of one message.

    `may_inspect`: in a debugging scenario "I'd check the labels" also asks to be shown them; in a
    design it is part of the answer alone.
    """
    readings = [_Reading(clause, _kind(clause, may_inspect)) for clause in _clauses(text)]
    for settle in (
        _settle_predicates,
        _join_lead_ins,
        _settle_attempts,
        _settle_items,
        _settle_rhetoric,
        _settle_commands,
    ):
        readings = settle(readings)
    kinds = [Intent.SHOW if r.kind is _Kind.CHECK else r.kind for r in readings]
    wanted = [kind for kind in kinds if isinstance(kind, Intent)]
    said = sum(_content_words(r) for r in readings)
    if said >= _LEAST_ANSWER_WORDS or (said and not wanted):
        wanted.insert(0, Intent.ANSWER)
    return Understanding(
        intents=tuple(dict.fromkeys(wanted)) or (Intent.CHAT,),
        asks=tuple(r.clause.text for r in readings if r.kind in (Intent.ASK, Intent.SHOW)),
        checks=tuple(r.clause.text for r in readings if r.kind is _Kind.CHECK),
        waits=_waits(readings, said),
    )


def _waits(readings: Sequence[_Reading], said: int) -> bool:
    """Tell whether the candidate stopped for a reply: little is said after the last ask.

    Who only names checks waits if there is nothing else in the message.
    """
    asks = [i for i, r in enumerate(readings) if r.kind in (Intent.ASK, Intent.SHOW)]
    if not asks:
        return said < _LEAST_ANSWER_WORDS and any(r.kind is _Kind.CHECK for r in readings)
    return sum(_content_words(r) for r in readings[asks[-1] + 1 :]) <= _MOST_WORDS_AFTER_ASK


def _clauses(text: str) -> Iterator[_Clause]:
    masked = _QUOTED.sub(lambda match: "x" * len(match.group()), text)
    for number, span in enumerate(sentences(masked)):
        pieces = [(span.start, span.end)]
        if not cues.COMMANDS[Intent.CORRECT].search(span.text):
            pieces = list(_pieces(span.start, span.text))
        for start, end in pieces:
            asked = end == span.end and span.text.rstrip("\"') ").endswith("?")
            yield _Clause(text[start:end].strip(), masked[start:end].strip(), number, asked)


def _pieces(offset: int, sentence: str) -> Iterator[tuple[int, int]]:
    breaks = [match.span() for match in cues.CLAUSE_BREAK.finditer(sentence)]
    edges = [0, *(edge for span in breaks for edge in span), len(sentence)]
    for start, end in list(pairwise(edges))[::2]:
        if words(sentence[start:end]):
            yield offset + start, offset + end


def _kind(clause: _Clause, may_inspect: bool) -> Intent | _Kind:
    """Read one clause by itself."""
    text = clause.masked
    if cues.MANNERS.search(text):
        return _Kind.MANNERS
    for intent, pattern in cues.COMMANDS.items():
        if pattern.search(text):
            return intent
    if cues.SHOW.search(text):
        return Intent.SHOW
    if may_inspect and cues.INSPECT.search(text):
        asking = clause.question or cues.QUESTION.search(text)
        return Intent.SHOW if asking else _Kind.CHECK
    if cues.ASIDE.search(text):
        return _Kind.MANNERS
    if clause.question or cues.REQUEST.search(text):
        return Intent.ASK
    if cues.QUESTION.search(text) and not cues.NO_QUESTION.search(text):
        return Intent.ASK
    return _Kind.CONTENT


def _settle_predicates(readings: Sequence[_Reading]) -> list[_Reading]:
    """Read "... and is stale", "that explains how and why ..." as going on with the statement."""

    def goes_on(at: int) -> bool:
        here, before = readings[at].clause, readings[at - 1]
        return (
            at > 0
            and before.kind in (_Kind.CONTENT, _Kind.CHECK)
            and before.clause.sentence == here.sentence
            and not here.question
            and joints.goes_on(before.clause.masked, here.masked)
        )

    return [
        r._replace(kind=_Kind.CONTENT) if r.kind is Intent.ASK and goes_on(i) else r
        for i, r in enumerate(readings)
    ]


def _join_lead_ins(readings: Sequence[_Reading]) -> list[_Reading]:
    """Give a question the clause that it needs: "When an ad loses, is it kept?".

    Words that merely lead in become part of it; what "did you try it?" leans on stays said as well.
    """
    joined: list[_Reading] = []
    for reading in readings:
        before = joined[-1] if joined else None
        if (
            before
            and reading.kind in (Intent.ASK, Intent.SHOW, Intent.DONT_KNOW)
            and before.kind in (_Kind.CONTENT, _Kind.CHECK)
            and before.clause.sentence == reading.clause.sentence
            and (cues.LEAD_IN.search(before.clause.masked) or joints.leans(reading.clause.masked))
        ):
            leads_in = cues.LEAD_IN.search(before.clause.masked)
            joint = ", " if leads_in else ": "
            if leads_in:
                joined.pop()
            text = f"{before.clause.text}{joint}{reading.clause.text}"
            reading = _Reading(reading.clause._replace(text=text), reading.kind)
        joined.append(reading)
    return joined


def _settle_attempts(readings: Sequence[_Reading]) -> list[_Reading]:
    """Read "I don't know the number but I'd assume ..." as the answer that it opens."""

    def is_attempt(at: int) -> bool:
        here = readings[at].clause.sentence
        rest = [r.clause.masked for r in readings[at:] if r.clause.sentence == here]
        return cues.ATTEMPT.search(" ".join(rest)) is not None

    return [
        r._replace(kind=_Kind.CONTENT) if r.kind is Intent.DONT_KNOW and is_attempt(i) else r
        for i, r in enumerate(readings)
    ]


def _settle_items(readings: Sequence[_Reading]) -> list[_Reading]:
    """Read "and the latency" after a question, and a list after "three questions:", as questions."""
    settled: list[_Reading] = []
    listing: int | None = None
    for reading in readings:
        if reading.kind is _Kind.MANNERS and cues.ANNOUNCEMENT.search(reading.clause.masked):
            listing = reading.clause.sentence
        is_next = bool(
            settled
            and settled[-1].kind is Intent.ASK
            and settled[-1].clause.sentence != reading.clause.sentence
            and cues.ITEM.search(reading.clause.masked)
            and len(words(reading.clause.text)) <= _MOST_ITEM_WORDS
        )
        if reading.kind is _Kind.CONTENT and (is_next or listing == reading.clause.sentence):
            reading = reading._replace(kind=Intent.ASK)
        settled.append(reading)
    return settled


def _settle_rhetoric(readings: Sequence[_Reading]) -> list[_Reading]:
    """Read a question as content when its own author answers it in the next breath."""

    def is_rhetorical(at: int) -> bool:
        asked = readings[at].clause
        if at + 1 < len(readings):
            next_said = readings[at + 1]
            settled = cues.SETTLED.search(next_said.clause.masked)
            answered = cues.ANSWERS.search(next_said.clause.masked)
            if settled or (answered and next_said.clause.sentence != asked.sentence):
                return True
        after = next((r for r in readings[at + 1 :] if r.kind is not _Kind.MANNERS), None)
        if after is None or after.kind is not _Kind.CONTENT:
            return False
        if after.clause.sentence == asked.sentence:
            return False
        return bool(
            cues.ANSWERS.search(after.clause.masked)
            or cues.OWN_QUESTION.search(asked.masked)
            or not cues.GOES_ON.search(after.clause.masked)
        )

    return [
        r._replace(kind=_Kind.CONTENT) if r.kind is Intent.ASK and is_rhetorical(i) else r
        for i, r in enumerate(readings)
    ]


def _settle_commands(readings: Sequence[_Reading]) -> list[_Reading]:
    """Hold commands against what stands around them.

    Words taken back inside a message are a correction: the message before it stands. Time to think,
    or the next part, is not asked for by who goes straight on.
    """
    settled: list[_Reading] = []
    for i, reading in enumerate(readings):
        kind = reading.kind
        follows = sum(_content_words(r) for r in readings[i + 1 :]) >= _LEAST_ANSWER_WORDS
        precedes = sum(map(_content_words, settled)) >= _LEAST_ANSWER_WORDS
        if kind is Intent.RETRACT and precedes:
            kind = Intent.CORRECT
        if follows and (
            kind is Intent.THINK
            or (kind is Intent.SKIP and _MOVING_ON.search(reading.clause.masked))
        ):
            kind = _Kind.MANNERS
        settled.append(reading._replace(kind=kind))
    return settled


def _content_words(reading: _Reading) -> int:
    """Count the words that state something; a correction does so beside its set phrases."""
    if reading.kind is _Kind.CONTENT:
        return len(words(cues.LEADING.sub("", reading.clause.text)))
    if reading.kind is _Kind.CHECK:
        return max(0, len(words(reading.clause.text)) - _MOST_CHECK_WORDS)
    if reading.kind is Intent.CORRECT:
        return len(words(cues.CORRECTION_WORDS.sub("", reading.clause.text)))
    if reading.kind is Intent.RETRACT:
        return len(words(_AFTER_COMMAND.sub("", reading.clause.text)))
    return 0
