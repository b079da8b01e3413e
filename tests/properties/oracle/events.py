"""What the lines of a trace change of the facts, one line at a time."""

from typing import Any

from tests.properties.oracle.clock import parse_instant
from tests.properties.oracle.facts import Guild, Member

Doc = dict[str, Any]
SELF = {
    "self_mute": "self_mute",
    "self_deaf": "self_deaf",
    "self_video": "camera",
    "self_stream": "streaming",
}
BY_OTHERS = {"mute": "mute", "deaf": "deafen", "suppress": "suppress"}


def apply(guild: Guild, name: str, payload: Doc, now: int) -> None:
    """One dispatch of this guild."""
    if name == "GUILD_CREATE":
        _snapshot(guild, payload, now)
    elif guild.present and name in _HANDLERS:
        _HANDLERS[name](guild, payload, now)


def guild_of(name: str, payload: Doc) -> int | None:
    """Whose dispatch it is."""
    key = "id" if name in {"GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"} else "guild_id"
    value = payload.get(key)
    return None if value is None else int(value)


def _number(value: object) -> int | None:
    return None if value is None else int(str(value))


def _snapshot(guild: Guild, payload: Doc, now: int) -> None:
    first, guild.appeared, guild.present = not guild.appeared, True, True
    _guild_update(guild, payload, now)
    listed = {int(channel["id"]) for channel in payload["channels"]}
    for channel in payload["channels"]:
        _channel_change(guild, channel, now)
    states = {int(state["user_id"]): state for state in payload["voice_states"]}
    for member in guild.members.values():
        if member.id not in states and member.channel is not None:
            leave(member, now)
    for gone in set(guild.channels) - listed:
        _channel_gone(guild, gone, now)
    for member_payload in payload["members"]:
        _member_change(guild, member_payload, now)
    for user_id, state in states.items():
        member = guild.member(user_id)
        _voice_state(guild, state, now, entry=False)
        # A snapshot says where a visit begins, whatever comes after it in the same instant.
        settle(member, now)
        if first:
            member.spared = True


def _guild_update(guild: Guild, payload: Doc, _now: int) -> None:
    guild.owner, guild.afk = (_number(payload.get(key)) for key in ("owner_id", "afk_channel_id"))
    roles = {int(role["id"]): int(role["permissions"]) for role in payload["roles"]}
    for gone in set(guild.roles) - set(roles):
        _role_gone(guild, gone)
    guild.roles = roles
    guild.deleted -= set(roles)


def _role_change(guild: Guild, payload: Doc, _now: int) -> None:
    role = payload["role"]
    guild.roles[int(role["id"])] = int(role["permissions"])
    guild.deleted.discard(int(role["id"]))


def _role_delete(guild: Guild, payload: Doc, _now: int) -> None:
    guild.roles.pop(int(payload["role_id"]), None)
    _role_gone(guild, int(payload["role_id"]))


def _role_gone(guild: Guild, role: int) -> None:
    guild.deleted.add(role)
    for member in guild.members.values():
        member.on.discard(("grant", role))
        member.leases = [lease for lease in member.leases if lease.slot != ("grant", role)]


def _channel_change(guild: Guild, payload: Doc, _now: int) -> None:
    channel = int(payload["id"])
    guild.channels[channel] = (int(payload["type"]), _number(payload.get("parent_id")))
    guild.gone.discard(channel)


def _channel_delete(guild: Guild, payload: Doc, now: int) -> None:
    _channel_gone(guild, int(payload["id"]), now)


def _channel_gone(guild: Guild, channel: int, now: int) -> None:
    guild.gone.add(channel)
    for member in guild.members.values():
        if member.channel == channel:
            leave(member, now)


def _guild_delete(guild: Guild, _payload: Doc, now: int) -> None:
    guild.present = False
    for member in guild.members.values():
        if member.channel is not None:
            leave(member, now)


