"""A Markdown list of questions: headings or list items ask, what follows them answers. Pure.

A heading asks if it reads as a question, or has text but no deeper heading or question below it;
every other heading names the topic of what follows. A list item asks if it reads as a question and
stands below no heading that asks; deeper list items belong to the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from interviewer.authoring.listed import Listed, asks, bare_question

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_ITEM = re.compile(r"^ {0,1}(?:[-*+]|\d{1,3}[.)])\s+(.*)$")
_ANSWER = re.compile(r"^(?:\*\*|__)?(?:a(?:nswer)?)\s*:(?:\*\*|__)?\s*", re.I)
_FENCE = re.compile(r"^\s*(?:```|~~~)")


class _Line(NamedTuple):
    number: int
    text: str
    level: int  # of a heading; 0 for none
    item: str  # the words of a list item at the margin


def read_markdown(text: str) -> list[Listed]:
    """Return the questions of a Markdown text, in order."""
    lines = list(_read(text))
    found: list[Listed] = []
    above: dict[int, str] = {}  # headings that hold what follows, by level
    asked = ""
    body: list[str] = []
    started: _Line | None = None

    def close() -> None:
        if started is not None:
            found.append(Listed(started.number, bare_question(asked), _answer(body), _inner(above)))

    for position, line in enumerate(lines):
        if line.level:
            close()
            started, asked, body = None, line.text, []
            above = {level: name for level, name in above.items() if level < line.level}
            if _heading_asks(lines, position):
                started = line
            else:
                above[line.level] = bare_question(line.text)
        elif line.item and asks(line.item) and not (started and started.level):
            close()
            started, asked, body = line, line.item, []
        elif started is not None:
            body.append(line.text)
    close()
    return found


def _read(text: str) -> Iterator[_Line]:
    fenced = False
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.rstrip()
        if _FENCE.match(line):
            fenced = not fenced
        heading = None if fenced else _HEADING.match(line)
        item = None if fenced else _ITEM.match(line)
        level = len(heading.group(1)) if heading else 0
        yield _Line(
            number, heading.group(2) if heading else line, level, item.group(1) if item else ""
        )


def _heading_asks(lines: list[_Line], position: int) -> bool:
    heading = lines[position]
    if asks(heading.text):
        return True
    after = lines[position + 1 :]
    below = next((k for k, line in enumerate(after) if line.level), len(after))
    if below < len(after) and after[below].level > heading.level:
        return False
    section = after[:below]
    return any(line.text for line in section) and not any(asks(x.item) for x in section if x.item)


def _inner(above: dict[int, str]) -> str:
    return above[max(above)] if above else ""


def _answer(body: list[str]) -> str:
    """Return what follows a question, without common indentation and without `A:`."""
    text = "\n".join(line.strip() if not line.startswith("    ") else line[2:] for line in body)
    return _ANSWER.sub("", re.sub(r"\n{3,}", "\n\n", text).strip().lstrip("-*+ ")).strip()
