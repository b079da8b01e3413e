import pytest

from tests.unit.daemon.enforcement.tools import GUILD, LOG, Rig, decide
from voxguard.daemon.enforcement.answers import FIRST_PAUSE_SECONDS, NONCE_SECONDS
from voxguard.daemon.enforcement.requests import DirectChannels, Request
from voxguard.model.decisions import Effect, Outcome
from voxguard.model.ids import ChannelId, UserId
from voxguard.ports.discord import (
    Applied,
    MemberEdit,
    Message,
    OpenDirect,
    Opened,
    RateLimit,
    RateLimited,
    Refused,
    Scope,
    Unreachable,
)

DIRECT = ChannelId(77)
NO_MESSAGES = Refused(403, 50007, "Cannot send messages to this user")
TIMEOUT = Unreachable("no answer in time", in_doubt=True)


def opened(rig: Rig) -> Request:
    """The message that follows when its channel has been opened."""
    request = rig.one()
    assert request.act == OpenDirect()
    rig.answer(request, Opened(DIRECT))
    return rig.one()


def test_a_warning_opens_a_channel_first(rig: Rig) -> None:
    """Direct messages go into a channel that has to be asked for, once a member."""
    [warn] = rig.submit(decide(Effect.WARN))
    request = opened(rig)
    assert isinstance(request.act, Message)
    assert (request.act.channel_id, request.act.text) == (DIRECT, "mind the rules")
    rig.answer(request)
    assert rig.outcomes(warn) == [Outcome.APPLIED]
    rig.submit(decide(Effect.WARN))
    assert isinstance(rig.one().act, Message)


def test_messages_do_not_wait_for_edits(rig: Rig) -> None:
    """While an edit is under way messages go, and another edit does not wait for them."""
    rig.submit(decide(Effect.MUTE))
    mute = rig.one()
    rig.submit(decide(Effect.ANNOUNCE), decide(Effect.ANNOUNCE), decide(Effect.WARN))
    messages = rig.ready()
    assert len(messages) == 3
    assert [each.act.channel_id for each in messages[:2] if isinstance(each.act, Message)] == [
        LOG,
        LOG,
    ]
    rig.obey(mute)
    rig.submit(decide(Effect.DEAFEN))
    assert rig.one().act == MemberEdit(deaf=True)


def test_each_message_has_a_name_of_its_own(rig: Rig) -> None:
    """Equal texts are two messages."""
    rig.submit(decide(Effect.ANNOUNCE), decide(Effect.ANNOUNCE))
    nonces = {each.act.nonce for each in rig.ready() if isinstance(each.act, Message)}
    assert len(nonces) == 2
    assert all(len(nonce) <= 25 for nonce in nonces)


@pytest.mark.parametrize("first", [False, True])
def test_who_takes_no_messages_is_an_outcome(rig: Rig, first: bool) -> None:
    """50007 fails with Discord's words, at the channel or at the message."""
    [warn] = rig.submit(decide(Effect.WARN))
    rig.answer(rig.one() if first else opened(rig), NO_MESSAGES)
    assert rig.ready() == []
    assert rig.outcomes(warn) == [Outcome.FAILED]
    assert rig.errors[warn.id] == "50007: Cannot send messages to this user"


def test_others_are_warned_all_the_same(rig: Rig) -> None:
    """However many take none, warnings are not paused, and many are under way at once."""
    for user in range(1, 6):
        rig.submit(decide(Effect.WARN, user))
        rig.answer(rig.one(), NO_MESSAGES)
    rig.submit(*(decide(Effect.WARN, user) for user in range(6, 11)))
    assert len(rig.ready()) == 5
    rig.queue.count(rig.now)
    assert rig.stats.paused == ()
    assert rig.stats.invalid == 5


def test_a_channel_that_refuses_pauses_announcements(rig: Rig) -> None:
    """SEND_MESSAGES is a permission like any other."""
    for _ in range(3):
        rig.submit(decide(Effect.ANNOUNCE))
        rig.answer(rig.one(), Refused(403, 50013, "Missing Permissions"))
    announce, warn = rig.submit(decide(Effect.ANNOUNCE), decide(Effect.WARN))
    assert rig.one().act == OpenDirect()
    assert rig.outcomes(announce) == [Outcome.DEFERRED]
    assert rig.outcomes(warn) == []


