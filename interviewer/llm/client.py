"""One LangChain chat model, spoken to in plain terms: text pieces, whole answers, ModelError.

Keeps the dialect a server turned out to understand; retries nothing else and knows no breaker.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel

from interviewer.llm.calls import Prompt
from interviewer.llm.relay import relay
from interviewer.llm.trouble import Refused, trouble_of

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

# How a server can be made to answer in a shape, best first.
ShapeMode = Literal["json_schema", "tool", "json"]
# Parameters that not every server or model takes. One that is refused by name is sent no more.
_OPTIONAL = ("temperature", "stream_options", "max_completion_tokens", "max_tokens")
_CUT_OFF = {"length", "max_tokens", "MAX_TOKENS"}


class Call(NamedTuple):
    """What one call asks for. `schema` None: free text; otherwise the answer's shape, asked by `mode`."""

    prompt: Prompt
    max_tokens: int
    seconds: float
    temperature: float | None = None
    schema: type[BaseModel] | None = None
    mode: ShapeMode = "json"


class Answer(NamedTuple):
    """An answer or a piece of one; token counts are None where the server reports none."""

    text: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cut_off: bool = False


class Chat(NamedTuple):
    """A LangChain model for one call, the optional parameters it sends, and fields to add to the
    body of an OpenAI-compatible request.
    """

    model: BaseChatModel
    sends: frozenset[str]
    body: dict[str, Any]


# Makes the chat for one call, leaving out the parameters that were refused.
ChatFactory: TypeAlias = Callable[[Call, frozenset[str]], Chat]


class ChatClient:
    """Makes calls. Safe to use from several threads."""

    def __init__(self, chat_for: ChatFactory, *, is_openai: bool) -> None:
        self._chat_for = chat_for
        self._is_openai = is_openai
        self._refused: frozenset[str] = frozenset()

    @property
    def modes(self) -> tuple[ShapeMode, ...]:
        """Return the shape modes worth trying, best first."""
        return ("json_schema", "tool", "json") if self._is_openai else ("tool", "json")

    def stream(self, call: Call) -> Iterator[Answer]:
        """Yield a free-text answer in pieces. Raise ModelError."""
        return self._run(call, lambda chat, messages: chat.stream(messages))

    def complete(self, call: Call) -> Answer:
        """Return a whole answer. Raise ModelError."""
        answers = list(self._run(call, lambda chat, messages: iter([chat.invoke(messages)])))
        return answers[-1]

    def _run(
        self, call: Call, start: Callable[[Any, Any], Iterator[BaseMessage]]
    ) -> Iterator[Answer]:
        """Run one call; once more only when the server refuses a parameter by name."""
        while True:
            # Opened here, not in the relay's thread: the first import takes seconds that are not the model's.
            chat = self._chat_for(call, self._refused)
            source = partial(_source, chat, call, start)
            try:
                yield from relay(source, call.seconds, partial(trouble_of, seconds=call.seconds))
                return
            except Refused as refusal:
                named = [
                    name for name in _OPTIONAL if name in chat.sends and name in refusal.detail
                ]
                if not named:
                    raise
                self._refused = self._refused | {named[0]}


def _source(
    chat: Chat, call: Call, start: Callable[[Any, Any], Iterator[BaseMessage]]
) -> Iterator[Answer]:
    model: Any = chat.model
    system, user, _ = call.prompt
    body = dict(chat.body)
    if call.schema is not None:
        if call.mode == "json_schema":
            # In the body, past LangChain: its own way hides the text and usage of a cut-off answer.
            body["response_format"] = _response_format(call.schema)
        elif call.mode == "tool":
            model = model.bind_tools([_function(call.schema)], tool_choice=call.schema.__name__)
        else:
            user = f"{user}\n\n{_in_words(call.schema)}"
    model = model.bind(extra_body=body) if body else model
    return map(_answer, start(model, [("system", system), ("human", user)]))


def _answer(message: BaseMessage) -> Answer:
    usage = getattr(message, "usage_metadata", None) or {}
    ending = message.response_metadata
    return Answer(
        text=_arguments(message) or message.text,
        prompt_tokens=usage.get("input_tokens"),
        completion_tokens=usage.get("output_tokens"),
        cut_off=(ending.get("finish_reason") or ending.get("stop_reason")) in _CUT_OFF,
    )


def _arguments(message: BaseMessage) -> str:
    """Return the arguments of the first tool call as JSON; empty without one."""
    for call in getattr(message, "tool_calls", ()):
        return json.dumps(call["args"])
    for call in getattr(message, "invalid_tool_calls", ()):
        return str(call["args"] or "")
    return ""


def _function(schema: type[BaseModel]) -> dict[str, Any]:
    from langchain_core.utils.function_calling import convert_to_openai_function

    return convert_to_openai_function(schema, strict=True)


def _response_format(schema: type[BaseModel]) -> dict[str, Any]:
    function = _function(schema)
    shape = {"name": function["name"], "schema": function["parameters"], "strict": True}
    return {"type": "json_schema", "json_schema": shape}


def _in_words(schema: type[BaseModel]) -> str:
    shape = json.dumps(_function(schema)["parameters"], separators=(",", ":"))
    return f"Answer with one JSON object and nothing else, of this JSON schema: {shape}"
