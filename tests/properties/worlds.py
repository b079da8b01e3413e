"""Random lives of a guild, for what must hold of all of them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from hypothesis import strategies as st

from tests.support.stage import (
    AFK,
    ALICE,
    BOB,
    CAROL,
    DJ,
    GUILD,
    LOBBY,
    MUSIC,
    OUTSIDE,
    STAFF,
    STAGE,
    START,
    Stage,
)
from voxguard.model.events import (
    ChannelDeleted,
    Event,
    GuildVanished,
    MemberChanged,
    MemberRemoved,
    RoleDeleted,
    VoiceStateChanged,
)
from voxguard.model.world import Member, VoiceState

JOINED: Final = START - timedelta(days=1)
USERS: Final = (ALICE, BOB, CAROL)
CHANNELS: Final = (LOBBY, AFK, MUSIC, STAGE, OUTSIDE)

Life = list[tuple[int, list[Event]]]
"""Instants in seconds since the start, each with what happens then."""

_FLAGS: Final = ("self_mute", "guild_mute", "guild_deaf", "suppressed", "camera")
_PLACES: Final = (*CHANNELS, LOBBY, MUSIC, None, None)
_USER: Final = st.sampled_from(USERS)
_VOICES: Final = st.builds(
    lambda who, where, flags, ours: VoiceStateChanged(
        GUILD, VoiceState(who, where, **dict.fromkeys(flags, True)), is_ours=ours
    ),
    _USER,
    st.sampled_from(_PLACES),
    st.lists(st.sampled_from(_FLAGS), max_size=2, unique=True),
    st.sampled_from([False, False, False, True]),
)
_ROLES: Final = st.builds(
    lambda who, some, at: MemberChanged(GUILD, Member(who, frozenset(some), joined_at=at)),
    _USER,
    st.lists(st.sampled_from([STAFF, DJ]), unique=True),
    st.sampled_from([None, JOINED, JOINED + timedelta(seconds=50)]),
)
_SNAPSHOTS: Final = st.lists(st.tuples(_USER, st.sampled_from(CHANNELS)), max_size=3).map(
    lambda some: Stage("rules: {}", appear=False).snapshot(
        voice=[VoiceState(who, where) for who, where in dict(some).items()]
    )
)
_REMOVALS: Final = st.builds(lambda who: MemberRemoved(GUILD, who), _USER)
_BOT: Final = st.just(MemberChanged(GUILD, Member(CAROL, bot=True)))
_OUTAGE: Final = st.just(GuildVanished(GUILD))
_DELETED: Final[list[Event]] = [RoleDeleted(GUILD, DJ), ChannelDeleted(GUILD, OUTSIDE)]
_DELETIONS: Final = st.sampled_from(_DELETED)
_SELDOM: Final[Sequence[st.SearchStrategy[Event]]] = (
    _SNAPSHOTS,
    _SNAPSHOTS,
    _REMOVALS,
    _BOT,
    _OUTAGE,
    _DELETIONS,
)


@st.composite
def events(draw: st.DrawFn, *, deletions: bool = True) -> Event:
    """One thing that happens: mostly that somebody goes somewhere."""
    seldom = _SELDOM if deletions else _SELDOM[:-1]
    # What `one_of` is given twice it takes no more often.
    chance = draw(st.integers(0, 39))
    if chance < 40 - 4 - len(seldom):
        return draw(_VOICES)
    return draw(_ROLES if chance < 40 - len(seldom) else seldom[chance - 40])


def stage_for(policy: str, **more: Any) -> Stage:
    """The guild in which lives go on, with somebody who was there before."""
    members = [Member(user, joined_at=JOINED) for user in USERS]
    return Stage(policy, members=members, voice=[VoiceState(CAROL, LOBBY)], **more)


def lives(*, deletions: bool = True) -> st.SearchStrategy[Life]:
    """A life of some minutes; in one of four there is a pause of half a day."""
    some = st.lists(events(deletions=deletions), min_size=1, max_size=3)
    steps = st.lists(st.tuples(st.integers(1, 60), some), min_size=4, max_size=12)
    long_pause = st.sampled_from([None, None, None, None, None, None, 2, 3])
    return st.builds(_add_up, steps, long_pause)


def _add_up(some: Life, long_pause: int | None) -> Life:
    at, life = 0, []
    for number, (pause, happening) in enumerate(some):
        at += pause + 43_000 * (number == long_pause)
        life.append((at, happening))
    return life


def end_of(life: Life) -> int:
    """An instant at which everything that a life began has come to an end."""
    return life[-1][0] + 1200
