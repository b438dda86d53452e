"""Verdicts -> numbers: the only place where a score is computed. Pure.

Invariant: covering more never lowers a score, a failure never becomes a number, and what the
candidate left out always does. Worths, penalties and bars are rubric data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from interviewer.schema import (
    Credit,
    KeyPoint,
    LevelBar,
    MisconceptionSeen,
    MoveKind,
    OtherValid,
    PointVerdict,
    Prompting,
    Question,
    Recommendation,
    Rubric,
    Seniority,
    Tier,
    Turn,
    Verdict,
)

# A listed-nowhere right idea earns this much of one point, and at most two of them count.
OTHER_VALID_WORTH = 0.25


def worth(verdict: PointVerdict, credit: Credit) -> float:
    """Return what one verdict earns: 1 for met, or how sure that is; less when probed or hinted."""
    fixed = {Verdict.MET: 1.0, Verdict.PARTLY: credit.partly}.get(verdict.verdict, 0.0)
    share = fixed if verdict.sureness is None else verdict.sureness
    prompting = {Prompting.PROBED: credit.probed, Prompting.HINTED: credit.hinted}
    return share * prompting.get(verdict.prompting, 1.0)


def prompting_of(point_id: str, turn_id: int, turns: Sequence[Turn]) -> Prompting:
    """Return what the candidate had been given before turn `turn_id` said this point.

    A hint counts for whatever the next answer says, also after a pause or a question back; a probe
    counts for its own point from then on.
    """
    before = [t for t in turns if t.id < turn_id and t.role == "interviewer" and t.move]
    talk = (MoveKind.WAIT, MoveKind.CLARIFY)
    moves = [t.move for t in before if t.move and t.move.kind not in talk]
    if moves and moves[-1].kind is MoveKind.HINT:
        return Prompting.HINTED
    if any(m.kind is MoveKind.PROBE and m.target_id == point_id for m in moves):
        return Prompting.PROBED
    return Prompting.UNPROMPTED


def with_prompting(
    verdicts: Iterable[PointVerdict], turns: Sequence[Turn]
) -> tuple[PointVerdict, ...]:
    """Return the verdicts with `prompting` read off the moves before each one's evidence."""
    return tuple(
        v.model_copy(update={"prompting": prompting_of(v.key_point_id, v.evidence.turn_id, turns)})
        if v.evidence
        else v
        for v in verdicts
    )


def criterion_scores(
    question: Question,
    rubric: Rubric,
    verdicts: Sequence[PointVerdict],
    misconceptions: Sequence[MisconceptionSeen] = (),
    other_valid: Sequence[OtherValid] = (),
) -> dict[str, float]:
    """Return criterion id -> 0..1 for each criterion that the question has key points of."""
    by_id = {v.key_point_id: v for v in verdicts}
    penalties = _misconception_penalties(question, misconceptions, rubric.credit)
    main = question.key_points[0].criterion
    bonus = {main: OTHER_VALID_WORTH * len(other_valid)}
    scores: dict[str, float] = {}
    for criterion_id in dict.fromkeys(p.criterion for p in question.key_points):
        points = [p for p in question.key_points if p.criterion == criterion_id]
        earned, needed = _earned(points, by_id, rubric.credit)
        limit = rubric.criterion(criterion_id).points_needed
        needed = min(needed, limit) if limit else needed
        earned += bonus.get(criterion_id, 0.0)
        scores[criterion_id] = _unit(_unit(earned / needed) - penalties.get(criterion_id, 0.0))
    return scores


def question_score(scores: Mapping[str, float], rubric: Rubric) -> float:
    """Return the weighted mean of a question's criterion scores, 0..1."""
    weights = {c.id: c.weight for c in rubric.criteria if c.id in scores}
    return sum(scores[c] * w for c, w in weights.items()) / sum(weights.values())


def penalised_criterion(question: Question, misconception_id: str) -> str:
    """Return the criterion that a listed misconception costs: its key point's, or the question's first."""
    listed = {m.id: m.key_point for m in question.misconceptions}
    point_id = listed[misconception_id] or question.key_points[0].id
    return next(p.criterion for p in question.key_points if p.id == point_id)


