"""A model's text -> a value of a schema, tolerating fences and prose around the JSON. Pure."""

from __future__ import annotations

import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from interviewer.errors import InvalidModelOutput

S = TypeVar("S", bound=BaseModel)


def read_json(text: str, schema: type[S]) -> S:
    """Return the first object in `text` that fits. Raise InvalidModelOutput saying what is wrong."""
    if not text.strip():
        raise InvalidModelOutput("the answer was empty")
    problem = "the answer holds no JSON object"
    decoder, at = json.JSONDecoder(strict=False), text.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            try:
                return schema.model_validate(value)
            except ValidationError as error:
                problem = f"the answer has the wrong shape: {_first_problem(error)}"
        at = text.find("{", end)
    raise InvalidModelOutput(problem)


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the whole"
    return f"{where}: {first['msg']}"
