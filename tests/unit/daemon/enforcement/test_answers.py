import pytest

from tests.unit.daemon.enforcement.tools import AFK, GUILD, STAGE, Rig, decide
from voxguard.daemon.enforcement.answers import FIRST_PAUSE_SECONDS
from voxguard.daemon.enforcement.desk import BELIEF_SECONDS
from voxguard.daemon.enforcement.refusals import SHORTEST_PAUSE_SECONDS
from voxguard.model.decisions import Effect, Outcome
from voxguard.ports.discord import (
    Answer,
    MemberEdit,
    NotConnected,
    RateLimited,
    Refused,
    Scope,
    Unreachable,
)

FORBIDDEN = Refused(403, 50013, "Missing Permissions")
TIMEOUT = Unreachable("no answer in time", in_doubt=True)
REFUSED_LINE = Unreachable("no connection", in_doubt=False)


def test_discord_knows_first_that_they_left(rig: Rig) -> None:
    """40032 makes a mute pending and a placement void before any report says so."""
    mute, disconnect = rig.submit(decide(Effect.MUTE), decide(Effect.DISCONNECT))
    rig.answer(rig.one(), NotConnected())
    assert rig.ready() == []
    assert rig.outcomes(mute) == [Outcome.PENDING]
    assert rig.outcomes(disconnect) == [Outcome.SUPERSEDED]
    rig.left()
    rig.joined(1)
    rig.wait(FIRST_PAUSE_SECONDS)
    rig.obey(rig.one())
    assert rig.outcomes(mute) == [Outcome.PENDING, Outcome.APPLIED]


def test_they_left_and_came_back_meanwhile(rig: Rig) -> None:
    """A 40032 that was true for a moment only does not keep a mute waiting."""
    rig.submit(decide(Effect.MUTE))
    request = rig.one()
    rig.left()
    rig.joined(1)
    rig.answer(request, NotConnected())
    assert rig.one().act == MemberEdit(mute=True)


def test_a_leave_that_is_never_reported_is_asked_about_again(rig: Rig) -> None:
    """When reports insist that somebody is connected, 40032 is not the last word."""
    rig.submit(decide(Effect.MUTE))
    rig.answer(rig.one(), NotConnected())
    wake_at = rig.queue.wake_at(rig.now)
    assert wake_at is not None
    rig.now = wake_at
    if not (requests := rig.ready()):
        rig.wait(BELIEF_SECONDS)
        requests = rig.ready()
    assert len(requests) == 1


def test_a_refusal_fails_with_discords_words(rig: Rig) -> None:
    """An unknown channel is a failure with Discord's code and text, and is not repeated."""
    [move] = rig.submit(decide(Effect.MOVE))
    rig.answer(rig.one(), Refused(404, 10003, "Unknown Channel"))
    assert rig.ready() == []
    assert rig.outcomes(move) == [Outcome.FAILED]
    assert rig.errors[move.id] == "10003: Unknown Channel"


def test_what_was_refused_together_goes_again_one_by_one(rig: Rig) -> None:
    """After a 403 for mute and deafen in one, each is asked for alone and judged alone."""
    mute, deafen = rig.submit(decide(Effect.MUTE), decide(Effect.DEAFEN))
    rig.answer(rig.one(), FORBIDDEN)
    first = rig.one()
    assert first.act == MemberEdit(mute=True)
    rig.answer(first, FORBIDDEN)
    second = rig.one()
    assert second.act == MemberEdit(deaf=True)
    rig.obey(second)
    assert rig.outcomes(mute) == [Outcome.FAILED]
    assert rig.outcomes(deafen) == [Outcome.APPLIED]


