"""Whatever a provider's library raises -> ModelError, in words for the page. Never quotes a key.

Pure. Providers share no error tree, so this goes by status code and by what kind of error it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from interviewer.errors import InvalidModelOutput, ModelError, ModelUnavailable

# What client libraries raise when a body is not what the protocol says.
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError)
_LONGEST_WAIT_SECONDS = 600.0


class Outage(ModelUnavailable):
    """A call that was not answered. `status` is the HTTP status, if there was one."""

    def __init__(
        self, problem: str, *, status: int | None = None, retry_after_seconds: float | None = None
    ) -> None:
        super().__init__(problem)
        self.status = status
        self.retry_after_seconds = retry_after_seconds


class Refused(Outage):
    """The server refuses this kind of request (a parameter, an output format); `detail` says which."""

    def __init__(self, problem: str, *, status: int, detail: str) -> None:
        super().__init__(problem, status=status)
        self.detail = detail.lower()


class Unreadable(InvalidModelOutput):
    """The server's answer is not what the protocol says: no text, or not JSON."""


def trouble_of(error: BaseException, seconds: float) -> ModelError:
    """Return the ModelError that an error of a client library amounts to."""
    if isinstance(error, ModelError):
        return error
    status = _status(error)
    name = type(error).__name__
    if isinstance(error, TimeoutError) or "Timeout" in name:
        return Outage(f"no complete answer within {seconds:g} s (timeout)")
    if status is not None:
        return _from_status(status, error)
    if isinstance(error, NotImplementedError):
        return Refused("the provider does not offer this", status=501, detail=str(error))
    if isinstance(error, _UNREADABLE):
        return Unreadable(f"the server's answer could not be read ({name})")
    return Outage(f"the connection failed or broke off ({name})")


def _from_status(status: int, error: BaseException) -> ModelError:
    if status == 429:
        return Outage(
            "rate-limited by the server (429)", status=429, retry_after_seconds=_retry_after(error)
        )
    if status in (401, 403):
        return Outage(f"the server refused the key ({status})", status=status)
    if status in (400, 404, 405, 415, 422, 501):
        kind = "knows no such model or address" if status == 404 else "refused the request"
        return Refused(f"the server {kind} ({status})", status=status, detail=str(error))
    return Outage(
        f"the server reports an error ({status})",
        status=status,
        retry_after_seconds=_retry_after(error),
    )


def _status(error: BaseException) -> int | None:
    for name in ("status_code", "code"):
        value = getattr(error, name, None)
        if isinstance(value, int) and 400 <= value <= 599:
            return value
    return None


def _retry_after(error: BaseException) -> float | None:
    """Return the seconds to wait: the header holds seconds or a date."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    value = headers.get("retry-after") if isinstance(headers, Mapping) else None
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(seconds, 0.0), _LONGEST_WAIT_SECONDS)
