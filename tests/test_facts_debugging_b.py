"""Numbers of five more debugging scenarios, on labels and shift: figures worked out from the tables.

As in `test_facts_debugging`: whoever does the sums on the facts must find the story of the prose.
"""

from __future__ import annotations

import math

import numpy as np

from tests.bank_figures import column
from tests.test_facts_debugging import close, curve, fact, reference, says, table

# solder_false_alarms


def log_odds(percent: float) -> float:
    return math.log(percent / (100 - percent))


def test_solder_false_alarms_follow_from_the_rate_alone() -> None:
    name = "solder_false_alarms"
    rate = curve(name, "defect_rate", "really bad")
    for week, (flagged, precision, bad, good, _) in table(name, "weekly_figures").items():
        hits, slips = rate[week] * bad / 100, (100 - rate[week]) * good / 100
        assert close(hits + slips, flagged, 0.15), week
        assert close(100 * hits / (hits + slips), precision, 1), week
    assert [round(1000 * 0.02 * 0.698), round(1000 * 0.98 * 0.064)] == [14, 63]
    assert "14 of 77 is 18%" in reference(name)
    assert round(100 * 14 / 77) == 18


def test_solder_false_alarms_within_each_class_nothing_moved() -> None:
    name = "solder_false_alarms"
    groups = table(name, "told_apart")
    for period, share_bad in ((1, 0.079), (2, 0.0198)):
        mixed = (
            share_bad * groups["bad only"][period] + (1 - share_bad) * groups["good only"][period]
        )
        assert close(mixed, groups["all"][period], 0.1)
    assert groups["good only"][0] == 0.5
    assert close(groups["bad only"][0], 0.5, 0.015)


def test_solder_false_alarms_scores_are_off_by_one_constant() -> None:
    name = "solder_false_alarms"
    offset = log_odds(1.9) - log_odds(8.0)
    assert close(offset, -1.5, 0.01)
    says(name, "trials", "-1.5 in log-odds", "estimated as 1.9%")
    for row in list(table(name, "reliability").values())[1:]:
        predicted, _, after = row
        assert close(log_odds(after) - log_odds(predicted), offset, 0.2), predicted


def test_solder_false_alarms_cost_follows_from_flags_and_misses() -> None:
    name = "solder_false_alarms"
    for flagged, precision, caught, cost in table(name, "trials").values():
        needless = flagged * (100 - precision) / 100
        missed = 1.97 * (100 - caught) / 100
        assert close(10 * (needless + 4 * missed), cost, 1.1)
    assert min(column(name, "trials", "cost per 1,000")) == 58.1
    assert "from 87 to 58" in reference(name)
