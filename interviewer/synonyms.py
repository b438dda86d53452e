"""Words of the field that mean the same, and the stems by which words are compared.

Authored in `question_bank/synonyms.yaml`. Invariant: a term belongs to one group, and the longest
term wins ("average precision" is not "precision"). Must not know questions, vectors or graders.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Annotated, Any, NamedTuple

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from interviewer.content import content_root
from interviewer.errors import ContentError
from interviewer.schema.base import Text
from interviewer.text import word_spans, words

Group = Annotated[tuple[Text, ...], Field(min_length=2)]
Stems = tuple[str, ...]

# British and American spellings meet in one stem. Words that merely look alike ("raised", "four")
# change in the same way wherever they stand, which does no harm to a comparison of stems.
_SPELLINGS = (
    (re.compile(r"(?<=[a-z]{2})is(?=(?:e|ed|es|er|ers|ing|ation|ations)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{2})ys(?=(?:e|ed|es|er|ers|ing)$)"), "yz"),
    (re.compile(r"(?<=[a-z]{3})our"), "or"),
    (re.compile(r"(?<=label|model|level)l(?=(?:ed|ing|er|ers)$)"), ""),
)
_stemming = Lock()  # a Snowball stemmer keeps the word it works on


class Term(NamedTuple):
    """Words `start` to `end` of a text are a known term of group `group`."""

    start: int
    end: int
    group: int


class Synonyms:
    """Groups of equivalent terms, matched by stems, whatever the hyphens, capitals and endings."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        """Take groups, the standing name first. Raise ValueError for a term in two of them."""
        self._first: list[str] = []
        self._group: dict[Stems, int] = {}
        for number, group in enumerate(groups):
            self._first.append(group[0])
            for term in group:
                if self._group.setdefault(stems(term), number) != number:
                    raise ValueError(f"{term!r} is in two groups")
        self._longest = max(map(len, self._group), default=0)

    def expand(self, words: Sequence[str]) -> list[str]:
        """Return the stems of the words, then a token for the group of each known term.

        Two texts that use different terms of a group have that token in common.
        """
        stemmed = [stem(word) for word in words]
        return stemmed + [f"={term.group}" for term in self._terms(stemmed)]

    def canonical(self, text: str) -> str:
        """Return the text with every known term replaced by the first of its group."""
        spans = word_spans(text)
        terms = list(self._terms([stem(span.text.lower()) for span in spans]))
        edges = (edge for t in terms for edge in (spans[t.start].start, spans[t.end - 1].end))
        cuts = [0, *edges, None]
        kept = [text[start:end] for start, end in list(pairwise(cuts))[::2]]
        replaced = [self._first[term.group] for term in terms]
        return "".join(a + b for a, b in zip(kept, [*replaced, ""], strict=True))

    def _terms(self, stemmed: Sequence[str]) -> Iterator[Term]:
        """Yield the known terms from left to right, the longest at each place, without overlap."""
        start = 0
        while start < len(stemmed):
            for end in range(min(len(stemmed), start + self._longest), start, -1):
                group = self._group.get(tuple(stemmed[start:end]))
                if group is not None:
                    yield Term(start, end, group)
                    break
            else:
                end = start + 1
            start = end


@cache
def load_synonyms(root: Path | None = None) -> Synonyms:
    """Read the authored groups. Raise ContentError if the file is wrong."""
    path = (root or content_root()) / "question_bank" / "synonyms.yaml"
    try:
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        groups = TypeAdapter(dict[str, list[Group]]).validate_python(raw)
        if set(groups) != {"synonyms"}:
            raise ContentError(path, "(top)", "needs exactly the key synonyms")
        return Synonyms(groups["synonyms"])
    except FileNotFoundError:
        raise ContentError(path, "(file)", "is missing; restore it or reinstall") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError(path, "(file)", f"is not valid YAML in UTF-8: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(step) for step in first["loc"]) or "(top)"
        raise ContentError(path, key, f"{first['msg']}; a group is a list of terms") from None
    except ValueError as error:
        raise ContentError(path, "synonyms", f"{error}; keep it in one") from None


def stems(text: str) -> Stems:
    """Return the stems of the words of a text, in order."""
    return tuple(stem(word) for word in words(text))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the stem of a lower-case word; British and American spelling give the same."""
    for pattern, spelling in _SPELLINGS:
        word = pattern.sub(spelling, word)
    with _stemming:
        return str(_stemmer().stemWord(word))


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")
