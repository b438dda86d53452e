"""The report on a told story, and tellings side by side, as HTML. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interviewer.grading.stories import StoryReading
from interviewer.grading.story_evidence import PARTS
from interviewer.programme.stories import Telling
from interviewer.schema import Quote
from interviewer.ui.markup import escaped

# What a spoken story of a behavioral round may take.
_LEAST_MINUTES, _MOST_MINUTES = 3.0, 4.0


def report_html(telling: Telling) -> str:
    """Return what one telling has and lacks, each with its quote."""
    reading = telling.reading
    rows = "".join(_rows(reading))
    return (
        '<section class="summary"><h2 class="panel-title">Your story</h2>'
        f'<div class="overall"><p class="rec">Clarity {reading.clarity.level} of 5</p>'
        f'<p class="quiet">{escaped(reading.clarity.reason)}</p></div>'
        f'<div class="overall"><p class="rec">Impact {reading.impact.level} of 5</p>'
        f'<p class="quiet">{escaped(reading.impact.reason)}</p></div>'
        f'<table class="criteria story"><tbody>{rows}</tbody></table>'
        f'<p class="quiet">{escaped(length_words(reading))} {escaped(filler_words(reading))}</p></section>'
    )


def tellings_html(tellings: Sequence[Telling]) -> str:
    """Return all tellings of a theme side by side; nothing for fewer than one."""
    if not tellings:
        return ""
    head = "".join(f"<th>Telling {i}</th>" for i in range(1, len(tellings) + 1))
    lines = [
        ("Told", [t.told_at.strftime("%d %b %H:%M") for t in tellings]),
        ("Clarity", [f"{t.reading.clarity.level} of 5" for t in tellings]),
        ("Impact", [f"{t.reading.impact.level} of 5" for t in tellings]),
        *((p.capitalize(), [_found(t.reading.parts[p]) for t in tellings]) for p in PARTS),
        ("Own steps", [_own(t.reading) for t in tellings]),
        ("Measured results", [str(len(t.reading.numbers)) for t in tellings]),
        ("Length", [f"{t.reading.words} words, {t.reading.minutes:.1f} min" for t in tellings]),
        ("Fillers", [str(sum(t.reading.fillers.counts.values())) for t in tellings]),
        ("Score", [f"{t.overall:.0f} of 100" if t.overall is not None else "–" for t in tellings]),
    ]
    body = "".join(
        f'<tr><th scope="row">{name}</th>{"".join(f"<td>{escaped(cell)}</td>" for cell in cells)}</tr>'
        for name, cells in lines
    )
    return (
        '<section class="summary"><h2 class="panel-title">Your tellings of this theme</h2>'
        f'<div class="wide"><table class="criteria"><thead><tr><th></th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div></section>"
    )


def length_words(reading: StoryReading) -> str:
    """Return the length against what is asked for."""
    verdict = (
        "shorter than"
        if reading.minutes < _LEAST_MINUTES
        else "longer than"
        if reading.minutes > _MOST_MINUTES
        else "within"
    )
    return (
        f"{reading.words} words, about {reading.minutes:.1f} minutes at 150 words a minute: "
        f"{verdict} the 3 to 4 minutes to aim at."
    )


def filler_words(reading: StoryReading) -> str:
    """Return the fillers with their counts."""
    counts = sorted(reading.fillers.counts.items(), key=lambda item: -item[1])
    named = ", ".join(f"“{word}” {n} times" if n > 1 else f"“{word}” once" for word, n in counts)
    return (
        f"Fillers: {named} ({reading.fillers.share:.1%} of the words)." if counts else "No fillers."
    )


def _rows(reading: StoryReading) -> Iterator[str]:
    for part in PARTS:
        yield _row(part.capitalize(), reading.parts[part])
    yield _row("Own steps", next(iter(reading.ownership.own), None), _own(reading))
    measured = next(iter(reading.numbers), None)
    figures = ", ".join(f for m in reading.numbers for f in m.figures)
    yield _row("Numbers", measured.quote if measured else None, figures)
    yield _row("Trade-off", reading.tradeoff)


def _row(name: str, quote: Quote | None, note: str = "") -> str:
    said = f"<q>{escaped(quote.text)}</q>" if quote else ""
    extra = f"{escaped(note)} " if note else ""
    kind = "met" if quote else "not_met"
    return (
        f'<tr class="{kind}"><th scope="row">{name}</th><td class="state">{_found(quote)}</td>'
        f"<td>{extra}{said}</td></tr>"
    )


def _found(quote: Quote | None) -> str:
    return "✓ found" if quote else "○ missing"


def _own(reading: StoryReading) -> str:
    own, team = len(reading.ownership.own), len(reading.ownership.team)
    return f"{own} “I”, {team} “we”" if own + team else "no steps told"
