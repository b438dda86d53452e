"""How fast, offline: `python -m evals.speed` prints start, turn and grading times, and memory.

Compare ratios: machines differ, and both sides of a ratio are measured in the same run.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles

from evals.answers import Answer, interview_answers
from evals.ways import as_row, bank_way, points_way
from interviewer.config import Settings
from interviewer.content import load_bank
from interviewer.embedding import Embedder, Entailment, Models
from interviewer.grading.batch import grade_rows
from interviewer.grading.evidence import EvidenceReader
from interviewer.grading.offline import EvidenceGrader
from interviewer.grading.offline_rows import OfflineGrader
from interviewer.grading.stories import StoryReader
from interviewer.schema import Format, Setup
from interviewer.session import Sessions, open_sessions

RESULTS = Path(__file__).parent / "results" / "speed.json"
_STARTS = 3
_BARE_PAGE = """
import sys, gradio as gr
with gr.Blocks() as page:
    gr.Markdown("# Hello")
page.launch(server_name="127.0.0.1", server_port=int(sys.argv[1]), quiet=True)
"""


def main() -> None:
    """Measure and print; the figures also go to evals/results/speed.json."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        figures = {
            "start": start_times(home),
            "turns": _alone(turn_times, home),
            "grading": _alone(grading_times, home),
            "reading": _alone(reading_times),
            "rows": _alone(row_times),
        }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures, indent=2))


def start_times(home: Path) -> dict[str, float]:
    """Return seconds until the page answers, warm, for the app and for a bare Gradio page."""
    app = [sys.executable, "-m", "interviewer", "serve", "--port"]
    bare = [sys.executable, "-c", _BARE_PAGE]
    _seconds_until_served(app, home)  # builds the index, warms the file cache
    ours, theirs = [], []
    for _ in range(_STARTS):
        ours.append(_seconds_until_served(app, home))
        theirs.append(_seconds_until_served(bare, home))
    return {
        "app_seconds": median(ours),
        "bare_gradio_seconds": median(theirs),
        "ratio": median(a / b for a, b in zip(ours, theirs, strict=True)),
    }


def turn_times(home: Path) -> dict[str, float]:
    """Return seconds from sending an answer of about 100 words to the whole offline reply."""
    sessions = open_sessions(Settings(home=home, bank=None))
    seconds: list[float] = []
    for question in load_bank().of_round("ml_fundamentals")[:12]:
        session_id = sessions.start(Setup(round="ml_fundamentals", question_id=question.id))
        words = question.reference.split()
        for start in (0, 60, 120):
            text = " ".join(words[start : start + 100])
            if text and not sessions.view(session_id).finished:
                seconds.append(_timed(partial(_send, sessions, session_id, text)))
    return _spread(seconds)


def grading_times(home: Path) -> dict[str, float]:
    """Return seconds to grade one finished question, answered with its own reference."""
    sessions = open_sessions(Settings(home=home, bank=None))
    seconds: list[float] = []
    for question in load_bank().of_round("ml_fundamentals")[12:30]:
        setup = Setup(round="ml_fundamentals", question_id=question.id, format=Format.STORY)
        session_id = sessions.start(setup)
        "".join(sessions.answer(session_id, question.reference, seconds=1))
        sessions.finish(session_id)
        seconds.append(_timed(partial(sessions.regrade, session_id)))
    return _spread(seconds)


def reading_times() -> dict[str, float]:
    """Return seconds to grade a labelled answer of 120 to 180 words, models loaded, nothing cached.

    Each answer is the first to its question, which was got ready while the candidate thought, as in
    an interview; `getting_ready_p95_seconds` is what that took.
    """
    models = Models(Embedder(), Embedder(model="tuned"), Entailment())
    reader = EvidenceReader(models)
    grade = bank_way(EvidenceGrader(reader, StoryReader(models.general)).grade)
    warm, *answers = _of_middling_length()
    grade(warm)
    ready = [_timed(partial(reader.get_ready, a.question)) for a in answers if a.question]
    seconds = [_timed(partial(grade, answer)) for answer in answers]
    return _spread(seconds) | {"getting_ready_p95_seconds": _spread(ready)["p95_seconds"]}


def row_times() -> dict[str, float]:
    """Return seconds to grade the same answers as `interviewer grade` does, with plain key points."""
    grader = OfflineGrader(Models(Embedder(), Embedder(model="tuned"), Entailment()))
    grade = points_way(grader)
    warm, *answers = _of_middling_length()
    grade(warm)
    half = len(answers) // 2
    seconds = [_timed(partial(grade, answer)) for answer in answers[:half]]
    rows = [as_row(answer) for answer in answers[half:]]
    together = _timed(lambda: list(grade_rows(rows, grader, at_once=2)))
    return _spread(seconds) | {"rows_a_second": len(rows) / together}


def _of_middling_length() -> list[Answer]:
    """Return one answer of 120 to 180 words to each question that has one."""
    first = {a.group: a for a in interview_answers("test") if 120 <= a.words <= 180}
    return list(first.values())


def _alone(part: Callable[..., dict[str, float]], *args: Path) -> dict[str, float]:
    """Measure a part in a process of its own, so that its peak memory is its own too."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_with_memory, part, *args).result()


def _with_memory(part: Callable[..., dict[str, float]], *args: Path) -> dict[str, float]:
    figures = part(*args)
    return figures | {"peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _send(sessions: Sessions, session_id: str, text: str) -> str:
    return "".join(sessions.answer(session_id, text, seconds=1))


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _spread(seconds: list[float]) -> dict[str, float]:
    return {
        "n": len(seconds),
        "p50_seconds": median(seconds),
        "p95_seconds": quantiles(seconds, n=20)[18],
    }


def _seconds_until_served(command: list[str], home: Path) -> float:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "INTERVIEWER_HOME": str(home), "GRADIO_ANALYTICS_ENABLED": "False"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.perf_counter()
    process = subprocess.Popen(
        [*command, str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while time.perf_counter() - started < 120:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
                return time.perf_counter() - started
            except OSError:
                time.sleep(0.05)
        raise TimeoutError(f"{command[0]} did not serve within 120 s")
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    main()
