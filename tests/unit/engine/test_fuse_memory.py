"""Blown fuses and what was counted outlast the process."""

import json

import pytest

from tests.support.restart import snapshot_of
from tests.support.stage import GUILD, LOBBY, MUSIC, Stage, users
from tests.unit.engine.test_fuses import ACTS, QUIET, WATCHES, fuses_of, modes
from voxguard.engine.engine import Engine
from voxguard.engine.fuse_memory import FORMAT, recall_fuses, remember_fuses
from voxguard.model.events import GuildAppeared
from voxguard.model.ids import GuildId


def restarted(stage: Stage, policies: str = QUIET) -> None:
    """Go on with an engine that knows nothing but the fuses."""
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    shown = GuildAppeared(snapshot_of(guild))
    memory = remember_fuses(stage.engine.guilds)
    stage.engine = Engine(fuses=True)
    stage.engine.restore_fuses(recall_fuses(memory))
    assert remember_fuses(stage.engine.guilds) == memory
    stage.activate(policies)
    stage.step(shown)


def test_a_blown_fuse_is_blown_after_a_restart() -> None:
    """Since the same instant, for whoever is there and whoever comes."""
    stage = Stage(QUIET, fuses=True)
    some = users(4)
    for second, user in enumerate(some[:3], 1):
        stage.at(second + 0.5).enter(user, LOBBY)
    before = len(stage.decisions)
    stage.at(9.5)
    restarted(stage)
    stage.at(10.5).enter(some[3], LOBBY)
    assert fuses_of(stage).blown == {"quiet": stage.instant(3.5)}
    assert {each[2] for each in modes(stage)[before:]} == {True}


def test_what_was_counted_counts_on() -> None:
    """Two members before the restart and one after it are three."""
    stage = Stage(QUIET, fuses=True)
    some = users(4)
    for second, user in enumerate(some[:2], 1):
        stage.at(second + 0.5).enter(user, LOBBY)
        stage.leave(user)
    stage.at(9.5)
    restarted(stage)
    stage.at(10.5).enter(some[2], LOBBY)
    assert modes(stage)[-1] == WATCHES
    # A minute later the first two would not have counted any more.
    stage = Stage(QUIET, fuses=True)
    for user in some[:2]:
        stage.at(1.5).enter(user, LOBBY)
        stage.leave(user)
    stage.at(61.5)
    restarted(stage)
    stage.at(62.5).enter(some[2], LOBBY)
    assert modes(stage)[-1] == ACTS


@pytest.mark.parametrize(
    "policies", ["rules: {}", QUIET.replace("where: lobby", "where: lobby, description: other")]
)
def test_another_text_begins_anew(policies: str) -> None:
    """What the rule meant before the restart says nothing of what it means now."""
    stage = Stage(QUIET, fuses=True)
    for second, user in enumerate(users(3), 1):
        stage.at(second + 0.5).enter(user, LOBBY)
    stage.at(9.5)
    restarted(stage, policies)
    assert fuses_of(stage).blown == {}
    assert fuses_of(stage).counters == {}


def test_a_guild_that_is_not_seen_again_keeps_its_fuses() -> None:
    """What is written next still has them."""
    stage = Stage(QUIET, fuses=True)
    for second, user in enumerate(users(3), 1):
        stage.at(second + 0.5).enter(user, LOBBY)
    engine = Engine(fuses=True)
    engine.restore_fuses(recall_fuses(remember_fuses(stage.engine.guilds)))
    engine.activate(stage.engine.index, stage.instant())
    assert remember_fuses(engine.guilds) == remember_fuses(stage.engine.guilds)


def test_only_what_was_counted_is_remembered() -> None:
    """Without a fuse there is nothing to write, and what has changed can be told."""
    stage = Stage(QUIET, fuses=True)
    before = fuses_of(stage).changes
    stage.at(1.5).enter(users(1)[0], MUSIC)
    assert fuses_of(stage).changes == before
    assert recall_fuses(remember_fuses(stage.engine.guilds)) == {}
    stage.at(2.5).enter(users(1)[0], LOBBY)
    assert fuses_of(stage).changes > before
    assert set(recall_fuses(remember_fuses(stage.engine.guilds))) == {GuildId(GUILD)}


ENTRY = {"meaning": "x", "members": {"1": "2026-03-02T12:00:00+00:00"}, "blown_at": None}


@pytest.mark.parametrize(
    "memory",
    [
        "",
        "[]",
        "{}",
        json.dumps({"format": FORMAT + 1, "guilds": {}}),
        json.dumps({"format": FORMAT, "guilds": []}),
        json.dumps({"format": FORMAT, "guilds": {"x": {}}}),
        json.dumps({"format": FORMAT, "guilds": {"1": {"r": {**ENTRY, "members": 3}}}}),
        json.dumps({"format": FORMAT, "guilds": {"1": {"r": {**ENTRY, "blown_at": 3}}}}),
        json.dumps({"format": FORMAT, "guilds": {"1": {"r": {**ENTRY, "blown_at": "2026-01-01"}}}}),
    ],
)
def test_a_damaged_memory_is_said(memory: str) -> None:
    """Whoever takes it up hears of it as one kind of error."""
    with pytest.raises(ValueError, match=r".+"):
        recall_fuses(memory)
