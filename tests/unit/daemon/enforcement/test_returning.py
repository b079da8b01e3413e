"""Members who are back before the report of their leaving was compared with anything."""

from tests.unit.daemon.enforcement.tools import Rig, decide
from voxguard.model.decisions import Effect, Outcome
from voxguard.ports.discord import MemberEdit, NotConnected, Place

OUT = MemberEdit(place=Place(None))


def test_who_is_back_at_once_after_the_answer_is_put_out_again(rig: Rig) -> None:
    """An answer of moments ago does not make the next disconnect needless."""
    rig.joined()
    [first] = rig.submit(decide(Effect.DISCONNECT))
    rig.answer(rig.one())
    assert rig.outcomes(first) == [Outcome.APPLIED]
    rig.joined()
    [second] = rig.submit(decide(Effect.DISCONNECT))
    assert rig.one().act == OUT
    assert rig.outcomes(second) == []


def test_who_is_back_before_the_answer_is_put_out_again(rig: Rig) -> None:
    """Neither does one that comes when the next disconnect has been decided already."""
    for answer in (None, NotConnected()):
        rig.joined()
        rig.submit(decide(Effect.DISCONNECT))
        request = rig.one()
        [second] = rig.submit(decide(Effect.DISCONNECT))
        rig.answer(request, answer)
        again = rig.one()
        assert again.act == OUT
        rig.obey(again)
        assert rig.outcomes(second) == [Outcome.APPLIED]


def test_who_is_back_at_once_is_muted_at_once(rig: Rig) -> None:
    """A mute does not wait for a report that somebody who was put out is there again."""
    rig.joined()
    rig.submit(decide(Effect.DISCONNECT))
    rig.answer(rig.one())
    rig.joined()
    rig.submit(decide(Effect.MUTE))
    assert rig.one().act == MemberEdit(mute=True)
