"""Settings: the only reader of the environment and of `.env`. Secrets stay `SecretStr`."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from interviewer.errors import ConfigError


class Settings(BaseSettings):
    """Everything a user may set, by environment variable or a line in `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="INTERVIEWER_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
    )

    home: Path = Field(default_factory=lambda: user_data_path("interviewer"))
    database_url: str | None = None
    bank: Path | None = None
    model: str | None = None
    openai_api_key: SecretStr | None = Field(default=None, alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(default=None, alias="OPENAI_BASE_URL")
    reply_timeout_seconds: float = Field(default=20, gt=0)
    steer_timeout_seconds: float = Field(default=6, gt=0)
    grade_timeout_seconds: float = Field(default=90, gt=0)
    input_price_per_million: float | None = Field(default=None, ge=0)
    output_price_per_million: float | None = Field(default=None, ge=0)
    spend_limit: float | None = Field(default=None, gt=0)

    @field_validator("home", "bank")
    @classmethod
    def _from_home(cls, path: Path | None) -> Path | None:
        """Let `~` stand for the home folder in `.env` too, where no shell replaces it."""
        return path.expanduser() if path else path

    @property
    def store_url(self) -> str:
        """Return the database URL: the given one, or SQLite in the home folder."""
        return self.database_url or f"sqlite:///{self.home / 'interviewer.sqlite3'}"

    @property
    def index_directory(self) -> Path:
        return self.home / "index"

    @property
    def vector_cache_path(self) -> Path:
        return self.home / "vectors.sqlite3"


def load_settings() -> Settings:
    """Read the settings and make the home folder. Raise ConfigError naming the variable."""
    try:
        settings = Settings()
    except UnicodeDecodeError:
        raise ConfigError(".env", "is not UTF-8 text; save it as UTF-8") from None
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        variable = name if name.isupper() else f"INTERVIEWER_{name.upper()}"
        raise ConfigError(variable, f"{first['msg']}; correct or unset it") from None
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = f"cannot make {settings.home} ({error.strerror}); name a folder you may write to"
        raise ConfigError("INTERVIEWER_HOME", problem) from None
    return settings
