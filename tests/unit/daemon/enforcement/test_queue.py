from tests.unit.daemon.enforcement.tools import GUILD, LOBBY, Rig, decide
from voxguard.daemon.enforcement.limits import INVALID_BUDGET, INVALID_WINDOW_SECONDS
from voxguard.model.decisions import Effect, Outcome
from voxguard.model.ids import ChannelId, UserId
from voxguard.ports.discord import (
    MemberEdit,
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
    assert request.act == MemberEdit(mute=True)
    assert request.reason == "voxguard: rule"
    rig.obey(request)
    assert rig.outcomes(mute) == [Outcome.APPLIED]
    assert rig.queue.wake_at(rig.now) is None


def test_mute_and_deafen_go_together(rig: Rig) -> None:
    """What is wanted at once goes in one request, with both reasons."""
    rig.submit(decide(Effect.MUTE, rule="a"), decide(Effect.DEAFEN, rule="b"))
    request = rig.one()
    assert request.act == MemberEdit(mute=True, deaf=True)
    assert request.reason == "voxguard: a; voxguard: b"


def test_a_placement_takes_a_release_along(rig: Rig) -> None:
    """A release goes with the disconnect, since afterwards it would have to wait for a rejoin."""
    rig.joined(1, mute=True)
    rig.submit(decide(Effect.UNMUTE), decide(Effect.DISCONNECT))
    assert rig.one().act == MemberEdit(mute=False, place=Place(None))


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
    assert second.act == MemberEdit(mute=False)
    rig.answer(second)
    assert rig.outcomes(unmute) == [Outcome.APPLIED]


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


def test_a_move_to_nowhere_fails_without_a_request(rig: Rig) -> None:
    """A target that is no id is a failed outcome."""
    [move] = rig.submit(decide(Effect.MOVE, target=ChannelId(10**20)))
    assert rig.ready() == []
    assert rig.outcomes(move) == [Outcome.FAILED]


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
    assert rig.one().act == MemberEdit(mute=True)


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
    rig.queue.count(rig.now)
    stats = rig.stats
    assert (stats.submitted, stats.requests, stats.applied, stats.failed) == (3, 2, 1, 1)
    assert (stats.waiting, stats.pending, stats.in_flight, stats.invalid) == (1, 1, 0, 1)
    assert (stats.invalid_lately, stats.invalid_left) == (1, INVALID_BUDGET - 1)
    rig.now += INVALID_WINDOW_SECONDS
    rig.queue.count(rig.now)
    assert (stats.invalid, stats.invalid_lately, stats.invalid_left) == (1, 0, INVALID_BUDGET)


def test_stats_name_what_is_refused(rig: Rig) -> None:
    """The kinds that are paused, and in which guild."""
    for user in range(1, 4):
        rig.joined(user)
        rig.submit(decide(Effect.MUTE, user))
        (request,) = rig.ready()
        rig.answer(request, FORBIDDEN)
    rig.queue.count(rig.now)
    assert rig.stats.paused == ((GUILD, "mute"),)
