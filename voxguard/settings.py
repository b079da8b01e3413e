"""What the environment, and a `.env` file where the program is started, tells it."""

import logging
import os
import re
from collections.abc import Iterable
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from voxguard.errors import UsageError

# Of lines that it cannot read `setting_warnings` tells, once and with the file's name.
logging.getLogger("dotenv").setLevel(logging.ERROR)

ENV_FILE: Final = Path(".env")

# https://docs.discord.com/developers/reference#api-reference-base-url
DISCORD_API: Final = "https://discord.com/api/v10"

# What a wrong value should have been; also the list of the variables that there are.
_EXPECTED: Final = {
    "DISCORD_TOKEN": "the bot's token alone: printable ASCII without spaces or the word Bot",
    "DATABASE_URL": "an address like postgresql://user:password@host:5432/name, with / : @ and %"
    " in the password percent-encoded",
    "VOXGUARD_POLICIES": "a path",
    "VOXGUARD_STATE_DIR": "a path",
    "VOXGUARD_DISCORD_API": "an http:// or https:// address",
    "VOXGUARD_HTTP_HOST": "a host name or an IP address",
    "VOXGUARD_HTTP_PORT": "a whole number from 0 to 65535",
    "VOXGUARD_RELOAD": "auto or manual",
    "VOXGUARD_RETENTION": "a number of days like 365d, at most 36500d",
    "VOXGUARD_LOG_LEVEL": "debug, info, warning or error",
    "VOXGUARD_LOG_FORMAT": "auto, json or console",
}

# Read elsewhere: by the command line's error handling and by the project's own tests.
_OTHERS: Final = ("VOXGUARD_DEBUG", "VOXGUARD_TEST_")


def _check_token(value: SecretStr) -> SecretStr:
    token = value.get_secret_value().strip()
    # It becomes an HTTP header, which a stray line break would split in two.
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError
    return SecretStr(token)


def _check_database(value: SecretStr) -> SecretStr:
    address = value.get_secret_value()
    if not address.startswith(("postgresql://", "postgres://")):
        raise ValueError
    # Several hosts, each with its port, are for the driver to read.
    if "," not in address:
        # Raises ValueError where the port is none, as after an `@` or `/` in a password.
        _ = urlsplit(address).port
    return value


