"""The durable memory of a member: what a restarted daemon must still know of them."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from voxguard.engine.state import Episode, Layer, Lease, MemberState, Placement, Stretch
from voxguard.model.decisions import Effect
from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.model.visits import Visit
from voxguard.policy.effects.base import Slot

FORMAT = 1
"""Raised when a memory of an older version can no longer be read."""


def remember(member: MemberState) -> bytes:
    """The memory of one member as JSON, equal for equal states."""
    visit = member.visit
    return json.dumps(
        {
            "format": FORMAT,
            "channel": member.channel_id if member.connected else None,
            "visit": None if visit is None else [str(visit.id), visit.joined_at.isoformat()],
            "bot": member.bot,
            "roles": sorted(member.roles),
            "joined_at": None if member.joined_at is None else member.joined_at.isoformat(),
            "mute": [member.guild_mute, member.reported_mute],
            "deaf": [member.guild_deaf, member.reported_deaf],
            "stretches": {name: _stretch(each) for name, each in member.stretches.items()},
            "enforced": _layer(member.enforced),
            "observed": _layer(member.observed),
        },
        separators=(",", ":"),
    ).encode()


def recall(guild_id: GuildId, user_id: UserId, memory: bytes) -> MemberState:
    """The member as remembered.

    Raises:
        ValueError: The memory is damaged or of another format.

    """
    try:
        return _member(guild_id, user_id, json.loads(memory))
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"not the memory of a member: {error!r}") from error


def _stretch(stretch: Stretch) -> list[object]:
    episode = stretch.episode
    return [
        stretch.meaning,
        stretch.since_at.isoformat(),
        stretch.in_channel,
        stretch.barred,
        None if episode is None else [episode.began_at.isoformat(), sorted(episode.done)],
    ]


def _layer(layer: Layer) -> dict[str, object]:
    placement = layer.placement
    return {
        "leases": {
            slot: [_lease(lease) for lease in leases.values()]
            for slot, leases in layer.leases.items()
        },
        "placement": None if placement is None else [placement.effect, placement.target_id],
    }


def _lease(lease: Lease) -> list[object]:
    return [
        lease.rule,
        list(lease.order),
        lease.effect,
        lease.episode_began_at.isoformat(),
        lease.since_at.isoformat(),
    ]


def _member(guild_id: GuildId, user_id: UserId, memory: Mapping[str, Any]) -> MemberState:
    if memory["format"] != FORMAT:
        raise ValueError(f"the memory of a member has format {memory['format']}, not {FORMAT}")
    channel = memory["channel"]
    # Memories of before it was kept lack it: then it is not known until Discord says it.
    joined_at = memory.get("joined_at")
    member = MemberState(
        guild_id=guild_id,
        user_id=user_id,
        bot=bool(memory["bot"]),
        roles=frozenset(RoleId(int(role)) for role in memory["roles"]),
        joined_at=None if joined_at is None else datetime.fromisoformat(joined_at),
        connected=channel is not None,
        channel_id=ChannelId(int(channel or 0)),
        stretches={name: _recall_stretch(each) for name, each in memory["stretches"].items()},
    )
    member.guild_mute, member.reported_mute = memory["mute"]
    member.guild_deaf, member.reported_deaf = memory["deaf"]
    _recall_layer(member.enforced, memory["enforced"])
    _recall_layer(member.observed, memory["observed"])
    if memory["visit"] is not None:
        visit_id, joined_at = memory["visit"]
        member.settled_id = member.channel_id
        member.visit = Visit(
            id=UUID(visit_id),
            guild_id=guild_id,
            user_id=user_id,
            channel_id=member.channel_id,
            joined_at=datetime.fromisoformat(joined_at),
        )
    return member


def _recall_stretch(memory: list[Any]) -> Stretch:
    meaning, since_at, in_channel, barred, episode = memory
    return Stretch(
        meaning=meaning,
        since_at=datetime.fromisoformat(since_at),
        in_channel=in_channel,
        barred=barred,
        episode=None
        if episode is None
        else Episode(
            began_at=datetime.fromisoformat(episode[0]),
            done={Effect(effect) for effect in episode[1]},
        ),
    )


def _recall_layer(layer: Layer, memory: Mapping[str, Any]) -> None:
    for slot, leases in memory["leases"].items():
        layer.leases[Slot(slot)] = dict(map(_recall_lease, leases))
    if memory["placement"] is not None:
        effect, target_id = memory["placement"]
        layer.placement = Placement(Effect(effect), target_id)


def _recall_lease(memory: list[Any]) -> tuple[str, Lease]:
    rule, order, effect, episode_began_at, since_at = memory
    return rule, Lease(
        rule=rule,
        order=(order[0], order[1], order[2]),
        effect=Effect(effect),
        episode_began_at=datetime.fromisoformat(episode_began_at),
        since_at=datetime.fromisoformat(since_at),
    )
