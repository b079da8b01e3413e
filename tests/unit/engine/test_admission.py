"""Which rules may act on a member: what a blown fuse leaves, and what it never counts."""

import pytest

from tests.support.stage import GUILD, LOBBY, MUSIC, STAFF, Stage, users, voice
from voxguard.engine.engine import Engine
from voxguard.engine.memory import remember
from voxguard.engine.restart import restore_guilds
from voxguard.model.decisions import Mode
from voxguard.model.events import MemberChanged
from voxguard.model.world import Member, VoiceState

TWO = "fuse: {members: 2, within: 30s}"
QUIET = f"rules: {{quiet: {{where: lobby, limits: {{{TWO}}}, then: {{mute: true}}}}}}"
SCHEDULES = """
schedules:
  soon: {windows: [{from: 2026-03-02T12:10, to: 2026-03-02T12:20}]}
"""


def is_whole(stage: Stage) -> bool:
    """Whether no rule has acted on too many."""
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    return not guild.fuses.blown


def crowd(stage: Stage, count: int = 9) -> Stage:
    """So many members enter the lobby, all at once."""
    stage.step(*(voice(user, LOBBY) for user in users(count)))
    return stage


def test_what_is_held_goes_on() -> None:
    """What was done is not undone by stopping; it ends with its rule as ever."""
    stage = Stage(QUIET, fuses=True)
    some = users(3)
    for second, user in enumerate(some, 1):
        stage.at(second + 0.5).enter(user, LOBBY)
    assert stage.member(some[0]).guild_mute
    assert stage.at(60.5).enter(some[0], LOBBY, guild_deaf=True) == []
    assert stage.at(61.5).enter(some[0], MUSIC) == [("quiet", "unmute")]
    assert stage.at(62.5).enter(some[2], MUSIC) == [("quiet", "unmute")]
    assert [each.mode for each in stage.decisions[-2:]] == [Mode.ENFORCE, Mode.OBSERVE]


def test_another_rule_takes_the_slot() -> None:
    """Whoever observes is in no enforcing rule's way, from the same decision on."""
    stage = Stage(
        f"""
        rules:
          first: {{priority: 1, where: lobby, limits: {{{TWO}}}, then: {{mute: true}}}}
          second: {{priority: 2, where: lobby, then: {{mute: true}}}}
        """,
        fuses=True,
    )
    for second, user in enumerate(users(3), 1):
        stage.at(second + 0.5).enter(user, LOBBY)
    assert [(each.rule, each.mode) for each in stage.decisions] == [
        ("first", Mode.ENFORCE),
        ("first", Mode.ENFORCE),
        ("first", Mode.OBSERVE),
        ("second", Mode.ENFORCE),
    ]


def test_an_allow_of_a_blown_rule_is_only_observed() -> None:
    """As if in `observe`: enforcing rules never see it."""
    stage = Stage(
        f"""
        rules:
          lets: {{priority: 1, limits: {{{TWO}}}, then: {{allow: true, warn: x}}}}
          quiet: {{priority: 2, then: {{mute: true}}}}
        """,
        fuses=True,
    )
    for second, user in enumerate(users(3), 1):
        stage.at(second + 0.5).enter(user, LOBBY)
    assert [(each.rule, each.fused) for each in stage.decisions] == [
        ("lets", False),
        ("lets", False),
        ("lets", True),
        ("quiet", False),
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "when: {schedule: soon}",
        "unless: {when: {schedule: {none: soon}}}",
        "when: {schedule: soon}, for: 90s",
        "unless: {when: {schedule: {none: soon}}}, for: 90s",
    ],
    ids=["when", "unless", "for", "unless-for"],
)
def test_what_a_schedule_brings_about_is_not_counted(rule: str) -> None:
    """The boundary was planned, and so is what comes of it when a `for` is over."""
    text = f"{SCHEDULES}rules: {{r: {{{rule}, limits: {{{TWO}}}, then: {{mute: true}}}}}}"
    stage = crowd(Stage(text, fuses=True).at(0.5))
    stage.at(1199).step()
    assert is_whole(stage)
    assert len(stage.decisions) == 9


def test_what_begins_when_a_schedule_closes_is_not_counted() -> None:
    """Its end is a boundary too."""
    text = f"""{SCHEDULES}
rules: {{r: {{when: {{schedule: {{none: soon}}}}, limits: {{{TWO}}}, then: {{mute: true}}}}}}
"""
    stage = crowd(Stage(text, fuses=True).at(601.5))
    stage.at(1200).step()
    assert len(stage.decisions) == 9
    assert is_whole(stage)


def test_who_comes_while_a_schedule_is_open_is_counted() -> None:
    """A second after its boundary nothing is planned any more."""
    text = f"""{SCHEDULES}
rules: {{r: {{when: {{schedule: soon}}, limits: {{{TWO}}}, then: {{mute: true}}}}}}
"""
    stage = crowd(Stage(text, fuses=True).at(601))
    assert [each.fused for each in stage.decisions] == [False] * 2 + [True] * 7


