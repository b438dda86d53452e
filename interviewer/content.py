"""YAML -> Rubric, Question, Topic, StudyPath: the only reader of `question_bank/` and `rubrics/`.

A folder of the user's, laid out like `question_bank/`, may be merged into it. Invariant: a loaded
bank is consistent, with ids unique over both. Every problem is collected with its file, key and
remedy. Must not know embeddings, graders or sessions.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from interviewer.consistency import inconsistencies, path_inconsistencies
from interviewer.errors import ContentError
from interviewer.schema import Question, Reply, Rubric, StudyPath, Topic

T = TypeVar("T")
N = TypeVar("N", Topic, Question)

# The same in C, nine times as fast on the bank, where PyYAML was built with it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PACKAGED = Path(__file__).parent / "data"
_CHECKOUT = Path(__file__).parent.parent
# A folder for questions still to be written, which is never read as part of a bank.
DRAFTS = "drafts"


class Bank(NamedTuple):
    """All content, checked. Questions keep file order within a round."""

    rubrics: dict[str, Rubric]
    topics: dict[str, Topic]
    questions: dict[str, Question]
    replies: tuple[Reply, ...]

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
        raise _with_a_way_out(problems) if private else problems[0]
    return bank


def read_bank(root: Path) -> tuple[Bank, list[ContentError]]:
    """Read all content below `root`; return what could be read and every problem found."""
    problems: list[ContentError] = []
    rubrics = {r.round: r for _, r in _each(sorted(root.glob("rubrics/*.yaml")), _rubric, problems)}
    folder = root / "question_bank"
    topics = _unique(_topics(folder, problems), problems)
    replies = _list(folder / "closing.yaml", "replies", Reply, problems)
    questions = _read_all(folder, rubrics, topics, problems)
    return Bank(rubrics, topics, _unique(questions, problems), tuple(replies)), problems


def with_private(bank: Bank, root: Path, private: Path) -> tuple[Bank, list[ContentError]]:
    """Add the topics and questions of the user's folder to the bank below `root`, which goes first."""
    folder = root / "question_bank"
    if problem := _unfit_folder(private, folder):
        return bank, [problem]
    problems = list(_strays(private))
    named = _topics(private, problems) if (private / "topics.yaml").exists() else []
    problems += _taken(named, bank.topics, [folder / "topics.yaml"])
    topics = bank.topics | _unique(named, problems)
    found = _read_all(private, bank.rubrics, topics, problems)
    problems += _taken(found, bank.questions, question_files(folder))
    questions = bank.questions | _unique(found, problems)
    return bank._replace(topics=topics, questions=questions), problems


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
        path: StudyPath = _validate(file, read_yaml(file), StudyPath)
    except ContentError as error:
        return None, [error]
    dangling = path_inconsistencies(path, bank.topics, bank.questions)
    return path, [ContentError(file, key, problem) for key, problem in dangling]


def question_files(folder: Path) -> list[Path]:
    """Return the files of questions below a bank's folder, in order; drafts are none."""
    return [path for path in sorted(folder.glob("*/*.yaml")) if path.parent.name != DRAFTS]


def read_questions(path: Path) -> list[Question]:
    """Read one file of questions; its folder names their round. Raise ContentError."""
    return questions_of(path, read_yaml(path))