def test_a_message_in_doubt_is_repeated_by_its_name(rig: Rig) -> None:
    """Discord knows the second as the first while it remembers the nonce."""
    [announce] = rig.submit(decide(Effect.ANNOUNCE))
    first = rig.one()
    rig.answer(first, TIMEOUT)
    rig.wait(FIRST_PAUSE_SECONDS)
    second = rig.one()
    assert second.act == first.act
    rig.answer(second)
    assert rig.outcomes(announce) == [Outcome.APPLIED]


def test_a_message_in_doubt_is_not_repeated_for_ever(rig: Rig) -> None:
    """When Discord may have forgotten the nonce nobody knows what became of the message."""
    [announce] = rig.submit(decide(Effect.ANNOUNCE))
    began = rig.now
    rig.answer(rig.one(), TIMEOUT)
    while Outcome.UNKNOWN not in rig.outcomes(announce):
        wake_at = rig.queue.wake_at(rig.now)
        assert wake_at is not None
        assert wake_at <= began + NONCE_SECONDS
        rig.now = wake_at
        for request in rig.ready():
            assert rig.now < began + NONCE_SECONDS
            rig.answer(request, TIMEOUT)
    assert rig.now == began + NONCE_SECONDS
    rig.wait(60)
    assert rig.ready() == []


def test_a_channel_in_doubt_is_asked_for_again(rig: Rig) -> None:
    """That does no harm however long it takes, so the warning is not given up."""
    [warn] = rig.submit(decide(Effect.WARN))
    for _ in range(10):
        rig.answer(rig.one(), TIMEOUT)
        rig.wait(60)
    rig.answer(opened(rig))
    assert rig.outcomes(warn) == [Outcome.APPLIED]


def test_announcements_outlast_their_member(rig: Rig) -> None:
    """What is said of who was removed is for others; nothing is said to who was removed."""
    rig.submit(decide(Effect.MUTE))
    mute = rig.one()
    for effect in (Effect.ANNOUNCE, Effect.WARN):
        rig.submit(decide(effect))
    first, second = rig.ready()
    warn, announce = rig.submit(decide(Effect.WARN), decide(Effect.ANNOUNCE))
    rig.queue.member_removed(GUILD, UserId(1), rig.now)
    rig.answer(mute)
    for request in (first, second):
        rig.answer(request, RateLimited(1.0, Scope.USER))
    rig.wait(2)
    assert [request.wants[0].decision.effect for request in rig.ready()] == [Effect.ANNOUNCE] * 2
    assert rig.outcomes(warn) == [Outcome.SUPERSEDED]
    assert rig.outcomes(announce) == []


def test_a_full_channel_holds_up_no_other(rig: Rig) -> None:
    """Each channel has a bucket of its own, apart from that of edits."""
    rig.submit(decide(Effect.ANNOUNCE))
    rig.answer(rig.one(), Applied(rate_limit=RateLimit(1, 0, 5.0, "messages")))
    other = decide(Effect.ANNOUNCE, target=ChannelId(14))
    rig.submit(decide(Effect.ANNOUNCE), other, decide(Effect.MUTE))
    assert [type(each.act) for each in rig.ready()] == [Message, MemberEdit]
    wake_at = rig.queue.wake_at(rig.now)
    assert wake_at is not None
    assert 5 <= wake_at - rig.now < 5.1


def test_opening_channels_is_limited_for_all_guilds_together(rig: Rig) -> None:
    """A 429 of the route that no guild is part of holds warnings up everywhere."""
    rig.submit(decide(Effect.WARN, 1))
    rig.answer(rig.one(), RateLimited(10.0, Scope.USER))
    rig.submit(decide(Effect.WARN, 2, guild=type(GUILD)(9)))
    assert rig.ready() == []
    rig.wait(11)
    assert len(rig.ready()) == 2


def test_channels_are_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The channel that was told first is asked for again."""
    monkeypatch.setattr(DirectChannels, "MOST", 2)
    channels = DirectChannels()
    for user in (1, 2, 3):
        channels.add(UserId(user), ChannelId(user))
    assert channels.get(UserId(1)) is None
    assert channels.get(UserId(3)) == 3
