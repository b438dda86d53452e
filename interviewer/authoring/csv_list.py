"""A CSV of questions, as spreadsheets write it: any separator, headers by their usual names. Pure.

Nothing is dropped in silence: a row that cannot be read becomes a note with its line.
"""

from __future__ import annotations

import csv
import io
import re

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
    """Return the questions of a CSV and a note for each row left out. Raise ValueError, csv.Error."""
    lines = text.split("\n", 1)
    told = re.fullmatch(r"sep=(.)\r?", lines[0].strip("\r"))
    separator = told.group(1) if told else max(_SEPARATORS, key=lambda s: _columns_by(s, text))
    reader = csv.reader(io.StringIO(lines[-1] if told else text, newline=""), delimiter=separator)
    names: list[str] = []
    found: list[Listed] = []
    notes: list[str] = []
    start = 2 if told else 1
    for raw in reader:
        line, start = start, reader.line_num + (2 if told else 1)
        row = _trimmed(raw)
        if not row:
            continue
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
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        if cells := _trimmed(row):
            return sum(1 for name in _names(cells) if name), len(cells)
    return 0, 0


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
