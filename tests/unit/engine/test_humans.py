"""Somebody else's hand on what a rule holds: which reports show one, and who has it then."""

from tests.support.hands import MODERATOR, SLOTS, Slot, held, slots
from tests.support.stage import ALICE, GUILD, LOBBY, MUSIC, STAGE, Stage, voice
from voxguard.engine.humans import LONGEST_FIGHT, MOST_REASSERTIONS
from voxguard.model.decisions import Effect
from voxguard.model.events import EnforcementFailed, VoiceStateChanged
from voxguard.model.world import VoiceState


@slots
def test_a_hand_that_undoes_it_wins_until_the_episode_ends(slot: Slot) -> None:
    """The release is recorded and needs nobody; the next episode acts again."""
    stage = held(slot)
    assert slot.report(stage.at(2), on=False, by=MODERATOR) == [("r", slot.off[0].value)]
    release = stage.decisions[-1]
    assert (release.yielded, release.release) == (True, True)
    assert release.details["by"] == str(MODERATOR)
    assert not slot.is_on(stage)
    assert stage.at(3).enter(ALICE, STAGE, self_mute=True) == []
    stage.at(4).enter(ALICE, LOBBY)
    assert stage.at(5).enter(ALICE, STAGE) == [("r", slot.effect.value)]


@slots
def test_what_a_hand_sets_afterwards_is_never_lifted(slot: Slot) -> None:
    """A moderator has undone it and done it again: it stays when the rule stops."""
    stage = held(slot)
    slot.report(stage.at(2), on=False)
    assert slot.report(stage.at(3), on=True) == []
    assert slot.is_on(stage)
    if slot.effect is not Effect.SUPPRESS:
        flags = {} if slot.flag is None else {slot.flag: True}
        assert stage.at(4).enter(ALICE, MUSIC, **flags) == []
        assert slot.is_on(stage)
    assert stage.at(5).activate("rules: {}") == []


@slots
def test_an_echo_is_no_hand(slot: Slot) -> None:
    """Our own release comes back after the rule has taken the slot again."""
    stage = held(slot)
    assert slot.report(stage.at(2), on=False, echoes=[slot.off]) == []
    assert slot.is_on(stage)
    assert slot.report(stage.at(3), on=True, echoes=[slot.on]) == []
    assert stage.at(4).activate("rules: {}") == [("r", slot.off[0].value)]


@slots
def test_what_a_hand_does_before_us_is_theirs(slot: Slot) -> None:
    """They set it while ours still waits: it is not ours to lift, and the rule acts after it."""
    text = f"rules: {{r: {{where: stage, then: {{{slot.then}}}}}}}"
    stage = Stage(text, humans=True)
    stage.enter(ALICE, STAGE)
    assert slot.report(stage.at(1), on=True) == [("r", slot.off[0].value)]
    assert (stage.decisions[-1].yielded, stage.decisions[-1].details["undone"]) == (True, False)
    assert slot.is_on(stage)
    assert slot.report(stage.at(2), on=False) == [("r", slot.effect.value)]
    assert not stage.decisions[-1].yielded


@slots
def test_reasserted_it_is_set_again_in_the_same_episode(slot: Slot) -> None:
    """As a decision of its own, and released with the rule as ever."""
    stage = held(slot, humans="reassert")
    assert slot.report(stage.at(2), on=False) == [("r", slot.effect.value)]
    first, again = stage.decisions
    assert (again.episode_id, again.params, again.release) == (
        first.episode_id,
        first.params,
        False,
    )
    assert again.id != first.id
    assert slot.is_on(stage)
    assert slot.report(stage.at(3), on=True, echoes=[slot.on]) == []
    assert stage.at(4).activate("rules: {}") == [("r", slot.off[0].value)]


