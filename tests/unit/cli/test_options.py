from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer

from voxguard.cli.options import parse_instant, policy_path
from voxguard.errors import UsageError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01T19:00:00Z", datetime(2026, 3, 1, 19, tzinfo=UTC)),
        ("2026-03-01T22:00:00+03:00", datetime(2026, 3, 1, 19, tzinfo=UTC)),
        ("2026-03-01T19:00", datetime(2026, 3, 1, 19, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_an_instant_is_aware_and_in_utc(text: str, expected: datetime) -> None:
    """Offsets are converted, and an instant without one is UTC."""
    instant = parse_instant(text)
    assert instant == expected
    assert instant.tzinfo is UTC


@pytest.mark.parametrize("text", ["", "now", "2026-02-30", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_instant_is_refused_with_an_example(text: str) -> None:
    """A wrong instant is a usage error that shows a right one."""
    with pytest.raises(typer.BadParameter, match="such as 2026-03-01T19:00:00Z"):
        parse_instant(text)


def test_the_argument_outranks_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A path on the command line is taken as it is, whatever the environment says."""
    monkeypatch.setenv("VOXGUARD_POLICIES", "/srv/rules")
    assert policy_path(Path("here")) == Path("here")


def test_without_an_argument_the_settings_decide(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """VOXGUARD_POLICIES is the default, and `policies` where it is not set."""
    monkeypatch.chdir(tmp_path)
    assert policy_path(None) == Path("policies")
    monkeypatch.setenv("VOXGUARD_POLICIES", "/srv/rules")
    assert policy_path(None) == Path("/srv/rules")


def test_a_wrong_setting_is_reported_when_it_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Looking up the default reports what is wrong with the settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOXGUARD_HTTP_PORT", "x")
    with pytest.raises(UsageError, match="VOXGUARD_HTTP_PORT"):
        policy_path(None)
