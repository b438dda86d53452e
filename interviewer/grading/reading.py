"""Claims against an answer: for every claim and window, how likely it is said, and contradicted.

The numbers only; `evidence` makes verdicts of them, `offline_rows` a score. Nothing typed to the
grader, asked, admitted as not known, or merely repeated from the question can raise a probability.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from interviewer.grading import features
from interviewer.grading.alignment import Matrix
from interviewer.grading.passages import Passage, PassageReader, Said, Window, segments
from interviewer.grading.polarity import Conflict
from interviewer.grading.screening import is_command, is_hedge
from interviewer.grading.senses import Target, asked_about, entail, sense, spoken_of
from interviewer.grading.weights import load_weights, probability

# The features of the fitted models; all weights are >= 0. WORDED tells whether a point with wordings is
# made and WORDED_DENIAL whether it is denied; CLAIMED and UNPAIRED whether a plain claim is made.
WORDED = ("claim", "right", "leaning", "apart", "topic", "stance", "said")
CLAIMED = ("topic", "coverage", "said", "agreed")
WORDED_DENIAL = ("topic", "wrong", "nearer_wrong", "denied", "averse", "against")
UNPAIRED = ("apart", "topic", "coverage")
# Whether an answer is about its question at all; all are the same in every cell.
ON_TOPIC = ("asked", "meant", "reach")
# An answer that is about its question at least so likely counts fully, and less the less likely it is. On
# development answers, questions held out in turn, references of other questions earn 0.12 on average, 0.18
# without, at the same order of answers; from 0.35 on short answers in plain words are lost. Stories are often
# far from their prompt ("your hardest problem"), so that only what is far from any story of it counts less.
ON_TOPIC_FROM, STORY_ON_TOPIC_FROM = 0.2, 0.05
# A plain claim is read without the reader of pairs too, since in a style that it has not met it may
# take right for wrong. In a trial on development answers shares of 0.5, 0.7 and 1 ordered alike (0.838,
# 0.838, 0.837; 0.802 without); with it alone short partial answers of the small set fell to nothing.
_PAIRED_SHARE = 0.6
# On development answers this raised F1 of contradicted from 0.575 to 0.591; of the 1,078 points of the
# fundamentals' own references 14 are taken for denied where it was 23.
_SAID = 0.6
# Of a plain claim the rule is asked only where at least this share of its words is used: elsewhere one of six
# contradictions that it found on development answers was one.
_ITS_WORDS = 0.5
# What is said in all of the claim's words the other signals take for the claim, also where it is turned round
# ("less bias for more variance"). There the rule on words is asked whatever they say.
_ALL_ITS_WORDS = 0.95
# Only the likeliest windows are searched for a denial in the claim's own words, on its topic.
_LOOKED_AT, _LIKELY = 4, 0.45
_TOPIC = 0.38
_IN_ITS_WORDS = 0.55


class Readings(NamedTuple):
    """Probabilities, targets x windows; `said` is void of what the same window contradicts.

    on_topic: how far what the answer says may count, which `said` has taken in.
    """

    windows: tuple[Window, ...]
    said: Matrix
    contradicted: Matrix
    conflicts: dict[tuple[int, int], Conflict]
    on_topic: float


def usable_windows(reader: PassageReader, turns: Sequence[Said]) -> list[Window]:
    """Return the windows that answer: no questions, no commands, no "I don't know"."""
    found: list[Window] = []
    number = 0
    for turn in turns:
        barred = [s for s in segments(turn.text) if _says_nothing(s.text, turn.asks)]
        found += [
            w
            for w in reader.windows(turn, number)
            if not any(b.start < w.end and b.end > w.start for b in barred)
        ]
        number += len(segments(turn.text)) + 1
    return found


def _says_nothing(sentence: str, asks: Sequence[str]) -> bool:
    """Tell commands, hedges and questions from statements; without asks a question is rhetorical."""
    asked = bool(asks) and (sentence.rstrip().endswith("?") or any(sentence in a for a in asks))
    return asked or is_command(sentence) or is_hedge(sentence)


def read_targets(
    reader: PassageReader,
    question: str,
    targets: Sequence[Target],
    windows: Sequence[Window],
    canonical: Callable[[str], str],
    trust: float = 1.0,
    on_topic_from: float = ON_TOPIC_FROM,
) -> Readings:
    """Read every target in every window; there must be at least one of each.

    `trust` is the share that the tuned embedding has in judging plain claims; the rest is word
    alignment's. Answers less likely on their topic than `on_topic_from` count less.
    """
    measured = measure(reader, question, targets, windows, canonical)
    fitted = load_weights()
    if measured.worded:
        said = probability(fitted["worded"], _only(WORDED, measured))
        contradicted = probability(fitted["worded_denial"], _only(WORDED_DENIAL, measured))
    else:
        said = trust * judge_plain(measured) + (1.0 - trust) * measured.features["coverage"]
        # A plain claim has no wrong wordings to be held against: only its own words tell a denial.
        contradicted = np.zeros_like(said)
    said, contradicted = said * measured.standing, contradicted * measured.standing
    counts = min(1.0, on_topic(measured) / on_topic_from)
    said = said * counts
    # What the reader of pairs takes for saying a claim with wordings, no rule on single words overrules, but
    # where all of the claim's words are used.
    if measured.worded:
        unheard = (measured.leaning < 0) & (measured.heard < _SAID)
        doubtful = said * (unheard | (measured.shared >= _ALL_ITS_WORDS))
    else:
        doubtful = said * (measured.shared >= _ITS_WORDS)
    # Claims cut from a reference lean on each other: their words turned round deny little.
    conflicts = (
        _conflicts(reader, question, targets, windows, doubtful, contradicted) if trust == 1 else {}
    )
    said = said * (1.0 - contradicted)
    return Readings(tuple(windows), said, contradicted, conflicts, counts)


def on_topic(measured: Measured) -> float:
    """Return how likely the answer is about its question."""
    likely = probability(load_weights()["on_topic"], _only(ON_TOPIC, measured))
    return float(likely[0, 0])


def judge_plain(measured: Measured) -> Matrix:
    """Return how likely each window makes each plain claim, by the tuned models."""
    fitted = load_weights()
    paired = probability(fitted["claimed"], _only(CLAIMED, measured))
    unpaired = probability(fitted["unpaired"], _only(UNPAIRED, measured))
    return _PAIRED_SHARE * paired + (1.0 - _PAIRED_SHARE) * unpaired


class Measured(NamedTuple):
    """Features by name, each targets x windows; see the lists above.

    standing: how far a window may count for a target at all; leaning: see `Senses`; shared: how much of
    the claim's words it uses; heard: see `Entailed`.
    """

    worded: bool
    features: dict[str, Matrix]
    standing: Matrix
    leaning: Matrix
    shared: Matrix
    heard: Matrix


def _only(names: Sequence[str], measured: Measured) -> dict[str, Matrix]:
    return {name: measured.features[name] for name in names}


def measure(
    reader: PassageReader,
    question: str,
    targets: Sequence[Target],
    windows: Sequence[Window],
    canonical: Callable[[str], str],
) -> Measured:
    """Measure every target against every window; with wordings if all targets have them."""
    asked, claims = reader.read(question), [reader.read(t.claim) for t in targets]
    passages = [w.passage for w in windows]
    worded = all(t.right and t.wrong for t in targets)
    if worded:
        reader.prepare_vectors([p.text for p in (asked, *passages)])
    else:
        reader.prepare_words([p.text for p in (asked, *claims, *passages)])
    standing = features.standing(claims, passages, asked)
    senses = sense(reader, targets, windows, standing)
    shared = features.shared(claims, passages, asked, canonical)
    pairs = entail(reader, targets, windows, senses.topic, shared)
    found = senses._asdict() | {
        "said": pairs.said,
        "denied": pairs.denied,
        "agreed": pairs.agreed,
        "against": pairs.against,
    }
    about = asked_about(asked, passages)
    found |= {name: np.full_like(standing, value) for name, value in about.items()}
    standing = standing * pairs.looked
    if worded:
        standing = standing * spoken_of(senses.topic)
        found |= {
            "nearer_wrong": senses.wrong - senses.right,
            "averse": -senses.stance,
        }
    else:
        coverage = features.measure(claims, passages, asked, canonical)
        found["coverage"] = probability(load_weights()["coverage"], coverage._asdict())
    return Measured(worded, found, standing, senses.leaning, shared, pairs.heard)


def _conflicts(
    reader: PassageReader,
    question: str,
    targets: Sequence[Target],
    windows: Sequence[Window],
    said: Matrix,
    contradicted: Matrix,
) -> dict[tuple[int, int], Conflict]:
    """Raise `contradicted` where a likely window denies its claim in the claim's own words."""
    found: dict[tuple[int, int], Conflict] = {}
    asked = reader.read(question)
    for k, target in enumerate(targets):
        for j in np.argsort(-said[k], kind="stable")[:_LOOKED_AT]:
            if said[k, j] < _LIKELY:
                break
            p, conflict = _conflict(reader.read(target.claim), windows[j].passage, asked)
            if p >= _IN_ITS_WORDS and p > contradicted[k, j]:
                contradicted[k, j] = p
                found[k, int(j)] = conflict
    return found


def _conflict(claim: Passage, window: Passage, asked: Passage) -> tuple[float, Conflict]:
    conflict = features.conflict(claim, window)
    if max(conflict[:3]) == 0:
        return 0.0, conflict
    measured = features.measure([claim], [window], asked)
    topic = float(measured.align[0, 0] + measured.cosine[0, 0]) / 2
    if topic < _TOPIC:
        return 0.0, conflict
    values = {"opposite": conflict.opposite, "negation": conflict.negation}
    values |= {"swap": conflict.swap, "topic": topic}
    arrays = {name: np.asarray(value, dtype=np.float64) for name, value in values.items()}
    return float(probability(load_weights()["conflict"], arrays)), conflict
