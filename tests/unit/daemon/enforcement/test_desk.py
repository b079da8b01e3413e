"""What an answer tells beyond the reports, and for how long."""

import pytest

from tests.unit.daemon.enforcement.tools import GUILD, Rig, decide
from voxguard.daemon.enforcement.desk import BELIEF_SECONDS
from voxguard.model.decisions import Effect, Outcome
from voxguard.model.ids import UserId
from voxguard.ports.discord import Answer, Applied, MemberEdit, Unreachable

TIMEOUT = Unreachable("no answer in time", in_doubt=True)


def test_the_last_report_wins_over_an_old_answer(rig: Rig) -> None:
    """A moderator who unmutes before our answer arrives is seen as having done so."""
    rig.submit(decide(Effect.MUTE))
    request = rig.one()
    rig.joined(1, mute=True)
    rig.joined(1, mute=False)
    rig.answer(request)
    [unmute] = rig.submit(decide(Effect.UNMUTE))
    assert rig.ready() == []
    assert rig.outcomes(unmute) == [Outcome.APPLIED]


def test_an_answer_outweighs_a_late_report_for_a_while(rig: Rig) -> None:
    """A report that set out before our mute does not make it undone; a later one may."""
    rig.submit(decide(Effect.MUTE))
    rig.answer(rig.one())
    rig.joined(1)
    [unmute] = rig.submit(decide(Effect.UNMUTE))
    assert rig.one().act == MemberEdit(mute=False)
    assert rig.outcomes(unmute) == []


def test_an_answer_is_believed_no_longer_than_a_while(rig: Rig) -> None:
    """When a report does not bear an answer out, it is right after some seconds."""
    rig.submit(decide(Effect.MUTE))
    rig.answer(rig.one())
    rig.joined(1)
    rig.wait(BELIEF_SECONDS)
    rig.submit(decide(Effect.UNMUTE))
    assert rig.ready() == []


@pytest.mark.parametrize("answer", [Applied(), TIMEOUT])
def test_what_was_reported_before_an_edit_says_nothing_after_it(rig: Rig, answer: Answer) -> None:
    """Where no report has come since a mute, its release is sent, however long that is."""
    [mute] = rig.submit(decide(Effect.MUTE))
    rig.answer(rig.one(), answer)
    rig.wait(3_600)
    rig.answer(rig.one()) if rig.outcomes(mute) == [] else None
    rig.wait(3_600)
    [unmute] = rig.submit(decide(Effect.UNMUTE))
    rig.answer(rig.one())
    # The same the other way round: nobody has told of the release either.
    rig.submit(decide(Effect.MUTE))
    assert rig.one().act == MemberEdit(mute=True)
    assert rig.outcomes(unmute) == [Outcome.APPLIED]


def test_a_report_after_doubt_is_believed(rig: Rig) -> None:
    """What a request without an answer has done is known as soon as it is reported."""
    [mute] = rig.submit(decide(Effect.MUTE))
    rig.answer(rig.one(), TIMEOUT)
    rig.joined(1, mute=True)
    assert rig.ready() == []
    assert rig.outcomes(mute) == [Outcome.APPLIED]


def test_a_release_of_what_was_left_in_doubt_is_sent(rig: Rig) -> None:
    """No report has come since: that it is not there was reported before."""
    rig.submit(decide(Effect.MUTE))
    rig.answer(rig.one(), TIMEOUT)
    rig.submit(decide(Effect.UNMUTE))
    rig.wait(BELIEF_SECONDS)
    assert rig.one().act == MemberEdit(mute=False)


def test_a_newer_answer_outweighs_an_older_one(rig: Rig) -> None:
    """Also where its own report has come before it: nothing is left of what was before."""
    rig.joined(mute=True)
    rig.submit(decide(Effect.UNMUTE))
    rig.answer(rig.one())
    rig.submit(decide(Effect.MUTE))
    request = rig.one()
    rig.joined(mute=True)
    rig.answer(request)
    rig.submit(decide(Effect.UNMUTE))
    assert rig.one().act == MemberEdit(mute=False)


def test_reports_that_come_before_our_own_say_nothing(rig: Rig) -> None:
    """However late they are, as when a connection is resumed; what comes after it counts."""
    rig.submit(decide(Effect.MUTE))
    rig.answer(rig.one())
    rig.expected.add((GUILD, UserId(1), Effect.MUTE))
    rig.wait(600)
    rig.left()
    rig.joined()
    rig.submit(decide(Effect.UNMUTE))
    assert rig.one().act == MemberEdit(mute=False)


def test_our_own_report_ends_it(rig: Rig) -> None:
    """Then somebody else has lifted it."""
    rig.submit(decide(Effect.MUTE))
    rig.answer(rig.one())
    rig.expected.add((GUILD, UserId(1), Effect.MUTE))
    rig.wait(600)
    rig.expected.clear()
    rig.joined()
    rig.submit(decide(Effect.UNMUTE))
    assert rig.ready() == []
