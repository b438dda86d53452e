"""Settings -> Sessions: the one place where the rooms are put together."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TypeAlias

from interviewer.agent.brain import Brain, OfflineBrain
from interviewer.config import Settings
from interviewer.content import load_bank
from interviewer.embedding import get_embedder, get_models
from interviewer.grading.evidence import EvidenceReader
from interviewer.grading.grader import Grader
from interviewer.grading.offline import EvidenceGrader
from interviewer.grading.second_reader import SecondReader
from interviewer.grading.stories import StoryReader
from interviewer.retrieval import BankIndex, open_index
from interviewer.schema import Question
from interviewer.session.contests import FindReader
from interviewer.session.grades import GradeBook
from interviewer.session.ledger import SessionLedger
from interviewer.session.sessions import Sessions
from interviewer.store import Store

# Who leads, who grades, and who decides the contests of a session.
_Roles: TypeAlias = tuple[Callable[[str], Brain], Callable[[str], Grader], FindReader]
# A brain remembers the trouble of its session; older sessions are not being looked at.
_BRAINS_KEPT = 64


def open_sessions(
    settings: Settings,
    *,
    owns_index: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Sessions:
    """Open everything a session needs; `owns_index` keeps the index on disk and opens it at once.

    `progress` is called with the number of passages embedded and of those to embed.
    """
    bank = load_bank(private=settings.bank)
    embedder = get_embedder(settings.vector_cache_path)

    @cache
    def index() -> BankIndex:
        directory = settings.index_directory if owns_index else None
        return open_index(bank, embedder, directory, progress)

    if owns_index:
        index()  # built at start, with its progress, rather than inside the first search
    reader = EvidenceReader(get_models(settings.vector_cache_path))
    offline = OfflineBrain(embedder, reader, bank.replies)
    store = Store(settings.store_url)
    brain_for, grader_for, second_reader_for = _model_led(settings, store, offline) or (
        lambda _: offline,
        lambda _: EvidenceGrader(reader, StoryReader(embedder)),
        lambda _: None,
    )
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="grading")
    grades = GradeBook(store, grader_for, _now, executor)

    def get_ready(question: Question) -> None:
        executor.submit(offline.get_ready, question)

    return Sessions(bank, store, index, brain_for, grades, _now, second_reader_for, get_ready)


def _model_led(settings: Settings, store: Store, offline: OfflineBrain) -> _Roles | None:
    """Return who leads, who grades and who decides contests when a model is configured."""
    if settings.model is None:
        return None  # the model client takes seconds to import
    from interviewer.agent.model_brain import ModelBrain
    from interviewer.grading.rubric_grader import RubricGrader
    from interviewer.grading.second_reader import ModelSecondReader
    from interviewer.llm import get_model

    model = get_model(settings)
    if model is None:
        return None

    def ledger_of(session_id: str) -> SessionLedger:
        return SessionLedger(store, session_id, settings.spend_limit, _now)

    @lru_cache(maxsize=_BRAINS_KEPT)
    def brain_for(session_id: str) -> Brain:
        return ModelBrain(
            model,
            offline,
            steer_timeout_seconds=settings.steer_timeout_seconds,
            reply_timeout_seconds=settings.reply_timeout_seconds,
            ledger=ledger_of(session_id),
        )

    def grader_for(session_id: str) -> Grader:
        return RubricGrader(model, settings.grade_timeout_seconds, ledger_of(session_id))

    def second_reader_for(session_id: str) -> SecondReader:
        return ModelSecondReader(model, settings.grade_timeout_seconds, ledger_of(session_id))

    return brain_for, grader_for, second_reader_for


def _now() -> datetime:
    return datetime.now(UTC)
