"""A Markdown list of questions: headings or list items ask, what follows them answers. Pure.

Nothing is dropped in silence: what is neither a question nor part of an answer becomes a note with its
line, and so does what reads as a question inside an answer. The rules stand in CONTRIBUTING.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from interviewer.authoring.listed import Listed, asks, bare_question

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_ITEM = re.compile(r"^( *)(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(.*)$")
_ANSWER = re.compile(r"^(?:\*\*|__)?(?:a(?:nswer)?)\s*:(?:\*\*|__)?\s*", re.I)
_FENCE = re.compile(r"^\s*(```|~~~)")
_TAG = re.compile(r"</?\w[^>]*>")
_SAME_DEPTH = 1  # people indent by a blank by mistake; two are meant
_SHOWN = 40
_IDLE = "the heading has neither text nor a question below it; left out"


class _Line(NamedTuple):
    number: int
    text: str
    level: int = 0  # of a heading; 0 for none
    item: str = ""  # the words of a list item
    depth: int = 0  # blanks before it
    code: bool = False


class _Asked(NamedTuple):
    line: _Line
    question: str
    body: list[_Line]


class _Section(NamedTuple):
    """A heading with the lines before the next one; what stands before all headings has none."""

    heading: _Line
    body: list[_Line]


def read_markdown(text: str) -> tuple[list[Listed], list[str]]:
    """Return the questions of a Markdown text, in order, and a note for what is none."""
    lines, open_code = _read(text)
    found: list[Listed] = []
    notes = [(open_code, "code begins here and never ends; close it")] if open_code else []
    naming: set[_Line] = set()
    named: set[_Line] = set()
    for section, itself, above in _placed(list(_sections(lines))):
        asked, left = _split(section.heading if itself else None, section.body)
        topic = bare_question(above[-1].text) if above else ""
        found += [_listed(one, topic) for one in asked]
        notes += [*_left_out(left), *(note for one in asked for note in _inside(one))]
        naming.update(above)
        named.update(above if asked else ())
    notes += [(line.number, _IDLE) for line in naming - named]
    return found, [f"line {number}: {note}" for number, note in sorted(notes)]


def _read(text: str) -> tuple[list[_Line], int]:
    """Return the lines, and the number of the one where code begins that never ends, or 0."""
    lines: list[_Line] = []
    fence, since = "", 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.rstrip().expandtabs(4)
        mark = _FENCE.match(line)
        turns = mark is not None and fence in ("", mark.group(1))
        lines.append(_Line(number, line, code=True) if fence or turns else _line(number, line))
        if mark and turns:
            fence, since = ("", 0) if fence else (mark.group(1), number)
    return lines, since


def _line(number: int, line: str) -> _Line:
    if heading := _HEADING.match(line):
        return _Line(number, heading.group(2), level=len(heading.group(1)))
    if item := _ITEM.match(line):
        return _Line(number, line, item=item.group(2), depth=len(item.group(1)))
    return _Line(number, line)


def _sections(lines: Iterable[_Line]) -> Iterator[_Section]:
    section = _Section(_Line(0, ""), [])
    for line in lines:
        if line.level:
            yield section
            section = _Section(line, [])
        else:
            section.body.append(line)
    yield section


def _placed(sections: Sequence[_Section]) -> Iterator[tuple[_Section, bool, tuple[_Line, ...]]]:
    """Yield each section, whether its heading asks, and the headings that name it, inmost last."""
    above: tuple[_Line, ...] = ()
    levels = [section.heading.level for section in sections]
    for section, level, following in zip(sections, levels, [*levels[1:], 0], strict=True):
        heading = section.heading
        above = tuple(line for line in above if line.level < level)
        itself = _heading_asks(heading, section.body, deeper=following > level)
        if heading.text and not itself:
            above = (*above, heading)
        yield section, itself, above


def _heading_asks(heading: _Line, body: Sequence[_Line], *, deeper: bool) -> bool:
    """Tell a question from the name of a topic; `deeper`: the next heading is one of its own."""
    if not heading.text or asks(heading.text):
        return bool(heading.text)
    inside = any(_ends_asking(x.item) or (x.depth <= _SAME_DEPTH and asks(x.item)) for x in body)
    return not deeper and not inside and any(line.text for line in body)


def _split(heading: _Line | None, body: Sequence[_Line]) -> tuple[list[_Asked], list[_Line]]:
    """Return the questions of a section, and the lines that belong to none."""
    asked = [_Asked(heading, heading.text, [])] if heading else []
    current = asked[0] if asked else None
    left: list[_Line] = []
    for line in body:
        # Below a heading that asks, "Does not scale." is an answer.
        begins = _ends_asking(line.item) if heading else asks(line.item)
        if begins and not _belongs(line, current):
            current = _Asked(line, line.item, [])
            asked.append(current)
            continue
        if current and line.item and line.depth + _SAME_DEPTH < current.line.depth:
            current = None
        (current.body if current else left).append(line)
    return asked, left


def _belongs(item: _Line, current: _Asked | None) -> bool:
    """Tell whether a list item stands below the item that asks."""
    return (
        current is not None
        and not current.line.level
        and item.depth > current.line.depth + _SAME_DEPTH
    )


def _ends_asking(text: str) -> bool:
    return bare_question(text).endswith("?")


def _left_out(lines: Iterable[_Line]) -> Iterator[tuple[int, str]]:
    """Yield a note for each run of lines with text."""
    telling = [line for line in lines if any(map(str.isalnum, line.text))]
    for _, run in groupby(enumerate(telling), key=lambda pair: pair[1].number - pair[0]):
        first, *more = (line for _, line in run)
        upto = f" (to line {more[-1].number})" if more else ""
        shown = first.text.strip()[:_SHOWN]
        yield first.number, f"is no question and answers none{upto}; left out: {shown!r}"


def _inside(asked: _Asked) -> Iterator[tuple[int, str]]:
    for line in asked.body:
        if not line.code and _ends_asking(_TAG.sub("", line.text)):
            problem = f"reads as a question, kept in the answer to line {asked.line.number}"
            yield line.number, f"{problem}; make it a list item or heading beside it if it is one"


def _listed(asked: _Asked, topic: str) -> Listed:
    return Listed(asked.line.number, bare_question(asked.question), _answer(asked.body), topic)


def _answer(body: Iterable[_Line]) -> str:
    """Return what follows a question, without common indentation and without `A:`."""
    texts = (x.text for x in body)
    text = "\n".join(line.strip() if not line.startswith("    ") else line[2:] for line in texts)
    return _ANSWER.sub("", re.sub(r"\n{3,}", "\n\n", text).strip().lstrip("-*+ ")).strip()
