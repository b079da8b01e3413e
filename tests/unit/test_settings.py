import os
from datetime import timedelta
from pathlib import Path

import pytest

from voxguard.errors import UsageError
from voxguard.settings import DISCORD_API, load_settings, setting_warnings

SECRET = "s3cr3t-value"


@pytest.fixture(autouse=True)
def ordinary_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Start each test in an empty directory, as somebody who is not root."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("HOME", "/home/mod")
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)


def test_an_empty_environment_gives_the_documented_defaults() -> None:
    """Without any variable every setting has the default that the reference names."""
    settings = load_settings()
    assert settings.discord_token is None
    assert settings.database_url is None
    assert settings.policies == Path("policies")
    assert settings.state_dir == Path("/home/mod/.local/state/voxguard")
    assert settings.discord_api == DISCORD_API
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 8080)
    assert settings.reload == "auto"
    assert (settings.log_level, settings.log_format) == ("info", "auto")


def test_the_process_outranks_the_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A variable of the process wins over the same one in `.env`, which fills in the others."""
    (tmp_path / ".env").write_text("VOXGUARD_HTTP_PORT=9000\nVOXGUARD_HTTP_HOST=0.0.0.0\n")
    monkeypatch.setenv("VOXGUARD_HTTP_PORT", "9001")
    settings = load_settings()
    assert (settings.http_host, settings.http_port) == ("0.0.0.0", 9001)  # noqa: S104 - a value, not a listener


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """`DATABASE_URL=` means the embedded database, not a broken address."""
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("VOXGUARD_HTTP_PORT", "")
    settings = load_settings()
    assert settings.database_url is None
    assert settings.http_port == 8080


def test_root_keeps_its_state_in_a_system_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    """As root the state goes to /var/lib, whatever root's own XDG directories are."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("XDG_STATE_HOME", "/root/state")
    assert load_settings().state_dir == Path("/var/lib/voxguard")


@pytest.mark.parametrize(
    ("base", "expected"),
    [("/srv/state", "/srv/state/voxguard"), ("state", "/home/mod/.local/state/voxguard")],
)
def test_xdg_state_home_is_used_when_it_is_absolute(
    monkeypatch: pytest.MonkeyPatch, base: str, expected: str
) -> None:
    """An absolute XDG_STATE_HOME is where state goes; a relative one is ignored."""
    monkeypatch.setenv("XDG_STATE_HOME", base)
    assert load_settings().state_dir == Path(expected)


def test_a_user_without_a_home_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no default can be found the error names the variable to set."""

    def no_home() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", no_home)
    with pytest.raises(UsageError, match="VOXGUARD_STATE_DIR is not set"):
        load_settings()


def test_a_tilde_is_the_users_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Paths from `.env` may begin with ~, and the state directory becomes absolute."""
    monkeypatch.setenv("VOXGUARD_POLICIES", "~/rules")
    monkeypatch.setenv("VOXGUARD_STATE_DIR", "here")
    settings = load_settings()
    assert settings.policies == Path("/home/mod/rules")
    assert settings.state_dir == tmp_path / "here"


