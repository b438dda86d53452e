"""What leads an interview: reads the last message (steer) and words a move (speak).

Two brains share this interface: `OfflineBrain` here, with authored words and the evidence reader,
and `ModelBrain`, which falls back to this one whenever its model fails. Neither scores anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from interviewer.agent import phrases
from interviewer.agent.asked import find_facts
from interviewer.agent.closing import best_reply
from interviewer.agent.script import Script, script_of
from interviewer.agent.understand import Understanding
from interviewer.embedding import Embedder
from interviewer.grading.evidence import EvidenceReader
from interviewer.policy import total_minutes
from interviewer.retrieval import get_facts_ready
from interviewer.schema import (
    Intent,
    KeyPoint,
    Move,
    MoveKind,
    PointReading,
    Question,
    Reply,
    Setup,
    Snapshot,
    Steer,
    Turn,
    Verdict,
)
from interviewer.synonyms import load_synonyms
from interviewer.text import sentences, words

# A sentence of the candidate is taken up only when it is about what is asked next.
_ECHO_SIMILARITY = 0.42
_ECHO_WORDS = (4, 16)
# Characters of one message that are read before the reply: a minute's talk is 900. Grading reads all.
_READ_AT_ONCE = 6000


class Scene(NamedTuple):
    """What may be seen when a move is worded: the set-up and what was said, never a key point."""

    setup: Setup
    snapshot: Snapshot
    turns: Sequence[Turn]

    @property
    def last_message(self) -> str:
        """Return the candidate's last words; empty at the opening."""
        return next((t.text for t in reversed(self.turns) if t.role == "candidate"), "")


class Brain(Protocol):
    """Leads an interview. `name` is shown to the user and kept with each turn."""

    name: str

    @property
    def trouble(self) -> str | None:
        """Return what hinders this brain, in one sentence for the page; None while all is well."""
        ...

    def steer(
        self,
        question: Question,
        points: Sequence[KeyPoint],
        turns: Sequence[Turn],
        heard: Understanding,
    ) -> Steer:
        """Read the last turn of an exchange: never shown, never scored."""
        ...

    def speak(self, move: Move, scene: Scene) -> Iterator[str]:
        """Yield the words of a move, piece by piece."""
        ...


class OfflineBrain:
    """Authored words, chosen and connected by code; reading by the evidence reader."""

    name = "offline"
    trouble = None

    def __init__(
        self, embedder: Embedder, reader: EvidenceReader, replies: Sequence[Reply]
    ) -> None:
        self._embedder = embedder
        self._reader = reader
        self._replies = replies
        self._synonyms = load_synonyms()

    def get_ready(self, question: Question) -> None:
        """Embed what answers and questions will be held against, so that the first is quick too."""
        self._reader.get_ready(question)
        get_facts_ready(question, self._embedder, self._synonyms)

    def steer(
        self,
        question: Question,
        points: Sequence[KeyPoint],
        turns: Sequence[Turn],
        heard: Understanding,
    ) -> Steer:
        """Read verdicts off the last candidate turn and find the facts it asks for."""
        asked = find_facts(question, heard, self._embedder, self._synonyms)
        reading = (
            self._reader.read(question, [_as_heard(turns[-1], heard)], points)
            if heard.checks or {Intent.ANSWER, Intent.CORRECT, Intent.ASK} & set(heard.intents)
            else None
        )
        verdicts = reading.verdicts if reading else ()
        credited = [f.credits for f in question.facts if f.id in asked.fact_ids and f.credits]
        return Steer(
            intents=heard.intents,
            points=tuple(
                PointReading(key_point_id=v.key_point_id, verdict=v.verdict, quote=v.evidence)
                for v in verdicts
                if v.verdict is not Verdict.NOT_MET and v.key_point_id not in credited
            )
            + tuple(
                PointReading(key_point_id=c, verdict=Verdict.MET) for c in dict.fromkeys(credited)
            ),
            misconception_ids=tuple(m.misconception_id for m in reading.misconceptions)
            if reading
            else (),
            fact_ids=asked.fact_ids,
            likely_fact_ids=asked.likely_fact_ids,
            unknown_asks=asked.unknown,
        )

    def speak(self, move: Move, scene: Scene) -> Iterator[str]:
        """Yield the authored words with a connecting phrase that was not just used."""
        yield self.words(move, scene)

    def words(self, move: Move, scene: Scene) -> str:
        """Return the whole reply for one move."""
        script = script_of(move, scene.snapshot)
        if script.cue == "closing":
            return self._closing_reply(scene)
        lead = self._lead(move, script, scene)
        parts = [lead, script.words]
        if move.kind is MoveKind.REVEAL and move.unknown and move.fact_ids:
            parts.append("For the rest: " + self._phrase("unknown", scene))
        joint = "\n\n" if move.kind in (MoveKind.ADVANCE, MoveKind.REVEAL) else " "
        return joint.join(part for part in parts if part)

    def _lead(self, move: Move, script: Script, scene: Scene) -> str:
        if move.kind is MoveKind.PROBE and (quote := self._echo(script.words, scene)):
            return self._phrase("echo", scene).replace("{quote}", quote)
        if script.cue == "opening":
            return self._opening(scene)
        lead = self._phrase(script.cue, scene)
        if move.reason == "the candidate skips" and move.kind is MoveKind.ADVANCE:
            return self._phrase("skipped", scene)
        if move.kind is MoveKind.CLOSE and move.reason == "the time is up" and script.cue != "end":
            return f"{self._phrase('time_up', scene)} {lead}"
        return lead

    def _opening(self, scene: Scene) -> str:
        rubric = scene.snapshot.rubric
        facts = self._phrase("facts", scene) if rubric.reveals_facts else ""
        minutes = f"{total_minutes(rubric, scene.setup):g}"
        text = self._phrase("opening", scene).replace("{facts}", facts)
        return text.replace("{round}", rubric.name).replace("{minutes}", minutes).strip()

    def _echo(self, probe: str, scene: Scene) -> str:
        """Return the candidate's own words that are nearest to the probe, if any are near."""
        least, most = _ECHO_WORDS
        said = [
            s.text.rstrip(".!;,: ")
            for s in sentences(scene.last_message)
            if least <= len(words(s.text)) <= most
            and not s.text.endswith("?")
            and '"' not in s.text
        ]
        if not said:
            return ""
        vectors = self._embedder.vectors([probe, *said])
        nearness = vectors[1:] @ vectors[0]
        best = int(nearness.argmax())
        return said[best] if nearness[best] >= _ECHO_SIMILARITY else ""

    def _closing_reply(self, scene: Scene) -> str:
        reply = best_reply(self._replies, scene.last_message, self._embedder)
        if reply is None:
            return self._phrase("closing_unknown", scene)
        return f"{reply.text} {self._phrase('anything_else', scene)}"

    def _phrase(self, cue: str, scene: Scene) -> str:
        said = [t.text for t in scene.turns if t.role == "interviewer"]
        return phrases.choose(cue, scene.setup.manner, said, scene.snapshot.hash)


def _as_heard(turn: Turn, heard: Understanding) -> Turn:
    """Return the turn as it is read for the next move: its questions marked, its length bounded."""
    steer = Steer(intents=heard.intents, asks=heard.asks)
    return turn.model_copy(update={"steer": steer, "text": turn.text[:_READ_AT_ONCE]})
