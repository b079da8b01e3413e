"""Hands and several rules: which of them yield, and which may still act."""

from tests.support.stage import ALICE, GUILD, LOBBY, STAFF, STAGE, Stage
from voxguard.model.decisions import Effect
from voxguard.model.events import VoiceStateChanged
from voxguard.model.world import VoiceState

MUTED = frozenset({(Effect.MUTE, None)})


def test_all_rules_yield_that_hold_by_then() -> None:
    """Those that agreed, and those that wait; a rule that begins to hold later does not."""
    rules = """
    , agrees: {where: [stage, lobby], then: {mute: true}}
    , silent: {where: stage, when: {state: {camera: true}}, then: {mute: true}}
    , waits: {where: stage, for: 1h, then: {mute: true}}
    , deafens: {where: stage, then: {deafen: true}}
    """
    stage = Stage(
        f"rules: {{r: {{priority: 1, where: stage, then: {{mute: true}}}} {rules}}}", humans=True
    )
    assert stage.enter(ALICE, STAGE) == [("deafens", "deafen"), ("r", "mute")][::-1]
    both = {"guild_mute": True, "guild_deaf": True}
    ours = frozenset({(Effect.MUTE, None), (Effect.DEAFEN, None)})
    state = VoiceState(ALICE, STAGE, **both)
    assert stage.at(1).step(VoiceStateChanged(GUILD, state, echoes=ours)) == []
    # The last in order is named, as at any end.
    assert stage.at(2).enter(ALICE, STAGE, guild_deaf=True) == [("agrees", "unmute")]
    assert stage.at(3).enter(ALICE, LOBBY, guild_deaf=True) == [("deafens", "undeafen")]
    assert stage.at(4).enter(ALICE, STAGE, camera=True) == [
        ("r", "mute"),
        ("deafens", "deafen"),
    ]


def test_a_rule_that_yields_keeps_no_later_rule_from_the_slot() -> None:
    """It says nothing of it, as in a cooldown; an episode that begins later has its turn."""
    stage = Stage(
        """
        rules:
          first: {priority: 1, then: {mute: true}}
          later: {when: {state: {camera: true}}, then: {mute: true}}
        """,
        humans=True,
    )
    stage.enter(ALICE, LOBBY)
    stage.at(1).step(
        VoiceStateChanged(GUILD, VoiceState(ALICE, LOBBY, guild_mute=True), echoes=MUTED)
    )
    assert stage.at(2).enter(ALICE, LOBBY) == [("first", "unmute")]
    assert stage.at(3).enter(ALICE, LOBBY, camera=True) == [("later", "mute")]


def test_lifting_leaves_what_the_hand_sets() -> None:
    """A rule that lifts, and that held already, has yielded as well."""
    stage = Stage(
        """
        rules:
          mutes: {priority: 1, where: lobby, then: {mute: true}}
          lifts: {where: lobby, then: {mute: false}}
        """,
        humans=True,
    )
    assert stage.enter(ALICE, LOBBY) == [("mutes", "mute")]
    stage.at(1).step(
        VoiceStateChanged(GUILD, VoiceState(ALICE, LOBBY, guild_mute=True), echoes=MUTED)
    )
    assert stage.at(2).enter(ALICE, LOBBY) == [("mutes", "unmute")]
    assert stage.at(3).enter(ALICE, LOBBY, guild_mute=True) == []
    assert stage.member(ALICE).guild_mute


def test_an_observing_rule_yields_with_the_others() -> None:
    """As it would if it were enforced: what it holds beside them ends, with no new beginning."""
    stage = Stage(
        """
        rules:
          watches: {priority: 1, mode: observe, then: {mute: true}}
          mutes: {then: {mute: true}}
        """,
        humans=True,
    )
    assert stage.enter(ALICE, LOBBY) == [("watches", "mute"), ("mutes", "mute")]
    stage.at(1).step(
        VoiceStateChanged(GUILD, VoiceState(ALICE, LOBBY, guild_mute=True), echoes=MUTED)
    )
    assert stage.at(2).enter(ALICE, LOBBY) == [("mutes", "unmute"), ("watches", "unmute")]
    assert stage.at(3).enter(ALICE, LOBBY, self_mute=True) == []


def test_what_is_only_observed_nobody_can_undo() -> None:
    """Nothing was done."""
    stage = Stage("rules: {r: {mode: observe, then: {mute: true}}}", humans=True)
    stage.enter(ALICE, LOBBY)
    assert stage.at(1).enter(ALICE, LOBBY, guild_mute=True) == []
    assert stage.at(2).enter(ALICE, LOBBY) == []


def test_of_whom_no_rule_may_touch_nothing_is_set_again() -> None:
    """What was held when they became exempt runs out, and is not fought for."""
    stage = Stage(
        "rules: {r: {where: lobby, then: {mute: true, hold: 1h}}}",
        guild="humans: reassert\nexempt: {who: {roles: [staff]}}",
        humans=True,
    )
    stage.enter(ALICE, LOBBY)
    muted = VoiceState(ALICE, LOBBY, guild_mute=True)
    stage.at(1).step(VoiceStateChanged(GUILD, muted, echoes=MUTED))
    stage.at(2).roles(ALICE, STAFF)
    assert stage.at(3).enter(ALICE, LOBBY) == []
    assert stage.at(4).enter(ALICE, LOBBY, self_mute=True) == []