def test_a_refused_release_waits_for_permission(rig: Rig) -> None:
    """Nobody stays muted because a permission was missing once; the reason is told at once."""
    rig.joined(1, mute=True)
    [release] = rig.submit(decide(Effect.UNMUTE))
    rig.answer(rig.one(), FORBIDDEN)
    assert rig.ready() == []
    assert rig.outcomes(release) == [Outcome.DEFERRED]
    assert rig.errors[release.id] == "50013: Missing Permissions"
    rig.wait(SHORTEST_PAUSE_SECONDS)
    assert rig.ready() == []
    rig.queue.guild_changed(GUILD, rig.now)
    rig.obey(rig.one())
    assert rig.outcomes(release) == [Outcome.DEFERRED, Outcome.APPLIED]


def test_a_refused_release_is_asked_for_less_and_less_often(rig: Rig) -> None:
    """After a minute, two, four, at last every hour; what was told is not told again."""
    rig.joined(1, mute=True)
    [release] = rig.submit(decide(Effect.UNMUTE))
    rig.answer(rig.one(), FORBIDDEN)
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        rig.wait(60 * minutes - 1)
        assert rig.ready() == []
        rig.wait(1)
        rig.answer(rig.one(), FORBIDDEN)
    assert rig.outcomes(release) == [Outcome.DEFERRED]
    rig.joined(1, mute=False)
    assert rig.outcomes(release) == [Outcome.DEFERRED, Outcome.APPLIED]


def test_of_a_refused_release_nothing_is_left_when_a_rule_holds_again(rig: Rig) -> None:
    """The mute is there already, so that neither asks for anything."""
    rig.joined(1, mute=True)
    [release] = rig.submit(decide(Effect.UNMUTE))
    rig.answer(rig.one(), FORBIDDEN)
    [mute] = rig.submit(decide(Effect.MUTE, number=1))
    assert rig.ready() == []
    assert rig.outcomes(release) == [Outcome.DEFERRED, Outcome.SUPERSEDED]
    assert rig.outcomes(mute) == [Outcome.APPLIED]


def test_a_release_of_what_is_no_longer_there_fails(rig: Rig) -> None:
    """An unknown role or member is no matter of permissions."""
    [revoke] = rig.submit(decide(Effect.REVOKE))
    rig.answer(rig.one(), Refused(404, 10011, "Unknown Role"))
    assert rig.outcomes(revoke) == [Outcome.FAILED]


def test_a_full_bucket_delays_and_loses_nothing(rig: Rig) -> None:
    """After a 429 of the bucket the guild waits as long as it was told, then goes on."""
    [mute] = rig.submit(decide(Effect.MUTE))
    rig.answer(rig.one(), RateLimited(2.0, Scope.USER))
    assert rig.ready() == []
    wake_at = rig.queue.wake_at(rig.now)
    assert wake_at is not None
    assert 2.0 <= wake_at - rig.now < 2.2
    rig.now = wake_at
    rig.obey(rig.one())
    assert rig.outcomes(mute) == [Outcome.APPLIED]


@pytest.mark.parametrize(("scope", "others_go"), [(Scope.SHARED, True), (Scope.GLOBAL, False)])
def test_whose_limit_it_is_decides_who_waits(rig: Rig, scope: Scope, others_go: bool) -> None:
    """A shared limit holds the guild up, the global one everybody."""
    other = type(GUILD)(2)
    rig.joined(5, guild=other)
    rig.submit(decide(Effect.MUTE))
    rig.answer(rig.one(), RateLimited(30.0, scope))
    rig.submit(decide(Effect.MUTE, 5, guild=other))
    assert bool(rig.ready()) is others_go


@pytest.mark.parametrize("answer", [TIMEOUT, REFUSED_LINE])
def test_what_got_no_answer_is_tried_again_later(rig: Rig, answer: Answer) -> None:
    """An outage is waited out with growing pauses while the thing is still wanted."""
    [mute] = rig.submit(decide(Effect.MUTE))
    for attempt in range(4):
        rig.answer(rig.one(), answer)
        assert rig.ready() == []
        pause = FIRST_PAUSE_SECONDS * 2**attempt
        assert rig.queue.wake_at(rig.now) == rig.now + pause
        rig.wait(pause)
    rig.obey(rig.one())
    assert rig.outcomes(mute) == [Outcome.APPLIED]


