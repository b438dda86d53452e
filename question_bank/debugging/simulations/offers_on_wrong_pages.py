"""Matching shop offers to product pages after the titles lost their digits: the numbers.

Two cleanings of the same titles, one model. Products of a family differ in a size, a count, a model
number or a word; test pairs are drawn at random, production sees pages of one brand. Invariant:
every number in the scenario's facts is printed here (about fifteen seconds).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

# What tells the products of a family apart, and how a shop may write it; the first way is ours.
KINDS: dict[str, tuple[list[str], list[str]]] = {
    "drinks": (["330", "500", "750", "1000"], ["{} ml", "{}ml", "{l} l"]),
    "hair care": (["200", "250", "400", "500"], ["{} ml", "{}ml", "{l} l"]),
    "memory cards": (["64", "128", "256", "512"], ["{} gb", "{}gb"]),
    "ink cartridges": (["301", "302", "304", "305"], ["{}", "no {}"]),
    "batteries": (["4", "8", "12", "24"], ["{} pack", "pack of {}", "{}x"]),
    "curtains": (["white", "grey", "blue", "green"], ["{}", "in {}"]),
    "books": (["hardback", "paperback", "audiobook", "pocket"], ["{}", "{} edition"]),
    "wood stain": (["oak", "walnut", "teak", "pine"], ["{}", "colour {}"]),
}
PRICES = [1.0, 1.35, 1.75, 2.3]
SHOPS, NUMBERING, FAMILIES, LINES, WEEKS, RELEASE = 10, 5, 60, 3, 10, 5
# Share of orders sent back from a right and from a wrong page.
SENT_BACK = (0.04, 0.4)
NOISE = ["new", "original", "free delivery", "top price", "in stock"]
UNITS = {"l": ("ml", 1000.0), "ml": ("ml", 1.0), "gb": ("gb", 1.0)}


class Item(NamedTuple):
    """A product, or a shop's offer of one (`shop` is -1 for a product)."""

    title: str
    price: float
    kind: str
    brand: str
    family: int
    product: int
    shop: int


Cleaning = Callable[[str], list[str]]


def word(rng: np.random.Generator) -> str:
    """Return an invented word of two or three syllables."""
    parts = rng.choice([c + v for c in "bdfgklmnprstvz" for v in "aeiou"], rng.integers(2, 4))
    return "".join(parts) + str(rng.choice(["", "n", "r", "s", "x"]))


