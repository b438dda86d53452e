"""A model's reading of an exchange: what it is sent, what it must answer, what is wrong with that.

Invariant: candidate words are never cut, only windowed; an answer with problems is never used.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from pydantic import BaseModel

from interviewer.grading.numbering import Sentence, number_sentences
from interviewer.llm import Prompt
from interviewer.prompts import fence, render
from interviewer.schema import Exchange, Rubric, Turn, Verdict
from interviewer.text import squeeze

PROMPTS = ("grade", "grade_exchange", "grade_repair")
MAX_PROMPT_TOKENS = 8000
REPAIR_TOKENS = 700
# Room that a window must at least have for the transcript.
LEAST_WINDOW_TOKENS = 600
_REFERENCE_WORDS = 200
_INTERVIEWER_WORDS = 60
# Sentences of the window before that are shown again, for an idea that spans the border.
_OVERLAP = 3


class PointOut(BaseModel):
    id: str
    reason: str
    verdict: Verdict
    sentences: list[str]


class MisconceptionOut(BaseModel):
    id: str
    reason: str
    sentences: list[str]


class SignalOut(BaseModel):
    id: str
    reason: str
    seen: bool
    sentences: list[str]


class OtherOut(BaseModel):
    claim: str
    sentences: list[str]


class Reading(BaseModel):
    """The reading of one exchange."""

    points: list[PointOut]
    misconceptions: list[MisconceptionOut]
    signals: list[SignalOut]
    other_valid: list[OtherOut]


class Task(NamedTuple):
    """What a model is to read: id -> text of each thing it judges, and the turns of the exchange."""

    prompt: str
    reference: str
    points: Mapping[str, str]
    misconceptions: Mapping[str, str]
    signals: Mapping[str, str]
    turns: Sequence[Turn]

    @property
    def items(self) -> int:
        """Return how many things are judged: what the length of an answer depends on."""
        return len(self.points) + len(self.misconceptions) + len(self.signals)


def task_of(exchange: Exchange, rubric: Rubric) -> Task:
    """Return the reading task of an exchange. Points with a signal are read like any other."""
    question = exchange.question
    return Task(
        prompt=squeeze(question.prompt),
        reference=question.reference,
        points={p.id: p.claim for p in question.key_points},
        misconceptions={m.id: m.claim for m in question.misconceptions},
        signals={s.id: s.question for s in rubric.signals},
        turns=exchange.turns,
    )


class Window(NamedTuple):
    """One call's prompt, and the sentences it shows."""

    prompt: Prompt
    sentences: Mapping[str, Sentence]


class TooLong(ValueError):
    """The question itself leaves no room for an answer."""


def windows_of(task: Task, count: Callable[[str], int]) -> list[Window]:
    """Return the prompts that together show the whole exchange. Raise TooLong."""
    system = render("grade")
    empty = _user(task, "")
    room = MAX_PROMPT_TOKENS - REPAIR_TOKENS - count(system) - count(empty)
    if room < LEAST_WINDOW_TOKENS:
        raise TooLong("its key points alone fill the prompt; split the question")
    windows = []
    for lines in packed_lines(task.turns, room, count):
        transcript = "\n".join(line.text for line in lines)
        shown = {line.sentence.id: line.sentence for line in lines if line.sentence}
        user = _user(task, transcript)
        windows.append(Window(Prompt(system, user, MAX_PROMPT_TOKENS), shown))
    return windows


def problems_of(reading: Reading, window: Window, known: Collection[str]) -> dict[str, list[str]]:
    """Return point id -> what is wrong with its verdict; "" holds ids that are no listed point's.

    An id too many alone is no problem: it earns nothing.
    """
    unknown = [p.id for p in reading.points if p.id not in known]
    problems: dict[str, list[str]] = {}
    for point_id in set(known) - {p.id for p in reading.points}:
        problems[point_id] = ["no verdict for it"]
    for point in reading.points:
        if point.id not in known:
            continue
        invented = [s for s in point.sentences if s not in window.sentences]
        if invented:
            problems.setdefault(point.id, []).append(
                f"no such sentence: {', '.join(invented)[:80]}"
            )
        elif not point.sentences and point.verdict is not Verdict.NOT_MET:
            problems.setdefault(point.id, []).append(f"{point.verdict.value} without a sentence")
    if problems and unknown:
        problems[""] = [f"no such key point: {', '.join(unknown)[:80]}"]
    return problems


def repair_prompt(window: Window, problems: Mapping[str, list[str]], ids: Iterable[str]) -> Prompt:
    """Return the prompt that asks once more for the verdicts that could not be used."""
    listed = [f"- {i}: {'; '.join(p)}" if i else f"- {'; '.join(p)}" for i, p in problems.items()]
    again = render("grade_repair", problems="\n".join(listed)[:1200], point_ids=", ".join(ids))
    return window.prompt._replace(user=f"{window.prompt.user}\n\n{again}")


class Line(NamedTuple):
    """One line of a transcript; `sentence` is None for the interviewer's."""

    text: str
    sentence: Sentence | None


def packed_lines(turns: Sequence[Turn], room: int, count: Callable[[str], int]) -> list[list[Line]]:
    """Return the lines of a transcript in windows of at most `room` tokens, overlapping a little."""
    return _pack(_lines(turns), room, count)


def _lines(turns: Sequence[Turn]) -> list[Line]:
    lines: list[Line] = []
    for turn in turns:
        if turn.role == "interviewer":
            lines.append(Line(f"interviewer: {_first_words(turn.text, _INTERVIEWER_WORDS)}", None))
        elif not turn.retracted:
            lines += [Line(s.line, s) for s in number_sentences(turn, f"t{turn.id}.")]
    return lines


def _pack(lines: list[Line], room: int, count: Callable[[str], int]) -> list[list[Line]]:
    """Fill windows in order; each later one begins with the last sentences of the one before."""
    packed: list[list[Line]] = [[]]
    used = 0
    for line in lines:
        cost = count(line.text) + 1
        if used + cost > room and packed[-1]:
            overlap = packed[-1][-_OVERLAP:]
            packed.append(overlap)
            used = sum(count(before.text) + 1 for before in overlap)
        packed[-1].append(line)
        used += cost
    return packed


def _user(task: Task, transcript: str) -> str:
    return render(
        "grade_exchange",
        prompt=task.prompt,
        reference=_first_words(task.reference, _REFERENCE_WORDS),
        points=_listed(task.points),
        misconceptions=_listed(task.misconceptions),
        signals=_listed(task.signals),
        transcript=fence(transcript, "transcript"),
    )


def _listed(texts: Mapping[str, str]) -> str:
    return "\n".join(f"- {key}: {text}" for key, text in texts.items()) or "none"


def _first_words(text: str, most: int) -> str:
    words = text.split()
    return " ".join(words[:most]) + (" ..." if len(words) > most else "")