def questions_of(path: Path, content: Any) -> list[Question]:
    """Return the questions of a file's parsed content. Raise ContentError."""
    raw = _mapping(path, content, {"topic", "questions"})
    if not isinstance(raw["questions"], list):
        raise ContentError(path, "questions", "must be a list of questions")
    place = {"round": path.parent.name, "topic": raw["topic"]}
    items = [{**item, **place} if isinstance(item, dict) else item for item in raw["questions"]]
    found: list[Question] = _validate(path, items, list[Question])
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
    found = [
        (path, question)
        for path, questions in _each(question_files(folder), read_questions, problems)
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
        found: list[T] = _validate(path, _mapping(path, read_yaml(path), {key})[key], list[noun])  # type: ignore[valid-type]
        return found
    except ContentError as error:
        problems.append(error)
        return []


def _rubric(path: Path) -> Rubric:
    raw = read_yaml(path)
    rubric: Rubric = _validate(path, raw, Rubric)
    if rubric.round != path.stem:
        raise ContentError(
            path, "round", f"is {rubric.round!r}; make it {path.stem!r}, the file's name"
        )
    return rubric


def _mapping(path: Path, raw: Any, keys: set[str]) -> dict[str, Any]:
    if not isinstance(raw, dict) or set(raw) != keys:
        raise ContentError(path, "(top)", f"needs exactly the keys {', '.join(sorted(keys))}")
    return raw


def read_yaml(path: Path) -> Any:
    """Read one YAML file. Raise ContentError."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _LOADER)
    except FileNotFoundError:
        raise ContentError(path, "(file)", "is missing; restore it or reinstall") from None
    except UnicodeDecodeError as error:
        raise ContentError(path, "(file)", f"is not UTF-8 text: {error.reason}") from None
    except yaml.YAMLError as error:
        raise ContentError(path, "(file)", f"is not valid YAML: {error}") from None


def _validate(path: Path, raw: Any, kind: Any) -> Any:
    try:
        return TypeAdapter(kind).validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = _readable(raw, first["loc"])
        more = f" ({error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise ContentError(path, key, _remedy(first) + more) from None


def _readable(raw: Any, location: tuple[int | str, ...]) -> str:
    """Name list items by their id where they have one: `lasso.key_points[sparsity].claim`."""
    parts: list[str] = []
    for step in location:
        raw = _item(raw, step)
        name = raw.get("id") if isinstance(raw, dict) and isinstance(step, int) else None
        parts.append(f"[{name or step}]" if isinstance(step, int) else str(step))
    return ".".join(parts).replace(".[", "[") or "(top)"


def _item(raw: Any, step: int | str) -> Any:
    if isinstance(raw, dict):
        return raw.get(step)
    if isinstance(raw, list) and isinstance(step, int) and step < len(raw):
        return raw[step]
    return None


def _remedy(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "unknown key; remove it or correct its spelling"
    if error["type"] == "missing":
        return "is missing; add it"
    return f"{error['msg']} (got {str(error['input'])[:60]!r})"


def _unique(found: Iterable[tuple[Path, N]], problems: list[ContentError]) -> dict[str, N]:
    kept: dict[str, N] = {}
    paths: dict[str, Path] = {}
    for path, noun in found:
        if noun.id in kept:
            problem = f"this id is used twice, also in {paths[noun.id]}; rename one"
            problems.append(ContentError(path, noun.id, problem))
        kept[noun.id], paths[noun.id] = noun, path
    return kept


def _taken(
    found: Iterable[tuple[Path, N]], builtin: Mapping[str, N], paths: Sequence[Path]
) -> Iterator[ContentError]:
    """Yield each id that the built-in bank has, with the one of its `paths` that has it."""
    for path, noun in found:
        if noun.id in builtin:
            entry = re.compile(rf"^ {{0,2}}- {{?id: {noun.id}\b", re.MULTILINE)
            other = next((p for p in paths if entry.search(p.read_text(encoding="utf-8"))), None)
            problem = f"this id is used twice, also in {other or 'the built-in bank'}; rename yours"
            yield ContentError(path, noun.id, problem)


def _unfit_folder(private: Path, builtin: Path) -> ContentError | None:
    """Return why the user's folder cannot be read at all, if so."""
    if not private.is_dir():
        problem = "is not a folder; make it or correct the setting"
    elif private.resolve().is_relative_to(builtin.resolve()):
        problem = "is the built-in bank; name a folder of your own"
    else:
        return None
    return ContentError(private, "(folder)", problem)


def _strays(private: Path) -> Iterator[ContentError]:
    """Yield each file of the user's that looks like content and lies where nobody reads it."""
    patterns = ("*.yaml", "*.yml", "*/*.yml", f"{DRAFTS}/*.yaml", f"{DRAFTS}/*/*.yml")
    found = {path for pattern in patterns for path in private.glob(pattern)}
    for path in sorted(found - {private / "topics.yaml"}):
        problem = (
            "is not read; questions are in <round>/<name>.yaml, topics in topics.yaml, "
            f"drafts in {DRAFTS}/<round>/<name>.yaml"
        )
        yield ContentError(path, "(file)", problem)


def _with_a_way_out(problems: list[ContentError]) -> ContentError:
    first = problems[0]
    more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
    way = "`interviewer bank check` lists all; unset INTERVIEWER_BANK to start without this folder"
    return ContentError(first.path, first.key, f"{first.problem}{more}.\n{way}.")
