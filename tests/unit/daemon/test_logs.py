import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from voxguard.daemon.logs import configure_logging


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Give the root logger back as it was."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    yield
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def test_a_line_is_json_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    """Our lines and the libraries' come in one form, without what says nothing."""
    configure_logging("info", "auto")
    structlog.get_logger("voxguard.test").info("decided", rule="quiet", channel=None)
    logging.getLogger("hikari").info("chatter")
    logging.getLogger("hikari").warning("something %s", "odd")
    captured = capsys.readouterr()
    ours, theirs = map(json.loads, captured.err.splitlines())
    assert captured.out == ""
    assert (ours["message"], ours["rule"], ours["level"]) == ("decided", "quiet", "info")
    assert "channel" not in ours
    assert (theirs["message"], theirs["logger"]) == ("something odd", "hikari")


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_traceback_holds_no_values(log_format: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Local variables may be secrets."""
    configure_logging("info", "json" if log_format == "json" else "console")
    secret = "a-very-secret-token"
    try:
        int(secret[:1])
    except ValueError:
        structlog.get_logger("voxguard.test").exception("broken")
    shown = capsys.readouterr().err
    assert "ValueError" in shown
    assert secret not in shown


def test_the_level_is_respected(capsys: pytest.CaptureFixture[str]) -> None:
    """Below it nothing is written."""
    configure_logging("error", "console")
    structlog.get_logger("voxguard.test").warning("not shown")
    structlog.get_logger("voxguard.test").error("shown")
    assert "not shown" not in capsys.readouterr().err


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("terminal", "no_color", "coloured"),
    [("xterm", "", True), ("xterm", "1", False), ("dumb", "", False), ("unknown", "", False)],
)
def test_a_terminal_gets_colours_unless_nobody_wants_them(
    terminal: str, no_color: str, coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NO_COLOR and TERM=dumb are heeded, and `auto` writes for people on a terminal."""
    monkeypatch.setenv("TERM", terminal)
    monkeypatch.setenv("NO_COLOR", no_color)
    screen = _Screen()
    configure_logging("info", "auto", screen)
    structlog.get_logger("voxguard.test").info("listening")
    assert "listening" in screen.getvalue()
    assert ("\x1b[" in screen.getvalue()) is coloured
