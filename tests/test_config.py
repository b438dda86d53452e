"""Settings: from the environment or `.env`, with secrets that stay secret."""

from pathlib import Path

import pytest

from interviewer.config import load_settings
from interviewer.errors import ConfigError


def test_the_defaults_need_nothing(home: Path) -> None:
    settings = load_settings()
    assert settings.model is None
    assert settings.store_url == f"sqlite:///{home / 'interviewer.sqlite3'}"
    assert home.is_dir()


def test_a_dot_env_file_is_read_and_a_key_is_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("OPENAI_API_KEY=sk-secret\nINTERVIEWER_MODEL=some-model\n")
    settings = load_settings()
    assert settings.model == "some-model"
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "sk-secret"
    assert "sk-secret" not in repr(settings)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("INTERVIEWER_REPLY_TIMEOUT_SECONDS", "soon"), ("INTERVIEWER_SPEND_LIMIT", "-1")],
)
def test_a_bad_value_names_its_variable(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigError, match=variable):
        load_settings()


def test_a_home_that_cannot_be_made_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("INTERVIEWER_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(ConfigError, match="INTERVIEWER_HOME"):
        load_settings()
