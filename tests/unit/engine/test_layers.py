"""What is done once, what begins and what has to wait."""

import pytest

from tests.support.stage import AFK, ALICE, BOB, DJ, LOBBY, MUSIC, STAGE, Stage
from voxguard.model.decisions import Mode


@pytest.mark.parametrize(
    "then",
    [
        "timeout: 1m",
        "warn: x",
        "announce: {channel: afk, text: x}",
        "move: afk",
        "disconnect: true",
    ],
)
def test_what_is_momentary_happens_once_an_episode(then: str) -> None:
    """A new episode does it again."""
    stage = Stage(f"rules: {{r: {{where: [lobby, music], then: {{{then}}}}}}}")
    once = [("r", then.partition(":")[0])]
    assert stage.enter(ALICE, LOBBY) == once
    assert stage.at(1).enter(ALICE, LOBBY, guild_deaf=True) == []
    assert stage.at(2).enter(ALICE, MUSIC) == []
    assert stage.at(3).enter(ALICE, STAGE) == []
    assert stage.at(4).enter(ALICE, LOBBY) == once


@pytest.mark.parametrize("flag", ["guild_mute", "guild_deaf"])
def test_lifting_happens_once_whoever_set_it(flag: str) -> None:
    """What is set again in that episode stays; while the rule holds no later one sets it."""
    key = "mute" if flag == "guild_mute" else "deafen"
    stage = Stage(
        f"""
        rules:
          lifts: {{priority: 1, who: {{roles: dj}}, then: {{{key}: false}}}}
          sets: {{priority: 2, where: lobby, then: {{{key}: true}}}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("sets", key)]
    assert stage.at(1).roles(ALICE, DJ) == [("lifts", f"un{key}")]
    assert not stage.decisions[-1].release
    assert stage.at(2).enter(ALICE, LOBBY, **{flag: True}) == []
    assert stage.at(3).enter(ALICE, LOBBY) == []
    assert stage.at(4).roles(ALICE) == [("sets", key)]
    assert stage.enter(BOB, MUSIC, **{flag: True}) == []
    assert stage.at(5).roles(BOB, DJ) == [("lifts", f"un{key}")]


def test_lifting_ends_all_leases_and_holds() -> None:
    """Nothing of them is released later."""
    stage = Stage(
        """
        rules:
          lifts: {priority: 1, who: {roles: dj}, then: {mute: false}}
          held: {priority: 2, where: lobby, then: {mute: true, hold: 1h}}
          plain: {priority: 3, where: lobby, then: {mute: true}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("held", "mute")]
    assert stage.at(1).roles(ALICE, DJ) == [("lifts", "unmute")]
    assert stage.member(ALICE).enforced.leases == {}
    assert stage.at(2).leave(ALICE) == []
    assert stage.at(4000).step() == []


def test_lifting_waits_for_a_placement_and_what_is_on_goes_on() -> None:
    """Of the rules that hold it; what no rule holds any more ends."""
    stage = Stage(
        """
        rules:
          out: {priority: 1, where: music, then: {move: afk}}
          lifts: {priority: 2, where: music, then: {mute: false, deafen: false}}
          quiet: {priority: 3, where: [lobby, music], then: {mute: true}}
          deaf: {priority: 4, where: lobby, then: {deafen: true}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("quiet", "mute"), ("deaf", "deafen")]
    assert stage.at(1).enter(ALICE, MUSIC) == [("deaf", "undeafen"), ("out", "move")]
    assert stage.member(ALICE).guild_mute
    assert stage.at(2).enter(ALICE, MUSIC, guild_deaf=True) == []
    assert stage.at(3).enter(ALICE, AFK) == [("quiet", "unmute")]


@pytest.mark.parametrize("hold", ["", ", hold: 1h"])
def test_an_observed_lifting_ends_what_was_only_observed(hold: str) -> None:
    """There is nothing to lift, but what observing rules hold of that slot ends with it."""
    stage = Stage(
        f"""
        rules:
          lifts: {{priority: 1, mode: observe, who: {{roles: dj}}, then: {{mute: false}}}}
          held: {{priority: 2, mode: observe, where: lobby, then: {{mute: true{hold}}}}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("held", "mute")]
    assert stage.at(1).roles(ALICE, DJ) == [("held", "unmute")]
    assert stage.at(2).leave(ALICE) == []
    assert stage.wake_in is None


def test_while_lifting_waits_holds_run_out() -> None:
    """A lease that only its hold keeps ends at its end."""
    stage = Stage(
        """
        rules:
          out: {priority: 1, where: music, then: {move: afk}}
          lifts: {priority: 2, where: music, then: {mute: false}}
          held: {priority: 3, where: lobby, then: {mute: true, hold: 10s}}
        """
    )
    stage.enter(ALICE, LOBBY)
    assert stage.at(1).enter(ALICE, MUSIC) == [("out", "move")]
    assert stage.wake_in == 10
    assert stage.at(10).step() == [("held", "unmute")]


@pytest.mark.parametrize(
    ("then", "waits"),
    [
        ("mute: true", True),
        ("deafen: true", True),
        ("suppress: true", True),
        ("mute: false", True),
        ("deafen: false", True),
        ("timeout: 1m", False),
        ("grant: dj", False),
        ("warn: x", False),
        ("announce: {channel: afk, text: x}", False),
    ],
)
def test_what_waits_for_a_placement(then: str, waits: bool) -> None:
    """What would go along with the member; in their next visit it happens."""
    stage = Stage(
        f"""
        rules:
          out: {{priority: 1, when: {{state: {{camera: true}}}}, then: {{move: lobby}}}}
          other: {{priority: 2, then: {{{then}}}}}
        """
    )
    lifting = then.endswith("false")
    flags = {"guild_mute": lifting, "guild_deaf": lifting}
    decided = stage.enter(ALICE, STAGE, camera=True, **flags)
    assert decided[0] == ("out", "move")
    assert len(decided) == (1 if waits else 2)
    stage.at(2).leave(ALICE)
    assert len(stage.at(3).enter(ALICE, STAGE, **flags)) == 1


def test_what_is_done_by_others_begins_nothing() -> None:
    """A role or an audience that is there already makes neither a decision nor a lease."""
    stage = Stage("rules: {r: {then: {grant: dj, suppress: true}}}")
    stage.roles(ALICE, DJ)
    assert stage.enter(ALICE, STAGE, suppressed=True) == []
    assert stage.member(ALICE).enforced.leases == {}
    assert stage.at(1).roles(ALICE) == [("r", "grant")]
    assert stage.at(2).enter(ALICE, STAGE) == [("r", "suppress")]
    assert stage.at(3).leave(ALICE) == [("r", "revoke")]


def test_in_another_channel_there_is_no_audience() -> None:
    """Nothing is wanted there; the episode goes on, and on a stage it happens."""
    stage = Stage("rules: {r: {then: {suppress: true}}}")
    assert stage.enter(ALICE, LOBBY) == []
    assert stage.at(1).enter(ALICE, STAGE) == [("r", "suppress")]


def test_observed_acts_count_for_what_is_observed_alone() -> None:
    """Cooldowns and steps of a rule begin anew when it is enforced, and go on when it is not."""
    text = (
        "rules: {{r: {{mode: {}, where: lobby,"
        " escalate: {{forget_after: 1h, steps: [{{warn: a}}, {{timeout: 1m}}]}}}}}}"
    )
    stage = Stage(text.format("observe"))
    assert stage.enter(ALICE, LOBBY) == [("r", "warn")]
    assert stage.at(1).activate(text.format("enforce")) == [("r", "warn")]
    assert stage.at(2).activate(text.format("observe")) == [("r", "timeout")]
    assert stage.at(3).activate(text.format("enforce")) == [("r", "timeout")]
    assert [each.mode for each in stage.decisions] == [
        Mode.OBSERVE,
        Mode.ENFORCE,
        Mode.OBSERVE,
        Mode.ENFORCE,
    ]


def test_a_lifting_says_whose_hold_it_has_ended() -> None:
    """So that it can be told from the lifting of what others have set."""
    stage = Stage(
        """
        rules:
          lifts: {priority: 1, where: music, then: {mute: false}}
          quiet: {priority: 2, where: lobby, then: {mute: true, hold: 1h}}
        """
    )
    stage.enter(ALICE, LOBBY)
    assert stage.at(1).enter(ALICE, MUSIC) == [("lifts", "unmute")]
    assert stage.decisions[-1].details["ended"] == "quiet"
    assert stage.enter(BOB, MUSIC, guild_mute=True) == [("lifts", "unmute")]
    assert "ended" not in stage.decisions[-1].details
