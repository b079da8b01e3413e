"""What others' hands leave to be decided."""

from tests.support.stage import ALICE, DJ, LOBBY, Stage
from voxguard.engine.episodes import Hand
from voxguard.engine.hands import reasserted, yielded
from voxguard.engine.state import MemberState
from voxguard.model.decisions import Effect
from voxguard.policy.effects.base import MUTE, role_slot


def _muted_dj() -> MemberState:
    stage = Stage("rules: {r: {then: {mute: true, grant: dj}}}")
    stage.enter(ALICE, LOBBY)
    return stage.member(ALICE)


def test_each_hand_is_decided_once() -> None:
    """Those that win as releases, the others as the same effects again."""
    member = _muted_dj()
    mute, role = (tuple(leases.values()) for leases in member.enforced.leases.values())
    member.hands = [
        Hand(MUTE, mute, undone=True, again=1),
        Hand(role_slot(DJ), role, undone=True),
    ]
    (release,) = yielded(member)
    assert (release.effect, release.role_id, release.yielded) == (Effect.REVOKE, DJ, True)
    member.guild_mute = False
    (again,) = reasserted(member)
    assert (again.effect, again.rule, again.yielded) == (Effect.MUTE, "r", False)
    assert yielded(member) == reasserted(member) == []


def test_what_is_there_again_needs_nothing() -> None:
    """Nor what nobody holds any more."""
    member = _muted_dj()
    mute = tuple(member.enforced.leases[MUTE].values())
    member.hands = [Hand(MUTE, mute, undone=True, again=1)]
    assert reasserted(member) == []
    member.hands = [Hand(MUTE, mute, undone=True, again=1)]
    del member.enforced.leases[MUTE]
    assert reasserted(member) == []
