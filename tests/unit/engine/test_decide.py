"""What is decided of one member, as the language says it."""

from tests.support.stage import AFK, ALICE, DJ, LOBBY, MUSIC, OUTSIDE, STAFF, Stage, voice
from voxguard.model.world import VoiceState

MUTE_IN_LOBBY = """
rules:
  quiet: {where: lobby, then: {mute: true}}
"""

HOUR_IN_LOBBY = """
rules:
  limit: {where: lobby, for: 1h, then: {move: afk}}
"""


def test_a_held_effect_begins_and_ends_with_its_rule() -> None:
    """A mute comes with the channel and is released with it."""
    stage = Stage(MUTE_IN_LOBBY)
    assert stage.at(1).enter(ALICE, LOBBY) == [("quiet", "mute")]
    assert stage.at(2).enter(ALICE, AFK) == [("quiet", "unmute")]


def test_a_rule_bites_whoever_is_there_already() -> None:
    """Members whom the first snapshot lists are decided like those who join."""
    stage = Stage(MUTE_IN_LOBBY, voice=[VoiceState(ALICE, LOBBY)])
    assert [(d.rule, d.effect.value) for d in stage.decisions] == [("quiet", "mute")]


def test_a_repeated_voice_state_decides_nothing() -> None:
    """The same report again is no event."""
    stage = Stage(MUTE_IN_LOBBY)
    stage.at(1).enter(ALICE, LOBBY)
    assert stage.at(2).enter(ALICE, LOBBY) == []
    assert stage.at(3).enter(ALICE, LOBBY, camera=True) == []


def test_for_is_reached_at_exactly_its_length() -> None:
    """A rule with `for: 1h` decides at the hour, at that instant, and not before."""
    stage = Stage(HOUR_IN_LOBBY)
    stage.at(10).enter(ALICE, LOBBY)
    assert stage.wake_in == 3610
    assert stage.at(3609).step() == []
    assert stage.at(5000).step() == [("limit", "move")]
    assert stage.decisions[-1].decided_at == stage.instant(3610)
    assert stage.decisions[-1].params == {"channel": str(AFK)}


def test_whoever_leaves_at_exactly_the_end_of_for_is_not_decided() -> None:
    """Events of an instant come before its decisions."""
    stage = Stage(HOUR_IN_LOBBY)
    stage.enter(ALICE, LOBBY)
    assert stage.at(3600).leave(ALICE) == []
    assert stage.wake_in is None


def test_another_channel_restarts_for() -> None:
    """Without across_channels a move is a break, and so is a rejoin."""
    stage = Stage(
        "rules: {r: {where: [lobby, music], for: 1h, then: {move: afk}}}",
    )
    stage.enter(ALICE, LOBBY)
    stage.at(1800).enter(ALICE, MUSIC)
    assert stage.wake_in == 5400
    stage.at(1900).leave(ALICE)
    stage.at(1900).enter(ALICE, MUSIC)
    assert stage.wake_in == 5500


def test_across_channels_a_move_is_no_break() -> None:
    """With across_channels the clock runs on while the conditions match."""
    stage = Stage(
        "rules: {r: {where: [lobby, music], for: {time: 1h, across_channels: true},"
        " then: {move: afk}}}",
    )
    stage.enter(ALICE, LOBBY)
    stage.at(1800).enter(ALICE, MUSIC)
    assert stage.wake_in == 3600
    stage.at(1900).enter(ALICE, OUTSIDE)
    assert stage.wake_in is None


def test_a_channel_passed_through_within_an_instant_is_no_visit() -> None:
    """Who is back where they were at the end of an instant has not been away."""
    stage = Stage(HOUR_IN_LOBBY)
    stage.enter(ALICE, LOBBY)
    stage.at(60).step(voice(ALICE, AFK), voice(ALICE, LOBBY))
    assert stage.wake_in == 3600
    assert [visit.channel_id for visit in stage.visits] == [LOBBY]


def test_leaving_and_rejoining_within_an_instant_is_a_new_visit() -> None:
    """The lease ends with no channel, and the rule acts on the new visit."""
    stage = Stage(MUTE_IN_LOBBY)
    stage.at(1).enter(ALICE, LOBBY)
    decided = stage.at(2).step(voice(ALICE, None), voice(ALICE, LOBBY))
    assert decided == [("quiet", "unmute"), ("quiet", "mute")]
    assert [d.channel_id for d in stage.decisions] == [LOBBY, None, LOBBY]


def test_unless_is_no_part_of_the_clock() -> None:
    """The clock runs while unless matches, and the rule holds as soon as that stops."""
    stage = Stage(
        "rules: {r: {where: lobby, for: 1h, unless: {who: {roles: dj}}, then: {mute: true}}}"
    )
    stage.roles(ALICE, DJ)
    stage.enter(ALICE, LOBBY)
    assert stage.at(4000).step() == []
    assert stage.at(4100).roles(ALICE) == [("r", "mute")]
    assert stage.at(4200).roles(ALICE, DJ) == [("r", "unmute")]


def test_a_momentary_effect_happens_once_an_episode() -> None:
    """Somebody who stays where the trace has them is not moved again."""
    stage = Stage(HOUR_IN_LOBBY)
    stage.enter(ALICE, LOBBY)
    assert stage.at(3600).step() == [("limit", "move")]
    assert stage.at(9999).enter(ALICE, LOBBY, guild_deaf=True) == []
    stage.at(10_000).leave(ALICE)
    stage.at(10_001).enter(ALICE, LOBBY)
    assert stage.at(20_000).step() == [("limit", "move")]


