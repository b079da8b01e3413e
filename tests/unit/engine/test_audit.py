"""What the audit log says against how a report was taken."""

import pytest

from tests.support.hands import MODERATOR, Slot, held, slots
from tests.support.stage import ALICE, BOB, GUILD, LOBBY, Stage
from voxguard.model.decisions import Effect
from voxguard.model.events import Echo, HandSeen
from voxguard.model.ids import UserId


def seen(*changes: Echo, user: UserId = ALICE) -> HandSeen:
    """A moderator has done this."""
    return HandSeen(GUILD, user, MODERATOR, frozenset(changes))


@slots
@pytest.mark.parametrize("humans", ["yield", "reassert"])
def test_what_passed_for_our_own_was_a_hand(slot: Slot, humans: str) -> None:
    """What was undone is yielded, or set again, as if the report had been taken for a hand."""
    stage = held(slot, humans=humans)
    slot.report(stage.at(2), on=False, echoes=[slot.off])
    effect = slot.off[0] if humans == "yield" else slot.effect
    assert stage.at(3).step(seen(slot.off)) == [("r", effect.value)]
    assert stage.decisions[-1].details["by"] == str(MODERATOR)
    assert slot.is_on(stage) is (humans == "reassert")


@slots
def test_what_a_hand_has_set_is_theirs(slot: Slot) -> None:
    """Though we had asked for the same."""
    stage = held(slot)
    assert stage.at(2).step(seen(slot.on)) == [("r", slot.off[0].value)]
    assert slot.is_on(stage)
    assert stage.at(3).activate("rules: {}") == []


@slots
def test_what_is_so_no_longer_is_past(slot: Slot) -> None:
    """An entry about what a later report has overtaken, and one about what nobody holds."""
    stage = held(slot)
    assert stage.at(2).step(seen(slot.off)) == []
    stage.at(3).activate("rules: {}")
    assert stage.at(4).step(seen(slot.on)) == []


def test_of_others_nothing_is_known() -> None:
    """Who is no member that matters, and a simulation, where hands play no part."""
    stage = Stage("rules: {r: {then: {mute: true}}}", humans=True)
    assert stage.step(seen((Effect.MUTE, None), user=BOB)) == []
    simulated = Stage("rules: {r: {then: {mute: true}}}")
    simulated.enter(ALICE, LOBBY)
    simulated.at(1).enter(ALICE, LOBBY, guild_mute=True)
    assert simulated.at(2).step(seen((Effect.MUTE, None))) == []
