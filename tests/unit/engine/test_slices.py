"""A step that decides so many members at most, also of what fell due before it."""

from datetime import timedelta

from tests.support.stage import AFK, ALICE, LOBBY, START, Stage, make_index, users, voice
from voxguard.engine.quota import Quota
from voxguard.model.decisions import Decision

LIMIT = "rules: {limit: {where: lobby, for: 1h, then: {deafen: true}}}"


def crowd() -> Stage:
    """Five members whose time is up after an hour, and one a second later."""
    stage = Stage(LIMIT)
    stage.step(*(voice(user, LOBBY) for user in users(5)))
    stage.at(1).enter(ALICE, LOBBY)
    return stage


def instants(decisions: tuple[Decision, ...]) -> list[float]:
    """When they were decided, in seconds since the start."""
    return [(decision.decided_at - START).total_seconds() for decision in decisions]


def test_a_quota_is_used_up() -> None:
    """Nobody is taken when none is left; without a limit everybody is."""
    quota = Quota(3)
    assert [quota.take(users(2)), quota.take(users(2)), quota.take(users(2))] == [
        users(2),
        users(1),
        [],
    ]
    assert Quota(None).take(users(9)) == users(9)


def test_those_who_were_due_before_are_decided_bit_by_bit() -> None:
    """Each at their own instant, however long that takes."""
    stage = crowd()
    found: list[list[float]] = []
    at = START + timedelta(seconds=3700)
    while not found or stage.engine.unfinished:
        step = stage.engine.step((), at, limit=2)
        found.append(instants(step.decisions))
        at += timedelta(seconds=1)
    assert found == [[3600] * 2, [3600] * 2, [3600, 3601]]
    assert not stage.engine.overdue


def test_what_is_left_of_a_quota_is_for_the_present() -> None:
    """One step decides no more, whenever they were due."""
    stage = crowd()
    stage.engine.activate(make_index("rules: {r: {where: afk, then: {mute: true}}}"), START)
    step = stage.engine.step((), stage.instant(2), limit=4)
    assert (step.decisions, stage.engine.unfinished, stage.engine.overdue) == ((), True, False)
    stage.engine.step((), stage.instant(2), limit=4)
    assert not stage.engine.unfinished


def test_events_make_all_of_them_be_decided() -> None:
    """They were due before, so that they are decided without what has happened since."""
    stage = crowd()
    stage.engine.step((), stage.instant(3700), limit=2)
    assert stage.engine.overdue
    step = stage.engine.step([voice(users(5)[4], AFK)], stage.instant(3701), limit=2)
    assert instants(step.decisions) == [3600, 3600, 3600, 3601, 3701]
    assert not stage.engine.overdue


def test_another_revision_is_decided_at_its_own_instant() -> None:
    """Whoever was overdue then is decided by it, like everybody."""
    stage = Stage(LIMIT)
    stage.step(*(voice(user, LOBBY) for user in users(5)))
    stage.engine.step((), stage.instant(3700), limit=2)
    stage.engine.activate(make_index("rules: {r: {then: {mute: true}}}"), stage.instant(3800))
    assert not stage.engine.overdue
    step = stage.engine.step((), stage.instant(3800))
    assert set(instants(step.decisions)) == {3800}
