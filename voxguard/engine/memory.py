"""The durable memory of a member: what a restarted daemon must still know of them."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from voxguard.engine.episodes import Episode, Layer, Lease, Placement, Stretch
from voxguard.engine.history_memory import recall_history, remember_history
from voxguard.engine.old_memory import renewed
from voxguard.engine.state import MemberState
from voxguard.model.decisions import Effect
from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.model.visits import Visit
from voxguard.policy.effects.base import Slot

FORMAT = 3
"""Raised when what is remembered is told otherwise; `old_memory` reads the one before."""


def remember(member: MemberState) -> bytes:
    """The memory of one member as JSON, equal for equal states."""
    visit = member.visit
    return json.dumps(
        {
            "format": FORMAT,
            "channel": member.channel_id if member.connected else None,
            "visit": None
            if visit is None
            else [str(visit.id), visit.joined_at.isoformat(), _text(member.visit_anchor)],
            "bot": member.bot,
            "roles": [sorted(member.own_roles), sorted(member.reported_roles)],
            "joined_at": _text(member.joined_at),
            "mute": [member.guild_mute, member.reported_mute],
            "deaf": [member.guild_deaf, member.reported_deaf],
            "suppressed": [member.suppressed, member.reported_suppressed],
            "judged": sorted(member.judged),
            "history": remember_history(member.history),
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
        return _member(guild_id, user_id, renewed(guild_id, user_id, json.loads(memory), FORMAT))
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"not the memory of a member: {error!r}") from error


def _stretch(stretch: Stretch) -> list[object]:
    episode = stretch.episode
    return [
        stretch.meaning,
        stretch.since_at.isoformat(),
        stretch.in_channel,
        stretch.barred,
        stretch.planned,
        None if episode is None else _episode(episode),
    ]


def _episode(episode: Episode) -> list[object]:
    return [
        str(episode.id),
        episode.began_at.isoformat(),
        episode.step,
        _text(episode.quiet_until),
        episode.planned,
        sorted(episode.done),
        sorted(episode.yielded),
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
        str(lease.episode_id),
        lease.since_at.isoformat(),
        _text(lease.until_at),
        lease.role_id,
    ]


def _member(guild_id: GuildId, user_id: UserId, memory: Mapping[str, Any]) -> MemberState:
    channel = memory["channel"]
    own_roles, reported_roles = (frozenset(map(RoleId, some)) for some in memory["roles"])
    member = MemberState(
        guild_id=guild_id,
        user_id=user_id,
        bot=bool(memory["bot"]),
        roles=own_roles | {RoleId(guild_id)},
        own_roles=own_roles,
        reported_roles=reported_roles,
        joined_at=_instant(memory["joined_at"]),
        judged=frozenset(memory["judged"]),
        history=recall_history(memory["history"]),
        connected=channel is not None,
        channel_id=ChannelId(int(channel or 0)),
        stretches={name: _recall_stretch(each) for name, each in memory["stretches"].items()},
    )
    member.guild_mute, member.reported_mute = memory["mute"]
    member.guild_deaf, member.reported_deaf = memory["deaf"]
    member.suppressed, member.reported_suppressed = memory["suppressed"]
    _recall_layer(member.enforced, memory["enforced"])
    _recall_layer(member.observed, memory["observed"])
    if memory["visit"] is not None:
        visit_id, joined_at, anchor = memory["visit"]
        member.visit_anchor = _instant(anchor)
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
    meaning, since_at, in_channel, barred, planned, episode = memory
    return Stretch(
        meaning=meaning,
        since_at=datetime.fromisoformat(since_at),
        in_channel=in_channel,
        barred=barred,
        planned=planned,
        episode=None if episode is None else _recall_episode(*episode),
    )


def _recall_episode(
    episode_id: str,
    began_at: str,
    step: int,
    quiet_until: str | None,
    planned: bool,  # noqa: FBT001 - one of a list
    done: list[str],
    yielded: Iterable[str] = (),
) -> Episode:
    return Episode(
        id=UUID(episode_id),
        began_at=datetime.fromisoformat(began_at),
        step=step,
        quiet_until=_instant(quiet_until),
        planned=planned,
        done={Effect(effect) for effect in done},
        yielded={Slot(slot) for slot in yielded},
    )


def _recall_layer(layer: Layer, memory: Mapping[str, Any]) -> None:
    for slot, leases in memory["leases"].items():
        layer.leases[Slot(slot)] = dict(map(_recall_lease, leases))
    if memory["placement"] is not None:
        effect, target_id = memory["placement"]
        layer.placement = Placement(Effect(effect), target_id)


def _recall_lease(memory: list[Any]) -> tuple[str, Lease]:
    rule, order, effect, episode_id, since_at, until_at, role_id = memory
    return rule, Lease(
        rule=rule,
        order=(order[0], order[1], order[2]),
        effect=Effect(effect),
        episode_id=UUID(episode_id),
        since_at=datetime.fromisoformat(since_at),
        until_at=_instant(until_at),
        role_id=None if role_id is None else RoleId(role_id),
    )


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
