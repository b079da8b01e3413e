"""Who speaks about which slot: the first rule that does, in cooldown none."""

import pytest

from tests.support.stage import AFK, ALICE, DJ, LOBBY, MUSIC, STAGE, Stage

COOL = "rules: {cool: {where: lobby, cooldown: 10m, then: {mute: true, warn: x}}}"


@pytest.mark.parametrize(("back", "acts"), [(599, 600), (600, 600), (601, 601)])
def test_a_cooldown_ends_at_exactly_its_length(back: int, acts: int) -> None:
    """A rule that holds again before acts at its end; the engine wakes up for it."""
    stage = Stage(COOL)
    assert stage.enter(ALICE, LOBBY) == [("cool", "mute"), ("cool", "warn")]
    stage.at(1).enter(ALICE, MUSIC)
    decided = stage.at(back).enter(ALICE, LOBBY)
    if back < 600:
        assert decided == []
        assert stage.wake_in == 600
        decided = stage.at(600).step()
    assert decided == [("cool", "mute"), ("cool", "warn")]
    assert stage.decisions[-1].decided_at == stage.instant(acts)


def test_within_an_episode_there_is_no_cooldown() -> None:
    """What becomes possible later in it happens then."""
    stage = Stage(COOL)
    assert stage.enter(ALICE, LOBBY, guild_mute=True) == [("cool", "warn")]
    assert stage.at(5).enter(ALICE, LOBBY) == [("cool", "mute")]


def test_it_runs_from_the_latest_decision() -> None:
    """Not from the first of the episode, and releases are none."""
    stage = Stage(COOL)
    stage.enter(ALICE, LOBBY, guild_mute=True)
    stage.at(100).enter(ALICE, LOBBY)
    stage.at(200).enter(ALICE, MUSIC)
    stage.at(300).enter(ALICE, LOBBY)
    assert stage.wake_in == 700


def test_an_episode_without_a_decision_cools_nobody_down() -> None:
    """Its conditions matched, but it has done nothing."""
    stage = Stage("rules: {cool: {where: lobby, cooldown: 10m, then: {mute: true}}}")
    stage.enter(ALICE, LOBBY, guild_mute=True)
    stage.at(1).enter(ALICE, MUSIC, guild_mute=True)
    assert stage.at(2).enter(ALICE, LOBBY) == [("cool", "mute")]


def test_in_its_cooldown_a_rule_takes_no_slot() -> None:
    """A later one decides it, and goes on behind the first when that speaks again."""
    stage = Stage(
        """
        rules:
          cool: {priority: 1, where: lobby, cooldown: 10m, then: {mute: true}}
          later: {priority: 2, where: lobby, then: {mute: true, deafen: true}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("cool", "mute"), ("later", "deafen")]
    assert stage.at(1).enter(ALICE, MUSIC) == [("later", "undeafen"), ("later", "unmute")]
    assert stage.at(2).enter(ALICE, LOBBY) == [("later", "deafen"), ("later", "mute")]
    assert stage.at(600).step() == []
    assert stage.at(601).enter(ALICE, MUSIC) == [("later", "undeafen"), ("later", "unmute")]


def test_allow_knows_no_cooldown() -> None:
    """What stands beside it does."""
    stage = Stage(
        """
        rules:
          lets: {priority: 1, who: {roles: dj}, cooldown: 1h, then: {allow: true, warn: x}}
          quiet: {priority: 2, where: lobby, then: {mute: true}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("quiet", "mute")]
    assert stage.at(1).roles(ALICE, DJ) == [("quiet", "unmute"), ("lets", "warn")]
    assert stage.at(2).roles(ALICE) == [("quiet", "mute")]
    assert stage.at(3).roles(ALICE, DJ) == [("quiet", "unmute")]


@pytest.mark.parametrize(
    ("then", "where"),
    [
        ("timeout: 1m", LOBBY),
        ("move: afk", LOBBY),
        ("disconnect: true", LOBBY),
        ("mute: true", LOBBY),
        ("deafen: true", LOBBY),
        ("suppress: true", STAGE),
        ("grant: dj", LOBBY),
    ],
)
def test_a_slot_is_decided_by_the_first_rule_that_speaks(then: str, where: int) -> None:
    """A later rule that wants the same decides nothing while it does."""
    stage = Stage(f"rules: {{a: {{then: {{{then}}}}}, b: {{then: {{{then}}}}}}}")
    channel = STAGE if where == STAGE else LOBBY
    assert stage.enter(ALICE, channel) == [("a", then.partition(":")[0])]
    assert stage.at(1).enter(ALICE, channel, guild_deaf=True) == []


@pytest.mark.parametrize("then", ["warn: x", "announce: {channel: afk, text: x}"])
def test_messages_have_no_slot(then: str) -> None:
    """Each rule sends its own."""
    stage = Stage(f"rules: {{a: {{then: {{{then}}}}}, b: {{then: {{{then}}}}}}}")
    effect = then.partition(":")[0]
    assert stage.enter(ALICE, LOBBY) == [("a", effect), ("b", effect)]
    assert stage.at(1).enter(ALICE, AFK) == []


def test_roles_are_slots_of_their_own() -> None:
    """A rule that has lost one of them has not lost the other."""
    stage = Stage("rules: {a: {then: {grant: dj}}, b: {then: {grant: [dj, staff]}}}")
    assert stage.enter(ALICE, LOBBY) == [("a", "grant"), ("b", "grant")]
    assert [each.params["role"] for each in stage.decisions] == ["12", "11"]
