"""Fuses when the wall clock is stepped: who counts, and what was planned."""

import pytest

from tests.support.stage import GUILD, LOBBY, Stage, users, voice
from tests.unit.engine.test_shift import HOUR, NIGHT, step_clock

FUSE = "limits: {fuse: {members: 2, within: 1m}}"
QUIET = f"rules: {{quiet: {{where: lobby, {FUSE}, then: {{mute: true}}}}}}"


@pytest.mark.parametrize("by", [-HOUR, HOUR])
def test_a_fuse_counts_for_as_long_as_before(by: float) -> None:
    """A step lets neither more members through nor fewer."""
    stage = Stage(QUIET, fuses=True)
    one, two, three, four = users(4)
    stage.at(0.5).enter(one, LOBBY)
    stage.at(30.5).enter(two, LOBBY)
    step_clock(stage, by)
    stage.step()
    stage.at(60.5 + by).enter(three, LOBBY)
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    assert guild.fuses.blown == {}
    stage.at(61.5 + by).enter(four, LOBBY)
    assert guild.fuses.blown == {"quiet": stage.instant(61.5 + by)}
    step_clock(stage, -by)
    assert guild.fuses.blown == {"quiet": stage.instant(61.5)}


def test_a_boundary_that_was_stepped_over_was_planned() -> None:
    """Everybody is muted at once, and no fuse blows."""
    text = NIGHT.replace("where: lobby,", f"where: lobby, {FUSE},")
    stage = Stage(text, fuses=True)
    stage.step(*(voice(user, LOBBY) for user in users(5)))
    step_clock(stage, HOUR + 0.25)
    assert stage.step() == [("night", "mute")] * 5


def test_what_began_with_a_boundary_was_planned_also_after_a_step() -> None:
    """Its instant is another one then, which shows no boundary."""
    text = NIGHT.replace("where: lobby,", f"where: lobby, for: 10m, {FUSE},")
    text = text.replace(
        "rules: {",
        f"rules: {{late: {{when: {{schedule: night}}, cooldown: 1m, {FUSE}, "
        "then: {grant: dj}}, ",
    )
    stage = Stage(text, fuses=True)
    stage.step(*(voice(user, LOBBY) for user in users(5)))
    assert stage.at(HOUR).step() == [("late", "grant")] * 5
    stage.now += 60
    step_clock(stage, 0.25)
    assert stage.step() == []
    assert stage.at(HOUR + 600.25).step() == [("night", "mute")] * 5
    assert not any(decision.fused for decision in stage.decisions)