def test_a_placement_in_doubt_is_looked_at_before_it_is_repeated(rig: Rig) -> None:
    """A disconnect without an answer that a report bears out is not sent again."""
    [disconnect] = rig.submit(decide(Effect.DISCONNECT))
    rig.answer(rig.one(), TIMEOUT)
    rig.left()
    rig.wait(60)
    assert rig.ready() == []
    assert rig.outcomes(disconnect) == [Outcome.APPLIED]


def test_a_move_in_doubt_that_worked(rig: Rig) -> None:
    """A move without an answer is applied when the member is found at its target."""
    [move] = rig.submit(decide(Effect.MOVE))
    rig.answer(rig.one(), TIMEOUT)
    rig.joined(1, channel=AFK)
    rig.wait(60)
    assert rig.ready() == []
    assert rig.outcomes(move) == [Outcome.APPLIED]


def test_a_placement_that_was_reported_before_its_answer_failed_to_come(rig: Rig) -> None:
    """It has happened, though the member has gone elsewhere since, and is not asked for again."""
    [move] = rig.submit(decide(Effect.MOVE))
    request = rig.one()
    rig.joined(1, channel=AFK)
    rig.joined(1, channel=STAGE)
    rig.answer(request, TIMEOUT)
    rig.wait(60)
    assert rig.ready() == []
    assert rig.outcomes(move) == [Outcome.APPLIED]


def test_40032_after_doubt_means_that_it_had_worked(rig: Rig) -> None:
    """A repeated disconnect of somebody who is gone was carried out the first time."""
    [disconnect] = rig.submit(decide(Effect.DISCONNECT))
    rig.answer(rig.one(), TIMEOUT)
    rig.wait(FIRST_PAUSE_SECONDS)
    rig.answer(rig.one(), NotConnected())
    assert rig.outcomes(disconnect) == [Outcome.APPLIED]


def test_a_release_after_doubt_waits_for_reports(rig: Rig) -> None:
    """When a mute may have worked, its release is not taken for needless too soon."""
    [mute] = rig.submit(decide(Effect.MUTE))
    rig.answer(rig.one(), TIMEOUT)
    [unmute] = rig.submit(decide(Effect.UNMUTE))
    assert rig.outcomes(mute) == [Outcome.SUPERSEDED]
    assert rig.outcomes(unmute) == []
    rig.joined(1, mute=True)
    rig.wait(BELIEF_SECONDS)
    assert rig.one().act == MemberEdit(mute=False)


def test_a_release_while_an_answer_is_awaited_that_never_comes(rig: Rig) -> None:
    """The doubt passes to the release that was decided while the request was under way."""
    rig.submit(decide(Effect.MUTE))
    request = rig.one()
    [unmute] = rig.submit(decide(Effect.UNMUTE))
    rig.answer(request, TIMEOUT)
    rig.wait(FIRST_PAUSE_SECONDS)
    assert rig.ready() == []
    assert rig.outcomes(unmute) == []
    rig.wait(BELIEF_SECONDS)
    # Nothing was reported, as where nothing has happened, or where the gateway is cut.
    rig.answer(rig.one())
    assert rig.outcomes(unmute) == [Outcome.APPLIED]


def test_a_refused_token_stops_everything(rig: Rig) -> None:
    """After a 401 nothing is sent, and what was wanted stays unfinished."""
    [mute] = rig.submit(decide(Effect.MUTE))
    rig.answer(rig.one(), Refused(401, 0, "401: Unauthorized"))
    assert rig.queue.token_refused
    assert rig.ready() == []
    assert rig.queue.wake_at(rig.now) is None
    assert rig.outcomes(mute) == []
