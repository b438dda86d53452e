"""Search by words: BM25 over stems, where terms of the field that mean the same are one more word.

It finds what the embedding model does not know: names, abbreviations, jargon.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from interviewer.synonyms import Synonyms
from interviewer.text import words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Words that say nothing about the subject; idf alone would reward them in a small collection.
STOP_WORDS = frozenset(
    words("""
    a about all also am an and any are as at be been before being but by can could did do does doing
    don't each for from get gets give had has have having he her here how i if in into is it it's
    its itself just let like me might more most much must my no not of off on one only or our out
    over own really same say she should so some such than that the their them then there these they
    this those through to too under until up us very was we were what when where which while who
    whom whose why will with would you your please tell know may many want need okay ok thing
    things something anything got lot bit well what's who's how's there's that's i'd i'll we'd we're
    """)
)


class LexicalIndex:
    """BM25 over texts, by their position."""

    def __init__(self, texts: Sequence[str], synonyms: Synonyms) -> None:
        import bm25s

        self._synonyms = synonyms
        self._size = len(texts)
        self._bm25 = bm25s.BM25(backend="numpy")
        if texts:  # of nothing, no mean length can be taken
            self._bm25.index([self._tokens(text) for text in texts], show_progress=False)

    def scores(self, query: str) -> NDArray[np.float32]:
        """Return one BM25 score per text; 0 where no word is shared."""
        import numpy as np

        vocabulary = self._bm25.vocab_dict if self._size else {}
        known = [token for token in self._tokens(query) if token in vocabulary]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)

    def unknown_words(self, query: str) -> list[str]:
        """Return the words of a query that no text has, nor any other name of theirs."""
        vocabulary = self._bm25.vocab_dict if self._size else {}
        return [
            word
            for word in dict.fromkeys(words(query))
            if word not in STOP_WORDS
            and not any(token in vocabulary for token in self._synonyms.expand([word]))
        ]

    def _tokens(self, text: str) -> list[str]:
        """Return stems without stop words, and the terms, which may hold some (A/B test)."""
        said = words(text)
        expanded = self._synonyms.expand(said)
        telling = [
            stem for word, stem in zip(said, expanded, strict=False) if word not in STOP_WORDS
        ]
        return telling + expanded[len(said) :]
