"""A YAML file -> checked nouns. Every error names the file, the key by its ids, and the remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from interviewer.errors import ContentError

# The same in C, nine times as fast on the bank, where PyYAML was built with it.
_FASTEST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_FASTEST):  # type: ignore[misc]
    """Refuses a key that a mapping has twice, of which YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                problem = f"the key {key.value!r} is there twice; remove one"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(str(key.value))
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


def read_yaml(path: Path) -> Any:
    """Read one YAML file. Raise ContentError."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except FileNotFoundError:
        raise ContentError(path, "(file)", "is missing; restore it or reinstall") from None
    except OSError as error:
        raise ContentError(path, "(file)", f"cannot be read ({error.strerror}); move it") from None
    except UnicodeDecodeError:
        raise ContentError(path, "(file)", "is not UTF-8 text; save it as UTF-8") from None
    except yaml.YAMLError as error:
        raise ContentError(path, "(file)", _syntax_problem(error)) from None


def _syntax_problem(error: yaml.YAMLError) -> str:
    """Say in one line what is wrong and where."""
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    problem = getattr(error, "problem", None) or " ".join(str(error).split())
    return f"is not valid YAML: {where}{problem}"


def as_mapping(path: Path, raw: Any, keys: set[str]) -> dict[str, Any]:
    """Return what a file holds if it has exactly these keys. Raise ContentError."""
    if not isinstance(raw, dict) or set(raw) != keys:
        raise ContentError(path, "(top)", f"needs exactly the keys {', '.join(sorted(keys))}")
    return raw


def validated(path: Path, raw: Any, kind: Any) -> Any:
    """Return parsed content as `kind`. Raise ContentError for the first thing that is wrong."""
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
