"""How the texts of a question are written: plain single claims, lengths, reading level, balance.

The limits hold what reviewed items of the first bank have, with some room. Pure, no vectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import fmean

from interviewer.schema import KeyPoint, Question
from interviewer.text import sentences, words

_CLAIM_WORDS = (6, 30)  # the bank: 8 to 30, the middle 18
_WORDING_WORDS = (6, 40)  # 9 to 35
_PROMPT_WORDS = (5, 60)  # prompts 7 to 49, recalls 5 to 36
# The bank: fundamentals 137 to 239 words, design 339 to 394, debugging 253 to 326, stories 209 to 414.
_REFERENCE_WORDS = {
    "ml_fundamentals": (90, 250),
    "system_design": (250, 450),
    "debugging": (220, 380),
    "behavioral": (180, 450),
}
_ANY_REFERENCE_WORDS = (60, 500)
# Names and figures alone make runs of up to eight words (97% of the claims). Above twelve, or where the
# run is most of the claim, the claim was cut out of the reference.
_COPIED_WORDS, _COPIED_SHARE = 12, 0.7
# Mean length of right over wrong wordings, of a whole question: the bank has 0.88 to 1.35. Beyond that a
# reader could tell them by their length.
_BALANCE = (0.7, 1.4)
# Flesch-Kincaid grade of the reference: at most 12.4 in the bank, whose middle is at 8.
_GRADE = 13.0
_LIST_IN_PARENTHESES = re.compile(r"\([^)]*[a-z]{3}[^)]*(?:,|\band\b|\bor\b)[^)]*\)")
_VOWELS = re.compile(r"[aeiouy]+")


def form_faults(question: Question) -> Iterator[tuple[str, str]]:
    """Yield (key, problem) for each text that is not in form."""
    limits = _REFERENCE_WORDS.get(question.round, _ANY_REFERENCE_WORDS)
    yield from _length(f"{question.id}.reference", question.reference, limits)
    grade = reading_grade(question.reference)
    if grade > _GRADE:
        yield (
            f"{question.id}.reference",
            f"reads like grade {grade:.1f}, more than {_GRADE:.0f}; use shorter sentences and words",
        )
    yield from _length(f"{question.id}.prompt", question.prompt, _PROMPT_WORDS)
    for number, recall in enumerate(question.recall):
        yield from _length(f"{question.id}.recall[{number}]", recall, _PROMPT_WORDS)
    reference = words(question.reference)
    for point in question.key_points:
        yield from _point_faults(point, f"{question.id}.key_points[{point.id}]", reference)
    yield from _balance(question)


def reading_grade(text: str) -> float:
    """Return the Flesch-Kincaid grade: years of school that reading a text takes.

    Syllables are counted as groups of vowels, without a silent e at the end. Source: Kincaid et al., 1975.
    """
    spoken = re.findall(r"[a-z]+", text.lower())
    if not spoken:
        return 0.0
    syllables = sum(max(1, len(_VOWELS.findall(word.removesuffix("e")))) for word in spoken)
    a_sentence = len(spoken) / max(1, len(sentences(text)))
    return 0.39 * a_sentence + 11.8 * syllables / len(spoken) - 15.59


def longest_run(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the length of the longest run of words that two texts have in common."""
    longest, before = 0, [0] * (len(other) + 1)
    for word in one:
        here = [0] * (len(other) + 1)
        for at, its in enumerate(other, 1):
            if word == its:
                here[at] = before[at - 1] + 1
        longest, before = max(longest, *here), here
    return longest


def _point_faults(point: KeyPoint, key: str, reference: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from _length(f"{key}.claim", point.claim, _CLAIM_WORDS)
    if len(sentences(point.claim)) != 1 or ";" in point.claim:
        yield f"{key}.claim", "must be one sentence without a semicolon; make one claim of it"
    if _LIST_IN_PARENTHESES.search(point.claim):
        yield f"{key}.claim", "has a list in parentheses; name what matters, or make two points"
    said = words(point.claim)
    run = longest_run(said, reference)
    if run > _COPIED_WORDS or run > _COPIED_SHARE * len(said):
        yield (
            f"{key}.claim",
            f"shares {run} words in a row with the reference; say one of them in other words",
        )
    for kind, wordings in (("right", point.right), ("wrong", point.wrong)):
        for number, text in enumerate(wordings):
            yield from _length(f"{key}.{kind}[{number}]", text, _WORDING_WORDS)


def _balance(question: Question) -> Iterator[tuple[str, str]]:
    right, wrong = (
        fmean(len(text.split()) for p in question.key_points for text in getattr(p, kind))
        for kind in ("right", "wrong")
    )
    if not _BALANCE[0] <= right / wrong <= _BALANCE[1]:
        yield (
            f"{question.id}.key_points",
            f"right wordings have {right:.0f} words on average and wrong ones {wrong:.0f}; balance them",
        )


def _length(key: str, text: str, limits: tuple[int, int]) -> Iterator[tuple[str, str]]:
    least, most = limits
    count = len(text.split())
    if not least <= count <= most:
        yield key, f"has {count} words; needs {least} to {most}"
