"""Count in how many texts each stem occurs: `python -m evals.count_words FILE.jsonl ...`.

Writes interviewer/grading/idf.json. The shipped table was counted on own_technical, entbank,
snli_devtest, conjnli and negnli (only the counts are kept, no text).
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from pathlib import Path

from interviewer.grading import lexicon

_LEAST_TEXTS = 8


def main() -> None:
    """Read premises and hypotheses, each distinct text of a file once."""
    texts = 0
    seen: Counter[str] = Counter()
    for name in sys.argv[1:]:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        for text in {row[key] for row in rows for key in ("premise", "hypothesis")}:
            texts += 1
            seen.update({word.stem for word in lexicon.read_words(text)})
    counts = {s: n for s, n in seen.most_common(6000) if n >= _LEAST_TEXTS and s.isalpha()}
    table = {s: round(max(1.0, math.log(texts / n)), 2) for s, n in counts.items()}
    path = Path(lexicon.__file__).with_name("idf.json")
    kept = {s: v for s, v in table.items() if v < lexicon.RARE}
    path.write_text(json.dumps(kept, sort_keys=True, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main()
