"""Drops what a reasoning model thinks aloud (<think>...</think>), also when split over chunks. Pure."""

from __future__ import annotations

import re

_TAG = re.compile(r"<(/?)(?:think|thinking|thought|reasoning)>", re.I)
# What may still become a tag when the next chunk comes.
_BEGINNING = re.compile(r"</?[a-z]{0,9}$", re.I)


class ThinkingFilter:
    """Lets spoken text through and keeps thinking back, piece by piece.

    `inside`: the text starts within thinking, as with models whose opening tag is in the prompt; if no
    tag ever comes, what was held back is spoken at the end. `lone_close` says that such a model was
    met, `saw_thinking` that any tag was.
    """

    def __init__(self, *, inside: bool = False) -> None:
        self._held = ""
        self._inside = self._assumed = inside
        self._started = False
        self.saw_thinking = self.lone_close = False

    def feed(self, piece: str) -> str:
        """Return the text that may be spoken now."""
        self._held += piece
        spoken = ""
        while match := _TAG.search(self._held):
            closes = bool(match.group(1))
            if not self._inside and closes:
                self.lone_close = True
                spoken = ""
            elif not self._inside:
                spoken += self._held[: match.start()]
            self._held = self._held[match.end() :]
            self._inside, self._assumed, self.saw_thinking = not closes, False, True
        if not self._inside:
            beginning = _BEGINNING.search(self._held)
            cut = beginning.start() if beginning else len(self._held)
            spoken, self._held = spoken + self._held[:cut], self._held[cut:]
        return self._begin(spoken)

    def flush(self) -> str:
        """Return what is left at the end of the text."""
        rest = self._held if self._assumed or not self._inside else ""
        self._held = ""
        return self._begin(rest)

    def _begin(self, spoken: str) -> str:
        """Drop blank space before the first word: it is what follows a closing tag."""
        if not self._started:
            spoken = spoken.lstrip()
            self._started = bool(spoken)
        return spoken


def spoken_text(text: str) -> str:
    """Return a whole text without its thinking."""
    thinking = ThinkingFilter()
    return (thinking.feed(text) + thinking.flush()).strip()
