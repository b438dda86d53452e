"""A report card as Markdown tables: one row a way of scoring, one table a set and one of verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_AGREEMENT = {
    "r": "pearson",
    "95%": "intervals",
    "within": "pearson_within",
    "rank": "spearman",
    "QWK": "qwk",
    "RMSE": "rmse",
    "per 100 words": "length_slope",
    "graded": "coverage",
}
_ORDER = {
    "ordering": "ordering",
    "not by length": "ordering_not_by_length",
    "good > conf. wrong": "good > confident_wrong",
    "paraphrase > conf. wrong": "paraphrase > confident_wrong",
    "partial > list": "partial > keyword_list",
    "weak > off topic": "weak > off_topic",
    "nothing said, above .40": "nothing_said_above_0.40",
}
_VERDICTS = ("met", "partly", "not_met", "contradicted")


def table(card: Mapping[str, Any]) -> str:
    """Return the whole card."""
    parts = [f"# How good is this grader?\n\n`{card['grader']}`, measured on {card['made']}.\n"]
    for name, found in card["sets"].items():
        ways = found["ways"]
        one = next(iter(ways.values()))
        parts.append(f"## {name}: {one['n']} answers, {one['questions']} questions\n")
        parts.append(f"{found['what']}\n")
        parts.append(_rows(ways, _AGREEMENT))
        parts.append(_rows(ways, _ORDER))
        if any(w["mean_by_kind"] for w in ways.values()):
            parts.append(_by_kind(ways))
            parts.append(_by_verdict(ways))
            parts.append(_by_round(ways))
    if "repeat_difference" in card:
        parts.append(f"Largest difference when graded again: {card['repeat_difference']}.\n")
    if "speed" in card:
        parts.append(f"Speed (`python -m evals.speed`): {card['speed']}.\n")
    return "\n".join(parts)


def _rows(ways: Mapping[str, Any], columns: Mapping[str, str]) -> str:
    kept = {
        title: key
        for title, key in columns.items()
        if any(found[key] is not None for found in ways.values())
    }
    lines = [[name, *(_cell(found[key]) for key in kept.values())] for name, found in ways.items()]
    return _markdown(["", *kept], lines)


def _by_kind(ways: Mapping[str, Any]) -> str:
    shown = {n: w for n, w in ways.items() if n not in ("constant", "random", "always met")}
    kinds = next(iter(shown.values()))["mean_by_kind"]
    lines = [[k, *(_cell(w["mean_by_kind"][k]) for w in shown.values())] for k in kinds]
    return "Mean score by kind of answer:\n\n" + _markdown(["", *shown], lines)


def _by_verdict(ways: Mapping[str, Any]) -> str:
    lines = [
        [name, *(_verdict(found["verdicts"].get(v)) for v in _VERDICTS)]
        for name, found in ways.items()
        if found["verdicts"]
    ]
    head = "Per point, precision / recall / F1 of each verdict:\n\n"
    return head + _markdown(["", *_VERDICTS], lines) + _misconceptions(ways.get("bank", {}))


def _misconceptions(bank: Mapping[str, Any]) -> str:
    found = bank.get("misconceptions")
    if not found:
        return ""
    return (
        f"\nListed misconceptions: {found['stated']} stated, {found['found']} found by `bank`, "
        f"{found['rightly']} of them rightly.\n"
    )


def _by_round(ways: Mapping[str, Any]) -> str:
    lines = [
        [
            name,
            round_id,
            str(found["n"]),
            *(_cell(found[key]) for key in ("pearson", "ordering", "ordering_not_by_length")),
            *(_verdict(found["verdicts"].get(v)) for v in ("met", "contradicted")),
        ]
        for name, way in ways.items()
        if name in ("second rater", "bank")
        for round_id, found in way.get("rounds", {}).items()
    ]
    titles = ["", "round", "n", "r", "ordering", "not by length", "met", "contradicted"]
    return "By round:\n\n" + _markdown(titles, lines)


def _verdict(found: Mapping[str, float] | None) -> str:
    if not found:
        return ""
    return " / ".join(_cell(found[k]) for k in ("precision", "recall", "f1"))


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, dict):
        low, high = value["pearson"] or (None, None)
        return f"{_cell(low)} to {_cell(high)}"
    return f"{value:.2f}"


def _markdown(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"
