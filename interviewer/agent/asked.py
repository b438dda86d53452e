"""The facts that an understood message asks for, may ask for, or asks for in vain.

Tells nothing and decides nothing. What one would look at is granted where the case has it, and is
otherwise no request; a question about the question itself is none about the case.
"""

from __future__ import annotations

from typing import NamedTuple

from interviewer.agent import cues
from interviewer.agent.understand import Understanding
from interviewer.embedding import Embedder
from interviewer.retrieval import facts_asked, likely_fact
from interviewer.schema import Question
from interviewer.synonyms import Synonyms


class Asked(NamedTuple):
    """Fact ids clearly asked for and perhaps meant, and the asks to which the case has nothing."""

    fact_ids: tuple[str, ...]
    likely_fact_ids: tuple[str, ...]
    unknown: tuple[str, ...]


def find_facts(
    question: Question, heard: Understanding, embedder: Embedder, synonyms: Synonyms
) -> Asked:
    """Look up each ask and check; who went on without waiting is not told what is missing."""
    wanted = (*heard.asks, *heard.checks)
    found = {text: facts_asked(question, text, embedder, synonyms, asks=True) for text in wanted}
    facts = dict.fromkeys(match.fact_id for matches in found.values() for match in matches)
    waiting = heard.asks or heard.checks
    open_asks = [a for a in waiting if not found[a] and not cues.ABOUT_TASK.search(a)]
    near = {
        ask: likely_fact(question, ask, embedder, synonyms)
        for ask in (open_asks if heard.waits else ())
    }
    return Asked(
        fact_ids=tuple(facts),
        likely_fact_ids=tuple(dict.fromkeys(fact for fact in near.values() if fact)),
        unknown=tuple(ask for ask, fact in near.items() if fact is None),
    )
