"""What may be wrong with the user's own folder of questions, beside what its files say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from interviewer.errors import ContentError
from interviewer.schema import Question, Topic

# A folder for questions still to be written, which is never read as part of a bank.
DRAFTS = "drafts"


def unfit_folder(private: Path, builtin: Path) -> ContentError | None:
    """Return why the user's folder cannot be read at all, if so."""
    if not private.is_dir():
        problem = "is not a folder; make it or correct the setting"
    elif private.resolve().is_relative_to(builtin.resolve()):
        problem = "is the built-in bank; name a folder of your own"
    elif builtin.resolve().is_relative_to(private.resolve()):
        problem = "is a folder that holds the built-in bank; name a folder of your own"
    else:
        return None
    return ContentError(private, "(folder)", problem)


def strays(private: Path) -> Iterator[ContentError]:
    """Yield each file of the user's that looks like content and lies where nobody reads it."""
    found = {path for depth in ("*", "*/*", "*/*/*") for path in private.glob(depth)}
    for path in sorted(found):
        parts = path.relative_to(private).parts
        hidden = any(part.startswith(".") for part in parts)
        if path.suffix not in (".yaml", ".yml") or hidden or _is_read(path.suffix, parts):
            continue
        problem = (
            "is not read; questions are in <round>/<name>.yaml, topics in topics.yaml, "
            f"drafts in {DRAFTS}/<round>/<name>.yaml"
        )
        yield ContentError(path, "(file)", problem)


def _is_read(suffix: str, parts: tuple[str, ...]) -> bool:
    """Tell whether a file of this place in the folder is content or a draft."""
    draft = parts[0] == DRAFTS
    return suffix == ".yaml" and (parts == ("topics.yaml",) or len(parts) == (3 if draft else 2))


def taken(
    found: Iterable[tuple[Path, Topic | Question]], builtin: Mapping[str, Path]
) -> Iterator[ContentError]:
    """Yield each id that the built-in bank has, with the file that has it."""
    for path, noun in found:
        if other := builtin.get(noun.id):
            problem = f"this id is used twice, also in {other}; rename yours"
            yield ContentError(path, noun.id, problem)


def with_a_way_out(problems: list[ContentError]) -> ContentError:
    """Return the first problem with how many there are and how to start all the same."""
    first = problems[0]
    more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
    way = "`interviewer bank check` lists all; unset INTERVIEWER_BANK to start without this folder"
    return ContentError(first.path, first.key, f"{first.problem}{more}.\n{way}.")