def catalogue(rng: np.random.Generator) -> list[Item]:
    items: list[Item] = []
    for kind, (variants, ways) in KINDS.items():
        for family in range(FAMILIES):
            brand = word(rng) if family % LINES == 0 else items[-1].brand
            line, base = f"{word(rng)} {word(rng)}", float(np.exp(rng.normal(2.5, 0.5)))
            for v, variant in enumerate(variants):
                title = f"{brand} {line} {kind} {ways[0].format(variant)}"
                number = len(items)
                items.append(Item(title, base * PRICES[v], kind, brand, number // 4, number, -1))
    return items


def offer(product: Item, shop: int, rng: np.random.Generator) -> Item:
    """Write a product's title as a shop does; the first five shops add article numbers."""
    brand, one, two, *_ = product.title.split()
    variants, ways = KINDS[product.kind]
    value = variants[product.product % 4]
    litres = f"{float(value) / 1000:g}" if value.isdigit() else ""
    parts = [brand, one, two, product.kind, str(rng.choice(ways)).format(value, l=litres)]
    if rng.random() < 0.25:
        parts.pop(int(rng.integers(1, 4)))
    if rng.random() < 0.02:
        parts.pop()
    if rng.random() < 0.5:
        parts.insert(int(rng.integers(0, len(parts))), str(rng.choice(NOISE)))
    if rng.random() < 0.3:
        parts[0], parts[1] = parts[1], parts[0]
    if shop < NUMBERING:
        parts.append(f"art {rng.integers(10**7, 10**8)}")
    price = product.price * float(np.exp(rng.normal(0, 0.25)))
    return product._replace(title=" ".join(parts), price=price, shop=shop)


def version_1(title: str) -> list[str]:
    return re.findall(r"[a-z]+|\d+(?:\.\d+)?", title)


def version_2(title: str) -> list[str]:
    return re.findall(r"[a-z]{3,}", re.sub(r"\d", " ", title))


def quantities(title: str) -> frozenset[tuple[str, float]]:
    """Return every number with its unit, litres as millilitres, without article numbers."""
    bare = re.sub(r"art \d{8}", "", title)
    found = re.findall(r"(\d+(?:\.\d+)?) ?(ml|l|gb)?", bare)
    return frozenset(
        (UNITS.get(u, ("", 1.0))[0], float(n) * UNITS.get(u, ("", 1.0))[1]) for n, u in found
    )


class Matcher:
    """Pair features of one cleaning, with quantities as fields if wanted, and a logistic model."""

    def __init__(self, clean: Cleaning, fields: bool = False) -> None:
        self.clean, self.fields = clean, fields
        self.seen: dict[str, tuple[set[str], set[str], frozenset[tuple[str, float]]]] = {}
        self.model: Pipeline = make_pipeline(StandardScaler(), LogisticRegression(C=1.0))

    def parts(self, title: str) -> tuple[set[str], set[str], frozenset[tuple[str, float]]]:
        if title not in self.seen:
            words = self.clean(title)
            text = " ".join(sorted(words))
            grams = {text[i : i + 3] for i in range(len(text) - 2)}
            self.seen[title] = (set(words), grams, quantities(title))
        return self.seen[title]

    def features(self, pairs: list[tuple[Item, Item]]) -> np.ndarray:
        rows = []
        for left, right in pairs:
            (a, g, q), (b, h, r) = self.parts(left.title), self.parts(right.title)
            both = len(a & b)
            row = [both / len(a | b), both / len(b), len(g & h) / len(g | h)]
            row.append(abs(float(np.log(left.price / right.price))))
            if self.fields:
                row += [float(bool(q & r)), float(bool(q and r) and not q & r)]
            rows.append(row)
        return np.array(rows)

    def fit(self, pairs: list[tuple[Item, Item]]) -> Matcher:
        self.model.fit(self.features(pairs), same(pairs))
        return self

    def scores(self, pairs: list[tuple[Item, Item]]) -> np.ndarray:
        return np.asarray(self.model.predict_proba(self.features(pairs))[:, 1])


def same(pairs: list[tuple[Item, Item]]) -> np.ndarray:
    return np.array([a.product == b.product for a, b in pairs])


def share(flags: np.ndarray | list[bool]) -> float:
    """Return a share in percent."""
    return round(100 * float(np.mean(flags)), 1)


def random_pairs(
    offers: list[Item], pages: list[Item], rng: np.random.Generator
) -> list[tuple[Item, Item]]:
    """Return each offer with its own product and with three products drawn at random."""
    by_id = {p.product: p for p in pages}
    pairs = [(o, by_id[o.product]) for o in offers]
    return pairs + [
        (o, pages[int(i)])
        for o in offers
        for i in rng.integers(0, len(pages), 3)
        if pages[int(i)].product != o.product
    ]


def candidates(offers: list[Item], pages: list[Item]) -> list[tuple[Item, Item]]:
    """Return each offer with every page of its brand and category."""
    by_brand: dict[tuple[str, str], list[Item]] = {}
    for p in pages:
        by_brand.setdefault((p.kind, p.brand), []).append(p)
    return [(o, p) for o in offers for p in by_brand.get((o.kind, o.brand), [])]


class Placement(NamedTuple):
    """Offers with their best page, its score and whether it is the right one."""

    pairs: list[tuple[Item, Item]]
    score: np.ndarray
    right: np.ndarray

    def outcome(self, threshold: float = 0.5) -> list[float]:
        """Return the percentages of placed offers on a wrong page and of offers placed."""
        kept = self.score >= threshold
        return [share(~self.right[kept]), share(kept)]


def place(matcher: Matcher, cand: list[tuple[Item, Item]]) -> Placement:
    score, best = matcher.scores(cand), dict[str, int]()
    for i, (o, _) in enumerate(cand):
        key = f"{o.shop} {o.product}"
        best[key] = i if key not in best or score[i] > score[best[key]] else best[key]
    rows = np.array(list(best.values()))
    pairs = [cand[i] for i in rows]
    return Placement(pairs, score[rows], same(pairs))


def returned(old: Placement, new: Placement, rng: np.random.Generator) -> list[float]:
    """Return the percentage of 4,000 orders sent back per week; pages sell their cheapest more."""
    result = []
    for week in range(1, WEEKS + 1):
        now, pages = old if week < RELEASE else new, dict[int, list[int]]()
        for i, (_, page) in enumerate(now.pairs):
            if now.score[i] >= 0.5:
                pages.setdefault(page.product, []).append(i)
        filled, back = list(pages.values()), 0
        for which in rng.integers(0, len(filled), 4000):
            here = filled[int(which)]
            cheapest = min(here, key=lambda i: now.pairs[i][0].price)
            chosen = cheapest if rng.random() < 0.5 else int(rng.choice(here))
            back += bool(rng.random() < SENT_BACK[0 if now.right[chosen] else 1])
        result.append(round(back / 40, 1))
    return result


def test_result(matcher: Matcher, pairs: list[tuple[Item, Item]]) -> list[float]:
    """Return precision and recall in percent at 0.5, and the AUC."""
    score, true = matcher.scores(pairs), same(pairs)
    auc = round(float(roc_auc_score(true, score)), 4)
    return [share(true[score >= 0.5]), share(score[true] >= 0.5), auc]


def difference(left: Item, right: Item) -> str:
    if left.family != right.family:
        return "another line"
    return "number" if KINDS[left.kind][0][0].isdigit() else "word"


def alike(pairs: list[tuple[Item, Item]]) -> dict[str, float]:
    """Return how often the pairs of different products share brand and line, and category."""
    wrong = [(a, b) for a, b in pairs if a.product != b.product]
    return {
        "family": share([a.family == b.family for a, b in wrong]),
        "category": share([a.kind == b.kind for a, b in wrong]),
        "pairs": len(wrong),
    }


def shared_titles(clean: Cleaning, items: list[Item]) -> int:
    """Count the products whose cleaned title is that of another product as well."""
    titles = [" ".join(clean(i.title)) for i in items]
    return sum(titles.count(t) > 1 for t in titles)


def groups(now: Placement, key: Callable[[Item], str]) -> dict[str, float]:
    kept = [
        (key(o), bool(r))
        for (o, _), r, s in zip(now.pairs, now.right, now.score, strict=True)
        if s >= 0.5
    ]
    return {g: share([not r for k, r in kept if k == g]) for g in sorted({k for k, _ in kept})}


def main() -> None:
    rng = np.random.default_rng(7)
    items = catalogue(rng)
    known = [i for i in items if i.family // LINES % 2 == 0]
    rest = [i for i in items if i.family // LINES % 2 == 1]

    def draw(products: list[Item], shops: int) -> list[Item]:
        each = [(p, s) for p in products for s in rng.choice(SHOPS, shops, replace=False)]
        return [offer(p, int(s), rng) for p, s in each]

    learn, test, live = draw(known, 2), draw(rest, 2), draw(rest, 4)
    pages = [p for p in rest if rng.random() < 0.96]
    train, held_out = random_pairs(learn, known, rng), random_pairs(test, rest, rng)
    hard, cand = candidates(learn, known), candidates(live, pages)
    old, new = Matcher(version_1).fit(train), Matcher(version_2).fit(train)
    before, after = place(old, cand), place(new, cand)
    fields = Matcher(version_2, fields=True).fit(train)
    mended = Matcher(version_2, fields=True).fit(hard)
    wrong = [i for i in np.flatnonzero(~after.right) if after.score[i] >= 0.5]
    kinds = [difference(*after.pairs[i]) for i in wrong]
    some = [wrong[int(i)] for i in np.linspace(0, len(wrong) - 1, 12)]
    bands = [0.5, 0.9, 0.95, 0.98, 0.99, 1.0]
    numbers = {
        "products, pages, train, test, offers, candidates": [
            len(x) for x in (items, pages, train, held_out, live, cand)
        ],
        "test: old, new": [test_result(m, held_out) for m in (old, new)],
        "alike: test, production": [alike(held_out), alike(cand)],
        "placed: old, new": [before.outcome(), after.outcome()],
        "by category: old, new": [groups(p, lambda o: o.kind) for p in (before, after)],
        "by shop: old, new": [groups(p, lambda o: str(o.shop)) for p in (before, after)],
        "differences": {k: kinds.count(k) for k in sorted(set(kinds))},
        "examples": [
            [*(i.title for i in after.pairs[n]), round(float(after.score[n]), 3)] for n in some
        ],
        "cleaned": [
            [t, " ".join(version_1(t)), " ".join(version_2(t))]
            for n in some[:6]
            for t in (i.title for i in after.pairs[n])
        ],
        "scores": [
            [int(((after.score >= a) & (after.score < b) & r).sum()) for a, b in pairwise(bands)]
            for r in (after.right, ~after.right)
        ],
        "threshold": {t: after.outcome(t) for t in (0.5, 0.9, 0.95, 0.98, 0.99)},
        "shared titles: old, new": [shared_titles(c, items) for c in (version_1, version_2)],
        "trials": {
            "fields, random": place(fields, cand).outcome(),
            "new, candidates": place(Matcher(version_2).fit(hard), cand).outcome(),
            "mended": place(mended, cand).outcome(),
            "mended at 0.2": place(mended, cand).outcome(0.2),
        },
        "sent back from right, wrong pages": SENT_BACK,
        "sent back": returned(before, after, rng),
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
