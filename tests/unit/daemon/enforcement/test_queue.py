import pytest

from tests.unit.daemon.enforcement.tools import AFK, GUILD, LOBBY, Rig, decide
from voxguard.daemon.enforcement.answers import FIRST_PAUSE_SECONDS
from voxguard.daemon.enforcement.desk import BELIEF_SECONDS
from voxguard.model.decisions import Effect, Outcome
from voxguard.model.ids import ChannelId, UserId
from voxguard.ports.discord import (
    Answer,
    MemberEdit,
    NotConnected,
    Place,
    RateLimited,
    Refused,
    Scope,
    Unreachable,
)

FORBIDDEN = Refused(403, 50013, "Missing Permissions")
TIMEOUT = Unreachable("no answer in time", in_doubt=True)
REFUSED_LINE = Unreachable("no connection", in_doubt=False)


def test_what_is_wanted_goes_at_once(rig: Rig) -> None:
    """A decision about somebody who is connected is a request without any waiting."""
    [mute] = rig.submit(decide(Effect.MUTE))
    request = rig.one()
    assert request.edit == MemberEdit(mute=True)
    assert request.reason == "voxguard: rule"
    rig.obey(request)
    assert rig.outcomes(mute) == [Outcome.APPLIED]
    assert rig.queue.wake_at(rig.now) is None


def test_mute_and_deafen_go_together(rig: Rig) -> None:
    """What is wanted at once goes in one request, with both reasons."""
    rig.submit(decide(Effect.MUTE, rule="a"), decide(Effect.DEAFEN, rule="b"))
    request = rig.one()
    assert request.edit == MemberEdit(mute=True, deaf=True)
    assert request.reason == "voxguard: a; voxguard: b"


def test_a_placement_takes_a_release_along(rig: Rig) -> None:
    """A release goes with the disconnect, since afterwards it would have to wait for a rejoin."""
    rig.joined(1, mute=True)
    rig.submit(decide(Effect.UNMUTE), decide(Effect.DISCONNECT))
    assert rig.one().edit == MemberEdit(mute=False, place=Place(None))


def test_what_is_so_already_needs_no_request(rig: Rig) -> None:
    """A mute of the muted, a lifting from the unmuted and a move to where they are are applied."""
    rig.joined(1, mute=True)
    decisions = rig.submit(
        decide(Effect.MUTE), decide(Effect.UNDEAFEN), decide(Effect.MOVE, target=LOBBY)
    )
    assert rig.ready() == []
    assert [rig.outcomes(each) for each in decisions] == [[Outcome.APPLIED]] * 3


def test_the_newer_supersedes_what_was_not_sent(rig: Rig) -> None:
    """A mute whose release comes before it was sent is superseded, and nothing is sent."""
    mute, unmute = rig.submit(decide(Effect.MUTE), decide(Effect.UNMUTE))
    assert rig.ready() == []
    assert rig.outcomes(mute) == [Outcome.SUPERSEDED]
    assert rig.outcomes(unmute) == [Outcome.APPLIED]


def test_one_edit_in_flight_a_member(rig: Rig) -> None:
    """What is decided while an edit is under way waits for its answer, and is weighed then."""
    rig.submit(decide(Effect.MUTE))
    first = rig.one()
    [unmute] = rig.submit(decide(Effect.UNMUTE))
    assert rig.ready() == []
    rig.answer(first)
    # No report has come yet: the answer alone says that there is something to lift.
    second = rig.one()
    assert second.edit == MemberEdit(mute=False)
    rig.answer(second)
    assert rig.outcomes(unmute) == [Outcome.APPLIED]


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
    assert rig.one().edit == MemberEdit(mute=False)
    assert rig.outcomes(unmute) == []


def test_an_answer_is_believed_no_longer_than_a_while(rig: Rig) -> None:
    """When no report bears an answer out, the reports are right after some seconds."""
    rig.submit(decide(Effect.MUTE))
    rig.answer(rig.one())
    rig.wait(BELIEF_SECONDS)
    rig.submit(decide(Effect.UNMUTE))
    assert rig.ready() == []


def test_who_is_not_connected_is_muted_at_the_next_join(rig: Rig) -> None:
    """A mute is pending until the member joins, and then goes with whatever is wanted then."""
    rig.left()
    [mute] = rig.submit(decide(Effect.MUTE))
    assert rig.ready() == []
    assert rig.outcomes(mute) == [Outcome.PENDING]
    rig.joined(1)
    rig.obey(rig.one())
    assert rig.outcomes(mute) == [Outcome.PENDING, Outcome.APPLIED]


def test_a_pending_release_is_superseded_when_a_rule_mutes_again(rig: Rig) -> None:
    """Who comes back to a rule that still holds stays muted, without a request."""
    rig.left()
    [release] = rig.submit(decide(Effect.UNMUTE))
    rig.joined(1, mute=True)
    [mute] = rig.submit(decide(Effect.MUTE))
    assert rig.ready() == []
    assert rig.outcomes(release) == [Outcome.PENDING, Outcome.SUPERSEDED]
    assert rig.outcomes(mute) == [Outcome.APPLIED]


def test_a_placement_is_void_when_they_are_gone(rig: Rig) -> None:
    """A disconnect of somebody who has left by themselves is superseded."""
    [first] = rig.submit(decide(Effect.DISCONNECT))
    rig.left()
    assert rig.ready() == []
    [second] = rig.submit(decide(Effect.MOVE))
    assert rig.outcomes(first) == [Outcome.SUPERSEDED]
    assert rig.outcomes(second) == [Outcome.SUPERSEDED]