def _member_change(guild: Guild, payload: Doc, _now: int) -> None:
    member = guild.member(int(payload["user"]["id"]))
    member.bot = bool(payload["user"].get("bot", False))
    if payload.get("joined_at") is not None:
        member.joined_at = parse_instant(payload["joined_at"])
    roles = {int(role) for role in payload["roles"]} - guild.deleted
    before, member.reported_roles = member.reported_roles, roles
    slots = {slot for slot in member.on if slot[0] == "grant"}
    for role in {role for _, role in slots} | roles | (before or set()):
        unchanged = before is not None and (role in before) == (role in roles)
        if not unchanged and not member.leased(("grant", role)):
            _turn(member, ("grant", role), role in roles)


def _turn(member: Member, slot: tuple[str, int], on: bool) -> None:
    if on:
        member.on.add(slot)
    else:
        member.on.discard(slot)


def _member_remove(guild: Guild, payload: Doc, now: int) -> None:
    member = guild.member(int(payload["user"]["id"]))
    if member.channel is not None:
        leave(member, now)
    member.leases.clear()
    member.on.clear()
    member.reported.clear()
    member.reported_roles = None
    member.joined_at = None


def _voice_update(guild: Guild, payload: Doc, now: int) -> None:
    _voice_state(guild, payload, now, entry=True)


def _voice_state(guild: Guild, payload: Doc, now: int, *, entry: bool) -> None:
    member = guild.member(int(payload["user_id"]))
    if (known := payload.get("member")) is not None and "roles" in known:
        user = {"id": payload["user_id"], **known.get("user", {})}
        _member_change(guild, {**known, "user": user}, now)
    channel = _number(payload.get("channel_id"))
    if channel != member.channel:
        if channel is None:
            leave(member, now)
        elif entry:
            member.entries.append((now, channel))
        member.channel = channel
    member.flags = {flag: bool(payload.get(key)) for key, flag in SELF.items()}
    for key, effect in BY_OTHERS.items():
        told, before = bool(payload.get(key)), member.reported.get(effect)
        member.reported[effect] = told
        if told != before and not member.leased((effect, 0)):
            _turn(member, (effect, 0), told)


def leave(member: Member, now: int) -> None:
    """Out of voice: visit, stretches and episodes end, and leases with nothing left to hold."""
    _end_visit(member, now)
    member.channel = None
    for rule in list(member.episodes):
        member.end_episode(rule)
    member.stretches.clear()
    member.resting.clear()
    for lease in member.leases:
        lease.left = lease.left or lease.held_until <= now


def settle(member: Member, now: int) -> None:
    """When all events of an instant have happened: who is elsewhere has begun a new visit."""
    if member.channel != member.visiting:
        _end_visit(member, now)
        member.visiting, member.visit_began = member.channel, now


def _end_visit(member: Member, now: int) -> None:
    if member.visiting is None:
        return
    member.visits.append((member.visiting, member.visit_began, now))
    member.visiting = None
    member.visit += 1
    member.placed.clear()
    member.spared = False
    suppress = ("suppress", 0)
    if member.leased(suppress):
        _turn(member, suppress, member.reported["suppress"])
    member.leases = [lease for lease in member.leases if lease.slot != suppress]


_HANDLERS = {
    "GUILD_UPDATE": _guild_update,
    "GUILD_DELETE": _guild_delete,
    "GUILD_ROLE_CREATE": _role_change,
    "GUILD_ROLE_UPDATE": _role_change,
    "GUILD_ROLE_DELETE": _role_delete,
    "CHANNEL_CREATE": _channel_change,
    "CHANNEL_UPDATE": _channel_change,
    "CHANNEL_DELETE": _channel_delete,
    "GUILD_MEMBER_ADD": _member_change,
    "GUILD_MEMBER_UPDATE": _member_change,
    "GUILD_MEMBER_REMOVE": _member_remove,
    "VOICE_STATE_UPDATE": _voice_update,
}
