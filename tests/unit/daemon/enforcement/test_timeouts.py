from datetime import timedelta

import pytest

from tests.unit.daemon.enforcement.tools import NOW, Rig, decide
from voxguard.daemon.enforcement.refusals import PAUSE_SECONDS
from voxguard.daemon.enforcement.wants import LONGEST_TIMEOUT
from voxguard.model.decisions import Effect, Outcome
from voxguard.ports.discord import MemberEdit, NotConnected, Refused, Unreachable

FORBIDDEN = Refused(403, 50013, "Missing Permissions")
TIMEOUT = Unreachable("no answer in time", in_doubt=True)
UNTIL = NOW + timedelta(seconds=600)


def test_a_timeout_counts_from_the_decision(rig: Rig) -> None:
    """Its end does not move because the request had to wait, and it goes with a mute."""
    [timeout, mute] = rig.submit(decide(Effect.TIMEOUT), decide(Effect.MUTE))
    rig.wait(100)
    request = rig.one()
    assert request.act == MemberEdit(mute=True, timeout_until=UNTIL)
    rig.obey(request)
    assert rig.outcomes(timeout) == rig.outcomes(mute) == [Outcome.APPLIED]


def test_a_timeout_does_not_need_voice(rig: Rig) -> None:
    """Who leaves to escape it does not, also where a mute beside it has to wait."""
    timeout, mute = rig.submit(decide(Effect.TIMEOUT), decide(Effect.MUTE))
    rig.answer(rig.one(), NotConnected())
    rig.left()
    rig.wait(1)
    request = rig.one()
    assert request.act == MemberEdit(timeout_until=UNTIL)
    rig.answer(request)
    assert rig.outcomes(timeout) == [Outcome.APPLIED]
    assert rig.outcomes(mute) == [Outcome.PENDING]


def test_a_timeout_that_is_over_is_not_begun(rig: Rig) -> None:
    """When it could not be sent before its end, nobody is punished late."""
    for user in (1, 2, 3):
        rig.submit(decide(Effect.TIMEOUT, user))
        rig.answer(rig.one(), FORBIDDEN)
    [timeout] = rig.submit(decide(Effect.TIMEOUT, 4, params={"seconds": 30}))
    rig.wait(PAUSE_SECONDS)
    assert rig.ready() == []
    assert rig.outcomes(timeout) == [Outcome.DEFERRED, Outcome.SUPERSEDED]
    assert rig.queue.wake_at(rig.now) is None


def test_a_timeout_in_doubt_is_repeated_until_it_is_over(rig: Rig) -> None:
    """Its end is the same each time; when that has passed nobody knows what became of it."""
    [timeout] = rig.submit(decide(Effect.TIMEOUT, params={"seconds": 1.5}))
    rig.answer(rig.one(), TIMEOUT)
    rig.wait(0.5)
    request = rig.one()
    rig.wait(1.5)
    rig.answer(request, TIMEOUT)
    assert rig.ready() == []
    assert rig.outcomes(timeout) == [Outcome.UNKNOWN]


def test_nobody_is_timed_out_for_longer_than_discord_takes(rig: Rig) -> None:
    """28 days by our clock could be more by Discord's."""
    rig.submit(decide(Effect.TIMEOUT, params={"seconds": 28 * 86_400}))
    assert rig.one().act == MemberEdit(timeout_until=NOW + LONGEST_TIMEOUT)


def test_a_lift_is_no_release(rig: Rig) -> None:
    """It goes in turn with everything else, and where nobody is muted without a request."""
    rig.joined(1, mute=True)
    rig.joined(2)
    lift, idle = rig.submit(
        decide(Effect.UNMUTE, release=False), decide(Effect.UNDEAFEN, 2, release=False)
    )
    request = rig.one()
    assert request.wants[0].standing[0].name == "OTHER"
    rig.obey(request)
    assert rig.outcomes(lift) == rig.outcomes(idle) == [Outcome.APPLIED]


@pytest.mark.parametrize("effect", [Effect.UNMUTE, Effect.UNDEAFEN])
def test_a_lift_is_void_when_they_are_gone(rig: Rig, effect: Effect) -> None:
    """It is not done at the next join, where nobody may have asked for it."""
    rig.joined(1, mute=True, deaf=True)
    [lift] = rig.submit(decide(effect, release=False))
    rig.answer(rig.one(), NotConnected())
    assert rig.ready() == []
    assert rig.outcomes(lift) == [Outcome.SUPERSEDED]


@pytest.mark.parametrize(
    ("effect", "params", "words"),
    [
        (Effect.MOVE, {"channel": "lobby"}, "move: 'lobby' is not the id of a channel"),
        (Effect.GRANT, {}, "grant: 'None' is not the id of a role"),
        (Effect.REVOKE, {"role": "9" * 19 + "9"}, "is not the id of a role"),
        (Effect.ANNOUNCE, {"text": "x"}, "is not the id of a channel"),
        (Effect.TIMEOUT, {"seconds": True}, "a timeout of 'True'"),
        (Effect.TIMEOUT, {"seconds": 0}, "a timeout of '0'"),
        (Effect.TIMEOUT, {"seconds": float("nan")}, "a timeout of 'nan'"),
        (Effect.TIMEOUT, {}, "a timeout of 'None'"),
    ],
)
def test_what_makes_no_sense_fails_without_a_request(
    rig: Rig, effect: Effect, params: dict[str, object], words: str
) -> None:
    """Parameters that are none are a failed outcome that says so."""
    [decision] = rig.submit(decide(effect, params=params))
    assert rig.ready() == []
    assert rig.outcomes(decision) == [Outcome.FAILED]
    assert words in str(rig.errors[decision.id])