@slots
def test_reasserted_or_not_a_hand_that_sets_it_has_it(slot: Slot) -> None:
    """A moderator who undoes it and does it again before us keeps what they have set."""
    stage = held(slot, humans="reassert")
    slot.report(stage.at(2), on=False)
    assert slot.report(stage.at(2), on=True) == [("r", slot.off[0].value)]
    assert stage.decisions[-1].yielded
    assert stage.at(3).activate("rules: {}", guild="humans: reassert") == []
    assert slot.is_on(stage)


@slots
def test_a_fight_ends(slot: Slot) -> None:
    """So often within ten minutes it is set again, also within an instant; then the hand wins."""
    stage = held(slot, humans="reassert")
    for _ in range(MOST_REASSERTIONS):
        assert slot.report(stage.at(2), on=False) == [("r", slot.effect.value)]
        assert slot.report(stage.at(2), on=True, echoes=[slot.on]) == []
    assert slot.report(stage.at(3), on=False) == [("r", slot.off[0].value)]
    assert stage.decisions[-1].yielded
    assert len({each.id for each in stage.decisions}) == len(stage.decisions)
    later = held(slot, humans="reassert")
    for number in range(3 * MOST_REASSERTIONS):
        at = 2 + number * LONGEST_FIGHT.total_seconds() / MOST_REASSERTIONS
        assert slot.report(later.at(at), on=False) == [("r", slot.effect.value)]
        assert slot.report(later.at(at + 1), on=True, echoes=[slot.on]) == []


def test_holds_end_with_a_hand_and_are_reasserted_like_all_else() -> None:
    """Also when the rule has stopped holding."""
    mute = SLOTS[0]
    for humans, effect in (("yield", "unmute"), ("reassert", "mute")):
        stage = held(mute, humans=humans, more=", hold: 10m")
        assert stage.at(2).enter(ALICE, LOBBY, guild_mute=True) == []
        assert mute.report(stage.at(3), on=False) == [("r", effect)]
        mute.report(stage.at(4), on=humans == "reassert", echoes=[mute.on])
        assert stage.at(600).step() == ([("r", "unmute")] if humans == "reassert" else [])


def test_a_role_is_reasserted_of_somebody_who_is_away() -> None:
    """Of roles Discord changes those of anybody; muted is nobody who is not connected."""
    for humans, effect in (("yield", "revoke"), ("reassert", "grant")):
        stage = held(SLOTS[3], humans=humans, more=", hold: 10m")
        assert stage.at(2).leave(ALICE) == []
        assert stage.at(3).roles(ALICE) == [("r", effect)]
        assert stage.decisions[-1].channel_id is None
        assert stage.decisions[-1].yielded is (humans == "yield")


def test_a_reassertion_is_void_when_the_lease_is() -> None:
    """The channel is left at the instant of the hand, or the mute is there again."""
    mute = SLOTS[0]
    stage = held(mute, humans="reassert")
    left = voice(ALICE, STAGE), voice(ALICE, LOBBY)
    assert stage.at(2).step(*left) == []
    stage = held(mute, humans="reassert")
    both = VoiceStateChanged(
        GUILD, VoiceState(ALICE, STAGE, guild_mute=True), echoes=frozenset({mute.on})
    )
    assert stage.at(2).step(voice(ALICE, STAGE), both) == [("r", "mute")]


def test_what_could_not_be_set_again_is_not_there() -> None:
    """A refusal is a fact, as of any decision."""
    stage = held(SLOTS[0], humans="reassert")
    SLOTS[0].report(stage.at(2), on=False)
    assert stage.at(3).step(EnforcementFailed(GUILD, ALICE, Effect.MUTE)) == []
    assert not stage.member(ALICE).guild_mute


@slots
def test_in_simulations_nobody_has_a_hand(slot: Slot) -> None:
    """What is reported while a lease is on it changes nothing."""
    stage = Stage(f"rules: {{r: {{where: stage, then: {{{slot.then}}}}}}}")
    stage.enter(ALICE, STAGE)
    for on in (True, False, True):
        assert slot.report(stage, on=on) == []
        assert slot.is_on(stage)