def test_a_placement_that_is_no_longer_wanted_is_dropped(rig: Rig) -> None:
    """When the episode is over before the request could go, the member is left alone."""
    [decision] = rig.submit(decide(Effect.DISCONNECT))
    rig.unwanted.add(decision.id)
    assert rig.ready() == []
    assert rig.outcomes(decision) == [Outcome.SUPERSEDED]


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
    assert rig.one().edit == MemberEdit(mute=True)


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


def test_a_move_to_nowhere_fails_without_a_request(rig: Rig) -> None:
    """A target that is no id is a failed outcome."""
    [move] = rig.submit(decide(Effect.MOVE, target=ChannelId(10**20)))
    assert rig.ready() == []
    assert rig.outcomes(move) == [Outcome.FAILED]


def test_what_was_refused_together_goes_again_one_by_one(rig: Rig) -> None:
    """After a 403 for mute and deafen in one, each is asked for alone and judged alone."""
    mute, deafen = rig.submit(decide(Effect.MUTE), decide(Effect.DEAFEN))
    rig.answer(rig.one(), FORBIDDEN)
    first = rig.one()
    assert first.edit == MemberEdit(mute=True)
    rig.answer(first, FORBIDDEN)
    second = rig.one()
    assert second.edit == MemberEdit(deaf=True)
    rig.obey(second)
    assert rig.outcomes(mute) == [Outcome.FAILED]
    assert rig.outcomes(deafen) == [Outcome.APPLIED]


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
    assert rig.one().edit == MemberEdit(mute=False)


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
    assert rig.ready() == []
    assert rig.outcomes(unmute) == [Outcome.APPLIED]


def test_a_refused_token_stops_everything(rig: Rig) -> None:
    """After a 401 nothing is sent, and what was wanted stays unfinished."""
    [mute] = rig.submit(decide(Effect.MUTE))
    rig.answer(rig.one(), Refused(401, 0, "401: Unauthorized"))
    assert rig.queue.token_refused
    assert rig.ready() == []
    assert rig.queue.wake_at(rig.now) is None
    assert rig.outcomes(mute) == []


def test_nothing_is_wanted_of_who_is_removed(rig: Rig) -> None:
    """A member who was removed has nothing pending, also when an answer comes later."""
    mute, deafen = rig.submit(decide(Effect.MUTE), decide(Effect.DEAFEN))
    request = rig.one()
    [disconnect] = rig.submit(decide(Effect.DISCONNECT))
    rig.queue.member_removed(GUILD, UserId(1), rig.now)
    rig.answer(request, RateLimited(1.0, Scope.USER))
    rig.wait(5)
    assert rig.ready() == []
    assert [rig.outcomes(each) for each in (mute, deafen, disconnect)] == [[Outcome.SUPERSEDED]] * 3


def test_a_restored_release_waits_for_the_next_join(rig: Rig) -> None:
    """What was pending before a restart is carried out when its member is seen again."""
    rig.left()
    release = rig.restore(decide(Effect.UNMUTE), Outcome.PENDING)
    assert rig.outcomes(release) == []
    rig.voices.set(GUILD, 1, None)
    rig.queue.guild_appeared(GUILD, rig.now)
    assert rig.ready() == []
    rig.joined(1, mute=True)
    rig.obey(rig.one())
    assert rig.outcomes(release) == [Outcome.APPLIED]


def test_a_restored_mute_is_weighed_when_the_guild_appears(rig: Rig) -> None:
    """A mute whose answer was lost with the process is repeated only if it is not there."""
    other = type(GUILD)(7)
    mute = rig.restore(decide(Effect.MUTE, guild=other), None)
    assert rig.outcomes(mute) == [Outcome.PENDING]
    rig.voices.set(other, 1, rig.voices.states[GUILD, UserId(1)])
    rig.queue.guild_appeared(other, rig.now)
    assert rig.one().edit == MemberEdit(mute=True)


def test_placements_of_a_former_life_are_not_repeated(rig: Rig) -> None:
    """What may have happened is unknown, what was never sent is superseded."""
    maybe = rig.restore(decide(Effect.DISCONNECT), None)
    never = rig.restore(decide(Effect.MOVE), Outcome.DEFERRED)
    assert rig.ready() == []
    assert rig.outcomes(maybe) == [Outcome.UNKNOWN]
    assert rig.outcomes(never) == [Outcome.SUPERSEDED]


def test_reports_of_strangers_change_nothing(rig: Rig) -> None:
    """Members and guilds that nothing is wanted of take no memory."""
    rig.joined(99, guild=type(GUILD)(99))
    rig.queue.guild_appeared(type(GUILD)(99), rig.now)
    rig.queue.guild_changed(type(GUILD)(99), rig.now)
    rig.queue.member_removed(GUILD, UserId(99), rig.now)
    assert rig.ready() == []


def test_stats_count_what_happened(rig: Rig) -> None:
    """Requests, answers and what waits are counted."""
    rig.joined(2)
    rig.left(3)
    rig.submit(decide(Effect.MUTE), decide(Effect.MUTE, 2), decide(Effect.MUTE, 3))
    first, second = rig.ready()
    rig.obey(first)
    rig.answer(second, FORBIDDEN)
    rig.queue.count()
    stats = rig.stats
    assert (stats.submitted, stats.requests, stats.applied, stats.failed) == (3, 2, 1, 1)
    assert (stats.waiting, stats.pending, stats.in_flight, stats.invalid) == (1, 1, 0, 1)
