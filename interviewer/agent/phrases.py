"""Connecting words by cue and manner, from `phrases.yaml`; the least used one comes next."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import yaml

from interviewer.schema import Manner


def choose(cue: str, manner: Manner, said: Sequence[str], seed: str) -> str:
    """Return the phrase of a cue that was used least in `said`; `seed` varies where it starts."""
    options: list[str] = _phrases()[cue][manner.value]
    start = int(seed[:4], 16) % len(options)
    rotated = options[start:] + options[:start]
    return min(rotated, key=lambda phrase: sum(_fixed_part(phrase) in text for text in said))


def _fixed_part(phrase: str) -> str:
    """Return the longest stretch without a placeholder, to recognise a phrase once filled in."""
    pieces = phrase.replace("}", "{").split("{")[::2]
    return max(pieces, key=len)


@cache
def _phrases() -> dict[str, dict[str, list[str]]]:
    text = (files("interviewer.agent") / "phrases.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    return loaded
