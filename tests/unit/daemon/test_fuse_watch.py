"""What is said of fuses, once each."""

from structlog.testing import capture_logs

from tests.support.stage import GUILD, LOBBY, Stage, users
from tests.unit.daemon.test_fuse_record import QUIET
from voxguard.daemon.fuse_watch import FuseWatch


def blown() -> Stage:
    """A rule with a blown fuse."""
    stage = Stage(QUIET, fuses=True)
    for second, user in enumerate(users(3), 1):
        stage.at(second + 0.5).enter(user, LOBBY)
    return stage


def test_it_is_said_when_a_fuse_blows_and_when_it_is_whole() -> None:
    """As an error, with the command that makes it whole; then as good news."""
    stage, watch = blown(), FuseWatch()
    with capture_logs() as logs:
        watch.look(stage.engine.guilds)
        watch.look(stage.engine.guilds)
        stage.engine.reset_fuse(GUILD, "quiet")
        watch.look(stage.engine.guilds)
    assert [(line["log_level"], line["rule"]) for line in logs] == [
        ("error", "quiet"),
        ("info", "quiet"),
    ]
    assert f"voxguard fuse reset quiet --guild {GUILD}" in logs[0]["hint"]


def test_a_restart_says_what_is_still_blown() -> None:
    """In words of its own, and not a second time as something new."""
    stage, watch = blown(), FuseWatch()
    with capture_logs() as logs:
        watch.remembers(stage.engine.guilds)
        watch.look(stage.engine.guilds)
    (line,) = logs
    assert "still blown" in line["event"]
    assert line["since"] == stage.instant(3.5).isoformat()
