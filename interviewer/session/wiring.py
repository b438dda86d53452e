"""Settings -> Sessions: the one place where the rooms are put together."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from interviewer.agent.brain import Brain, OfflineBrain
from interviewer.config import Settings
from interviewer.content import load_bank
from interviewer.embedding import get_embedder
from interviewer.grading.evidence import EvidenceReader
from interviewer.grading.grader import Grader
from interviewer.grading.offline import EvidenceGrader
from interviewer.grading.stories import StoryReader
from interviewer.retrieval import open_index
from interviewer.session.grades import GradeBook
from interviewer.session.sessions import Sessions
from interviewer.store import Store


def open_sessions(
    settings: Settings,
    *,
    owns_index: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Sessions:
    """Open everything a session needs. `owns_index`: keep the index on disk (the app), else in memory.

    `progress` is called with the number of passages embedded and of those to embed.
    """
    bank = load_bank()
    embedder = get_embedder(settings.vector_cache_path)
    directory = settings.index_directory if owns_index else None
    index = open_index(bank, embedder, directory, progress)
    reader = EvidenceReader(embedder)
    offline = OfflineBrain(embedder, reader, bank.replies)
    offline_grader = EvidenceGrader(reader, StoryReader(embedder))
    store = Store(settings.store_url)

    def brain_for(session_id: str) -> Brain:
        return offline

    def grader_for(session_id: str) -> Grader:
        return offline_grader

    def now() -> datetime:
        return datetime.now(UTC)

    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="grading")
    grades = GradeBook(store, grader_for, now, executor)
    return Sessions(bank, store, index, brain_for, grades, now)