def _check_api(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError
    return value.rstrip("/")


def _expand(value: Path) -> Path:
    # No shell has seen what stands in a `.env` file, and not every user has a home.
    try:
        return value.expanduser()
    except RuntimeError:
        raise ValueError from None


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def default_state_dir() -> Path:
    """Where state is kept when nobody says where: a system directory for root, else XDG's.

    Source: XDG Base Directory Specification 0.8, which has a relative XDG_STATE_HOME ignored.

    Raises:
        UsageError: There is neither a setting nor a home directory.
    """
    if os.geteuid() == 0:
        return Path("/var/lib/voxguard")
    base = Path(os.environ.get("XDG_STATE_HOME", ""))
    if base.is_absolute():
        return base / "voxguard"
    try:
        return Path.home() / ".local" / "state" / "voxguard"
    except RuntimeError:
        message = "VOXGUARD_STATE_DIR is not set, and this user has no home directory"
        raise UsageError(message, hint="set VOXGUARD_STATE_DIR to a directory") from None


def _parse_days(value: object) -> object:
    match = _DAYS.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or not 1 <= int(match[1]) <= _MOST_DAYS:
        raise ValueError
    return timedelta(days=int(match[1]))


_DAYS: Final = re.compile(r"(\d{1,5})d", re.ASCII)
_MOST_DAYS: Final = 36_500
_Days = Annotated[timedelta, BeforeValidator(_parse_days)]
_Lower = BeforeValidator(_lower)
_Token = Annotated[SecretStr, AfterValidator(_check_token)]
_Database = Annotated[SecretStr, AfterValidator(_check_database)]
_ApiUrl = Annotated[str, AfterValidator(_check_api)]
_UserPath = Annotated[Path, AfterValidator(_expand)]
_StatePath = Annotated[Path, AfterValidator(_expand), AfterValidator(Path.absolute)]


class Settings(BaseSettings):
    """The environment of one run.

    The process's own variables outrank those of the `.env` file, and an empty one counts as not
    set. Build it with `load_settings`, which turns a wrong value into an error for people.
    """

    model_config = SettingsConfigDict(
        frozen=True,
        case_sensitive=True,
        populate_by_name=True,
        env_ignore_empty=True,
        env_file_encoding="utf-8",
        extra="ignore",
        hide_input_in_errors=True,
    )

    discord_token: _Token | None = Field(None, validation_alias="DISCORD_TOKEN")
    database_url: _Database | None = Field(None, validation_alias="DATABASE_URL")
    policies: _UserPath = Field(Path("policies"), validation_alias="VOXGUARD_POLICIES")
    state_dir: _StatePath = Field(
        default_factory=default_state_dir, validation_alias="VOXGUARD_STATE_DIR"
    )
    discord_api: _ApiUrl = Field(DISCORD_API, validation_alias="VOXGUARD_DISCORD_API")
    http_host: str = Field("127.0.0.1", validation_alias="VOXGUARD_HTTP_HOST")
    http_port: int = Field(8080, ge=0, le=65535, validation_alias="VOXGUARD_HTTP_PORT")
    reload: Annotated[Literal["auto", "manual"], _Lower] = Field(
        "auto", validation_alias="VOXGUARD_RELOAD"
    )
    retention: _Days | None = Field(None, validation_alias="VOXGUARD_RETENTION")
    log_level: Annotated[Literal["debug", "info", "warning", "error"], _Lower] = Field(
        "info", validation_alias="VOXGUARD_LOG_LEVEL"
    )
    log_format: Annotated[Literal["auto", "json", "console"], _Lower] = Field(
        "auto", validation_alias="VOXGUARD_LOG_FORMAT"
    )

    def require_token(self) -> str:
        """Discord's token, for the one place that sends it.

        Raises:
            UsageError: It is not set.
        """
        if self.discord_token is None:
            message = "DISCORD_TOKEN is not set"
            raise UsageError(
                message,
                hint="put the bot's token into the environment or into a file named .env",
            )
        return self.discord_token.get_secret_value()


def load_settings(env_file: Path = ENV_FILE) -> Settings:
    """Read and check the environment.

    Raises:
        UsageError: A value is wrong (the message names each such variable and what was expected,
            and repeats no value, which may be a secret), or the `.env` file cannot be read.
    """
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        names = dict.fromkeys(str(problem["loc"][0]) for problem in error.errors())
        message = "; ".join(f"{name} must be {_EXPECTED[name]}" for name in names)
        raise UsageError(message, hint=f"set in the environment or in {env_file}") from None
    except UnicodeDecodeError:
        message = f"{env_file} is not UTF-8 text"
        raise UsageError(message, hint="save it as UTF-8, one NAME=value a line") from None
    except OSError as error:
        message = f"{env_file} cannot be read: {error.strerror}"
        raise UsageError(message) from None


def sandbox_settings(token: str, api: str, state_dir: Path) -> Settings:
    """Settings of a daemon that plays with a stand-in, whatever the environment says.

    It has the embedded database, and its HTTP server takes a free port.
    """
    return Settings.model_construct(
        discord_token=SecretStr(token), discord_api=api, state_dir=state_dir, http_port=0
    )


def setting_warnings(env_file: Path = ENV_FILE) -> list[str]:
    """One sentence for each line and each VOXGUARD_* variable that nothing reads.

    Most often it is a misspelling.
    """
    there = env_file.is_file()
    names: Iterable[str] = {*os.environ, *(dotenv_values(env_file) if there else ())}
    warnings = _line_warnings(env_file) if there else []
    for name in sorted(names):
        known = name in _EXPECTED or name.startswith(_OTHERS)
        if known or not name.startswith("VOXGUARD_"):
            continue
        close = get_close_matches(name, _EXPECTED, n=1, cutoff=0.8)
        advice = f": did you mean {close[0]}?" if close else ""
        warnings.append(f"{name} is not a setting of this release and has no effect{advice}")
    return warnings


def _line_warnings(env_file: Path) -> list[str]:
    with env_file.open(encoding="utf-8") as file:
        lines = [binding.original.line for binding in parse_stream(file) if binding.error]
    return [f"{env_file}:{line} is not NAME=value and has no effect" for line in lines]
