"""The model door over real HTTP: every fault becomes a ModelError in time, and every call is noted."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from pydantic import BaseModel, SecretStr

from interviewer.config import Settings
from interviewer.errors import ConfigError, InvalidModelOutput, ModelUnavailable
from interviewer.llm import Model, Prompt, PromptOverBudget, Usage, get_model, model_status
from interviewer.llm.breaker import Breaker
from interviewer.llm.calls import Prices
from interviewer.llm.json_output import read_json
from interviewer.llm.relay import relay
from interviewer.llm.thinking import ThinkingFilter, spoken_text
from interviewer.llm.tokens import TokenCounter
from tests.faulty_server import Fault, FaultyServer, Reply

T = TypeVar("T")
PROMPT = Prompt("You are brief.", "Say hello.", 200)
GOOD = Reply('{"reason": "said so", "verdict": "met"}')


class Judgement(BaseModel):
    """A verdict with its reason."""

    reason: str
    verdict: str


class Book:
    """A ledger in memory."""

    def __init__(self, left: float | None = None) -> None:
        self.usages: list[Usage] = []
        self.left = left

    def note(self, usage: Usage) -> None:
        self.usages.append(usage)

    def remaining(self) -> float | None:
        return self.left


@pytest.fixture(scope="module")
def tokens_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the vocabulary once for the whole file."""
    return tmp_path_factory.mktemp("tokens")


def model_at(server: FaultyServer, home: Path, **settings: object) -> Model:
    model = get_model(
        Settings(
            home=home,
            model=str(settings.pop("model", "small-model")),
            openai_base_url=server.base_url,
            **settings,  # type: ignore[arg-type]
        )
    )
    assert model is not None
    return model


def say(model: Model, *, seconds: float = 5.0, ledger: Book | None = None) -> str:
    pieces = model.stream(
        PROMPT, purpose="speak", max_tokens=50, timeout_seconds=seconds, ledger=ledger
    )
    return "".join(pieces)


def judge(model: Model, *, seconds: float = 5.0, ledger: Book | None = None) -> Judgement:
    return model.structured(
        PROMPT, Judgement, purpose="grade", max_tokens=50, timeout_seconds=seconds, ledger=ledger
    )


def collect(source: Iterator[T], into: list[T]) -> None:
    """Keep what came even when the source breaks off."""
    for value in source:
        into.append(value)


# -- which model --------------------------------------------------------------------------------


def test_without_a_model_the_interviewer_is_offline(tmp_path: Path) -> None:
    assert get_model(Settings(home=tmp_path)) is None
    assert "INTERVIEWER_MODEL is not set" in model_status(Settings(home=tmp_path))


def test_a_key_without_a_model_name_is_explained(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, openai_api_key=SecretStr("sk-secret"))
    assert get_model(settings) is None
    assert "OPENAI_API_KEY is set, but INTERVIEWER_MODEL names no model" in model_status(settings)


def test_a_model_without_key_or_address_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="OPENAI_API_KEY"):
        get_model(Settings(home=tmp_path, model="gpt-4o-mini"))


def test_a_provider_whose_package_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="pip install langchain-groq"):
        get_model(Settings(home=tmp_path, model="groq:llama-3.3-70b"))


def test_a_spend_limit_needs_prices(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, model="m", openai_base_url="http://x/v1", spend_limit=1.0)
    with pytest.raises(ConfigError, match="INTERVIEWER_SPEND_LIMIT"):
        get_model(settings)


@pytest.mark.parametrize("name", ["openai:small", "llama3:8b"])
def test_names_with_a_colon(tokens_home: Path, name: str) -> None:
    with FaultyServer() as server:
        say(model_at(server, tokens_home, model=name))
    assert server.requests[0]["model"] == name.removeprefix("openai:")


# -- happy paths --------------------------------------------------------------------------------


