"""What every test shares: no network but loopback, a home of its own, no settings from outside."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts


@pytest.fixture(autouse=True)
def _loopback_only() -> None:
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test its own user data folder and an environment without settings."""
    for name in ("MODEL", "DATABASE_URL", "SPEND_LIMIT", "BANK"):
        monkeypatch.delenv(f"INTERVIEWER_{name}", raising=False)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INTERVIEWER_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"