def test_the_api_address_loses_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are appended to the address, so one slash too many would make another path."""
    monkeypatch.setenv("VOXGUARD_DISCORD_API", "http://127.0.0.1:9000/api/v10/")
    assert load_settings().discord_api == "http://127.0.0.1:9000/api/v10"


def test_words_are_read_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """`INFO` and `Manual` are what they look like."""
    monkeypatch.setenv("VOXGUARD_LOG_LEVEL", "WARNING")
    monkeypatch.setenv("VOXGUARD_RELOAD", "Manual")
    settings = load_settings()
    assert (settings.log_level, settings.reload) == ("warning", "manual")


def test_rows_are_kept_for_a_number_of_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the setting they are kept for good."""
    assert load_settings().retention is None
    monkeypatch.setenv("VOXGUARD_RETENTION", "365d")
    assert load_settings().retention == timedelta(days=365)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISCORD_TOKEN", f"Bot {SECRET}"),
        ("DISCORD_TOKEN", f"{SECRET}\nX-Header: 1"),
        ("DISCORD_TOKEN", f"{SECRET}é"),
        ("DISCORD_TOKEN", "  "),
        ("DATABASE_URL", f"mysql://u:{SECRET}@localhost/db"),
        ("DATABASE_URL", f"postgresql://u:{SECRET}@localhost:x/db"),
        ("DATABASE_URL", f"postgresql://u:{SECRET}/more@localhost/db"),
        ("VOXGUARD_POLICIES", "~nobody-has-this-name/x"),
        ("VOXGUARD_STATE_DIR", "~nobody-has-this-name/x"),
        ("VOXGUARD_DISCORD_API", "ftp://localhost"),
        ("VOXGUARD_DISCORD_API", "http://"),
        ("VOXGUARD_DISCORD_API", "http://[::1"),
        ("VOXGUARD_HTTP_PORT", "65536"),
        ("VOXGUARD_HTTP_PORT", "-1"),
        ("VOXGUARD_HTTP_PORT", "web"),
        ("VOXGUARD_RELOAD", "sometimes"),
        ("VOXGUARD_RETENTION", "0d"),
        ("VOXGUARD_RETENTION", "365"),
        ("VOXGUARD_RETENTION", "36501d"),
        ("VOXGUARD_RETENTION", "for ever"),
        ("VOXGUARD_LOG_LEVEL", "loud"),
        ("VOXGUARD_LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_value_is_an_error_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """The error says which variable is wrong and what it must be, and repeats no secret."""
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=f"^{name} must be ") as caught:
        load_settings()
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


def test_several_database_hosts_are_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the driver understands and a web browser would not is let through."""
    address = "postgresql://u@one:5432,two:5433/db"
    monkeypatch.setenv("DATABASE_URL", address)
    database_url = load_settings().database_url
    assert database_url is not None
    assert database_url.get_secret_value() == address


def test_all_wrong_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two mistakes take one run to find, not two."""
    monkeypatch.setenv("VOXGUARD_HTTP_PORT", "x")
    monkeypatch.setenv("VOXGUARD_RELOAD", "x")
    with pytest.raises(UsageError, match=r"VOXGUARD_HTTP_PORT must be .*VOXGUARD_RELOAD must be "):
        load_settings()


def test_secrets_do_not_show_in_a_settings_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever logs the settings does not log the token or the database's password."""
    monkeypatch.setenv("DISCORD_TOKEN", SECRET)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://u:{SECRET}@localhost/db")
    settings = load_settings()
    assert SECRET not in repr(settings)
    assert SECRET not in str(settings)


def test_the_token_is_given_to_who_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token with a line break around it, as files have, is the token without it."""
    monkeypatch.setenv("DISCORD_TOKEN", f"{SECRET}\n")
    assert load_settings().require_token() == SECRET


def test_a_missing_token_is_a_usage_error() -> None:
    """Who needs the token and has none is told which variable to set."""
    with pytest.raises(UsageError, match="DISCORD_TOKEN is not set"):
        load_settings().require_token()


def test_an_env_file_that_is_not_text_is_an_error(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 end in an error that names the file."""
    (tmp_path / ".env").write_bytes(b"VOXGUARD_HTTP_HOST=\xff\n")
    with pytest.raises(UsageError, match=r"^\.env is not UTF-8 text"):
        load_settings()


def test_an_env_file_that_cannot_be_read_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A refusal by the operating system ends in an error that names the file and the reason."""
    (tmp_path / ".env").touch()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("dotenv.main.open", refuse, raising=False)
    with pytest.raises(UsageError, match=r"^\.env cannot be read: Permission denied"):
        load_settings()


def test_variables_that_nothing_reads_are_warned_about(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A misspelt or unknown VOXGUARD_ variable is named, with the likely intention."""
    (tmp_path / ".env").write_text("VOXGUARD_COLOUR=red\nPOSTGRES_PASSWORD=x\n")
    monkeypatch.setenv("VOXGUARD_POLICY", "x")
    monkeypatch.setenv("VOXGUARD_DEBUG", "1")
    monkeypatch.setenv("VOXGUARD_HTTP_PORT", "1")
    assert setting_warnings() == [
        "VOXGUARD_COLOUR is not a setting of this release and has no effect",
        (
            "VOXGUARD_POLICY is not a setting of this release and has no effect:"
            " did you mean VOXGUARD_POLICIES?"
        ),
    ]


def test_a_line_that_cannot_be_read_is_warned_about(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told with file and line, and by nobody else; the lines around it count."""
    text = "# ours\nDISCORD_TOKEN: abc\nexport VOXGUARD_HTTP_PORT=1\n= x\n"
    (tmp_path / ".env").write_text(text)
    assert load_settings().http_port == 1
    assert setting_warnings() == [
        ".env:2 is not NAME=value and has no effect",
        ".env:4 is not NAME=value and has no effect",
    ]
    assert caplog.messages == []


def test_no_env_file_is_no_reason_to_warn() -> None:
    """An environment with known names alone gives no warning."""
    assert setting_warnings() == []