def test_an_answer_streams_in_pieces_with_the_servers_usage(tokens_home: Path) -> None:
    book = Book()
    with FaultyServer(Reply("Good morning to you.")) as server:
        model = model_at(
            server, tokens_home, input_price_per_million=2.0, output_price_per_million=10.0
        )
        pieces = list(
            model.stream(PROMPT, purpose="speak", max_tokens=50, timeout_seconds=5, ledger=book)
        )
    assert "".join(pieces) == "Good morning to you."
    assert len(pieces) > 1
    # The scripted server counts words: five in the prompt, four in the answer.
    assert book.usages == [Usage("speak", "small-model", 5, 4, (5 * 2.0 + 4 * 10.0) / 1e6)]


def test_usage_is_counted_here_when_the_server_reports_none(tokens_home: Path) -> None:
    book = Book()
    with FaultyServer(Reply("Good morning.", usage=False)) as server:
        say(model_at(server, tokens_home), ledger=book)
    (usage,) = book.usages
    assert usage.prompt_tokens > 8
    assert usage.completion_tokens == 3
    assert usage.cost is None


def test_no_temperature_is_sent_for_speech_and_the_limit_is(tokens_home: Path) -> None:
    with FaultyServer() as server:
        say(model_at(server, tokens_home))
    assert "temperature" not in server.requests[0]
    assert server.requests[0]["max_tokens"] == 50


def test_structured_output_by_json_schema(tokens_home: Path) -> None:
    book = Book()
    with FaultyServer(GOOD) as server:
        assert judge(model_at(server, tokens_home), ledger=book).verdict == "met"
    assert server.requests[0]["response_format"]["json_schema"]["strict"] is True
    assert server.requests[0]["temperature"] == 0.0
    assert [u.purpose for u in book.usages] == ["grade"]


def test_structured_output_falls_back_and_remembers(tokens_home: Path) -> None:
    refused = Reply(status=400, message="response_format is not supported")
    no_tools = Reply(status=400, message="tools are not supported")
    with FaultyServer(refused, no_tools, GOOD, GOOD) as server:
        model = model_at(server, tokens_home)
        assert judge(model).verdict == "met"
        assert judge(model).verdict == "met"
    asked = [sorted({"response_format", "tools"} & set(r)) for r in server.requests]
    assert asked == [["response_format"], ["tools"], [], []]
    assert "JSON schema" in server.requests[2]["messages"][1]["content"]


def test_structured_output_by_tool_call(tokens_home: Path) -> None:
    with FaultyServer(Reply(status=400, message="unknown field response_format"), GOOD) as server:
        assert judge(model_at(server, tokens_home)).reason == "said so"
    assert server.requests[1]["tool_choice"]["function"]["name"] == "Judgement"


def test_a_way_of_asking_that_never_worked_gives_way_next_time(tokens_home: Path) -> None:
    with FaultyServer(Reply("I would rather chat."), GOOD) as server:
        model = model_at(server, tokens_home)
        with pytest.raises(InvalidModelOutput):
            judge(model)
        assert judge(model).verdict == "met"
    assert "tools" in server.requests[1]
    assert len(server.requests) == 2


def test_reasoning_models_send_no_temperature_and_get_room_to_think(tokens_home: Path) -> None:
    with FaultyServer(GOOD) as server:
        judge(model_at(server, tokens_home, model="o4-mini"))
    assert "temperature" not in server.requests[0]
    assert server.requests[0]["max_tokens"] > 1000


def test_a_refused_parameter_is_dropped_for_good(tokens_home: Path) -> None:
    refusal = Reply(status=400, message="Unsupported value: 'temperature' does not support 0")
    longer = Reply(status=400, message="'max_tokens' is not supported, use 'max_completion_tokens'")
    with FaultyServer(refusal, longer, GOOD, GOOD) as server:
        model = model_at(server, tokens_home)
        judge(model)
        judge(model)
    assert "temperature" not in server.requests[3]
    assert server.requests[3]["max_completion_tokens"] == 50


def test_thinking_is_never_spoken(tokens_home: Path) -> None:
    with FaultyServer(
        Reply("<think>They want praise.</think>\n\nGo on, please."),
        Reply("Go on, please.", reasoning="They want praise."),
        Reply('<think>{"verdict": "no"}</think>```json\n{"reason": "r", "verdict": "met"}\n```'),
    ) as server:
        model = model_at(server, tokens_home)
        assert say(model) == "Go on, please."
        assert say(model) == "Go on, please."
        assert judge(model).verdict == "met"