def level(
    points: Sequence[KeyPoint],
    verdicts: Mapping[str, PointVerdict],
    bar: LevelBar,
) -> int:
    """Return the level 1..5 on one criterion, from the shares of core, strong and exceptional points.

    Where a criterion has no core points its strong ones stand in for them. A tier without points asks
    nothing, except that level 5 needs points beyond these to rise on: without any, 4 is the highest.
    """
    shares = {tier: _share([p for p in points if p.tier is tier], verdicts) for tier in Tier}
    core, strong = shares[Tier.CORE], shares[Tier.STRONG]
    if core is None:
        core, strong = strong, None
    if core is not None and core < bar.half_of_core:
        return 1
    if core is not None and core < bar.all_core:
        return 2
    is_open = any(v.verdict is Verdict.CONTRADICTED for v in verdicts.values())
    if is_open or (strong is not None and strong < bar.some_strong):
        return 3
    exceptional = sum(
        1 for p in points if p.tier is Tier.EXCEPTIONAL and _is_met(verdicts.get(p.id))
    )
    offered = sum(1 for p in points if p.tier is Tier.EXCEPTIONAL)
    met = [v for v in verdicts.values() if v.verdict is Verdict.MET]
    unprompted = sum(1 for v in met if v.prompting is Prompting.UNPROMPTED)
    rises = (
        (strong is None or strong >= bar.most_strong)
        and exceptional >= min(bar.exceptional_points, offered)
        and unprompted >= bar.mostly_unprompted * len(met)
    )
    beyond_core = strong is not None or offered > 0
    return 5 if rises and beyond_core else 4


def overall_percent(
    criteria: Mapping[str, float | None], rubric: Rubric
) -> tuple[float | None, dict[str, float]]:
    """Return the overall in percent (None when nothing was graded) and the renormalised weights."""
    weights = {c.id: c.weight for c in rubric.criteria if criteria.get(c.id) is not None}
    total = sum(weights.values())
    if not total:
        return None, {}
    renormalised = {c: w / total for c, w in weights.items()}
    overall = sum((criteria[c] or 0.0) * w for c, w in renormalised.items())
    return 100 * overall, renormalised


def recommendation(
    overall: float, core_levels: Iterable[int], rubric: Rubric, seniority: Seniority
) -> Recommendation:
    """Return the practice-bar recommendation; a core criterion at level 1 caps it at Lean No."""
    bar = rubric.hire[seniority]
    steps: list[tuple[float, Recommendation]] = [
        (bar.strong_hire, "Strong Hire"),
        (bar.hire, "Hire"),
        (bar.lean_hire, "Lean Hire"),
        (bar.lean_no, "Lean No"),
        (bar.no_hire, "No Hire"),
    ]
    capped = any(core_level == 1 for core_level in core_levels)
    for lowest, name in steps:
        if overall >= lowest and not (capped and name in ("Strong Hire", "Hire", "Lean Hire")):
            return name
    return "Strong No Hire"


def _earned(
    points: Sequence[KeyPoint], verdicts: Mapping[str, PointVerdict], credit: Credit
) -> tuple[float, int]:
    """Return (earned, needed): an `any_of` group counts once, by its best member."""
    groups: dict[str, list[float]] = {}
    penalty = 0.0
    for point in points:
        verdict = verdicts.get(point.id)
        groups.setdefault(point.any_of or f"={point.id}", []).append(
            worth(verdict, credit) if verdict else 0.0
        )
        if verdict and verdict.verdict is Verdict.CONTRADICTED:
            penalty += credit.contradiction_penalty
    return sum(max(group) for group in groups.values()) - penalty, len(groups)


def _misconception_penalties(
    question: Question, seen: Sequence[MisconceptionSeen], credit: Credit
) -> dict[str, float]:
    """Return criterion id -> what the misconceptions cost it; each costs once."""
    penalties: dict[str, float] = {}
    for misconception_id in dict.fromkeys(s.misconception_id for s in seen):
        criterion_id = penalised_criterion(question, misconception_id)
        penalties[criterion_id] = penalties.get(criterion_id, 0.0) + credit.misconception_penalty
    return penalties


def _share(points: Sequence[KeyPoint], verdicts: Mapping[str, PointVerdict]) -> float | None:
    """Return the share of points covered (partly counts half, groups once); None without points."""
    if not points:
        return None
    groups: dict[str, list[float]] = {}
    for point in points:
        verdict = verdicts.get(point.id)
        value = (
            {Verdict.MET: 1.0, Verdict.PARTLY: 0.5}.get(verdict.verdict, 0.0) if verdict else 0.0
        )
        groups.setdefault(point.any_of or f"={point.id}", []).append(value)
    return sum(max(group) for group in groups.values()) / len(groups)


def _is_met(verdict: PointVerdict | None) -> bool:
    return verdict is not None and verdict.verdict is Verdict.MET


def _unit(value: float) -> float:
    return min(1.0, max(0.0, value))
