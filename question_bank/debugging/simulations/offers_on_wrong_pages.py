"""Matching shop offers to product pages after the titles lost their digits: the numbers.

Two cleanings of the same titles, one model. Products of a family differ in a size, a count, a model
number or a word. Invariant: every number in the scenario's facts is printed here (six seconds).
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

# What tells the products of a family apart, and how a shop may write it; the first way is ours.
KINDS = {
    "drinks": ("330 500 750 1000", "{} ml|{}ml|{l} l"),
    "hair care": ("200 250 400 500", "{} ml|{}ml|{l} l"),
    "memory cards": ("64 128 256 512", "{} gb|{}gb"),
    "ink cartridges": ("301 302 304 305", "{}|no {}"),
    "batteries": ("4 8 12 24", "{} pack|pack of {}|{}x"),
    "curtains": ("white grey blue green", "{}|in {}"),
    "books": ("hardback paperback audiobook pocket", "{}|{} edition"),
    "wood stain": ("oak walnut teak pine", "{}|colour {}"),
}
SHOPS, NUMBERING, FAMILIES, LINES, RELEASE = 10, 5, 60, 3, 5
SENT_BACK = (0.04, 0.4)  # share of orders sent back from a right and from a wrong page
OLD, NEW = r"[a-z]+|\d+(?:\.\d+)?", r"[a-z]{3,}"  # the words that a cleaning keeps
NOISE = ["new", "original", "free delivery", "top price", "in stock"]


class Item(NamedTuple):  # a product, or a shop's offer of one (`shop` is -1 for a product)
    title: str
    price: float
    kind: str
    brand: str
    family: int
    product: int
    shop: int


Pairs = list[tuple[Item, Item]]
Matcher = Callable[[Pairs], np.ndarray]


def word(rng: np.random.Generator) -> str:
    parts = rng.choice([c + v for c in "bdfgklmnprstvz" for v in "aeiou"], rng.integers(2, 4))
    return "".join(parts) + str(rng.choice(["", "n", "r", "s", "x"]))


def catalogue(rng: np.random.Generator) -> list[Item]:
    items: list[Item] = []
    for kind, (variants, ways) in KINDS.items():
        for family in range(FAMILIES):
            brand = word(rng) if family % LINES == 0 else items[-1].brand
            line, base = f"{word(rng)} {word(rng)}", float(np.exp(rng.normal(2.5, 0.5)))
            for variant, times in zip(variants.split(), (1.0, 1.35, 1.75, 2.3), strict=True):
                title = f"{brand} {line} {kind} {ways.split('|')[0].format(variant)}"
                items.append(
                    Item(title, base * times, kind, brand, len(items) // 4, len(items), -1)
                )
    return items


def offers(products: list[Item], n: int, rng: np.random.Generator) -> Iterator[Item]:
    """Yield each product as n shops write it; the first five shops add article numbers."""
    for product, shop in [(p, s) for p in products for s in rng.choice(SHOPS, n, replace=False)]:
        variants, ways = KINDS[product.kind]
        value = variants.split()[product.product % 4]
        litres = f"{float(value) / 1000:g}" if value.isdigit() else ""
        amount = str(rng.choice(ways.split("|"))).format(value, l=litres)
        words = [*product.title.split()[:3], product.kind, amount]
        if rng.random() < 0.25:
            words.pop(int(rng.integers(1, 4)))
        if rng.random() < 0.02:
            words.pop()
        if rng.random() < 0.5:
            words.insert(int(rng.integers(0, len(words))), str(rng.choice(NOISE)))
        if rng.random() < 0.3:
            words[0], words[1] = words[1], words[0]
        words += [f"art {rng.integers(10**7, 10**8)}"] if shop < NUMBERING else []
        price = product.price * float(np.exp(rng.normal(0, 0.25)))
        yield product._replace(title=" ".join(words), price=price, shop=int(shop))


@cache
def parts(cleaning: str, title: str) -> tuple[set[str], set[str], set[tuple[str, float]]]:
    """Return a cleaned title's words, its groups of three letters, and the raw one's amounts."""
    text = " ".join(sorted(re.findall(cleaning, title)))
    found = re.findall(r"(\d+(?:\.\d+)?) ?(ml|l|gb)?", re.sub(r"art \d{8}", "", title))
    amounts = {("ml", 1000 * float(n)) if unit == "l" else (unit, float(n)) for n, unit in found}
    return set(text.split()), {text[i : i + 3] for i in range(len(text) - 2)}, amounts


def features(pairs: Pairs, cleaning: str, fields: bool) -> np.ndarray:
    rows = []
    for left, right in pairs:
        (a, g, q), (b, h, r) = parts(cleaning, left.title), parts(cleaning, right.title)
        row = [len(a & b) / len(a | b), len(a & b) / len(b), len(g & h) / len(g | h)]
        row += [abs(np.log(left.price / right.price))]
        rows.append(row + [bool(q & r), bool(q and r) and not q & r] * fields)
    return np.array(rows, float)


def fit(pairs: Pairs, cleaning: str, fields: bool = False) -> Matcher:
    """Return what scores pairs, by one cleaning and with quantities as fields if wanted."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0))
    model.fit(features(pairs, cleaning, fields), same(pairs))
    return lambda pairs: np.asarray(model.predict_proba(features(pairs, cleaning, fields))[:, 1])


def same(pairs: Pairs) -> np.ndarray:
    return np.array([a.product == b.product for a, b in pairs])


