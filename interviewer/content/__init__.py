"""YAML -> Rubric, Question, Topic, StudyPath: the only reader of `question_bank/` and `rubrics/`.

A folder of the user's, laid out like `question_bank/`, may be merged into it. Invariant: a loaded
bank is consistent, with ids unique over both. Every problem is collected with its file, key and
remedy. Must not know embeddings, graders or sessions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from interviewer.consistency import inconsistencies, path_inconsistencies
from interviewer.content.private import DRAFTS, strays, taken, unfit_folder, with_a_way_out
from interviewer.content.yaml_files import as_mapping, read_yaml, validated
from interviewer.errors import ContentError
from interviewer.schema import Question, Reply, Rubric, StudyPath, Topic

T = TypeVar("T")
N = TypeVar("N", Topic, Question)

_PACKAGED = Path(__file__).parent.parent / "data"
_CHECKOUT = Path(__file__).parent.parent.parent


class Bank(NamedTuple):
    """All content, checked. Questions keep file order within a round; `files` has where each stands."""

    rubrics: dict[str, Rubric]
    topics: dict[str, Topic]
    questions: dict[str, Question]
    replies: tuple[Reply, ...]
    files: Mapping[str, Path] = {}

    def of_round(self, round_id: str) -> list[Question]:
        """Return the questions of one round."""
        return [q for q in self.questions.values() if q.round == round_id]


def content_root() -> Path:
    """Return the folder that holds `question_bank/` and `rubrics/`: installed, or the checkout."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT


def load_bank(root: Path | None = None, private: Path | None = None) -> Bank:
    """Read and check all content, with the user's own questions from `private`.

    Raise ContentError for the first problem found. Evals and reports give no `private`.
    """
    return _loaded(root or content_root(), private)


@cache
def _loaded(root: Path, private: Path | None) -> Bank:
    bank, problems = (
        with_private(_loaded(root, None), root, private) if private else read_bank(root)
    )
    if problems:
        raise with_a_way_out(problems) if private else problems[0]
    return bank


def read_bank(root: Path) -> tuple[Bank, list[ContentError]]:
    """Read all content below `root`; return what could be read and every problem found."""
    problems: list[ContentError] = []
    rubrics = {r.round: r for _, r in _each(sorted(root.glob("rubrics/*.yaml")), _rubric, problems)}
    folder = root / "question_bank"
    topics = _unique(_topics(folder, problems), problems)
    replies = _list(folder / "closing.yaml", "replies", Reply, problems)
    questions = _read_all(folder, rubrics, topics, problems)
    bank = Bank(rubrics, topics, _unique(questions, problems), tuple(replies), _files(questions))
    return bank, problems


def with_private(bank: Bank, root: Path, private: Path) -> tuple[Bank, list[ContentError]]:
    """Add the topics and questions of the user's folder to the bank below `root`, which goes first."""
    folder = root / "question_bank"
    if problem := unfit_folder(private, folder):
        return bank, [problem]
    problems = list(strays(private))
    named = _topics(private, problems) if (private / "topics.yaml").exists() else []
    problems += taken(named, dict.fromkeys(bank.topics, folder / "topics.yaml"))
    topics = (
        bank.topics | _unique(named, problems) | bank.topics
    )  # the built-in one's order and say
    found = _read_all(private, bank.rubrics, topics, problems)
    problems += taken(found, bank.files)
    questions = bank.questions | _unique(found, problems) | bank.questions
    files = {**_files(found), **bank.files}
    return bank._replace(topics=topics, questions=questions, files=files), problems


@cache
def load_path(root: Path | None = None) -> StudyPath:
    """Read and check the eight-week path. Raise ContentError for the first problem found."""
    path, problems = read_path(root or content_root(), load_bank(root))
    if problems or path is None:
        raise problems[0]
    return path


def read_path(root: Path, bank: Bank) -> tuple[StudyPath | None, list[ContentError]]:
    """Read the path below `root`; return it, unless it cannot be read, and every problem found."""
    file = root / "question_bank" / "path.yaml"
    try:
        path: StudyPath = validated(file, read_yaml(file), StudyPath)
    except ContentError as error:
        return None, [error]
    dangling = path_inconsistencies(path, bank.topics, bank.questions)
    return path, [ContentError(file, key, problem) for key, problem in dangling]


def questions_of(path: Path, content: Any) -> list[Question]:
    """Return the questions of a file's parsed content; its folder names their round.

    Raise ContentError.
    """
    raw = as_mapping(path, content, {"topic", "questions"})
    if not isinstance(raw["questions"], list):
        raise ContentError(path, "questions", "must be a list of questions")
    place = {"round": path.parent.name, "topic": raw["topic"]}
    items = [{**item, **place} if isinstance(item, dict) else item for item in raw["questions"]]
    found: list[Question] = validated(path, items, list[Question])
    return found


def content_hash(*nouns: Any) -> str:
    """Return a short stable hash of nouns, for snapshots and stamps."""
    text = "\n".join(noun.model_dump_json() for noun in nouns)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _topics(folder: Path, problems: list[ContentError]) -> list[tuple[Path, Topic]]:
    path = folder / "topics.yaml"
    return [(path, topic) for topic in _list(path, "topics", Topic, problems)]


def _read_all(
    folder: Path, rubrics: dict[str, Rubric], topics: dict[str, Topic], problems: list[ContentError]
) -> list[tuple[Path, Question]]:
    files = [path for path in sorted(folder.glob("*/*.yaml")) if path.parent.name != DRAFTS]
    found = [
        (path, question)
        for path, questions in _each(files, lambda p: questions_of(p, read_yaml(p)), problems)
        for question in questions
    ]
    for path, question in found:
        problems += [
            ContentError(path, k, p) for k, p in inconsistencies(question, rubrics, topics)
        ]
    return found


def _each(
    paths: Iterable[Path], read: Callable[[Path], T], problems: list[ContentError]
) -> Iterator[tuple[Path, T]]:
    for path in paths:
        try:
            yield path, read(path)
        except ContentError as error:
            problems.append(error)


def _list(path: Path, key: str, noun: type[T], problems: list[ContentError]) -> list[T]:
    try:
        found: list[T] = validated(path, as_mapping(path, read_yaml(path), {key})[key], list[noun])  # type: ignore[valid-type]
        return found
    except ContentError as error:
        problems.append(error)
        return []


def _rubric(path: Path) -> Rubric:
    raw = read_yaml(path)
    rubric: Rubric = validated(path, raw, Rubric)
    if rubric.round != path.stem:
        raise ContentError(
            path, "round", f"is {rubric.round!r}; make it {path.stem!r}, the file's name"
        )
    return rubric


def _files(found: Iterable[tuple[Path, Question]]) -> dict[str, Path]:
    return {question.id: path for path, question in found}


def _unique(found: Iterable[tuple[Path, N]], problems: list[ContentError]) -> dict[str, N]:
    kept: dict[str, N] = {}
    paths: dict[str, Path] = {}
    for path, noun in found:
        if noun.id in kept:
            problem = f"this id is used twice, also in {paths[noun.id]}; rename one"
            problems.append(ContentError(path, noun.id, problem))
        kept[noun.id], paths[noun.id] = noun, path
    return kept
