"""Numbers of the scenarios on skew in serving and on gains that do not arrive online.

As in `test_facts_debugging`: whoever does the sums on the facts must find the story of the prose.
"""

from __future__ import annotations

import numpy as np

from tests.test_facts_debugging import close, curve, reference, says, table

# vine_leaves_in_the_field


def test_vine_leaves_in_the_field_parts_add_up_to_the_whole() -> None:
    name = "vine_leaves_in_the_field"
    whole = table(name, "kind_of_error")["field"]
    for part, at in (("by_crop_size", 1), ("by_region", 1)):
        rows = table(name, part).values()
        leaves = [row[-1] for row in rows]
        assert sum(leaves) == 1200
        assert close(float(np.average([row[at] for row in rows], weights=leaves)), whole[0], 0.1)
    weeks = curve(name, "over_time", "field").values()
    assert close(sum(weeks) / len(weeks), whole[0], 0.1)


def test_vine_leaves_in_the_field_cries_wolf() -> None:
    name = "vine_leaves_in_the_field"
    says(name, "by_region", "42.9% of the field leaves")
    says(name, "kind_of_error", "61% of the leaves rusty")
    every, rusty, healthy = table(name, "kind_of_error")["field"]
    assert close(0.429 * rusty + 0.571 * healthy, every, 0.1)
    assert close(0.429 * rusty + 0.571 * (100 - healthy), 61, 0.1)
    sizes = table(name, "by_crop_size")
    mean = np.average(
        [row[2] for row in sizes.values()], weights=[row[3] for row in sizes.values()]
    )
    assert close(float(mean), healthy, 1), "all healthy leaves; those of a size are about 57%"


def test_vine_leaves_in_the_field_only_where_a_crop_is_made_smaller() -> None:
    name = "vine_leaves_in_the_field"
    pixels = table(name, "thumbnails")
    assert pixels["32"][2] == pixels["32"][3] and pixels["32"][4] == 0
    grain = [row[3] / row[2] for row in pixels.values()]
    field = [row[1] for row in table(name, "by_crop_size").values()]
    assert sorted(grain) == grain and sorted(field, reverse=True) == field
    trials = table(name, "trials")
    assert trials["averaged thumbnails"] == [75.8, 94.9]
    says(name, "replay", "94.9%")
    assert "92% at 32 pixels" in reference(name) and "56% at 128" in reference(name)
