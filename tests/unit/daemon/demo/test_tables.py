from tests.support.stage import ALICE, BOB, CAROL, DJ, GUILD, LOBBY, MUSIC, OWNER, Stage, voice
from voxguard.daemon.demo.tables import channels_of, effect_text, name_of, timers_of
from voxguard.engine.engine import Engine
from voxguard.model.decisions import Effect
from voxguard.model.ids import GuildId, UserId
from voxguard.model.world import Member

POLICIES = """
schedules:
  quiet:
    timezone: UTC
    windows: [{from: 2026-03-02T12:01:00, to: 2026-03-02T12:02:00}]
rules:
  limit: {where: [lobby], for: 90s, then: {move: afk}}
  away:
    when: {state: {self_deaf: true}}
    for: 30s
    unless: {who: {roles: [dj]}}
    then: {disconnect: true}
  silence: {where: [lobby], when: {schedule: quiet}, then: {mute: true}}
"""


def due(stage: Stage) -> list[tuple[float, tuple[str, ...], str, str]]:
    """The timers as seconds, members, rule and effect."""
    timers = timers_of(stage.engine, GUILD, stage.instant())
    start = stage.instant(0)
    return [
        ((each.due_at - start).total_seconds(), each.members, each.rule, each.effect)
        for each in timers
    ]


def names(*users: UserId) -> list[Member]:
    """Members whose names Discord has told."""
    return [Member(user, name=f"m{user}") for user in users]


def test_what_is_due_is_told_of_everybody_it_concerns() -> None:
    """Time limits and schedules, the next first, with those together who share an instant."""
    stage = Stage(POLICIES, members=names(ALICE, BOB, OWNER))
    stage.step(voice(ALICE, LOBBY), voice(BOB, LOBBY), voice(OWNER, LOBBY))
    both = (f"m{ALICE}", f"m{BOB}")
    # The owner is exempt. A channel without a name goes by its number, as move's target does.
    assert due(stage) == [
        (60.0, both, "silence", "mute"),
        (90.0, both, "limit", "move to "),
    ]


def test_a_held_effect_is_due_to_be_released() -> None:
    """While quiet hours last, their end is what is due; who left is not waited for."""
    stage = Stage(POLICIES, members=names(ALICE, BOB))
    stage.step(voice(ALICE, LOBBY), voice(BOB, LOBBY))
    stage.at(60).step()
    stage.leave(BOB)
    assert due(stage) == [
        (90.0, (f"m{ALICE}",), "limit", "move to "),
        (120.0, (f"m{ALICE}",), "silence", "unmute"),
    ]


def test_who_is_excused_waits_for_nothing() -> None:
    """A rule whose exception holds is not due, and one whose time is up neither."""
    stage = Stage(POLICIES, members=names(ALICE))
    stage.enter(ALICE, MUSIC, self_deaf=True)
    stage.roles(ALICE, DJ)
    assert due(stage) == []
    stage.roles(ALICE)
    assert [rule for _, _, rule, _ in due(stage)] == ["away"]
    stage.at(30).step()
    assert due(stage) == []


def test_a_guild_without_a_scope_has_nothing_due() -> None:
    """Before the first snapshot there is nothing to show."""
    assert timers_of(Engine(), GuildId(1), Stage(POLICIES).instant()) == ()


def test_channels_show_who_is_in_them_and_how() -> None:
    """Marks are Discord's last word and the member's own switches; the visit tells since when."""
    stage = Stage(POLICIES, members=names(ALICE))
    stage.at(5).step(
        voice(ALICE, LOBBY, guild_mute=True, self_deaf=True), voice(CAROL, LOBBY, self_mute=True)
    )
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    shown = [channel for channel in channels_of(guild) if channel.members]
    assert len(shown) == 1
    alice, carol = shown[0].members
    assert (alice.name, alice.marks) == (f"m{ALICE}", ("muted", "self-deafened"))
    assert (carol.name, carol.marks) == (str(CAROL), ("self-muted",))
    assert alice.since_at == stage.instant(5)
    assert name_of(guild, BOB) == str(BOB)


def test_a_target_that_is_gone_goes_by_its_number() -> None:
    """A move says where to, also when nobody knows that channel."""
    guild = Stage(POLICIES).engine.guild(GUILD)
    assert guild is not None
    assert effect_text(guild, Effect.MOVE, {"channel": "77"}) == "move to 77"
    assert effect_text(guild, Effect.MUTE, {}) == "mute"