def test_what_another_rules_schedule_lets_happen_is_not_counted() -> None:
    """Who was let be until a boundary is acted upon because of it."""
    text = f"""{SCHEDULES}
rules:
  let-be: {{priority: 1, when: {{schedule: {{none: soon}}}}, then: {{allow: true}}}}
  quiet: {{priority: 2, where: lobby, limits: {{{TWO}}}, then: {{mute: true}}}}
"""
    stage = crowd(Stage(text, fuses=True).at(0.5))
    assert stage.decisions == []
    stage.at(600).step()
    assert len(stage.decisions) == 9
    assert is_whole(stage)


def test_what_follows_from_a_schedule_is_not_counted() -> None:
    """A role that one rule gives at a boundary makes another hold at that instant."""
    text = f"""{SCHEDULES}
rules:
  roles: {{when: {{schedule: soon}}, then: {{grant: dj}}}}
  djs: {{who: {{roles: dj}}, limits: {{{TWO}}}, then: {{mute: true}}}}
"""
    stage = crowd(Stage(text, fuses=True).at(0.5))
    stage.at(600).step()
    assert len(stage.decisions) == 18
    assert is_whole(stage)


def test_what_a_revision_brings_about_is_not_counted() -> None:
    """A new rule, one that has changed, and one that another no longer keeps from acting."""
    stage = crowd(Stage("rules: {}", fuses=True).at(0.5))
    assert len(stage.at(1.5).activate(QUIET)) == 9
    assert is_whole(stage)
    let_be = f"{QUIET[:-1]}, lets: {{priority: 1, then: {{allow: true}}}}}}"
    stage = crowd(Stage(let_be, fuses=True).at(0.5))
    assert stage.decisions == []
    assert len(stage.at(1.5).activate(QUIET)) == 9
    assert is_whole(stage)


def test_what_was_planned_goes_on_being_so() -> None:
    """A `for` that a revision has begun is over later, and a lease begins when it can."""
    text = QUIET.replace("where: lobby", "where: lobby, for: 1m")
    stage = crowd(Stage("rules: {}", fuses=True).at(0.5))
    stage.at(1.5).activate(text)
    stage.at(61.5).step()
    assert len(stage.decisions) == 9
    assert is_whole(stage)


def test_whom_the_first_snapshot_finds_is_not_counted() -> None:
    """They are acted upon because there are rules now; whom a later one finds is counted."""
    found = [VoiceState(user, LOBBY) for user in users(9)]
    stage = Stage(QUIET, voice=found, fuses=True)
    assert len(stage.decisions) == 9
    assert is_whole(stage)
    stage.at(60.5).step(*(voice(user, None) for user in users(9)))
    stage.at(90.5).step(stage.snapshot(voice=found))
    assert not is_whole(stage)


def test_whom_the_first_snapshot_of_another_run_finds_is_not_counted() -> None:
    """However long nobody has watched: they were seen before, or have come meanwhile."""
    for away in (0, 299, 300, 9000):
        stage = crowd(Stage(QUIET, fuses=True).at(0.5), 1)
        guild = stage.engine.guild(GUILD)
        assert guild is not None
        memories = [(GUILD, user, remember(member)) for user, member in guild.members.items()]
        alive_at = stage.instant()
        restored, _ = restore_guilds(memories, alive_at, stage.at(away + 1.5).instant())
        index, stage.engine = stage.engine.index, Engine(fuses=True)
        stage.engine.restore(restored[GUILD])
        stage.engine.activate(index, stage.instant())
        stage.step(stage.snapshot(voice=[VoiceState(user, LOBBY) for user in users(9)]))
        assert len(stage.decisions) == 9
        assert is_whole(stage)
        crowd(stage.at(away + 2.5), 12)
        assert not is_whole(stage)


def test_a_planned_action_is_no_part_of_the_count() -> None:
    """After it the fuse still lets as many through."""
    stage = Stage(QUIET, voice=[VoiceState(user, LOBBY) for user in users(2)], fuses=True)
    for second, user in enumerate(users(5)[2:], 1):
        stage.at(second + 0.5).enter(user, LOBBY)
    assert [each.fused for each in stage.decisions] == [False] * 4 + [True]


def test_a_rule_that_holds_of_somebody_begins_nothing_else() -> None:
    """A blown rule keeps what it holds of a member, and takes hold of nothing more."""
    text = f"rules: {{r: {{limits: {{{TWO}}}, then: {{mute: true, grant: staff}}}}}}"
    stage = Stage(text, fuses=True)
    first, *others = users(3)
    stage.at(0.5).step(MemberChanged(GUILD, Member(first, frozenset([STAFF]))))
    stage.at(1.5).enter(first, LOBBY)
    for second, user in enumerate(others, 2):
        stage.at(second + 0.5).enter(user, LOBBY)
    assert not is_whole(stage)
    before = len(stage.decisions)
    stage.at(9.5).step(MemberChanged(GUILD, Member(first)))
    assert [each for each in stage.decisions[before:] if each.mode is Mode.ENFORCE] == []
    assert stage.at(10.5).leave(first) == [("r", "unmute")]
