"""The live panel beside the chat, as HTML: clock, question n of m, stages, facts seen. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from interviewer.policy import total_minutes
from interviewer.schema import Format, MoveKind
from interviewer.session import SessionView

_STAGE_MARKS = {
    "done": ("✓", "done"),
    "now": ("▸", "now"),
    "next": ("·", ""),
    "left": ("·", "not reached"),
}


def panel_html(view: SessionView) -> str:
    """Return the panel for a session as it stands."""
    return "".join(
        [
            '<section class="panel">',
            f'<h2 class="panel-title">{escape(_title(view))}</h2>',
            _clock(view),
            *_question(view),
            *_stages(view),
            *_facts(view),
            *_help(view),
            "</section>",
        ]
    )


def clock_words(seconds: float) -> str:
    """Return minutes and seconds: 3:07, 61:00."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _title(view: SessionView) -> str:
    name = view.record.snapshot.rubric.name
    return {Format.DRILL: f"Drill: {name}", Format.STORY: "Story"}.get(
        view.record.setup.format, name
    )


def _clock(view: SessionView) -> str:
    whole = total_minutes(view.record.snapshot.rubric, view.record.setup) * 60
    used = view.record.seconds
    note = "paused" if view.paused else "your time"
    if view.finished or view.awaits_reply:
        note = "finished" if view.finished else "interviewer’s turn"
    over = " over" if used > whole else ""
    return (
        f'<div class="clock{over}"><span class="used">{clock_words(used)}</span>'
        f'<span class="whole"> of {clock_words(whole)}</span><span class="note">{note}</span></div>'
        f'<progress aria-label="time used" max="{whole:.0f}" value="{min(used, whole):.0f}"></progress>'
    )


def _question(view: SessionView) -> Iterator[str]:
    questions = view.record.snapshot.questions
    if view.state.closing and not view.finished:
        yield '<p class="where">Your questions to the interviewer</p>'
        return
    if len(questions) == 1:
        return
    if view.finished:
        done = len(_asked(view))
        yield f'<p class="where"><b>{done}</b> of {len(questions)} questions asked</p>'
    else:
        at = [q.id for q in questions].index(view.state.question.id) + 1
        done = at - 1
        yield f'<p class="where">Question <b>{at}</b> of {len(questions)}</p>'
    yield f'<progress aria-label="questions" max="{len(questions)}" value="{done}"></progress>'


def _asked(view: SessionView) -> dict[str, set[str]]:
    """Return the questions that were asked, in order, each with the stages that were opened."""
    asked: dict[str, set[str]] = {}
    for turn in view.turns:
        if turn.question_id and not (turn.move and turn.move.kind is MoveKind.CLOSE):
            asked.setdefault(turn.question_id, set()).update([turn.stage] if turn.stage else [])
    return asked


def _stages(view: SessionView) -> Iterator[str]:
    stages = view.record.snapshot.rubric.stages
    if not stages or not view.state.question.stages:
        return
    over = view.state.closing or view.finished
    opened = list(_asked(view).values())[-1] if over else set()
    at = [s.id for s in stages].index(view.state.stage or stages[0].id)
    yield '<ol class="stages" aria-label="stages">'
    for i, stage in enumerate(stages):
        if over:
            kind = "done" if stage.id in opened else "left"
        else:
            kind = "done" if i < at else "now" if i == at else "next"
        mark, word = _STAGE_MARKS[kind]
        current = ' aria-current="step"' if kind == "now" else ""
        yield (
            f'<li class="{kind}"{current}><span class="mark">{mark}</span>{escape(stage.name)}'
            f'<span class="word">{word}</span></li>'
        )
    yield "</ol>"


def _facts(view: SessionView) -> Iterator[str]:
    facts = view.state.question.facts
    # How many were asked for in all, the scorecard says.
    if view.finished or not view.record.snapshot.rubric.reveals_facts or not facts:
        return
    seen = [f.id.replace("_", " ") for f in facts if f.id in view.state.revealed]
    yield f'<p class="where">Facts seen <b>{len(seen)}</b> of {len(facts)}</p>'
    if seen:
        yield '<ul class="facts">' + "".join(f"<li>{escape(name)}</li>" for name in seen) + "</ul>"
    else:
        yield '<p class="quiet">Ask the interviewer for data, logs or numbers.</p>'


def _help(view: SessionView) -> Iterator[str]:
    if view.state.hints:
        yield f'<p class="quiet">Hints on this question: {view.state.hints}</p>'
    if view.usage.calls:
        tokens = view.usage.prompt_tokens + view.usage.completion_tokens
        cost = f", about {view.usage.cost:.3f}" if view.usage.cost is not None else ""
        yield f'<p class="quiet">{tokens:,} tokens{cost}</p>'
    yield f'<p class="quiet">Interviewer: {escape(view.record.interviewer)}</p>'
