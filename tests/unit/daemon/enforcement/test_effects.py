from datetime import timedelta

import pytest

from tests.unit.daemon.enforcement.tools import DJ, LOBBY, NOW, STAGE, Rig, decide
from voxguard.daemon.enforcement.desk import BELIEF_SECONDS
from voxguard.model.decisions import Decision, Effect, Outcome
from voxguard.model.ids import RoleId
from voxguard.model.limits import Budget
from voxguard.ports.discord import (
    Answer,
    MemberEdit,
    NotConnected,
    Refused,
    RoleEdit,
    StageEdit,
    Unreachable,
)

FORBIDDEN = Refused(403, 50013, "Missing Permissions")
TIMEOUT = Unreachable("no answer in time", in_doubt=True)
UNTIL = NOW + timedelta(seconds=600)


def on_stage(effect: Effect) -> Decision:
    """A decision about a member in the stage channel."""
    return decide(effect, channel=STAGE)


def test_audience_is_made_by_a_request_of_its_own(rig: Rig) -> None:
    """A mute and a suppression of one member are two requests, one after the other."""
    rig.joined(1, channel=STAGE)
    suppress, mute = rig.submit(on_stage(Effect.SUPPRESS), on_stage(Effect.MUTE))
    first = rig.one()
    assert first.act == StageEdit(STAGE, suppressed=True)
    rig.obey(first)
    rig.obey(rig.one())
    assert rig.outcomes(suppress) == rig.outcomes(mute) == [Outcome.APPLIED]


def test_who_is_audience_already_needs_no_request(rig: Rig) -> None:
    """A suppression of the audience and an invitation of a speaker are applied as they are."""
    rig.joined(1, channel=STAGE, suppressed=True)
    [suppress] = rig.submit(on_stage(Effect.SUPPRESS))
    rig.joined(1, channel=STAGE)
    [release] = rig.submit(on_stage(Effect.UNSUPPRESS))
    assert rig.ready() == []
    assert rig.outcomes(suppress) == rig.outcomes(release) == [Outcome.APPLIED]


def test_an_answer_outweighs_a_late_report_of_the_audience(rig: Rig) -> None:
    """A speaker whom an answer made audience a moment ago is invited back by a request."""
    rig.joined(1, channel=STAGE)
    rig.submit(on_stage(Effect.SUPPRESS))
    rig.answer(rig.one())
    rig.submit(on_stage(Effect.UNSUPPRESS))
    assert rig.one().act == StageEdit(STAGE, suppressed=False)


@pytest.mark.parametrize("effect", [Effect.SUPPRESS, Effect.UNSUPPRESS])
def test_audience_ends_with_the_visit(rig: Rig, effect: Effect) -> None:
    """Nothing is pending for who has left the stage: elsewhere it would be of no use."""
    rig.left()
    [gone] = rig.submit(on_stage(effect))
    assert rig.outcomes(gone) == [Outcome.SUPERSEDED]
    rig.joined(1, channel=LOBBY)
    [elsewhere] = rig.submit(on_stage(effect))
    [nowhere] = rig.submit(decide(effect, channel=None))
    assert rig.ready() == []
    assert rig.outcomes(elsewhere) == rig.outcomes(nowhere) == [Outcome.SUPERSEDED]


def test_discord_knows_first_that_they_left_the_stage(rig: Rig) -> None:
    """Its answer ends a suppression before any report does, and says nothing of other edits."""
    rig.joined(1, channel=STAGE)
    suppress, _ = rig.submit(on_stage(Effect.SUPPRESS), on_stage(Effect.MUTE))
    rig.answer(rig.one(), NotConnected())
    assert rig.outcomes(suppress) == [Outcome.SUPERSEDED]
    assert rig.one().act == MemberEdit(mute=True)


def test_each_role_is_a_request_of_its_own(rig: Rig) -> None:
    """Two roles are given one after the other, with the reason of each."""
    other = decide(Effect.GRANT, rule="b", params={"role": "21"})
    first, second = rig.submit(decide(Effect.GRANT, rule="a"), other)
    request = rig.one()
    assert (request.act, request.reason) == (RoleEdit(DJ, granted=True), "voxguard: a")
    rig.obey(request)
    request = rig.one()
    assert (request.act, request.reason) == (RoleEdit(RoleId(21), granted=True), "voxguard: b")
    rig.obey(request)
    assert rig.outcomes(first) == rig.outcomes(second) == [Outcome.APPLIED]


def test_roles_do_not_need_voice(rig: Rig) -> None:
    """A role is taken from somebody who has left at once."""
    rig.left()
    [revoke] = rig.submit(decide(Effect.REVOKE, channel=None))
    request = rig.one()
    assert request.act == RoleEdit(DJ, granted=False)
    rig.answer(request)
    assert rig.outcomes(revoke) == [Outcome.APPLIED]


