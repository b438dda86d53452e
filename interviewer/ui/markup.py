"""Candidate and model text -> Markdown that shows it and can do nothing: no live HTML, no remote image.

Invariant: outside well-formed code fences no `<` survives. Dollar amounts stay amounts; `$x^2$` is
handed to the page as `\\(x^2\\)`, the only inline delimiter it knows.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

# What `inert` writes: the page's LaTeX delimiters. A lone `$` is never one.
LATEX: list[dict[str, str | bool]] = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "\\[", "right": "\\]", "display": True},
    {"left": "\\(", "right": "\\)", "display": False},
]
_FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})[^`\n]*\n(?:.*\n)*? {0,3}(?P=mark)[ \t]*$", re.M)
_INLINE_CODE = re.compile(r"`([^`\n]+)`")
# Pandoc's rule for `$...$`: no blank inside the dollars, no digit after them.
_MATH = re.compile(r"(?<![\\$])\$(?![\s$])((?:[^$\n\\]|\\.)+?)(?<!\s)\$(?![\d$])")
_AMOUNT = re.compile(r"^\d[\d.,]*\s*[^\\^_=+*/]*$")
# A line of a sketch: boxes and arrows drawn with characters.
_DRAWN = re.compile(r"[-=]{2,}>|<[-=]{2,}|\+-{2,}|[│┌└├─▶►╭╰]|^\s*\|.*\|\s*$|^\s*[|v^]\s*$")
_TABLE_RULE = re.compile(r"^\s*\|?[\s:|-]*-{3,}[\s:|-]*\|[\s:|-]*$", re.M)


def inert(text: str) -> str:
    """Return Markdown that renders `text` with its code, tables and formulas, and nothing live."""
    return "".join(_pieces(_with_sketches_fenced(text)))


def escaped(text: str) -> str:
    """Return one line of HTML for plain text; line breaks become `<br>`, formulas stay formulas."""
    return _math(html.escape(text, quote=True)).replace("\r", "").replace("\n", "<br>")


def notice_html(sentence: str) -> str:
    """Return one sentence of trouble, announced to screen readers."""
    return f'<p role="alert">{html.escape(sentence)}</p>'


def _pieces(text: str) -> Iterator[str]:
    end = 0
    for fence in _FENCE.finditer(text):
        yield _prose(text[end : fence.start()])
        yield fence.group()
        end = fence.end()
    yield _prose(text[end:])


def _prose(text: str) -> str:
    parts: list[str] = []
    end = 0
    for code in _INLINE_CODE.finditer(text):
        parts += [_defused(text[end : code.start()]), _code(code.group(1))]
        end = code.end()
    return "".join([*parts, _defused(text[end:])])


def _defused(text: str) -> str:
    # A Markdown image would fetch from wherever it points to.
    return _math(text.replace("<", "&lt;").replace("![", "!\\["))


def _code(content: str) -> str:
    if "<" not in content:
        return f"`{content}`"
    shown = html.escape(content)
    for character in "*_[]\\~":
        shown = shown.replace(character, f"&#{ord(character)};")
    return f"<code>{shown}</code>"


def _math(text: str) -> str:
    def formula(match: re.Match[str]) -> str:
        inside = match.group(1)
        return match.group() if _AMOUNT.match(inside) and " " in inside else f"\\({inside}\\)"

    return _MATH.sub(formula, text)


def _with_sketches_fenced(text: str) -> str:
    """Put paragraphs drawn with characters into code fences, so that they keep their shape."""
    if _FENCE.search(text) or "```" in text:
        return text
    blocks = re.split(r"(\n[ \t]*\n)", text)
    return "".join(f"```\n{block}\n```" if _is_sketch(block) else block for block in blocks)


def _is_sketch(block: str) -> bool:
    lines = [line for line in block.split("\n") if line.strip()]
    if len(lines) < 2 or _TABLE_RULE.search(block):
        return False
    return sum(bool(_DRAWN.search(line)) for line in lines) * 2 > len(lines)
