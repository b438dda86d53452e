"""How well the bank covers its topics: questions by round, topic and difficulty, and the gaps.

Pure over a Bank. What each round should hold stands in `LEAST` and nowhere else. A round without a
rubric cannot be practised yet: its topics are kept for later and are no gaps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from interviewer.content import Bank
from interviewer.errors import ContentError
from interviewer.schema import Difficulty, Table, Topic
from interviewer.tables import table_markdown


class Need(NamedTuple):
    """The fewest questions that keep eight weeks of practice from repeating themselves."""

    in_round: int
    per_topic: int


LEAST = {
    "ml_fundamentals": Need(160, 3),
    "system_design": Need(18, 1),
    "debugging": Need(32, 4),
    "behavioral": Need(48, 2),
}
_LEAST_ELSEWHERE = Need(1, 1)
# What stands between these lines of a README is written, never typed.
_BEGIN = "<!-- Counts of the bank: interviewer bank coverage --readme README.md -->"
_END = "<!-- End of the counts -->"


class TopicCoverage(NamedTuple):
    """The questions of one topic by difficulty, and how many it should have at least."""

    topic: Topic
    counts: dict[Difficulty, int]
    least: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def missing(self) -> int:
        """Return how many questions are missing: more than none is a gap."""
        return max(0, self.least - self.total)

    @property
    def absent(self) -> tuple[Difficulty, ...]:
        """Return the difficulties without a question: worth a look, no gap."""
        return tuple(d for d, n in self.counts.items() if n == 0 < self.least)


class RoundCoverage(NamedTuple):
    """The topics of one round in the order of `topics.yaml`; a `later` round has no needs yet."""

    round: str
    name: str
    topics: tuple[TopicCoverage, ...]
    least: int

    @property
    def later(self) -> bool:
        return self.least == 0

    @property
    def total(self) -> int:
        return sum(t.total for t in self.topics)

    @property
    def missing(self) -> int:
        return max(0, self.least - self.total)


def bank_coverage(bank: Bank) -> list[RoundCoverage]:
    """Count the questions of every topic, round by round."""
    counts = Counter((q.topic, q.difficulty) for q in bank.questions.values())
    return [_round(bank, round_id, counts) for round_id in _round_ids(bank)]


def gap_count(coverage: Sequence[RoundCoverage]) -> int:
    """Return how many topics, and rounds as a whole, hold fewer questions than they should."""
    rounds = sum(row.missing > 0 for row in coverage)
    return rounds + sum(topic.missing > 0 for row in coverage for topic in row.topics)


def gap_words(coverage: Sequence[RoundCoverage]) -> str:
    """Return how many gaps there are, in words."""
    count = gap_count(coverage)
    return "no gaps" if count == 0 else f"{count} gap{'s' if count > 1 else ''}"


def with_counts(text: str, bank: Bank, file: Path | str = "README") -> str:
    """Return the text of a file with the counts of `bank` between its two marks."""
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        marks = f"the lines {_BEGIN} and {_END}"
        raise ContentError(file, "counts", f"{marks} are missing; add them where counts belong")
    return f"{before}{begin}\n\n{table_markdown(_counts_table(bank))}\n\n{end}{after}"


def remark(topic: TopicCoverage) -> str:
    """Say in words what is missing of a topic; nothing where nothing is."""
    if topic.least == 0:
        return "later"
    gap = [f"gap: {topic.missing} more needed"] if topic.missing else []
    named = topic.absent if topic.total else ()
    absent = [f"none {' or '.join(d.value for d in named)}"] if named else []
    return "; ".join(gap + absent)


def _counts_table(bank: Bank) -> Table:
    rows = [_count(bank, row) for row in bank_coverage(bank) if not row.later]
    sums = (sum(column) for column in zip(*(cells for _, *cells in rows), strict=True))
    columns = ("Round", "Topics", "Questions", "Easy", "Medium", "Hard", "Key points", "Facts")
    return Table(columns=columns, rows=(*rows, ("All", *sums)))


def _round_ids(bank: Bank) -> list[str]:
    return list(dict.fromkeys([*(t.round for t in bank.topics.values()), *bank.rubrics]))


def _round(bank: Bank, round_id: str, counts: Counter[tuple[str, Difficulty]]) -> RoundCoverage:
    rubric = bank.rubrics.get(round_id)
    need = LEAST.get(round_id, _LEAST_ELSEWHERE) if rubric else Need(0, 0)
    topics = tuple(
        TopicCoverage(topic, {d: counts[topic.id, d] for d in Difficulty}, need.per_topic)
        for topic in bank.topics.values()
        if topic.round == round_id
    )
    name = rubric.name if rubric else round_id.replace("_", " ").capitalize()
    return RoundCoverage(round_id, name, topics, need.in_round)


def _count(bank: Bank, row: RoundCoverage) -> tuple[Any, ...]:
    questions = bank.of_round(row.round)
    by_difficulty = Counter(q.difficulty for q in questions)
    return (
        row.name,
        len(row.topics),
        len(questions),
        *(by_difficulty[d] for d in Difficulty),
        sum(len(q.key_points) for q in questions),
        sum(len(q.facts) for q in questions),
    )
