"""What an earlier process left behind."""

import pytest

from tests.unit.daemon.enforcement.tools import DJ, GUILD, STAGE, Rig, decide
from voxguard.daemon.enforcement.wants import is_momentary
from voxguard.model.decisions import Decision, Effect, Outcome
from voxguard.model.ids import UserId
from voxguard.ports.discord import Message, OpenDirect, Opened, RoleEdit, StageEdit

NOT_PLACEMENTS = [
    decide(Effect.TIMEOUT),
    decide(Effect.WARN),
    decide(Effect.ANNOUNCE),
    decide(Effect.UNMUTE, release=False),
    decide(Effect.UNDEAFEN, release=False),
]


def appear(rig: Rig) -> None:
    """The guild's snapshot arrives."""
    rig.queue.guild_appeared(GUILD, rig.now)


@pytest.mark.parametrize("decision", NOT_PLACEMENTS, ids=lambda each: each.effect.value)
def test_what_may_have_happened_is_not_repeated(rig: Rig, decision: Decision) -> None:
    """A momentary effect without an answer is unknown for ever."""
    rig.joined(1, mute=True, deaf=True)
    restored = rig.restore(decision, None)
    appear(rig)
    assert is_momentary(decision)
    assert rig.ready() == []
    assert rig.outcomes(restored) == [Outcome.UNKNOWN]


@pytest.mark.parametrize("decision", NOT_PLACEMENTS, ids=lambda each: each.effect.value)
def test_what_was_never_sent_is_sent_once_its_guild_is_there(rig: Rig, decision: Decision) -> None:
    """A deferred decision is not lost by a restart, and is marked before it goes."""
    rig.joined(1, mute=True, deaf=True)
    restored = rig.restore(decision, Outcome.DEFERRED)
    assert rig.ready() == []
    appear(rig)
    request = rig.one()
    if isinstance(request.act, OpenDirect):
        assert request.marks == ()
        rig.answer(request, Opened(STAGE))
        request = rig.one()
    assert request.marks == (restored,)
    rig.answer(request)
    assert rig.outcomes(restored) == [Outcome.APPLIED]


def test_what_was_not_deferred_needs_no_mark(rig: Rig) -> None:
    """On disk it is without an outcome already, and a held effect may be looked at again."""
    rig.submit(decide(Effect.ANNOUNCE))
    assert rig.one().marks == ()
    rig.joined(2)
    rig.restore(decide(Effect.MUTE, 2), Outcome.DEFERRED)
    appear(rig)
    assert rig.one().marks == ()


def test_what_is_marked_may_be_deferred_again(rig: Rig) -> None:
    """The last word on disk is always the true one."""
    announce = rig.restore(decide(Effect.ANNOUNCE), Outcome.DEFERRED)
    appear(rig)
    [want] = rig.one().wants
    assert want.decision == announce
    assert want.told is None


def test_a_timeout_that_is_over_by_then_is_superseded(rig: Rig) -> None:
    """Whoever was to be timed out while the daemon was away is not punished after its end."""
    rig.wait(600)
    timeout = rig.restore(decide(Effect.TIMEOUT), Outcome.DEFERRED)
    assert rig.ready() == []
    assert rig.outcomes(timeout) == [Outcome.SUPERSEDED]


@pytest.mark.parametrize("outcome", [None, Outcome.DEFERRED])
@pytest.mark.parametrize(
    ("effect", "has"), [(Effect.GRANT, True), (Effect.REVOKE, False)], ids=["grant", "revoke"]
)
def test_a_role_is_compared_with_what_discord_reports(
    rig: Rig, effect: Effect, has: bool, outcome: Outcome | None
) -> None:
    """What is so already, and only that, needs no request."""
    key = (GUILD, UserId(1))
    rig.voices.known[key] = frozenset({DJ} if has else ())
    so_already = rig.restore(decide(effect), outcome)
    appear(rig)
    assert rig.ready() == []
    assert rig.outcomes(so_already) == [Outcome.APPLIED]
    rig.voices.known[key] = frozenset(() if has else {DJ})
    rig.restore(decide(effect), outcome)
    appear(rig)
    assert rig.one().act == RoleEdit(DJ, granted=has)


def test_a_role_of_who_is_not_reported_is_asked_for(rig: Rig) -> None:
    """Who is not in voice may not be in a snapshot: to ask twice does no harm."""
    rig.left()
    rig.restore(decide(Effect.REVOKE), None)
    assert rig.ready() == []
    appear(rig)
    assert rig.one().act == RoleEdit(DJ, granted=False)


def test_a_grant_in_doubt_is_undone_by_a_request(rig: Rig) -> None:
    """An earlier process may have given the role that is to be taken now."""
    rig.restore(decide(Effect.GRANT), None)
    rig.submit(decide(Effect.REVOKE))
    assert rig.one().act == RoleEdit(DJ, granted=False)


def test_audience_is_compared_with_what_discord_reports(rig: Rig) -> None:
    """A suppression is done where it is not there, and void where its stage was left."""
    suppress = decide(Effect.SUPPRESS, channel=STAGE)
    rig.left()
    rig.restore(suppress, None)
    assert rig.ready() == []
    rig.joined(1, channel=STAGE)
    appear(rig)
    request = rig.one()
    assert request.act == StageEdit(STAGE, suppressed=True)
    rig.obey(request)
    again = rig.restore(suppress, None)
    appear(rig)
    assert rig.outcomes(again) == [Outcome.APPLIED]
    rig.left()
    void = rig.restore(suppress, None)
    appear(rig)
    assert rig.outcomes(void) == [Outcome.SUPERSEDED]
    assert rig.ready() == []


def test_a_deferred_message_says_what_it_would_have_said(rig: Rig) -> None:
    """Its text is made when it is sent."""
    rig.restore(decide(Effect.ANNOUNCE, params={"channel": "5", "text": "late"}), Outcome.DEFERRED)
    appear(rig)
    act = rig.one().act
    assert isinstance(act, Message)
    assert (act.channel_id, act.text) == (5, "late")
