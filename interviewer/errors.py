"""Everything that can go wrong, in one tree. Each message says what, which value, and what to do.

InterviewerError
├── ConfigError         a setting is missing or wrong (`variable`)
├── ContentError        a bank or rubric file is wrong (`path`, `key`)
├── ModelError          a language model cannot be used now
│   ├── ModelUnavailable    down, slow, rate-limited, refused, over budget
│   └── InvalidModelOutput  it answered, but not in the shape that was asked for
├── SessionNotFound     no session of this id
├── StaleSession        the session moved on (another tab) since this page was read
├── SessionClosed       the session is finished and takes no more answers
└── NotAccepted         a rating, a contest or a note that cannot be taken, and why
"""

from __future__ import annotations

from pathlib import Path


class InterviewerError(Exception):
    """Base of all errors that the interface shows as one sentence."""


class ConfigError(InterviewerError):
    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable}: {problem}")
        self.variable = variable


class ContentError(InterviewerError):
    def __init__(self, path: Path | str, key: str, problem: str) -> None:
        super().__init__(f"{path}: {key}: {problem}")
        self.path, self.key, self.problem = str(path), key, problem


class ModelError(InterviewerError):
    """A language model cannot be used for this call; the interview goes on without it."""


class ModelUnavailable(ModelError):
    """The model is down, slow, rate-limited, refuses, or its budget is spent."""


class InvalidModelOutput(ModelError):
    """The model answered, but not in the shape that was asked for."""


class SessionNotFound(InterviewerError):
    def __init__(self, session_id: str) -> None:
        super().__init__(f"No session {session_id!r}. `interviewer sessions list` shows yours.")


class StaleSession(InterviewerError):
    def __init__(self) -> None:
        super().__init__(
            "This session went on in another tab, so this message was not sent. "
            "Reload to see where it is; your text is still in the box."
        )


class SessionClosed(InterviewerError):
    def __init__(self) -> None:
        super().__init__("This session is finished. Start a new one to go on practising.")


class NotAccepted(InterviewerError):
    """What the candidate says of the grading cannot be taken; the message says what would be."""