# -- faults -------------------------------------------------------------------------------------

UNAVAILABLE = [
    (Reply(status=429), "429"),
    (Reply(status=500), "500"),
    (Reply(status=401, message="bad key sk-secret"), "refused the key"),
    (Reply(fault="hang"), "timeout"),
    (Reply(fault="drop"), "broke off"),
]


@pytest.mark.parametrize(("reply", "words"), UNAVAILABLE)
@pytest.mark.parametrize("ask", [say, judge])
def test_outages_are_model_unavailable_in_time(
    tokens_home: Path, ask: object, reply: Reply, words: str
) -> None:
    with FaultyServer(default=reply) as server:
        model = model_at(server, tokens_home)
        begin = time.monotonic()
        with pytest.raises(ModelUnavailable, match=words) as caught:
            ask(model, seconds=0.6)  # type: ignore[operator]
        assert time.monotonic() - begin < 3
        assert "sk-secret" not in str(caught.value)
        assert len(server.requests) == 1, "no hidden retries"
        model.close()


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply("no braces at all"), "no JSON"),
        (Reply('{"verdict": 3}'), "wrong shape"),
        (Reply('{"reason": "it goes on', finish="length"), "cut off"),
        (Reply(""), "empty"),
        (Reply(fault="not_json"), "could not be read"),
    ],
)
def test_nonsense_is_invalid_output(tokens_home: Path, reply: Reply, words: str) -> None:
    with FaultyServer(reply) as server, pytest.raises(InvalidModelOutput, match=words):
        judge(model_at(server, tokens_home))


@pytest.mark.parametrize("reply", [Reply(""), Reply(fault="not_json")])
def test_a_stream_without_text_is_invalid_output(tokens_home: Path, reply: Reply) -> None:
    with FaultyServer(reply) as server, pytest.raises(InvalidModelOutput):
        say(model_at(server, tokens_home))


@pytest.mark.parametrize("fault", ["stall", "drop"])
def test_what_came_before_a_break_is_heard_and_noted(tokens_home: Path, fault: Fault) -> None:
    book = Book()
    heard: list[str] = []
    with FaultyServer(Reply("One two three four five six.", fault=fault)) as server:
        model = model_at(server, tokens_home)
        pieces = model.stream(
            PROMPT, purpose="speak", max_tokens=50, timeout_seconds=0.5, ledger=book
        )
        with pytest.raises(ModelUnavailable):
            collect(pieces, heard)
    assert "".join(heard).startswith("One")
    assert book.usages[0].completion_tokens >= 1


def test_a_stopped_stream_is_closed_at_the_server(tokens_home: Path) -> None:
    with FaultyServer(Reply("word " * 400, tokens_per_second=100)) as server:
        pieces = model_at(server, tokens_home).stream(
            PROMPT, purpose="speak", max_tokens=50, timeout_seconds=10
        )
        next(pieces)
        pieces.close()  # type: ignore[attr-defined]
        assert server.dropped_by_client.wait(3)


def test_a_prompt_over_its_budget_is_an_error_of_the_program(tokens_home: Path) -> None:
    with FaultyServer() as server:
        model = model_at(server, tokens_home)
        with pytest.raises(PromptOverBudget):
            list(
                model.stream(
                    Prompt("s", "word " * 300, 100), purpose="x", max_tokens=5, timeout_seconds=1
                )
            )
    assert server.requests == []


def test_nothing_is_sent_beyond_the_spend_limit(tokens_home: Path) -> None:
    prices = {"input_price_per_million": 10.0, "output_price_per_million": 10.0}
    with FaultyServer() as server:
        model = model_at(server, tokens_home, **prices)
        with pytest.raises(ModelUnavailable, match="spend limit"):
            say(model, ledger=Book(left=0.0001))
        assert server.requests == []
        assert say(model, ledger=Book(left=0.1))


# -- breaker ------------------------------------------------------------------------------------


def test_two_failures_open_the_breaker_and_a_probe_closes_it(tokens_home: Path) -> None:
    with FaultyServer(Reply(status=500), Reply(status=500)) as server:
        model = model_at(server, tokens_home)
        model._breaker._first_delay = 0.3
        for _ in range(2):
            with pytest.raises(ModelUnavailable):
                say(model)
        with pytest.raises(ModelUnavailable, match="not called again"):
            say(model)
        assert len(server.requests) == 2
        assert model.down_because
        _wait(lambda: model.down_because is None)
        assert say(model) == "Thank you, go on."


