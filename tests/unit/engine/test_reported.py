"""Discord's last word on what is held: where it is kept."""

import pytest

from tests.support.hands import SLOTS, Slot, slots
from tests.support.stage import ALICE, DJ, GUILD
from voxguard.engine.reported import held_slot, reported, set_reported
from voxguard.engine.state import MemberState
from voxguard.model.decisions import RELEASES, Effect


@slots
def test_what_is_set_is_the_last_word(slot: Slot) -> None:
    """Of this alone, and of nothing else that can be held."""
    member = MemberState(GUILD, ALICE)
    for on in (True, False):
        name = held_slot(slot.effect, slot.role)
        assert name is not None
        set_reported(member, name, slot.role, on=on)
        assert reported(member, name, slot.role) is on
        for other in SLOTS:
            if other is not slot:
                other_name = held_slot(other.effect, other.role)
                assert other_name is not None
                assert not reported(member, other_name, other.role)


@slots
def test_a_release_is_about_what_it_ends(slot: Slot) -> None:
    """Both have the same slot, and no other effect has it."""
    assert held_slot(slot.effect, slot.role) == held_slot(RELEASES[slot.effect], slot.role)


@pytest.mark.parametrize("effect", [Effect.MOVE, Effect.DISCONNECT, Effect.TIMEOUT, Effect.WARN])
def test_what_is_not_held_has_no_slot(effect: Effect) -> None:
    """Nothing that is reported of it says whether it goes on."""
    assert held_slot(effect, None) is None


def test_nothing_known_of_a_role_is_that_it_is_not_there() -> None:
    """Roles are told of all at once."""
    member = MemberState(GUILD, ALICE, reported_roles=frozenset({DJ}))
    name = held_slot(Effect.GRANT, DJ)
    assert name is not None
    set_reported(member, name, DJ, on=None)
    assert reported(member, name, DJ) is False
