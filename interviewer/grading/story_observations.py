"""What can be counted in a told story: who acts, what was measured, fillers; and its two levels.

Pure: words in, observations out. Levels follow from the parts that were found, never from length
or from single words; a figure counts only inside a sentence that was read as a result.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from interviewer.text import words

WORDS_PER_MINUTE = 150
LEAST_MINUTES, MOST_MINUTES = 3.0, 4.0
# Past this a listener loses the thread; the bound costs, being shorter earns nothing.
_TOO_LONG_MINUTES = 6.0
_MANY_FILLERS = 0.05
_MUCH_OFF_TOPIC = 0.3

_FILLER = re.compile(
    r"\b(?P<um>u+m+|u+h+|e+rm?|hm+)\b|\b(?P<you_know>you know)\b(?!\s+(?:what|how|why|that|the|it|if))"
    r"|\b(?P<sort_of>(?:sort|kind) of)\b|\b(?P<basically>basically|literally|actually|honestly)\b"
    r"|\b(?P<i_mean>i mean)\b|,\s*(?P<right>right|well|okay|so)\s*(?=,)"
    r"|(?:^|,\s*|\b(?:was|were|had|is|it's|maybe)\s+)(?P<like>like)\b(?=\s*,)|\b(?:was|is)\s+(?P<was_like>like)\s*,",
    re.I,
)
# "I" as the one who acts; not as the one who thinks so, wishes so, or always does so.
_MINE = re.compile(
    r"\b[Ii](?:['’](?:d|ve|m|ll))?\b(?![.'’])(?!\s+(?:think|guess|mean|suppose|believe|would|could|should|wish|hope|always"
    r"|usually|normally|never|don['’]?t know|am|was told|was asked)\b)"
)
_MINE_ELLIPSIS = re.compile(r"\bby me\b|\bmyself\b", re.I)
_OURS = re.compile(r"\bwe(?:['’](?:d|ve|re|ll))?\b", re.I)

_NUMBER_WORDS = (
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundreds?|thousands?|millions?|billions?|dozens?"
    r"|half|halved|third|quarter|fifth|tenth|twice|doubled?|tripled?|zero|none"
    r"|no(?=\s+\w+s\b)|not (?:one|a single)"
)
_QUANTITY = re.compile(rf"\d+(?:[.,:]\d+)*(?:\s?%)?|\b(?:{_NUMBER_WORDS})\b", re.I)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_UNIT_OF_TIME = r"(?:minutes?|hours?|days?|nights?|weeks?|months?|quarters?|years?)"
_NUMBER = rf"(?:\d[\d.,]*|(?:{_NUMBER_WORDS}|one|an?|first|second)(?:[ -](?:{_NUMBER_WORDS}|one))*)"
# When or how long it went on, how old it is, who was there: true, and not a measured result.
_NO_MEASURE = re.compile(
    rf"\b(?:19|20)\d\d\b|\b(?:{_MONTHS})\s+(?:the\s+)?\d+|\b\d+(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTHS})\b"
    rf"|\bday\s+(?:\d+|two|three|four|five|six|seven|eight|nine|ten)\b|\bat\s+\d{{1,2}}:\d\d\b"
    rf"|\b(?:after|within|in|for|over|since|last|next|until|during|another|every|past)\s+"
    rf"(?:about|around|only|the|some|the\s+(?:first|last|next|following))?\s*{_NUMBER}\s+(?:more\s+)?{_UNIT_OF_TIME}\b"
    rf"|\b{_NUMBER}\s+{_UNIT_OF_TIME}\s+(?:later|ago|after|before that)\b"
    rf"|\b(?:that|this|last|next|the|per|every)\s+quarter\b"
    r"|\bversion\s+\d[\d.]*|\b(?:team|group|staff)\s+of\s+\w+|\bone of (?:two|three|four|five|ten)\b"
    rf"|\b(?:our|my|the|us|them|of)\s+{_NUMBER}\s+(?:\w+\s+)?"
    rf"(?:people|engineers|colleagues|developers|teams?|founders|friends)\b"
    rf"|\b(?:a|we were a|were|are)\s+(?:team of\s+)?{_NUMBER}\s+(?:people|engineers|colleagues)\b"
    r"|\b(?:the|both|these|those|first|last) (?:two|three|four)\b|\bthe (?:third|fifth)\b"
    r"|\bor two\b|\bone-on-ones?\b",
    re.I,
)


class Fillers(NamedTuple):
    """How often each filler was said, and the share of all words."""

    counts: dict[str, int]
    share: float


class Level(NamedTuple):
    """A level from 1 to 5 with the reason in plain words."""

    level: int
    reason: str


class Order(NamedTuple):
    """What clarity needs to know of a story: parts told, in order or not, and talk beside it."""

    told: tuple[str, ...]
    in_order: bool
    off_topic: float


def acts_alone(sentence: str) -> bool:
    """Say whether the speaker acts in the first person singular."""
    return bool(_MINE.search(sentence) or _MINE_ELLIPSIS.search(sentence))


def acts_together(sentence: str) -> bool:
    """Say whether "we" act."""
    return bool(_OURS.search(sentence))


def quantities(sentence: str) -> tuple[str, ...]:
    """Return the measured quantities of a sentence, without years, dates, spans and head counts."""
    return tuple(match.group() for match in _QUANTITY.finditer(_NO_MEASURE.sub(" ", sentence)))


def count_fillers(text: str) -> Fillers:
    """Count um, uh, you know, like (as a filler), basically, sort of and their kin."""
    counts: Counter[str] = Counter()
    for match in _FILLER.finditer(text):
        name = (match.lastgroup or "").replace("was_like", "like")
        counts[name.replace("_", " ") if name != "basically" else match.group().lower()] += 1
    spoken = len(words(text))
    return Fillers(dict(counts), sum(counts.values()) / spoken if spoken else 0.0)


def minutes_of(text: str) -> float:
    """Return how long a text takes to say, at 150 words a minute."""
    return len(words(text)) / WORDS_PER_MINUTE


def judge_clarity(order: Order, fillers: Fillers, minutes: float) -> Level:
    """Return 1 to 5: 1 and a level for each of scene, duty, steps and ending, less what blurs them.

    A fault costs a level each: told out of order, over 30% beside the story, over 5% fillers, over
    6 minutes. A story of four parts and no fault is a 5.
    """
    wanted = ("situation", "task", "action", "result")
    missing = [part for part in wanted if part not in order.told]
    if "action" in missing and len(missing) >= 3:
        return Level(
            1, "It is not yet a story: nobody is heard doing something that led somewhere."
        )
    faults = _faults(order, fillers, minutes)
    level = max(1, 5 - len(missing) - len(faults))
    reasons = [f"no sentence tells the {_named(part)}" for part in missing] + faults
    if not reasons:
        return Level(
            level, "Scene, duty, steps and ending are all there, in an order one can follow."
        )
    return Level(level, _sentence(reasons))


def judge_impact(
    results: Sequence[str], measured: Sequence[Sequence[str]], own_actions: int, own_share: float
) -> Level:
    """Return 1 to 5 as the rubric's anchors say.

    1 no outcome; 2 an outcome without a measure; 3 measured; 4 against a starting point or a second
    measure; 5 also told whom it served, and led to by the speaker's own steps. Without any step of
    the speaker's own it is at most 3.
    """
    if not results:
        return Level(1, "No sentence says what came of it.")
    if not measured:
        return Level(2, "An outcome is told, but nothing in it is measured.")
    compared = len(measured) >= 2 or any(len(figures) >= 2 for figures in measured)
    if not compared:
        return Level(3, "One outcome is measured, without what it was before.")
    if not own_actions:
        return Level(3, "The outcome is measured, but no step towards it is the speaker's own.")
    if len(results) < 2 or own_share < 0.5:
        lacking = "what it meant for others" if len(results) < 2 else "which part was the speaker's"
        return Level(4, f"Measured against something; it leaves open {lacking}.")
    return Level(
        5, "Measured against something, with what followed from it, by steps of one's own."
    )


def _faults(order: Order, fillers: Fillers, minutes: float) -> list[str]:
    found = []
    if not order.in_order:
        found.append("the scene comes after the steps")
    if order.off_topic > _MUCH_OFF_TOPIC:
        found.append(f"{order.off_topic:.0%} of the sentences stand beside the story")
    if fillers.share > _MANY_FILLERS:
        found.append(f"fillers make up {fillers.share:.0%} of the words")
    if minutes > _TOO_LONG_MINUTES:
        found.append(f"{minutes:.0f} minutes are too long to follow")
    return found


def _named(part: str) -> str:
    return {"situation": "scene", "task": "duty", "action": "steps", "result": "ending"}[part]


def _sentence(reasons: list[str]) -> str:
    joined = "; ".join(reasons)
    return joined[0].upper() + joined[1:] + "."
