"""Does a sentence say the opposite of a claim in the claim's own words? Opposites, negation, swaps.

Pure and lexical; knows nothing of vectors. A conflict is a reason to doubt a match, never a proof.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from interviewer.grading.lexicon import Word
from interviewer.synonyms import stem

# Words of one side stand against words of the other.
_OPPOSITES = """
increase raise grow rise up higher high larger large bigger big more greater longer gain \
| decrease reduce lower low shrink fall drop down smaller small less fewer shorter
faster fast quick quickly speed | slower slow slowly
overfit overfits overfitting | underfit underfits underfitting
bias | variance
l1 lasso | l2 ridge
precision | recall
train training | test testing validation serving inference
encoder | decoder
row rows | column columns
before earlier prior precede | after later following
positive positives | negative negatives
supervised | unsupervised
online | offline
always every all | never none sometimes rarely
same identical equal | different differs distinct
independent uncorrelated | dependent correlated
convex | nonconvex concave
linear linearly | quadratic quadratically exponential exponentially nonlinear
stable | unstable
maximise maximize maximum max maximal | minimise minimize minimum min minimal
first start begin beginning | last end final
input inputs | output outputs
sparse | dense
sequential sequentially serial | parallel
global | local
better improve improves | worse degrade degrades hurt hurts harm
add adds adding | remove removes removing subtract
easy easier simple simpler | hard harder difficult complex
cheap cheaper inexpensive | expensive costly
possible can able | impossible cannot unable
correct right valid | wrong incorrect invalid
deterministic | random stochastic
forward | backward
parametric | nonparametric
generative | discriminative
bagging forest | boosting
upper | lower
true | false
strong stronger | weak weaker
smooth smoother | noisy noisier rough
keep keeps preserve | discard discards drop
push pushes | pull pulls
balanced | imbalanced skewed
batch | streaming
connectionless | connection-oriented
synchronous synchronised | asynchronous
fixed constant | variable changing
sender source | receiver destination
succeed success | fail fails failure
head | tail
left | right
"""
_NEGATOR_LIST = """not no never none neither nor without cannot hardly barely nothing nobody lack
    lacks fails fail avoid avoids prevent prevents instead"""
_NEGATORS = frozenset(_NEGATOR_LIST.split())
_CLAUSE_END = re.compile(
    r"[.,;:!?()]|\b(?:but|and|so|because|while|whereas|although|which)\b", re.I
)
_JOINING = frozenset(("but", "and", "so", "because", "while", "whereas", "although", "which"))
_SCOPE_WORDS = 3


class Conflict(NamedTuple):
    """How a sentence may contradict a claim: 0..1 each, with the words it rests on."""

    opposite: float
    negation: float
    swap: float
    reason: str


_NO_CONFLICT = Conflict(0.0, 0.0, 0.0, "")


def negated(text: str, words: Sequence[Word]) -> list[bool]:
    """Say for each word whether a negation of the same clause reaches it (twice cancels)."""
    flags = [False] * len(words)
    for i, word in enumerate(words):
        if not _negates(word.text):
            continue
        reached = 0
        for j in range(i + 1, len(words)):
            if (
                _CLAUSE_END.search(text[words[j - 1].end : words[j].start])
                or words[j].text in _JOINING
            ):
                break
            if words[j].idf > 0 or stem(words[j].text) in _sides():
                flags[j] = not flags[j]
                reached += 1
            if reached >= _SCOPE_WORDS:
                break
    return flags


def find_conflict(
    claim: tuple[str, Sequence[Word]],
    said: tuple[str, Sequence[Word]],
    matches: Sequence[tuple[int, int]],
) -> Conflict:
    """Compare claim and sentence, given pairs (claim word, said word) that mean the same."""
    claim_text, claim_words = claim
    said_text, said_words = said
    claim_not, said_not = negated(claim_text, claim_words), negated(said_text, said_words)
    negation, word = _negation(claim_words, claim_not, said_not, matches)
    opposite, pair = _opposite(claim_words, claim_not, said_words, said_not)
    swap, roles = _swap(claim_words, said_words)
    reason = (
        f"says {pair[1]!r} where the point says {pair[0]!r}"
        if pair
        else f"turns {roles[0]!r} and {roles[1]!r} round"
        if roles
        else f"negates {word!r}, or leaves its negation out"
        if word
        else ""
    )
    return Conflict(opposite, negation, swap, reason)


def _negates(word: str) -> bool:
    return word in _NEGATORS or word.endswith(("n't", "n’t"))


def _negation(
    claim_words: Sequence[Word],
    claim_not: Sequence[bool],
    said_not: Sequence[bool],
    matches: Sequence[tuple[int, int]],
) -> tuple[float, str]:
    """Share of the matched rarity whose negation differs on the two sides."""
    matched = sum(claim_words[i].idf for i, _ in matches)
    differing = [i for i, j in matches if claim_not[i] != said_not[j]]
    if not matched or not differing:
        return 0.0, ""
    share = sum(claim_words[i].idf for i in differing) / matched
    return min(1.0, 2 * share), claim_words[differing[0]].text


def _opposite(
    claim_words: Sequence[Word],
    claim_not: Sequence[bool],
    said_words: Sequence[Word],
    said_not: Sequence[bool],
) -> tuple[float, tuple[str, str] | None]:
    """An opposite stands in the sentence where the claim's own word does not, near matched words."""
    ours, theirs = _polar(claim_words, claim_not), _polar(said_words, said_not)
    clashes: list[tuple[str, str]] = []
    for (axis, side), i in ours.items():
        here, there = theirs.get((axis, side)), theirs.get((axis, -side))
        if there is None or (axis, -side) in ours:
            continue
        if here is None or _closer(claim_words, i, said_words, there, here):
            clashes.append((claim_words[i].text, said_words[there].text))
    agreements = len(ours) - len(clashes)
    if not clashes:
        return 0.0, None
    return len(clashes) / (len(clashes) + agreements), clashes[0]


