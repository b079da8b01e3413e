"""What is asked of Discord when a hand comes between: nothing that undoes it."""

from dataclasses import replace

from tests.unit.daemon.enforcement.tools import DJ, GUILD, Rig, decide
from voxguard.model.decisions import Decision, Effect, Outcome
from voxguard.model.events import Echo
from voxguard.model.ids import UserId
from voxguard.ports.discord import MemberEdit, Unreachable

IN_DOUBT = Unreachable(reason="timeout", in_doubt=True)


def hand(effect: Effect, *, yielded: bool = True, undone: bool = True) -> Decision:
    """What is decided upon a hand."""
    details = {"yielded": yielded, "undone": undone}
    return replace(decide(effect), yielded=yielded, details=details)


def muted(rig: Rig) -> None:
    """A mute that was asked for, shown and answered."""
    rig.joined()
    rig.submit(decide(Effect.MUTE))
    rig.obey(rig.one())


def test_a_yielded_release_is_told_and_never_sent() -> None:
    """At once, whether the member is there or not."""
    rig = Rig()
    muted(rig)
    rig.joined(mute=False)
    (release,) = rig.submit(hand(Effect.UNMUTE))
    rig.left()
    (role,) = rig.submit(hand(Effect.REVOKE))
    assert rig.ready() == []
    assert rig.outcomes(release) == rig.outcomes(role) == [Outcome.YIELDED]
    assert rig.stats.yielded == 2


def test_what_waits_is_wanted_no_more() -> None:
    """A moderator has muted before us, and unmuted before anybody looked."""
    rig = Rig()
    (mute,) = rig.submit(decide(Effect.MUTE))
    assert rig.outcomes(mute) == [Outcome.PENDING]
    rig.submit(hand(Effect.UNMUTE, undone=False))
    rig.joined()
    assert rig.ready() == []
    assert rig.outcomes(mute) == [Outcome.PENDING, Outcome.SUPERSEDED]


def test_reports_that_came_as_one_end_what_was_believed() -> None:
    """Muted by us and unmuted by hand between two looks: it is sent again, if need be."""
    for answered_first in (True, False):
        rig = Rig()
        rig.joined()
        rig.submit(decide(Effect.MUTE))
        first = rig.one()
        if answered_first:
            rig.answer(first)
        (again,) = rig.submit(hand(Effect.MUTE, yielded=False))
        rig.joined(mute=False)
        if not answered_first:
            assert rig.ready() == []
            rig.answer(first)
        second = rig.one()
        assert second.act == MemberEdit(mute=True)
        rig.obey(second)
        assert rig.outcomes(again) == [Outcome.APPLIED]


def test_a_request_that_comes_back_is_not_made_again() -> None:
    """A moderator has set what it was to set; whose it is does not depend on the answer."""
    rig = Rig()
    rig.joined()
    (mute,) = rig.submit(decide(Effect.MUTE))
    request = rig.one()
    rig.submit(hand(Effect.UNMUTE, undone=False))
    rig.answer(request, Unreachable(reason="refused", in_doubt=False))
    rig.wait(60)
    assert rig.ready() == []
    assert rig.outcomes(mute) == [Outcome.SUPERSEDED]
    rig.submit(decide(Effect.MUTE))
    assert rig.one().act == MemberEdit(mute=True)


def test_a_second_try_that_may_mute_again_is_lifted() -> None:
    """Nobody knows whether it came before the hand or after it; if after, it was in vain."""
    for mutes_again in (True, False):
        rig = Rig()
        rig.joined()
        rig.submit(decide(Effect.MUTE))
        rig.answer(rig.one(), IN_DOUBT)
        rig.wait(10)
        second = rig.one()
        rig.joined(mute=True)
        rig.joined(mute=False)
        (release,) = rig.submit(hand(Effect.UNMUTE))
        assert rig.outcomes(release) == []
        if mutes_again:
            rig.joined(mute=True)
        rig.answer(second)
        if mutes_again:
            rig.obey(rig.one())
        assert rig.ready() == []
        outcome = Outcome.APPLIED if mutes_again else Outcome.YIELDED
        assert rig.outcomes(release) == [outcome]


MUTED = frozenset({(Effect.MUTE, None)})


def done_by_hand(rig: Rig, changes: frozenset[Echo]) -> None:
    """The audit log says that somebody else has done this."""
    rig.queue.done_by_hand(GUILD, UserId(1), changes, rig.now)


def test_what_a_hand_has_set_is_not_lifted_by_a_release_that_waits() -> None:
    """Of this member, and of that alone."""
    rig = Rig()
    muted(rig)
    rig.left()
    (unmute, undeafen) = rig.submit(decide(Effect.UNMUTE), decide(Effect.UNDEAFEN))
    done_by_hand(rig, frozenset({(Effect.UNDEAFEN, None), (Effect.GRANT, DJ)}))
    rig.queue.done_by_hand(GUILD, UserId(2), MUTED, rig.now)
    done_by_hand(rig, MUTED)
    rig.joined(mute=True, deaf=True)
    assert rig.one().act == MemberEdit(deaf=False)
    assert rig.outcomes(unmute) == [Outcome.PENDING, Outcome.YIELDED]
    assert rig.outcomes(undeafen) == [Outcome.PENDING]


def test_a_role_that_a_hand_has_given_is_not_taken() -> None:
    """Each role is a thing of its own."""
    rig = Rig()
    muted(rig)
    rig.submit(decide(Effect.UNMUTE))
    other = {"role": "21"}
    dj, guest = rig.submit(decide(Effect.REVOKE), decide(Effect.REVOKE, params=other))
    done_by_hand(rig, frozenset({(Effect.GRANT, DJ)}))
    assert rig.outcomes(dj) == [Outcome.YIELDED]
    assert rig.outcomes(guest) == []


def test_a_release_under_way_is_not_repeated_then() -> None:
    """It may have come first; when it comes back without an answer it is given up."""
    rig = Rig()
    muted(rig)
    (unmute,) = rig.submit(decide(Effect.UNMUTE))
    request = rig.one()
    rig.joined()
    rig.joined(mute=True)
    done_by_hand(rig, MUTED)
    rig.answer(request, IN_DOUBT)
    rig.wait(60)
    assert rig.ready() == []
    assert rig.outcomes(unmute) == [Outcome.SUPERSEDED]


def test_a_lifting_that_was_reported_is_not_repeated(rig: Rig) -> None:
    """Whoever is muted again while the answer is awaited was unmuted before."""
    rig.joined(mute=True)
    [lifting] = rig.submit(decide(Effect.UNMUTE, release=False))
    request = rig.one()
    rig.joined()
    rig.joined(mute=True)
    rig.answer(request, IN_DOUBT)
    rig.wait(60)
    assert rig.ready() == []
    assert rig.outcomes(lifting) == [Outcome.APPLIED]
