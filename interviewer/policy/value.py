"""Which missing points are worth asking for, and in what order. Pure."""

from __future__ import annotations

from interviewer.policy.state import State
from interviewer.schema import KeyPoint, Seniority, Setup, Snapshot, Tier, Verdict

# How much a missing point is worth asking for. Seniority changes what is expected, not what counts:
# a junior is not pressed for rare insights, a staff engineer is.
_PRESSED: dict[Seniority, tuple[Tier, ...]] = {
    Seniority.JUNIOR: (Tier.CORE,),
    Seniority.MID: (Tier.CORE, Tier.STRONG),
    Seniority.SENIOR: (Tier.CORE, Tier.STRONG),
    Seniority.STAFF: (Tier.CORE, Tier.STRONG, Tier.EXCEPTIONAL),
}
_TIER_VALUE = {Tier.CORE: 3.0, Tier.STRONG: 2.0, Tier.EXCEPTIONAL: 1.0}
# A half-said point is worth less than an unsaid one, yet more than one of the tier below.
_PARTLY_VALUE = 0.7


def missing_points(state: State, snapshot: Snapshot, setup: Setup) -> list[KeyPoint]:
    """Return the points of this part worth asking for, most valuable first."""
    rubric = snapshot.rubric
    weight = {c.id: c.weight for c in rubric.criteria}
    done = {p.id for p in state.question.key_points if state.verdicts.get(p.id) is Verdict.MET}
    done |= state.spent
    settled = {p.any_of for p in state.question.key_points if p.any_of and p.id in done}

    def value(point: KeyPoint) -> float:
        said = _PARTLY_VALUE if state.verdicts.get(point.id) is Verdict.PARTLY else 1.0
        return _TIER_VALUE[point.tier] * said + weight[point.criterion]

    pressed = _PRESSED[setup.seniority]
    points = [
        p
        for p in state.question.points_of(state.stage)
        if p.tier in pressed and p.id not in done and p.any_of not in settled
    ]
    return sorted(points, key=value, reverse=True)
