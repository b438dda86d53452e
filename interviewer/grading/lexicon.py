"""Words with what matters of them for grading: stem, place, rarity, whether they carry content.

Rarity (idf) comes from `idf.json`, counted by `evals/count_words.py`; an unknown word is rare.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from interviewer.synonyms import stem

# Formulas like O(n log n) and w^2 stay whole; decimals and percents too; `don't` is one word.
_WORD = re.compile(
    r"(?P<formula>\b[OΘΩ]\([^()]*(?:\([^()]*\)[^()]*)*\))"
    r"|(?P<number>\d+(?:[.,]\d+)*\s?%?)"
    r"|[A-Za-zÀ-ɏ][A-Za-z0-9À-ɏ]*(?:[_'’][A-Za-z0-9]+)*"
)

_STOP_LIST = """
    a an the this that these those it its he she they them their his her we us our you your i me my
    is are was were be been being am do does did done doing have has had having will would shall
    should can could may might must of in on at by for with from to into onto over under about as
    and or but so if then than when while because since though although however also too very just
    only even still yet there here which who whom whose what where why how all any each every both
    some such own same other another one not no nor more most less least much many few lot lots
    really quite rather kind sort thing things something like well get gets got make makes made go
    goes going use uses used using let say says said mean means way e g i.e e.g etc basically um uh
    er hmm actually okay ok right yeah yes know think"""
STOP = frozenset(_STOP_LIST.split())
RARE = 8.0


class Word(NamedTuple):
    """One word at `start`:`end`; `idf` is 0 for a function word."""

    text: str
    stem: str
    start: int
    end: int
    idf: float


def read_words(text: str) -> list[Word]:
    """Return the words, numbers and O(...) terms of a text, in order."""
    return [_word(match) for match in _WORD.finditer(text)]


def idf(word_stem: str) -> float:
    """Return how rare a stem is, about 1 (everywhere) to 8 (unseen)."""
    return _idf_table().get(word_stem, RARE)


def is_number(word: str) -> bool:
    """Say whether a word is a number, a percentage or an O(...) term: matched exactly, or not."""
    return word[0].isdigit() or ("(" in word and word[0] in "oθω")


def _word(match: re.Match[str]) -> Word:
    text = match.group().lower()
    if match.lastgroup:
        exact = re.sub(r"[\s,]", "", text) if match.lastgroup == "formula" else _number(text)
        return Word(exact, exact, *match.span(), idf=RARE if len(exact) > 1 else 3.0)
    base = stem(text)
    return Word(text, base, *match.span(), idf=0.0 if text in STOP else idf(base))


def _number(text: str) -> str:
    """Write numbers one way: 1,000 is 1000 and 0.50 is 0.5."""
    plain = re.sub(r",(?=\d{3}\b)", "", text.replace(" ", "")).replace(",", ".")
    return re.sub(r"(\.\d*?)0+(?=%|$)", r"\1", plain).replace(".%", "%").rstrip(".")


@cache
def _idf_table() -> dict[str, float]:
    path = Path(__file__).with_name("idf.json")
    table: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
    return table
