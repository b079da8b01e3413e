from typing import cast

import pytest

from tests.support.stage import ALICE, BOB, DJ, GUILD, LOBBY, Stage, voice
from tests.unit.daemon.parts import Calls
from voxguard.daemon.relay import Relay
from voxguard.model.decisions import Effect
from voxguard.model.events import (
    ChannelChanged,
    ChannelDeleted,
    EchoMissed,
    EnforcementFailed,
    Event,
    GuildChanged,
    GuildVanished,
    HandSeen,
    MemberChanged,
    MemberRemoved,
    RoleChanged,
    RoleDeleted,
)
from voxguard.model.ids import UserId
from voxguard.model.world import Channel, ChannelKind, Member, Role
from voxguard.ports.enforcement import Enforcement

BOT = UserId(7)
MUTED = frozenset({(Effect.MUTE, None)})
SNAPSHOT = Stage("rules: {}", appear=False).snapshot()


@pytest.mark.parametrize(
    ("event", "calls"),
    [
        (voice(ALICE, LOBBY), [("reported", GUILD, ALICE)]),
        (SNAPSHOT, [("appeared", GUILD), ("changed", GUILD)]),
        (MemberRemoved(GUILD, ALICE), [("removed", GUILD, ALICE)]),
        (MemberChanged(GUILD, Member(ALICE)), []),
        (MemberChanged(GUILD, Member(BOT)), [("changed", GUILD)]),
        (GuildChanged(GUILD, None, None, ()), [("changed", GUILD)]),
        (RoleChanged(GUILD, Role(DJ)), [("changed", GUILD)]),
        (RoleDeleted(GUILD, DJ), [("changed", GUILD)]),
        (ChannelChanged(GUILD, Channel(LOBBY, ChannelKind.VOICE)), [("changed", GUILD)]),
        (ChannelDeleted(GUILD, LOBBY), [("appeared", GUILD), ("changed", GUILD)]),
        (GuildVanished(GUILD), []),
        (HandSeen(GUILD, ALICE, BOB, MUTED), [("by hand", GUILD, ALICE, MUTED)]),
        (HandSeen(GUILD, ALICE, BOT, MUTED), []),
        (EchoMissed(GUILD, ALICE, MUTED), []),
        (EnforcementFailed(GUILD, ALICE, Effect.MUTE), []),
    ],
)
def test_enforcement_is_told_what_an_event_means_for_it(
    event: Event, calls: list[tuple[object, ...]]
) -> None:
    """Voice states may set requests free, and permissions may let them succeed."""
    told = Calls()
    relay = Relay(cast("Enforcement", told))
    relay.bot_id = BOT
    relay.event(event)
    assert told.calls == calls