def _closer(
    claim_words: Sequence[Word], place: int, said_words: Sequence[Word], there: int, here: int
) -> bool:
    """With both sides in the sentence: is the opposite the one in the company of the claim's word?"""
    ours = _company(claim_words, place, -99)
    opposite, same = _apart(_company(said_words, there, here), _company(said_words, here, there))
    return len(ours & opposite) > len(ours & same)


def _polar(words: Sequence[Word], flags: Sequence[bool]) -> dict[tuple[int, int], int]:
    """Map (axis, side) to the place of a word on that side; a negated word counts for the other."""
    found: dict[tuple[int, int], int] = {}
    for i, word in enumerate(words):
        for axis, side in _sides().get(word.stem, ()) or _sides().get(stem(word.text), ()):
            found.setdefault((axis, -side if flags[i] else side), i)
    return found


def _swap(
    claim_words: Sequence[Word], said_words: Sequence[Word]
) -> tuple[float, tuple[str, str] | None]:
    """Both sides of an axis occur in claim and sentence: do they keep the same company?"""
    ours, theirs = _places(claim_words), _places(said_words)
    for axis in ours.keys() & theirs.keys():
        a, b = ours[axis]
        c, d = theirs[axis]
        if None in (a, b, c, d):
            continue
        near = _apart(*_companies(claim_words, a, b))
        there = _apart(*_companies(said_words, c, d))
        straight = len(near[0] & there[0]) + len(near[1] & there[1])
        crossed = len(near[0] & there[1]) + len(near[1] & there[0])
        if crossed > straight:
            return min(1.0, (crossed - straight) / 2), (claim_words[a].text, claim_words[b].text)
    return 0.0, None


def _apart(first: set[str], second: set[str]) -> list[set[str]]:
    """Drop what both share: it tells nothing about who keeps which company."""
    return [first - second, second - first]


def _places(words: Sequence[Word]) -> dict[int, list[int]]:
    """Axis -> [place of the first side, place of the other] where both occur."""
    found: dict[int, dict[int, int]] = {}
    for i, word in enumerate(words):
        for axis, side in _sides().get(word.stem, ()):
            found.setdefault(axis, {}).setdefault(side, i)
    return {axis: [s[1], s[-1]] for axis, s in found.items() if len(s) == 2}


def _companies(words: Sequence[Word], a: int, b: int) -> tuple[set[str], set[str]]:
    """What is said of two words: what follows each where the first opens the sentence."""
    first, second = min(a, b), max(a, b)
    if sum(1 for word in words[:first] if word.idf > 0) > 1:
        return _company(words, a, b), _company(words, b, a)
    said = {
        first: {w.stem for w in words[first + 1 : second] if w.idf > 0},
        second: {w.stem for w in words[second + 1 :] if w.idf > 0},
    }
    return said[a], said[b]


def _company(words: Sequence[Word], place: int, other: int) -> set[str]:
    """The content words and polar sides that stand nearer to `place` than to `other`."""
    found: set[str] = set()
    for i, word in enumerate(words):
        if i in (place, other) or abs(i - place) > abs(i - other) or abs(i - place) > 8:
            continue
        if i < place and i < other and place > other:
            continue
        sides = _sides().get(word.stem, ())
        if word.idf > 0 or sides:
            found.add(word.stem)
            found.update(f"axis{axis}:{side}" for axis, side in sides)
    return found


@cache
def _sides() -> dict[str, tuple[tuple[int, int], ...]]:
    """Stem -> the (axis, side) pairs it belongs to."""
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for axis, line in enumerate(_OPPOSITES.strip().splitlines()):
        for side, half in zip((1, -1), line.split("|"), strict=True):
            for word in half.split():
                known = found.get(stem(word), ())
                if (axis, side) not in known:
                    found[stem(word)] = (*known, (axis, side))
    return found