def share(flags: np.ndarray | list[bool]) -> float:
    return round(100 * float(np.mean(flags)), 1)


def random_pairs(offers: list[Item], pages: list[Item], rng: np.random.Generator) -> Pairs:
    """Return each offer with its own product and with three products drawn at random."""
    drawn = [(o, pages[int(i)]) for o in offers for i in rng.integers(0, len(pages), 3)]
    own = [(o, p) for o in offers for p in pages if p.product == o.product]
    return own + [(o, p) for o, p in drawn if p.product != o.product]


def by_brand(offers: list[Item], pages: list[Item]) -> Pairs:
    return [(o, p) for o in offers for p in pages if (p.kind, p.brand) == (o.kind, o.brand)]


class Placement:
    """Offers with their best page, its score and whether it is the right one."""

    def __init__(self, matcher: Matcher, cand: Pairs) -> None:
        score = matcher(cand)
        of_one = groupby(range(len(cand)), lambda i: cand[i][0])
        rows = [max(group, key=lambda i: float(score[i])) for _, group in of_one]
        self.pairs, self.score = [cand[i] for i in rows], score[rows]
        self.right = same(self.pairs)

    def outcome(self, threshold: float = 0.5) -> list[float]:
        """Return in percent how many placed offers are on a wrong page, and how many are placed."""
        kept = self.score >= threshold
        return [share(~self.right[kept]), share(kept)]

    def wrong_by(self, column: str) -> dict[str, float]:
        of, placed = np.array([getattr(o, column) for o, _ in self.pairs]), self.score >= 0.5
        return {str(g): share(~self.right[placed & (of == g)]) for g in np.unique(of)}


def returned(now: Placement, rng: np.random.Generator) -> float:
    """Return the percentage sent back of a week's 4,000 orders; a page's cheapest sells most."""
    pages, back = dict[int, list[int]](), 0
    for i in np.flatnonzero(now.score >= 0.5):
        pages.setdefault(now.pairs[i][1].product, []).append(int(i))
    for which in rng.integers(0, len(pages), 4000):
        here = list(pages.values())[int(which)]
        cheapest = min(here, key=lambda i: now.pairs[i][0].price)
        chosen = cheapest if rng.random() < 0.5 else int(rng.choice(here))
        back += bool(rng.random() < SENT_BACK[0 if now.right[chosen] else 1])
    return round(back / 40, 1)


def tested(matcher: Matcher, pairs: Pairs) -> list[float]:
    score, true = matcher(pairs), same(pairs)
    auc = round(float(roc_auc_score(true, score)), 4)
    return [share(true[score >= 0.5]), share(score[true] >= 0.5), auc]


def main() -> None:
    rng = np.random.default_rng(7)
    items = catalogue(rng)
    known, rest = ([i for i in items if i.family // LINES % 2 == half] for half in (0, 1))
    learn, test, live = (list(offers(of, n, rng)) for of, n in ((known, 2), (rest, 2), (rest, 4)))
    pages = [p for p in rest if rng.random() < 0.96]
    train, held_out = random_pairs(learn, known, rng), random_pairs(test, rest, rng)
    hard, cand = by_brand(learn, known), by_brand(live, pages)
    matchers = [fit(train, OLD), fit(train, NEW), fit(hard, NEW)]
    matchers += [fit(train, NEW, fields=True), fit(hard, NEW, fields=True)]
    before, after, *trials = (Placement(matcher, cand) for matcher in matchers)
    wrong = np.flatnonzero(~after.right & (after.score >= 0.5))
    some = wrong[np.linspace(0, len(wrong) - 1, 12).astype(int)]
    what = {k: "number" if v[0].isdigit() else "word" for k, (v, _) in KINDS.items()}
    twins = [(what[a.kind], a.family == b.family) for a, b in (after.pairs[i] for i in wrong)]
    cleaned = [Counter(" ".join(re.findall(c, i.title)) for i in items) for c in (OLD, NEW)]
    apart = [[(a, b) for a, b in p if a.product != b.product] for p in (held_out, cand)]
    sizes = [len(items), len(pages), len(live), *map(len, (train, held_out, cand, *apart))]
    numbers = {
        "products, pages, offers; pairs: train, test, production, apart in test, in production": sizes,
        "precision, recall, AUC: old, new": [tested(m, held_out) for m in matchers[:2]],
        "same category": [share([a.kind == b.kind for a, b in p]) for p in apart],
        "same brand and line": [share([a.family == b.family for a, b in p]) for p in apart],
        "wrong, placed: old, new": [before.outcome(), after.outcome()],
        "wrong by category: old, new": [p.wrong_by("kind") for p in (before, after)],
        "wrong by shop: old, new": [p.wrong_by("shop") for p in (before, after)],
        "differences": Counter(kind if same_line else "another line" for kind, same_line in twins),
        "score, offer, page": [
            [round(float(after.score[n]), 3), *(i.title for i in after.pairs[n])] for n in some
        ],
        "right, wrong from 0.99": np.bincount(~after.right[after.score >= 0.99]).tolist(),
        "threshold": {t: after.outcome(t) for t in (0.5, 0.9, 0.95, 0.98, 0.99)},
        "shared titles: old, new": [sum(n for n in c.values() if n > 1) for c in cleaned],
        "trials: candidates, quantities, both": [p.outcome() for p in trials],
        "sent back": [returned(before if w < RELEASE else after, rng) for w in range(1, 11)],
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