def test_retry_after_opens_at_once_and_is_honoured(tokens_home: Path) -> None:
    limited = Reply(status=429, headers=(("Retry-After", "1"),))
    with FaultyServer(limited) as server:
        model = model_at(server, tokens_home)
        model._breaker._first_delay = 0.1
        begin = time.monotonic()
        with pytest.raises(ModelUnavailable, match="rate-limited"):
            say(model)
        _wait(lambda: model.down_because is None)
        assert time.monotonic() - begin >= 1.0


def test_probes_back_off_until_the_model_is_back() -> None:
    times: list[float] = []

    def probe() -> None:
        times.append(time.monotonic())
        if len(times) < 3:
            raise ModelUnavailable("still down")

    breaker = Breaker(probe, first_delay_seconds=0.05, longest_delay_seconds=0.15)
    breaker.failed(ModelUnavailable("down"))
    breaker.check()
    breaker.failed(ModelUnavailable("down"))
    _wait(lambda: breaker.open_because is None)
    assert times[1] - times[0] >= 0.09
    assert times[2] - times[1] >= 0.14


def test_a_wrong_shape_does_not_open_the_breaker(tokens_home: Path) -> None:
    with FaultyServer(default=Reply("chatter")) as server:
        model = model_at(server, tokens_home)
        for _ in range(3):
            with pytest.raises(InvalidModelOutput):
                judge(model)
        assert model.down_because is None


def _wait(condition: object, seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.01)


# -- pieces -------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_thinking_is_dropped_however_it_is_split(size: int) -> None:
    text = "<think>a < b, so praise</think>\n If x < y then <b>stop</b>. <Thinking>no</Thinking>End"
    thinking = ThinkingFilter()
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    spoken = "".join(map(thinking.feed, pieces)) + thinking.flush()
    assert spoken == "If x < y then <b>stop</b>. End"


def test_a_lone_closing_tag_ends_thinking_that_began_in_the_prompt() -> None:
    assert spoken_text("They want praise.\n</think>\nGo on.") == "Go on."
    held = ThinkingFilter(inside=True)
    assert held.feed("They want ") + held.feed("praise.</think>Go on.") == "Go on."
    never_closed = ThinkingFilter(inside=True)
    assert never_closed.feed("Go on.") + never_closed.flush() == "Go on."


@pytest.mark.parametrize(
    "text",
    [
        '{"reason": "r", "verdict": "v"}',
        'Sure! Here:\n```json\n{"reason": "r", "verdict": "v"}\n```\nAnything else?',
        'I weigh {this}. {"other": 1} {"reason": "r", "verdict": "v"}',
    ],
)
def test_json_is_found_among_fences_and_prose(text: str) -> None:
    assert read_json(text, Judgement) == Judgement(reason="r", verdict="v")


def test_deeply_nested_nonsense_is_only_invalid() -> None:
    with pytest.raises(InvalidModelOutput):
        read_json('{"a":' * 5000, Judgement)


def test_tokens_are_counted_with_the_vendored_vocabulary(tokens_home: Path) -> None:
    counter = TokenCounter(tokens_home)
    assert counter.count("hello world") == 2
    assert counter.count("<|endoftext|>") > 1, "candidate text is never a control token"


def test_counting_survives_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert TokenCounter(blocked / "tokens").count("twelve chars") == 3


def test_a_stalled_source_does_not_hold_the_consumer() -> None:
    def source() -> Iterator[int]:
        yield 1
        time.sleep(1)

    begin = time.monotonic()
    got: list[int] = []
    relayed = relay(source, 0.2, lambda error: ValueError(type(error).__name__))
    with pytest.raises(ValueError, match="TimeoutError"):
        collect(relayed, got)
    assert got == [1]
    assert time.monotonic() - begin < 0.6


def test_unknown_prices_give_no_cost() -> None:
    assert Prices(None, 1.0).cost(10, 10) is None
