"""The environment, read once and typed. Everything else reads `ENV`, nothing reads os.environ."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from toli.config import texts
from toli.kit import secrets as keyring

ROOT = Path(__file__).resolve().parents[3]
PLACEHOLDER_SENDER = "TOLIXX"


class BadEnvironment(SystemExit):
    """The environment cannot be used; the message says which variable and what to do."""


class Environment(BaseSettings):
    """What a deployment may set. A TOLI_ variable that is not here is refused: it is a spelling mistake."""

    model_config = SettingsConfigDict(
        env_prefix="TOLI_", extra="ignore", case_sensitive=False, use_attribute_docstrings=True
    )

    mode: Literal["development", "production", "test"] = "development"
    """`production` refuses to start unsafely and has no demo doors."""
    home: Path = ROOT / "var"
    """The folder of everything that is kept: database, key ring, files, logs."""
    port: Annotated[int, Field(ge=1, le=65534, validation_alias="PORT")] = 8000
    """Where the pages answer; the pulse answers one above, the local SMS server two above."""
    host: str = "127.0.0.1"
    """The address to listen on."""
    public_url: str = ""
    """The address people type; https in production."""

    database_url: Annotated[str, Field(validation_alias="DATABASE_URL")] = ""
    """A PostgreSQL of your own, as the role that may not change records; empty: ours is started."""
    owner_database_url: Annotated[str, Field(validation_alias="OWNER_DATABASE_URL")] = ""
    """The same database as the role that owns the tables: only for `toli migrate` and backups."""
    pool: Annotated[int, Field(ge=0, le=200)] = 0
    """Connections each process keeps open; 0: one for each request."""
    threads: Annotated[int, Field(ge=1, le=64)] = 4
    """Requests a web process answers at once."""

    proxies: Annotated[int, Field(ge=-1, le=5)] = -1
    """How many proxies of ours stand before the pages; their last address is believed. -1: one in production."""

    keys: Path | None = None
    """The key ring (mode 0600), kept apart from the database; without it no number can be read."""
    allowed_hosts: Annotated[list[str], NoDecode] = []
    """Names the pages answer to, with commas between."""

    sms_url: str = ""
    """The gateway that sends SMS; `toli up` starts a local one where this is empty."""
    sms_token: SecretStr = SecretStr("")
    """Its token; it also signs the gateway's receipts."""
    sms_fallback_url: str = ""
    """A second gateway, used while the first fails."""
    sms_fallback_token: SecretStr = SecretStr("")
    """Its token."""
    sms_sender: str = PLACEHOLDER_SENDER
    """The sender's name registered with the operators."""
    sms_texts: Path | None = None
    """A file with the operators' (DLT) id of each text in each language; `toli texts` writes its beginning."""
    sms_number: str = ""
    """The organisation's number that receives SMS, as people dial it; empty: nobody is asked to send one."""
    sms_checked_senders: Annotated[list[Literal["first", "fallback"]], NoDecode] = []
    """Gateways that take the sender of an SMS from the network: their word on it proves a number. Empty: none does."""
    voice_url: str = ""
    """The gateway that calls and says a code; empty: no calls."""
    voice_token: SecretStr = SecretStr("")
    """Its token."""
    voice_caller: str = ""
    """The number that calls, as the gateway knows it."""
    telegram_token: SecretStr = SecretStr("")
    """The bot that writes to people who wrote to it first; channels have keys of their own on the desk."""
    telegram_bot: str = ""
    """The bot's name, without @."""
    mail_url: SecretStr = SecretStr("")
    """The mail server: smtp://user:password@host:587; empty: no mail."""
    mail_sender: str = "Toli <no-reply@toli.invalid>"
    """Who mail comes from."""
    meta_app_secret: SecretStr = SecretStr("")
    """The app secret that signs what Facebook, Instagram and WhatsApp post to us."""
    outside_url: str = ""
    """A server that stands in for all platforms; `toli up` names its local one. Never in production."""
    number_wait_hours: Annotated[int, Field(ge=1, le=168)] = 24
    """How long the old number can stop a new one that only one officer confirmed."""
    pulse_url: str = ""
    """Where phones reach the streams, when not one port above the pages."""

    shared_by_hi: str = "पार्टी स्वयंसेवक"
    """Who shares, in Hindi, under every text that leaves a volunteer's phone."""
    shared_by_en: str = "party volunteer"
    """The same in English."""
    contact_hi: str = ""
    """Who answers people about their data, in Hindi, as the notice names them (DPDP Rules 2025, rule 9)."""
    contact_en: str = ""
    """The same in English."""
    contact_address: str = ""
    """Where they are reached: a mail address, a number or a page."""

    files_url: str = ""
    """A bucket that speaks S3, by path, for uploads: https://HOST/BUCKET; empty: the folder `files` of the home."""
    files_region: str = "ap-south-1"
    """The bucket's region."""
    files_key: str = ""
    """The id of the key that may read, write, list and remove there."""
    files_secret: SecretStr = SecretStr("")
    """Its secret."""

    demo_size: Literal["none", "small", "state", "full"] = "small"
    """The demo campaign `toli up` begins with; never in production."""
    data: Path = ROOT.parent / "shared" / "data"
    """Public lists to try imports with."""
    browser: str = ""
    """The Chromium of the journeys and pictures, where it is not on PATH."""
    require: Annotated[list[str], NoDecode] = []
    """What tests must find on this machine: `browser`, `shared`."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """How much the processes write to their logs."""

    @field_validator("allowed_hosts", "require", "sms_checked_senders", mode="before")
    @classmethod
    def split_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @field_validator("home", "data", mode="after")
    @classmethod
    def absolute(cls, value: Path) -> Path:
        return Path(os.path.abspath(value.expanduser()))

    @property
    def production(self) -> bool:
        return self.mode == "production"

    @model_validator(mode="after")
    def count_proxies(self) -> Self:
        self.proxies = int(self.production) if self.proxies < 0 else self.proxies
        return self

    @model_validator(mode="after")
    def refuse_unsafe_production(self) -> Self:
        if self.production and (faults := production_faults(self)):
            raise ValueError("unsafe for production: " + "; ".join(faults))
        if self.sms_texts is not None and (faults := texts.faults_of(self.sms_texts)):
            raise ValueError("; ".join(faults))
        return self


def production_faults(env: Environment) -> list[str]:
    """What makes this environment unsafe to serve real people with; empty when it is fit."""
    checks = [
        (env.keys is not None, "TOLI_KEYS must name the keyring file, kept apart from the database"),
        (bool(env.database_url), "DATABASE_URL must be set"),
        (
            bool(env.allowed_hosts) and "*" not in env.allowed_hosts,
            "TOLI_ALLOWED_HOSTS must name the hosts, without *",
        ),
        (env.public_url.startswith("https://"), "TOLI_PUBLIC_URL must begin with https://"),
        (
            all((env.contact_hi.strip(), env.contact_en.strip(), env.contact_address.strip()))
            and not env.contact_address.strip().endswith(".invalid"),
            "TOLI_CONTACT_HI, TOLI_CONTACT_EN and TOLI_CONTACT_ADDRESS must say who answers people about their data",
        ),
        (not env.outside_url, "TOLI_OUTSIDE_URL stands in for the platforms and must be empty"),
        (
            env.sms_sender not in ("", PLACEHOLDER_SENDER),
            "TOLI_SMS_SENDER must be the name registered with the operators",
        ),
    ]
    return [fault for fine, fault in checks if not fine] + texts.faults_of(env.sms_texts)


def secret_of_pages() -> str:
    """The secret of sessions and stream addresses: derived, so the keyring is the one thing to keep."""
    return keyring.signature("django", "settings")


def known_names() -> set[str]:
    """Every variable name the environment may hold."""
    prefix = Environment.model_config.get("env_prefix", "")
    return {
        str(field.validation_alias or f"{prefix}{name}").upper() for name, field in Environment.model_fields.items()
    }


def refuse_unknown(names: list[str]) -> None:
    """Raises BadEnvironment when a TOLI_ name is not one of ours."""
    strangers = sorted(n for n in names if n.startswith("TOLI_") and n.upper() not in known_names())
    if strangers:
        raise BadEnvironment(f"Unknown environment variable {', '.join(strangers)}: check the spelling or unset it.")


@lru_cache(maxsize=1)
def read() -> Environment:
    """The environment of this process. Raises BadEnvironment with a sentence per fault."""
    refuse_unknown(list(os.environ))
    try:
        env = Environment()
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc'])) or 'environment'}: {e['msg']}" for e in error.errors()]
        raise BadEnvironment("The environment cannot be used.\n  " + "\n  ".join(lines)) from None
    os.environ["TOLI_HOME"] = str(env.home)  # the keyring lies there, also for the processes we start
    return env
