"""Numbers of the scenario on offers whose titles lost their digits.

As in `test_facts_debugging`: whoever does the sums on the facts must find the story of the prose.
"""

from __future__ import annotations

import re

from tests.bank_figures import close, curve, fact, reference, says, table

NAME = "offers_on_wrong_pages"
WORDS = {"curtains", "books", "wood stain"}


def cells(fact_id: str) -> list[list[str]]:
    found = fact(NAME, fact_id).table
    assert found is not None
    return [[str(cell) for cell in row] for row in found.rows]


def test_offers_on_wrong_pages_categories_and_shops_add_up_to_the_audit() -> None:
    audit = table(NAME, "audit")
    for part in ("by_category", "by_shop"):
        rows = list(table(NAME, part).values())
        for version, of in enumerate(("old", "new")):
            mean = sum(row[version] for row in rows) / len(rows)
            assert close(mean, audit[of][0], 0.2), (part, of)
    assert 8 * 480 == 3840


def test_offers_on_wrong_pages_only_where_variants_are_numbers() -> None:
    for category, (old, new) in table(NAME, "by_category").items():
        assert (abs(new - old) < 0.5) == (category in WORDS)
    says(NAME, "wrong_examples", "1,187", "1,119", "64", "in 4 ")
    assert 1119 + 64 + 4 == 1187
    says(NAME, "cleaned_titles", "1,200")
    assert 1920 * 5 // 8 == 1200, "every product of the five categories"


def test_offers_on_wrong_pages_scores_agree_with_the_audit() -> None:
    says(NAME, "scores", "999 of 1,187", "2,296 of 2,640")
    thresholds = table(NAME, "scores")
    placed, sure = 1187 + 2640, 999 + 2296
    for key, wrong, kept in (("0.5", 1187, placed), ("0.99", 999, sure)):
        assert close(100 * wrong / kept, thresholds[key][0], 0.05)
        assert close(100 * kept / 3840, thresholds[key][1], 0.05)
    assert thresholds["0.5"] == table(NAME, "audit")["new"]
    assert "at 0.99 still 30.3% are wrong" in reference(NAME)


def test_offers_on_wrong_pages_titles_are_cleaned_as_described() -> None:
    for title, _, new in cells("cleaned_titles"):
        assert " ".join(re.findall(r"[a-z]{3,}", title)) == new
    first, second = ([*row][2] for row in cells("cleaned_titles")[2:])
    assert set(first.split()) - {"new"} < set(second.split()), "512 and 256 gb, told by no word"


def test_offers_on_wrong_pages_returns_follow_the_wrong_pages() -> None:
    weeks = list(curve(NAME, "returns", "sent back").values())
    for version, part in (("old", weeks[:4]), ("new", weeks[4:])):
        wrong = table(NAME, "audit")[version][0] / 100
        assert close(sum(part) / len(part), 100 * (0.04 + 0.36 * wrong), 1.5)
    assert max(weeks[:4]) < 6
    assert sum(weeks[4:]) / 6 > 14


def test_offers_on_wrong_pages_test_is_easier_than_production() -> None:
    old, new = (table(NAME, "test_figures")[v] for v in ("old", "new"))
    assert new[:2] > old[:2]
    pairs = cells("how_pairs_are_made")
    assert int(pairs[0][1].replace(",", "")) + 960 * 2 == 7673
    assert [row[3] for row in pairs] == ["0.2%", "27.3%"]
    trials = cells("trials")
    assert "35.3%" in trials[1]
    assert "0.6% wrong, with 84.9% placed" in reference(NAME)
    assert trials[3][2:] == ["0.6%", "84.9%"]
