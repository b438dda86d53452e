"""A loopback OpenAI-compatible server with a script: answers, delays and every fault worth testing.

    with FaultyServer(Reply(status=500), Reply("hello")) as server: ...   # then always `default`

`answer` may be a function of the request instead. `requests` keeps what was asked, in order.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Any, Literal, NamedTuple

Fault = Literal["hang", "drop", "not_json", "stall"]


class Reply(NamedTuple):
    """One scripted answer. `fault`: hang (never answers), stall (stops after the first piece), drop
    (closes halfway), not_json (a body that is none). `tool`: answer as a tool call if one was asked.
    """

    text: str = "Thank you, go on."
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    message: str = "scripted error"
    fault: Fault | None = None
    finish: str = "stop"
    usage: bool = True
    tool: bool = True
    reasoning: str = ""
    first_token_seconds: float = 0.0
    tokens_per_second: float = 0.0


class FaultyServer:
    """Serves from a thread; use as a context manager."""

    def __init__(
        self,
        *script: Reply,
        default: Reply = Reply(),  # noqa: B008
        answer: Callable[[dict[str, Any]], Reply] | None = None,
    ) -> None:
        self.requests: list[dict[str, Any]] = []
        self.dropped_by_client = Event()
        self._script = list(script)
        self._default = default
        self._answer = answer
        self._released = Event()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._http.server_port}/v1"

    def __enter__(self) -> FaultyServer:
        Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._released.set()
        self._http.shutdown()
        self._http.server_close()

    def next_reply(self, request: dict[str, Any]) -> Reply:
        self.requests.append(request)
        if self._answer is not None:
            return self._answer(request)
        return self._script.pop(0) if self._script else self._default

    def wait_for_release(self) -> None:
        """Hold a connection open until the server closes."""
        self._released.wait(30)


class _Handler(BaseHTTPRequestHandler):
    owner: FaultyServer
    protocol_version = "HTTP/1.0"

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        reply = self.owner.next_reply(request)
        try:
            self._send(request, reply)
        except (BrokenPipeError, ConnectionResetError):
            self.owner.dropped_by_client.set()

    def log_message(self, format: str, *args: Any) -> None:
        return

    def _send(self, request: dict[str, Any], reply: Reply) -> None:
        if reply.fault == "hang":
            self.owner.wait_for_release()
        elif reply.status != 200:
            self._body(json.dumps({"error": {"message": reply.message}}), reply)
        elif reply.fault == "not_json":
            self._body("<html>502 Bad Gateway</html>", reply, "text/html")
        elif request.get("stream"):
            self._stream(request, reply)
        else:
            time.sleep(reply.first_token_seconds + _writing_seconds(reply))
            body = json.dumps(_completion(request, reply))
            self._body(
                body[: len(body) // 2] if reply.fault == "drop" else body, reply, size=len(body)
            )

    def _body(
        self, body: str, reply: Reply, kind: str = "application/json", size: int | None = None
    ) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(size or len(body)))
        for name, value in reply.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def _stream(self, request: dict[str, Any], reply: Reply) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        # A promised length that never comes is how a client tells a dropped stream from a finished one.
        if reply.fault == "drop":
            self.send_header("Content-Length", "1000000")
        self.end_headers()
        time.sleep(reply.first_token_seconds)
        if reply.reasoning:
            self._event({"choices": [_delta({"reasoning_content": reply.reasoning})]})
        pieces = re.findall(r"\s*\S{1,5}", reply.text)
        for number, piece in enumerate(pieces):
            if number and reply.tokens_per_second:
                time.sleep(1 / reply.tokens_per_second)
            if number == max(1, len(pieces) // 2) and reply.fault == "drop":
                return
            if number == 1 and reply.fault == "stall":
                self.owner.wait_for_release()
                return
            self._event({"choices": [_delta({"content": piece})]})
        self._event({"choices": [_delta({}, reply.finish)]})
        if reply.usage and (request.get("stream_options") or {}).get("include_usage"):
            self._event({"choices": [], "usage": _usage(request, reply)})
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, chunk: dict[str, Any]) -> None:
        whole = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", **chunk}
        self.wfile.write(f"data: {json.dumps(whole)}\n\n".encode())
        self.wfile.flush()


def _completion(request: dict[str, Any], reply: Reply) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text}
    if request.get("tools") and reply.tool:
        function = {"name": request["tools"][0]["function"]["name"], "arguments": reply.text}
        message["tool_calls"] = [{"id": "t", "type": "function", "function": function}]
        message["content"] = None
    whole = {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish}],
    }
    return {**whole, "usage": _usage(request, reply)} if reply.usage else whole


def _delta(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}


def _usage(request: dict[str, Any], reply: Reply) -> dict[str, int]:
    """Count words: plainly the server's own figures, unlike the client's estimate."""
    prompt = sum(len(m["content"].split()) for m in request["messages"])
    answer = len(reply.text.split())
    return {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}


def _writing_seconds(reply: Reply) -> float:
    pieces = len(re.findall(r"\s*\S{1,5}", reply.text))
    return pieces / reply.tokens_per_second if reply.tokens_per_second else 0.0
