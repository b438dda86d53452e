"""How well is a candidate understood: intents, facts asked for, and facts revealed wrongly.

Runs the offline path (`understand`, then `find_facts`) over the labelled utterances. Only the dev
split may be looked at when rules or thresholds are changed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from interviewer.agent.asked import find_facts
from interviewer.agent.understand import understand
from interviewer.content import load_bank
from interviewer.embedding import Embedder
from interviewer.schema import Intent, Question
from interviewer.schema.base import Noun
from interviewer.synonyms import load_synonyms

_HERE = Path(__file__).parent
_DATA = _HERE / "datasets" / "dialogue" / "utterances.jsonl"
_RESULTS = _HERE / "results" / "dialogue.json"


class Utterance(Noun):
    """One labelled message; see datasets/dialogue/README.md for what the labels mean."""

    id: str
    question_id: str
    stage: str | None
    text: str
    intents: tuple[Intent, ...]
    facts: tuple[str, ...]
    unknown: bool
    messy: bool
    split: str


class Outcome(NamedTuple):
    """What was understood of one utterance."""

    utterance: Utterance
    intents: frozenset[Intent]
    facts: frozenset[str]

    @property
    def exact(self) -> bool:
        """Return whether exactly the labelled intents were found."""
        return self.intents == set(self.utterance.intents)

    @property
    def wrong_facts(self) -> frozenset[str]:
        """Return facts that would be revealed though nobody asked for them."""
        return self.facts - set(self.utterance.facts)


def load_utterances() -> list[Utterance]:
    """Read all labelled utterances."""
    lines = _DATA.read_text(encoding="utf-8").splitlines()
    return [Utterance.model_validate_json(line) for line in lines]


def listen(
    utterances: Sequence[Utterance], questions: dict[str, Question], embedder: Embedder
) -> list[Outcome]:
    """Understand each utterance as the offline interviewer does."""
    synonyms = load_synonyms()
    outcomes = []
    for utterance in utterances:
        question = questions[utterance.question_id]
        heard = understand(utterance.text, may_inspect=question.diagnosis is not None)
        facts = frozenset(find_facts(question, heard, embedder, synonyms).fact_ids)
        outcomes.append(Outcome(utterance, frozenset(heard.intents), facts))
    return outcomes


def measure(outcomes: Sequence[Outcome], questions: dict[str, Question]) -> dict[str, Any]:
    """Return per-intent precision, recall and F1, exact match, fact recall and wrong reveals."""
    asked = [(o, fact) for o in outcomes for fact in o.utterance.facts]
    unknown = [
        o for o in outcomes if o.utterance.unknown and questions[o.utterance.question_id].facts
    ]
    wrong = [o for o in outcomes if o.wrong_facts]
    with_facts = [o for o in outcomes if questions[o.utterance.question_id].facts]
    return {
        "n": len(outcomes),
        "intents": {intent.value: _intent_scores(outcomes, intent) for intent in Intent},
        "exact_match": _share([o.exact for o in outcomes]),
        "exact_match_messy": _share([o.exact for o in outcomes if o.utterance.messy]),
        "fact_recall": _share([fact in o.facts for o, fact in asked]),
        "wrong_reveal_rate": _share([bool(o.wrong_facts) for o in outcomes]),
        "wrong_reveal_rate_where_facts_exist": _share([bool(o.wrong_facts) for o in with_facts]),
        "unknown_told_nothing": _share([not o.facts for o in unknown]),
        "wrong_reveals": [o.utterance.id for o in wrong],
    }


def _intent_scores(outcomes: Sequence[Outcome], intent: Intent) -> dict[str, float | int | None]:
    truth = [intent in o.utterance.intents for o in outcomes]
    found = [intent in o.intents for o in outcomes]
    hits = sum(t and f for t, f in zip(truth, found, strict=True))
    total = sum(truth) + sum(found)
    return {
        "n": sum(truth),
        "precision": hits / sum(found) if any(found) else None,
        "recall": hits / sum(truth) if any(truth) else None,
        "f1": 2 * hits / total if total else None,
    }


def _share(flags: Sequence[bool]) -> dict[str, float | int | None]:
    return {"value": sum(flags) / len(flags) if flags else None, "n": len(flags)}


def _show(console: Console, split: str, result: dict[str, Any]) -> None:
    table = Table("intent", "n", "precision", "recall", "F1", title=f"{split}, n = {result['n']}")
    for name, row in result["intents"].items():
        cells = [_number(row[key]) for key in ("precision", "recall", "f1")]
        table.add_row(name, str(row["n"]), *cells)
    console.print(table)
    for name, share in result.items():
        if isinstance(share, dict) and "value" in share:
            console.print(f"{name}: {_number(share['value'])} (n = {share['n']})")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _show_errors(console: Console, outcomes: Sequence[Outcome]) -> None:
    for o in outcomes:
        missed = set(o.utterance.facts) - o.facts
        if o.exact and not o.wrong_facts and not missed:
            continue
        want, got = sorted(o.utterance.intents), sorted(o.intents)
        notes = [f"intents {', '.join(want)} -> {', '.join(got)}"] if want != got else []
        notes += [f"missed {', '.join(sorted(missed))}"] if missed else []
        notes += [f"WRONG {', '.join(sorted(o.wrong_facts))}"] if o.wrong_facts else []
        console.print(f"{o.utterance.id} {o.utterance.text}\n    {'; '.join(notes)}", markup=False)


def main() -> None:
    """Print both splits (or one) and write evals/results/dialogue.json when both were run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=("dev", "test"))
    parser.add_argument("--errors", action="store_true", help="list the errors of the dev split")
    arguments = parser.parse_args()
    questions, embedder, console = load_bank().questions, Embedder(), Console()
    outcomes = listen(load_utterances(), questions, embedder)
    splits = [arguments.split] if arguments.split else ["dev", "test"]
    by_split = {s: [o for o in outcomes if o.utterance.split == s] for s in splits}
    results = {split: measure(part, questions) for split, part in by_split.items()}
    for split, result in results.items():
        _show(console, split, result)
    if arguments.errors:
        _show_errors(console, by_split.get("dev", []))
    if not arguments.split:
        _RESULTS.parent.mkdir(exist_ok=True)
        _RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
