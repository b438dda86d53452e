"""What of the bank can be found: one document per question, key point, fact and rubric anchor.

Pure. A document is found by any of its passages: each is embedded by itself, all are searched by
words. Must not know how.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Literal, NamedTuple

from interviewer.content import Bank
from interviewer.schema import Fact, KeyPoint, Question, Rubric, Topic
from interviewer.synonyms import Synonyms

Kind = Literal["question", "key_point", "fact", "anchor"]
KINDS: tuple[Kind, ...] = ("question", "key_point", "fact", "anchor")


class Document(NamedTuple):
    """`id` is unique within its kind; `text` is what a reader is shown.

    `subject` is found by words alone: the topic of a question and what it covers, which names more
    (TF Serving) than its questions do.
    """

    kind: Kind
    id: str
    question_id: str | None
    round: str
    text: str
    passages: tuple[str, ...]
    subject: str = ""


class Passage(NamedTuple):
    """One text to embed. `id` is unique; `hash` changes with anything that is stored of it."""

    id: str
    text: str
    hash: str
    document: int


def documents_of(bank: Bank) -> list[Document]:
    """Return the documents of a bank, in the order of the bank."""
    found = [
        d
        for question in bank.questions.values()
        for d in _of_question(question, bank.topics.get(question.topic))
    ]
    return found + [d for rubric in bank.rubrics.values() for d in _of_rubric(rubric)]


def passages_of(documents: list[Document], synonyms: Synonyms) -> list[Passage]:
    """Return the passages of all documents; `document` is a position in the list.

    Terms are spelled out as the embedding model knows them ("low-rank adaptation", not "LoRA").
    """
    return [
        Passage(f"{d.kind}:{d.id}#{number}", text, _hash(d, text), position)
        for position, d in enumerate(documents)
        for number, text in enumerate(map(synonyms.canonical, d.passages))
    ]


def _of_question(question: Question, topic: Topic | None) -> Iterator[Document]:
    asked = f"{question.title}. {question.prompt}"
    if question.tags:
        asked += f" ({', '.join(question.tags)})"
    yield Document(
        "question",
        question.id,
        question.id,
        question.round,
        question.prompt,
        (asked, *question.recall),
        "; ".join((topic.name, *topic.covers)) if topic else "",
    )
    for point in question.key_points:
        yield _part("key_point", question, point, point.claim, (_claim(point),))
    for fact in question.facts:
        # One way of asking finds it; all ten would be two thirds of the index. Which fact a message
        # asks for, `facts` decides with all of them.
        yield _part("fact", question, fact, fact.text, (fact.text, *fact.asks[:1]))


def _part(
    kind: Kind, question: Question, part: KeyPoint | Fact, text: str, passages: tuple[str, ...]
) -> Document:
    return Document(kind, f"{question.id}/{part.id}", question.id, question.round, text, passages)


def _claim(point: KeyPoint) -> str:
    return f"{point.claim} ({', '.join(point.synonyms)})" if point.synonyms else point.claim


def _of_rubric(rubric: Rubric) -> Iterator[Document]:
    for criterion in rubric.criteria:
        for anchor in criterion.anchors:
            name = f"{rubric.round}/{criterion.id}/{anchor.level}"
            text = f"{criterion.name}, level {anchor.level}: {anchor.text}"
            yield Document("anchor", name, None, rubric.round, text, (anchor.text, anchor.example))


def _hash(document: Document, text: str) -> str:
    parts = (document.kind, document.id, document.round, text)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
