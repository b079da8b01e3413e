from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from voxguard.daemon.demo.files import PolicyFiles
from voxguard.model.ids import GuildId, UserId
from voxguard.policy.load import load
from voxguard.policy.resolved import GuildPolicy

GUILD = GuildId(110373943822540800)
EVE = UserId(80351110224678005)
NOW = datetime(2026, 11, 23, 12, 0, 0, 700_000, tzinfo=UTC)


def policy(files: PolicyFiles) -> GuildPolicy:
    """What the files mean; they load without a word of warning."""
    loaded = load(files.directory)
    assert loaded.problems == ()
    assert loaded.policy_set is not None
    return loaded.policy_set.guilds[GUILD]


@pytest.mark.parametrize(("speed", "away", "limit"), [(0.5, 10, 74), (1, 5, 41), (5, 1, 15)])
def test_the_set_loads_at_every_speed(tmp_path: Path, speed: float, away: int, limit: int) -> None:
    """The times of the rules follow the speed, and the quiet hours are not open."""
    guild = policy(PolicyFiles(tmp_path / "policies", speed))
    lasting = {rule.name: rule.lasting for rule in guild.rules}
    assert lasting["away-goes-to-afk"] == timedelta(seconds=away)
    assert lasting["lobby-time-limit"] == timedelta(seconds=limit)
    assert not guild.schedules["quiet-hours"].at(NOW).is_open


@pytest.mark.parametrize(("speed", "lasts"), [(1, 7), (5, 2)])
def test_quiet_hours_open_and_close_by_themselves(tmp_path: Path, speed: float, lasts: int) -> None:
    """They begin when there was time to load the file, and end soon after."""
    files = PolicyFiles(tmp_path / "policies", speed)
    edit = files.open_quiet_hours(NOW)
    schedule = policy(files).schedules["quiet-hours"]
    opens = NOW.replace(microsecond=0) + timedelta(seconds=3)
    ends = opens + timedelta(seconds=lasts)
    moment = timedelta(microseconds=1)
    assert not schedule.at(opens - moment).is_open
    assert schedule.at(opens).is_open
    assert schedule.at(ends - moment).is_open
    assert not schedule.at(ends).is_open
    assert (edit.file, edit.saved_at) == ("schedules.yaml", NOW)


def test_eve_gets_on_the_list(tmp_path: Path) -> None:
    """One line is added, and that is all."""
    files = PolicyFiles(tmp_path / "policies", 1)
    assert not policy(files).lists["blocked"].contains(EVE, NOW)
    edit = files.block_eve(NOW)
    assert policy(files).lists["blocked"].contains(EVE, NOW)
    assert edit.change.startswith("+ - {id:")


def test_the_mistake_is_refused_and_corrected(tmp_path: Path) -> None:
    """The misspelt word is an error with its place; corrected, the set means what it meant."""
    files = PolicyFiles(tmp_path / "policies", 1)
    before = load(files.directory).policy_set
    files.misspell(NOW)
    (problem,) = load(files.directory).problems
    assert str(problem.mark) == "rules.yaml:7:12"
    files.correct(NOW)
    after = load(files.directory).policy_set
    assert before is not None
    assert after is not None
    assert after.revision == before.revision