def test_a_role_of_who_is_no_member_fails(rig: Rig) -> None:
    """10007 is the end of it."""
    rig.left()
    [revoke] = rig.submit(decide(Effect.REVOKE))
    rig.answer(rig.one(), Refused(404, 10007, "Unknown Member"))
    assert rig.outcomes(revoke) == [Outcome.FAILED]
    assert rig.errors[revoke.id] == "10007: Unknown Member"


def test_what_is_reported_of_roles_may_be_old(rig: Rig) -> None:
    """Without an intent for roles reports lag behind: what is decided is asked for."""
    key = (decide(Effect.GRANT).guild_id, decide(Effect.GRANT).user_id)
    rig.voices.known[key] = frozenset()
    rig.submit(decide(Effect.GRANT))
    rig.answer(rig.one())
    rig.submit(decide(Effect.REVOKE))
    assert rig.one().act == RoleEdit(DJ, granted=False)


def test_a_role_that_was_never_given_is_not_taken(rig: Rig) -> None:
    """A grant that is over before it was sent leaves a role alone that others have given."""
    rig.submit(decide(Effect.MUTE))
    mute = rig.one()
    grant, revoke = rig.submit(decide(Effect.GRANT), decide(Effect.REVOKE))
    rig.obey(mute)
    assert rig.ready() == []
    assert rig.outcomes(grant) == [Outcome.SUPERSEDED]
    assert rig.outcomes(revoke) == [Outcome.APPLIED]


def test_a_role_that_may_have_been_given_is_taken(rig: Rig) -> None:
    """A grant under way, and one in doubt, is undone by a request."""
    rig.submit(decide(Effect.GRANT))
    first = rig.one()
    rig.submit(decide(Effect.REVOKE))
    rig.answer(first, TIMEOUT)
    rig.wait(BELIEF_SECONDS)
    revoke = rig.one()
    assert revoke.act == RoleEdit(DJ, granted=False)
    rig.answer(revoke)
    rig.submit(decide(Effect.GRANT))
    rig.answer(rig.one(), TIMEOUT)
    rig.submit(decide(Effect.REVOKE))
    rig.wait(BELIEF_SECONDS)
    assert rig.one().act == RoleEdit(DJ, granted=False)


def test_three_refusals_of_roles_pause_roles_alone(rig: Rig) -> None:
    """Roles are a kind of their own."""
    for user in (1, 2, 3):
        rig.submit(decide(Effect.GRANT, user))
        rig.answer(rig.one(), FORBIDDEN)
    rig.joined(4)
    grant, timeout = rig.submit(decide(Effect.GRANT, 4), decide(Effect.TIMEOUT, 4))
    assert rig.one().act == MemberEdit(timeout_until=UNTIL)
    assert rig.outcomes(grant) == [Outcome.DEFERRED]
    assert rig.outcomes(timeout) == []


def test_a_role_that_is_still_to_go_goes_in_the_end(rig: Rig) -> None:
    """A revoke that a grant has made void is not forgotten when the grant is made void, too."""
    rig.joined(1)
    [grant] = rig.submit(decide(Effect.GRANT))
    rig.obey(rig.one())
    rig.submit(decide(Effect.MUTE))
    mute = rig.one()
    rig.submit(decide(Effect.REVOKE))
    rig.submit(decide(Effect.GRANT))
    [last] = rig.submit(decide(Effect.REVOKE))
    rig.obey(mute)
    request = rig.one()
    assert request.act == RoleEdit(DJ, granted=False)
    rig.obey(request)
    assert rig.outcomes(grant) == rig.outcomes(last) == [Outcome.APPLIED]
    assert rig.ready() == []


@pytest.mark.parametrize("answer", [FORBIDDEN, Unreachable("no connection", in_doubt=False)])
def test_what_was_surely_not_done_is_not_undone(rig: Rig, answer: Answer) -> None:
    """A grant that is over while it is under way, and is refused then."""
    rig.submit(decide(Effect.GRANT))
    request = rig.one()
    [revoke] = rig.submit(decide(Effect.REVOKE))
    rig.answer(request, answer)
    rig.wait(60)
    assert rig.ready() == []
    assert rig.outcomes(revoke) == [Outcome.APPLIED]


def test_a_mute_that_was_never_sent_is_not_lifted(rig: Rig) -> None:
    """Whoever has left before, and comes back muted, was muted by somebody else."""
    rig.budgets.guild = Budget(1, timedelta(minutes=1))
    rig.joined(2)
    rig.submit(decide(Effect.MUTE, 2))
    rig.obey(rig.one())
    rig.submit(decide(Effect.MUTE))
    assert rig.ready() == []
    rig.left()
    [unmute] = rig.submit(decide(Effect.UNMUTE, channel=None))
    rig.joined(mute=True)
    rig.wait(60)
    assert rig.ready() == []
    assert rig.outcomes(unmute) == [Outcome.APPLIED]
