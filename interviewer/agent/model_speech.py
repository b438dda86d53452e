"""How a model words a move: which words stay as authored, what it is sent, and what of it is said.

Invariant: a prompt holds one move's authored words, the manner and the candidate's words, nothing
else; only whole sentences are said, at most one question, no judgement, within the word limit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from interviewer.agent.brain import Scene
from interviewer.agent.script import Script
from interviewer.agent.trimming import last_sentences
from interviewer.llm import Prompt
from interviewer.prompts import fence, render
from interviewer.schema import Manner, Move, MoveKind

MAX_PROMPT_TOKENS = 1000
_MESSAGE_TOKENS = 250
_REMEMBERED_OPENINGS = 4
_OPENING_WORDS = 5

# authored: no model call; bridge: a model's sentence, then the authored words as they are;
# reword: the model asks the authored question; free: the model answers by itself.
Way = Literal["authored", "bridge", "reword", "free"]
_FOLLOWS = {
    "advance": "the next question",
    "stage": "the next part of the design",
    "hint": "a hint",
    "reveal": "the facts they asked for",
    "twist": "a change of requirements",
    "open_question": "the question once more; what they asked is left to them, with a stated assumption",
}
_WAYS_OF_ASKING = {
    "probe": "It goes one step further on the same matter.",
    "challenge": "It invites them to test what they said; do not suggest that it is wrong.",
}
_MANNERS = {
    Manner.FRIENDLY: "friendly and relaxed",
    Manner.NEUTRAL: "neutral and polite",
    Manner.TOUGH: "tough: terse and demanding, never rude",
}
_MOST_WORDS: dict[Way, int] = {"authored": 0, "bridge": 25, "reword": 60, "free": 60}
_MOST_TOKENS: dict[Way, int] = {"authored": 0, "bridge": 60, "reword": 130, "free": 130}

_SENTENCE_END = re.compile(r"[.!?…]+[\"')\]’”]*(?=\s)")
_SPEAKER = re.compile(r"^\s*\**(?:interviewer|assistant)\**\s*:\**\s*", re.I)
_JUDGES = re.compile(
    r"\b(?:that(?:['’]s| is| was| sounds| seems)|you(?:['’]re| are| were|['’]ve got it)|this is|"
    r"it(?:['’]s| is)|quite|yes,?|absolutely|partly|mostly)\s+(?:\w+\s){0,2}?"
    r"(?:right|correct|wrong|incorrect|mistaken|true|false|accurate|spot on|complete)\b"
    r"|\b(?:good|great|excellent|perfect|nice|strong|solid|weak|poor|correct|right|wrong|incomplete)\s"
    r"(?:answer|point|explanation|reasoning|job|work|thinking|catch|insight|idea|intuition)\b"
    r"|\bwell (?:done|said|put|explained)\b|\byou (?:missed|forgot|left out|overlooked|nailed|got it)\b"
    r"|^\W*(?:correct|exactly|right|wrong|perfect|precisely|spot on|indeed|no)\b\W*(?:$|[,.!])",
    re.I,
)


class Speech(NamedTuple):
    """One move to be worded: the way, and what a model is told for it (None: no model call)."""

    way: Way
    prompt: Prompt | None

    @property
    def max_tokens(self) -> int:
        return _MOST_TOKENS[self.way]


def speech_of(move: Move, script: Script, scene: Scene, count: Callable[[str], int]) -> Speech:
    """Return how a move is worded and what a model is sent for it."""
    way = _way(move, script)
    if way == "authored" or not scene.last_message.strip():
        return Speech("authored", None)
    system = render("speak", manner=_MANNERS[scene.setup.manner], max_words=_MOST_WORDS[way])
    message = last_sentences(scene.last_message, _MESSAGE_TOKENS, count)
    said = {"openings": _openings(scene), "message": fence(message, "candidate")}
    if way == "reword":
        user = render("speak_reword", words=script.words, way=_WAYS_OF_ASKING[script.cue], **said)
    elif way == "bridge":
        user = render("speak_bridge", follows=_FOLLOWS[script.cue], **said)
    else:
        user = render("speak_closing", **said)
    return Speech(way, Prompt(system, user, MAX_PROMPT_TOKENS))


def fit_to_say(pieces: Iterator[str], way: Way) -> Iterator[str]:
    """Yield whole sentences as they complete, until one asks or the words are used up."""
    left = _MOST_WORDS[way]
    begun = False
    for sentence in _sentences(pieces, most_words=left):
        text = sentence if begun else _SPEAKER.sub("", sentence).strip()
        asks = "?" in text
        if (asks and way == "bridge") or (way != "free" and _JUDGES.search(text)):
            continue
        left -= len(text.split())
        if left < 0:
            return
        yield text
        begun = True
        if asks or way == "bridge":
            return


def _sentences(pieces: Iterator[str], most_words: int) -> Iterator[str]:
    """Yield sentences with the blanks before them; give up on one that does not end."""
    held = ""
    for piece in pieces:
        held += piece
        while end := _SENTENCE_END.search(held):
            yield held[: end.end()]
            held = held[end.end() :]
        if len(held.split()) > most_words:
            return
    if held.strip():
        yield held.rstrip()


def _way(move: Move, script: Script) -> Way:
    if script.cue in _WAYS_OF_ASKING:
        return "reword"
    if script.cue == "closing":
        return "free"
    is_told = script.cue in _FOLLOWS and bool(script.words)
    skips = move.kind is MoveKind.ADVANCE and move.reason == "the candidate skips"
    return "bridge" if is_told and not skips else "authored"


def _openings(scene: Scene) -> str:
    said = [t.text for t in scene.turns if t.role == "interviewer"][-_REMEMBERED_OPENINGS:]
    starts = [" ".join(text.split()[:_OPENING_WORDS]) for text in said]
    return "; ".join(dict.fromkeys(starts)) or "(nothing yet)"
