"""Runs sessions: start, answer, pause, finish, resume, grade. The only user of the store."""

from interviewer.session.sessions import Sessions
from interviewer.session.view import SessionView
from interviewer.session.wiring import open_sessions

__all__ = ["SessionView", "Sessions", "open_sessions"]
