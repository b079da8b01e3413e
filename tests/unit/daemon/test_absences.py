import pytest
from structlog.testing import capture_logs

from tests.support.stage import GUILD, Stage, make_index
from tests.unit.daemon.parts import until
from voxguard.daemon import absences
from voxguard.daemon.absences import Absences
from voxguard.engine.engine import Engine
from voxguard.model.events import GuildVanished
from voxguard.model.ids import GuildId
from voxguard.ports.reconciliation import ReconciliationStats

STRANGER = GuildId(999)


async def test_a_guild_that_is_not_shown_is_told_of_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while, if it is in the policy set; and when it is over, as often as that happens."""
    monkeypatch.setattr(absences, "LONG_SECONDS", 0.01)
    engine, stats = Engine(make_index("rules: {}")), ReconciliationStats()
    each = Absences(engine, stats)
    stage = Stage("rules: {}", appear=False)
    with capture_logs() as logs:
        for _ in range(2):
            each.look([GUILD, STRANGER])
            await until(lambda: stats.overdue)
            each.look([GUILD, STRANGER])
            engine.step([stage.snapshot()], stage.instant())
            each.look([GUILD, STRANGER])
            assert stats.overdue == 0
            engine.step([GuildVanished(GUILD)], stage.instant())
    told = [(line["event"], line["guild"], line["log_level"]) for line in logs]
    assert told == 2 * [
        (
            "Discord does not show this guild, so that nobody in it is moderated",
            "100",
            "warning",
        ),
        ("the guild is there, or gone for good", "100", "info"),
    ]


async def test_a_guild_that_is_shown_in_time_is_not_told_of() -> None:
    """Nor one that the bot leaves before the time is over."""
    engine, stats = Engine(make_index("rules: {}")), ReconciliationStats()
    each = Absences(engine, stats)
    with capture_logs() as logs:
        each.look([GUILD])
        each.look([])
    assert (logs, stats.overdue) == ([], 0)
