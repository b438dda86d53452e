"""Settings -> the model they name, and one sentence on which interviewer is in use and why."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from interviewer.config import Settings
from interviewer.errors import ConfigError
from interviewer.llm.calls import Prices
from interviewer.llm.client import Call, Chat, ChatClient, ChatFactory
from interviewer.llm.model import Model
from interviewer.llm.tokens import TokenCounter

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

# Models that think before they answer: they take no temperature and spend output tokens unseen.
_THINKS = re.compile(r"(^|[/:])(o\d|gpt-[5-9](?!.*chat))|reason|think|[-_]r1\b|qwq|magistral", re.I)
# Of these, the ones whose opening <think> is part of the prompt, so that only the closing one comes.
_STARTS_THINKING = re.compile(r"[-_]r1\b|qwq|thinking", re.I)
_OWN_HOSTS = ("openai.com", "azure.com")


def get_model(settings: Settings) -> Model | None:
    """Return the configured model, or None for offline. Raise ConfigError for a wrong setting."""
    if not settings.model:
        return None
    if settings.spend_limit and None in _prices(settings):
        problem = (
            "needs INTERVIEWER_INPUT_PRICE_PER_MILLION and INTERVIEWER_OUTPUT_PRICE_PER_MILLION"
        )
        raise ConfigError("INTERVIEWER_SPEND_LIMIT", f"{problem}, or it cannot be kept")
    provider, name = _split(settings.model)
    if provider == "openai":
        client = ChatClient(_openai_factory(settings, name), is_openai=True)
    else:
        client = ChatClient(_provider_factory(provider, name), is_openai=False)
    return Model(
        name=settings.model,
        client=client,
        tokens=TokenCounter(settings.home / "tiktoken"),
        prices=_prices(settings),
        thinks=bool(_THINKS.search(name)),
        starts_thinking=bool(_STARTS_THINKING.search(name)),
    )


def model_status(settings: Settings) -> str:
    """Return which interviewer is in use, and why, in one sentence. Opens nothing."""
    if settings.model:
        at = urlsplit(settings.openai_base_url or "").netloc
        return f"The interviewer is the model {settings.model}{f' at {at}' if at else ''}."
    if settings.openai_api_key or settings.openai_base_url:
        found = "OPENAI_API_KEY" if settings.openai_api_key else "OPENAI_BASE_URL"
        return f"The interviewer is offline: {found} is set, but INTERVIEWER_MODEL names no model."
    return "The interviewer is offline: no model is configured (INTERVIEWER_MODEL is not set)."


def _split(model: str) -> tuple[str, str]:
    """Return (provider, name); a prefix that is no provider belongs to the name ("llama3:8b")."""
    prefix, colon, name = model.partition(":")
    if prefix == "openai" and colon:
        return "openai", name
    if not colon or not name:
        return "openai", model
    from langchain.chat_models import init_chat_model

    try:
        init_chat_model(name, model_provider=prefix)
    except ImportError as error:
        package = re.search(r"pip install ([\w-]+)", str(error))
        missing = package.group(1) if package else f"langchain-{prefix}"
        problem = f"{prefix!r} needs the package {missing}; install it with `pip install {missing}`"
        raise ConfigError("INTERVIEWER_MODEL", problem) from None
    except ValueError as error:
        if "nsupported" in str(error):
            return "openai", model
        # The provider is known; what it lacks (a key, mostly) it says itself, in its first line.
        problem = str(error).strip().splitlines()[0][:160]
        raise ConfigError("INTERVIEWER_MODEL", f"{prefix!r} cannot be opened: {problem}") from None
    return prefix, name


def _openai_factory(settings: Settings, name: str) -> ChatFactory:
    base_url, key = settings.openai_base_url, settings.openai_api_key
    if base_url is None and key is None:
        problem = (
            f"is not set, and INTERVIEWER_MODEL is {settings.model!r}; set it or OPENAI_BASE_URL"
        )
        raise ConfigError("OPENAI_API_KEY", problem)
    host = urlsplit(base_url).hostname or "" if base_url else _OWN_HOSTS[0]
    is_own = host.endswith(_OWN_HOSTS)

    @lru_cache(maxsize=16)
    def build(seconds: float, stream_usage: bool) -> BaseChatModel:
        from langchain_openai import ChatOpenAI

        return ChatOpenAI(
            model=name,
            base_url=base_url,
            api_key=key or "none",
            timeout=seconds,
            max_retries=0,
            use_responses_api=False,
            stream_usage=stream_usage,
        )

    def chat_for(call: Call, refused: frozenset[str]) -> Chat:
        # Compatible servers know max_tokens; OpenAI's own reasoning models only the longer name.
        names = ["max_completion_tokens", "max_tokens"]
        limit = next((n for n in (names if is_own else names[::-1]) if n not in refused), None)
        body: dict[str, Any] = {limit: call.max_tokens} if limit else {}
        if call.temperature is not None and "temperature" not in refused:
            body["temperature"] = call.temperature
        sends = frozenset(body) | ({"stream_options"} - refused)
        return Chat(build(call.seconds, "stream_options" not in refused), sends, body)

    return chat_for


def _provider_factory(provider: str, name: str) -> ChatFactory:
    @lru_cache(maxsize=32)
    def build(seconds: float, extra: tuple[tuple[str, Any], ...]) -> BaseChatModel:
        from langchain.chat_models import init_chat_model

        options: dict[str, Any] = {"timeout": seconds, "max_retries": 0, **dict(extra)}
        chat: BaseChatModel = init_chat_model(name, model_provider=provider, **options)
        return chat

    def chat_for(call: Call, refused: frozenset[str]) -> Chat:
        wanted = {"max_tokens": call.max_tokens, "temperature": call.temperature}
        kept = {k: v for k, v in wanted.items() if v is not None and k not in refused}
        return Chat(build(call.seconds, tuple(kept.items())), frozenset(kept), {})

    return chat_for


def _prices(settings: Settings) -> Prices:
    return Prices(settings.input_price_per_million, settings.output_price_per_million)
