"""A file with a list of questions -> its questions: the reader is chosen by the file's ending."""

from __future__ import annotations

from pathlib import Path

from interviewer.authoring.csv_list import read_csv
from interviewer.authoring.listed import Listed
from interviewer.authoring.markdown_list import read_markdown
from interviewer.errors import ContentError

_CSV = (".csv", ".tsv")
_MARKDOWN = (".md", ".markdown")
_SHOWN_NOTES = 3
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_list(path: Path) -> tuple[list[Listed], list[str]]:
    """Return the questions of a file and a note for each row left out.

    Raise ContentError for a file that cannot be read, or holds no question.
    """
    kind = path.suffix.lower()
    if kind not in (*_CSV, *_MARKDOWN):
        raise ContentError(path, "(file)", "must be .csv, .tsv, .md or .markdown")
    text = _decoded(path)
    try:
        listed, notes = read_csv(text) if kind in _CSV else read_markdown(text)
    except ValueError as error:
        raise ContentError(path, "(file)", str(error)) from None
    if not listed:
        shape = "row below the names of the columns" if kind in _CSV else "heading or list item"
        problem = f"holds no question; write each as a {shape}" if text.strip() else "is empty"
        raise ContentError(path, "(file)", "; ".join([problem, *_first(notes)]))
    return listed, notes


def _first(notes: list[str]) -> list[str]:
    more = len(notes) - _SHOWN_NOTES
    return notes[:_SHOWN_NOTES] + ([f"{more} more lines like these"] if more > 0 else [])


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-16" if raw[:2] in _UTF_16_MARKS else "utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:  # which no text has, but one of another encoding
        raise ContentError(path, "(file)", "is not UTF-8 text; save it as UTF-8")
    return text
