"""A CSV of questions, as spreadsheets write it: any separator, headers by their usual names. Pure.

Nothing is dropped in silence: a row that cannot be read becomes a note with its line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from interviewer.authoring.listed import Listed, asks, bare_question

_SEPARATORS = ",;\t|"
# What people call the columns. A header counts if one of its words is here and none is in _OTHER.
_COLUMNS = {
    "question": {"question", "questions", "prompt", "q", "ask"},
    "answer": {"answer", "answers", "a", "reference", "solution", "response", "explanation"},
    "topic": {"topic", "topics", "category", "subject", "area", "section", "theme"},
    "difficulty": {"difficulty", "level", "hardness"},
    "title": {"title", "name"},
}
_OTHER = {"id", "no", "nr", "number", "date", "type", "link", "url", "source", "count"}
_HEADLESS = ("question", "answer")


def read_csv(text: str) -> tuple[list[Listed], list[str]]:
    """Return the questions of a CSV and a note for each row left out. Raise ValueError."""
    lines = text.split("\n", 1)
    told = re.fullmatch(r"sep=(.)\r?", lines[0].strip("\r"))
    separator = told.group(1) if told else max(_SEPARATORS, key=lambda s: _columns_by(s, text))
    rows = _rows(lines[-1], separator, 2) if told else _rows(text, separator)
    names: list[str] = []
    found: list[Listed] = []
    notes: list[str] = []
    for line, row in rows:
        if not names:
            names = _names(row)
            if names:
                continue
            names = _headless(row)
        if len(row) > len(names):
            notes.append(
                f"line {line}: has {len(row)} cells for {len(names)} columns; put quotes around "
                f"text that holds {separator!r}"
            )
            continue
        cells = {name: cell for name, cell in zip(names, row, strict=False) if name}
        if question := bare_question(cells.pop("question", "")):
            found.append(Listed(line, question, **cells))
        else:
            notes.append(f"line {line}: has no question")
    return found, notes


def _columns_by(separator: str, text: str) -> tuple[int, int]:
    """Rate a separator by what it makes of the first line: known columns, then cells."""
    try:
        _, first = next(_rows(text, separator), (0, []))
    except ValueError:
        return 0, 0  # quotes stand where this one does not allow them
    return sum(1 for name in _names(first) if name), len(first)


def _rows(text: str, separator: str, first_line: int = 1) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not empty with the line where it starts. Raise ValueError."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = first_line
    try:
        for row in reader:
            if cells := _trimmed(row):
                yield line, cells
            line = first_line + reader.line_num
    except csv.Error as error:
        remedy = "close every quote, and double those inside of quotes"
        if "field limit" in str(error):
            remedy = f"shorten the text of the cell, or {remedy}"
        raise ValueError(f"line {line}: {error}; {remedy}") from None


def _names(header: list[str]) -> list[str]:
    """Return the column each header names, "" for one we do not know; [] if none is the question."""
    names: list[str] = []
    for cell in header:
        words = set(re.findall(r"[a-z]+", cell.lower()))
        known = (n for n, usual in _COLUMNS.items() if words & usual and not words & _OTHER)
        name = next(known, "") if len(words) <= 3 else ""
        names.append(name if name not in names else "")
    return names if "question" in names else []


def _headless(row: list[str]) -> list[str]:
    if len(row) <= len(_HEADLESS) and asks(row[0]):
        return list(_HEADLESS)
    seen = ", ".join(repr(cell[:30]) for cell in row)
    raise ValueError(
        f"no column named question (the first line has {seen}); name it in a first line"
    )


def _trimmed(row: list[str]) -> list[str]:
    """Return a row's cells without the empty ones at its end, which spreadsheets like to write."""
    cells = [cell.replace("\r\n", "\n").strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells
