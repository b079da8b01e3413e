"""After a reset by hand the rule acts on whom it has only observed, at once."""

import pytest

from tests.support.restart import snapshot_of
from tests.support.stage import ALICE, GUILD, LOBBY, MUSIC, STAFF, Stage, users, voice
from tests.unit.engine.test_fuses import ACTS, QUIET, TWO, WATCHES, fuses_of, modes
from voxguard.engine.engine import Engine
from voxguard.engine.fuse_memory import recall_fuses, remember_fuses
from voxguard.engine.fuse_reset import observed_members
from voxguard.engine.memory import remember
from voxguard.engine.restart import restore_guilds
from voxguard.model.decisions import Mode
from voxguard.model.events import GuildAppeared
from voxguard.model.ids import GuildId, UserId


def blown(then: str, *, more: str = "", guild: str = "") -> Stage:
    """A rule of this kind that has acted on two members, and observed three more."""
    text = f"rules: {{r: {{where: lobby, limits: {{{TWO}}}, {more} then: {{{then}}}}}}}"
    stage = Stage(text, guild=guild, fuses=True)
    for second, user in enumerate(users(5), 1):
        stage.at(second + 0.5).enter(user, LOBBY)
    return stage


def observed(stage: Stage) -> list[UserId]:
    """Whom the rule would act on."""
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    return observed_members(guild, "r")


def reset(stage: Stage, second: float = 60.5) -> list[tuple[int, str, Mode]]:
    """Reset the fuse, and what is decided at once, as (member, effect, mode)."""
    before = len(stage.decisions)
    concerned = stage.engine.reset_fuse(GUILD, "r")
    assert concerned is not None
    assert observed(stage) == []
    stage.at(second).step()
    return [(each.user_id, each.effect.value, each.mode) for each in stage.decisions[before:]]


@pytest.mark.parametrize("then", ["disconnect: true", "move: afk", "warn: x", "timeout: 1m"])
def test_what_happens_once_happens_now(then: str) -> None:
    """To whom it was only observed, and not again to whom it was done."""
    stage = blown(then)
    effect = then.partition(":")[0]
    assert observed(stage) == users(5)[2:]
    decided = reset(stage)
    assert decided == [(user, effect, Mode.ENFORCE) for user in users(5)[2:]]


def test_what_is_held_begins_now() -> None:
    """The observed leases end and enforced ones begin; those that there are go on."""
    stage = blown("mute: true")
    assert observed(stage) == users(5)[2:]
    assert reset(stage) == [
        (user, effect, mode)
        for user in users(5)[2:]
        for effect, mode in (("unmute", Mode.OBSERVE), ("mute", Mode.ENFORCE))
    ]
    assert all(stage.member(user).guild_mute for user in users(5))


def test_whom_it_concerns_was_planned_and_whoever_comes_next_counts() -> None:
    """Three at once are more than the fuse lets through, and then it lets two through."""
    stage = blown("mute: true")
    reset(stage)
    assert fuses_of(stage).blown == {}
    for second, user in enumerate(users(8)[5:], 70):
        stage.at(second + 0.5).enter(user, LOBBY)
    assert [each[2] for each in modes(stage)[-3:]] == [False, False, True]


def test_several_at_the_instant_of_the_blow() -> None:
    """Of those that came at one instant the first two were acted on, and are let be."""
    stage = Stage(
        f"rules: {{r: {{where: lobby, limits: {{{TWO}}}, then: {{warn: x}}}}}}", fuses=True
    )
    stage.at(0.5).step(*(voice(user, LOBBY) for user in users(4)))
    assert [each.fused for each in stage.decisions] == [False, False, True, True]
    assert observed(stage) == users(4)[2:]
    assert [user for user, _, _ in reset(stage)] == users(4)[2:]


def test_who_was_acted_on_and_came_again_is_concerned() -> None:
    """What counts is the present episode."""
    stage = blown("warn: x")
    first = users(5)[0]
    stage.at(10.5).enter(first, MUSIC)
    stage.at(11.5).enter(first, LOBBY)
    assert modes(stage)[-1] == ("warn", Mode.OBSERVE, True)
    assert observed(stage) == [first, *users(5)[2:]]
    assert (first, "warn", Mode.ENFORCE) in reset(stage)


def test_a_cooldown_that_ended_meanwhile() -> None:
    """What was due after the fuse had blown is due now."""
    stage = Stage(
        f"""
        rules:
          r: {{where: lobby, cooldown: 1m, limits: {{{TWO}}}, then: {{warn: x}}}}
        """,
        fuses=True,
    )
    first, *others = users(4)
    stage.at(0.5).enter(first, LOBBY)
    stage.at(1.5).enter(first, MUSIC)
    stage.at(2.5).enter(first, LOBBY)
    for second, user in enumerate(others, 50):
        stage.at(second + 0.5).enter(user, LOBBY)
    stage.at(60.5).step()
    assert modes(stage)[-1] == ("warn", Mode.OBSERVE, True)
    assert (first, "warn", Mode.ENFORCE) in reset(stage, 70.5)


def test_who_has_left_or_is_not_meant_any_more_is_let_be() -> None:
    """Only members for whom the rule holds are decided."""
    stage = blown("warn: x")
    stage.at(10.5).leave(users(5)[3])
    stage.at(11.5).enter(users(5)[4], MUSIC)
    assert observed(stage) == [users(5)[2]]
    assert [user for user, _, _ in reset(stage)] == [users(5)[2]]


def test_a_rule_that_waits_for_its_time_is_let_be() -> None:
    """Nothing is due before its `for` has passed, and then it acts."""
    stage = blown("warn: x", more="for: 1m,")
    stage.at(62.5).step()
    assert observed(stage) == []
    stage.at(70.5).step()
    assert len(observed(stage)) == 3
    stage.at(80.5).enter(ALICE, LOBBY)
    assert [user for user, _, _ in reset(stage, 90.5)] == users(5)[2:]
    stage.at(141.5).step()
    assert stage.decisions[-1].user_id == ALICE
    assert modes(stage)[-1] == ("warn", *ACTS[1:])


def test_nobody_is_decided_before_their_guild_is_seen() -> None:
    """After a restart the reset waits for the first snapshot, and is not forgotten."""
    stage = blown("disconnect: true")
    memory = remember_fuses(stage.engine.guilds)
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    shown = GuildAppeared(snapshot_of(guild))
    members = [(GUILD, user, remember(each)) for user, each in guild.members.items()]
    restored, _ = restore_guilds(members, stage.instant(), stage.instant())
    engine = Engine(fuses=True)
    engine.restore(restored[GUILD])
    engine.restore_fuses(recall_fuses(memory))
    engine.activate(stage.engine.index, stage.instant())
    assert engine.reset_fuse(GUILD, "r") == users(5)[2:]
    assert engine.step((), stage.instant(10)).decisions == ()
    decided = engine.step([shown], stage.instant(11)).decisions
    assert {each.user_id for each in decided if not each.fused} >= set(users(5)[2:])


def test_what_is_whole_is_not_reset() -> None:
    """Nor is what there is not; nobody is decided then."""
    stage = Stage(QUIET, fuses=True)
    stage.at(0.5).enter(ALICE, LOBBY)
    for guild, rule in ((GUILD, "quiet"), (GUILD, "r"), (GuildId(7), "quiet")):
        assert stage.engine.reset_fuse(guild, rule) is None
    assert not stage.engine.unfinished


def test_with_nobody_concerned_it_is_whole_all_the_same() -> None:
    """The next who comes is acted upon."""
    stage = Stage(QUIET, fuses=True)
    for second, user in enumerate(users(3), 1):
        stage.at(second + 0.5).enter(user, LOBBY)
        stage.leave(user)
    assert modes(stage)[-2] == WATCHES
    assert stage.engine.reset_fuse(GUILD, "quiet") == []
    stage.at(9.5).enter(ALICE, LOBBY)
    assert modes(stage)[-1] == ACTS


def test_a_rule_that_another_kept_from_acting() -> None:
    """It held before its fuse has blown, and was let act afterwards: it acts now."""
    stage = Stage(
        f"""
        rules:
          let: {{priority: 1, who: {{roles: [staff]}}, then: {{allow: true}}}}
          r: {{where: lobby, limits: {{{TWO}}}, then: {{mute: true}}}}
        """,
        fuses=True,
    )
    stage.at(0.2).roles(ALICE, STAFF)
    stage.at(0.5).enter(ALICE, LOBBY)
    for second, user in enumerate(users(3), 1):
        stage.at(second + 0.5).enter(user, LOBBY)
    assert observed(stage) == users(3)[2:]
    stage.at(10.5).roles(ALICE)
    assert observed(stage) == [ALICE, *users(3)[2:]]
    assert (ALICE, "mute", Mode.ENFORCE) in reset(stage)