def test_leases_hand_over_without_a_decision() -> None:
    """An effect ends with its last lease, and the release names the rule that was last."""
    stage = Stage(
        """
        rules:
          first: {who: {roles: dj}, then: {mute: true}}
          second: {where: lobby, then: {mute: true}}
        """
    )
    stage.roles(ALICE, DJ)
    assert stage.enter(ALICE, LOBBY) == [("first", "mute")]
    assert stage.at(1).roles(ALICE) == []
    assert stage.at(2).enter(ALICE, AFK) == [("second", "unmute")]


def test_what_another_hand_has_done_makes_no_decision() -> None:
    """A member muted by a moderator is neither muted nor released by a rule."""
    stage = Stage(MUTE_IN_LOBBY)
    assert stage.enter(ALICE, LOBBY, guild_mute=True) == []
    assert stage.at(1).enter(ALICE, AFK, guild_mute=True) == []


def test_a_rule_acts_when_the_other_hand_lifts() -> None:
    """A moderator's unmute lets the rule that still holds act."""
    stage = Stage(MUTE_IN_LOBBY)
    stage.enter(ALICE, LOBBY, guild_mute=True)
    assert stage.at(1).enter(ALICE, LOBBY) == [("quiet", "mute")]


def test_allow_stops_later_rules_and_ends_their_leases() -> None:
    """Who is let be is released while that lasts, and held again after."""
    stage = Stage(
        """
        rules:
          guests: {priority: 10, who: {roles: dj}, then: {allow: true}}
          quiet: {where: lobby, then: {mute: true}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("quiet", "mute")]
    assert stage.at(1).roles(ALICE, DJ) == [("quiet", "unmute")]
    assert stage.at(2).roles(ALICE) == [("quiet", "mute")]


def test_a_placement_bars_new_mutes_for_the_visit() -> None:
    """Whoever is on the way out is not muted, whichever rule comes first."""
    stage = Stage(
        """
        rules:
          quiet: {priority: 1, where: lobby, then: {mute: true}}
          out: {priority: 2, who: {roles: {none: [staff]}}, where: lobby, then: {disconnect: true}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("out", "disconnect")]
    assert stage.at(1).roles(ALICE, STAFF) == []
    assert stage.at(2).enter(ALICE, OUTSIDE) == []
    assert stage.at(3).enter(ALICE, LOBBY) == [("quiet", "mute")]


def test_what_is_on_goes_on_beside_a_placement() -> None:
    """A lease from before is not ended by a placement."""
    stage = Stage(
        """
        rules:
          quiet: {where: lobby, then: {mute: true}}
          limit: {where: lobby, for: 1h, then: {move: afk}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("quiet", "mute")]
    assert stage.at(3600).step() == [("limit", "move")]
    assert stage.at(3601).enter(ALICE, AFK, guild_mute=True) == [("quiet", "unmute")]


def test_a_move_to_where_the_member_is_decides_the_slot() -> None:
    """Nothing to do is no decision, and later placements lose the slot all the same."""
    stage = Stage(
        """
        rules:
          stay: {priority: 1, who: {roles: dj}, then: {move: lobby}}
          out: {priority: 2, where: lobby, then: {disconnect: true}}
          quiet: {priority: 3, where: lobby, then: {mute: true}}
        """
    )
    stage.roles(ALICE, DJ)
    assert stage.enter(ALICE, LOBBY) == [("quiet", "mute")]
    assert stage.at(1).enter(ALICE, MUSIC) == [("quiet", "unmute"), ("stay", "move")]


def test_rules_that_undo_their_own_reason_come_to_rest() -> None:
    """A rule begins at most one episode a member and instant."""
    stage = Stage("rules: {r: {when: {state: {guild_mute: false}}, then: {mute: true}}}")
    assert stage.enter(ALICE, LOBBY) == [("r", "mute"), ("r", "unmute")]
    assert stage.at(1).step() == []
    assert stage.at(2).enter(ALICE, LOBBY, guild_deaf=True) == []
    assert stage.at(3).enter(ALICE, LOBBY, guild_mute=True) == []
    assert stage.at(4).enter(ALICE, LOBBY) == [("r", "mute"), ("r", "unmute")]


def test_mute_and_deafen_are_slots_of_their_own() -> None:
    """One rule may want both, the more severe first."""
    stage = Stage("rules: {r: {where: lobby, then: {mute: true, deafen: true}}}")
    assert stage.enter(ALICE, LOBBY) == [("r", "deafen"), ("r", "mute")]
    assert stage.at(1).leave(ALICE) == [("r", "undeafen"), ("r", "unmute")]


def test_equal_inputs_give_equal_ids() -> None:
    """Ids of decisions and visits follow from what they name."""

    def run() -> Stage:
        stage = Stage(MUTE_IN_LOBBY)
        stage.at(1).enter(ALICE, LOBBY)
        stage.at(2).leave(ALICE)
        return stage

    one, other = run(), run()
    assert one.decisions == other.decisions
    assert one.visits == other.visits
    assert len({decision.id for decision in one.decisions}) == 2
