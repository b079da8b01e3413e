"""The actions by name, with what each takes: the words of scenarios and of control calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from voxguard.sandbox.controls import Controls
from voxguard.sandbox.faults import Outage
from voxguard.sandbox.files.channels_part import KINDS, MAX_USER_LIMIT
from voxguard.sandbox.files.permission_names import read_permissions
from voxguard.sandbox.files.yaml_file import Node
from voxguard.sandbox.gateway.mishaps import Mishap
from voxguard.sandbox.route_faults import RouteTrouble
from voxguard.sandbox.session_starts import STARTS_A_DAY
from voxguard.sandbox.world.membership import Drop

Reader = Callable[[Node], Any]
Deed = Callable[[Controls], Any]
"""An action with its arguments, ready to be done."""


@dataclass(frozen=True, slots=True)
class Action:
    """A method of the controls, and how each of its arguments is read.

    Actions of a guild take `guild` too, which may be left out where there is only one.
    """

    method: Callable[..., Any]
    needs: Mapping[str, Reader] = field(default_factory=dict)
    takes: Mapping[str, Reader] = field(default_factory=dict)
    is_of_guild: bool = True

    @property
    def keys(self) -> tuple[str, ...]:
        """Everything that may be given."""
        guild = ("guild",) if self.is_of_guild else ()
        return (*guild, *self.needs, *self.takes)

    @property
    def summary(self) -> str:
        """What it does, in a line."""
        return (self.method.__doc__ or "").partition("\n")[0]


def _drop(node: Node) -> Drop | None:
    name = node.choice(drop.value for drop in Drop)
    return None if name is None else Drop(name)


def _kind(node: Node) -> Any:  # noqa: ANN401 - a reader gives whatever its method takes
    name = node.choice(KINDS)
    return None if name is None else KINDS[name]


def _outage(node: Node) -> Outage | None:
    names = [outage.value for outage in Outage]
    if str(node.value) not in names:
        node.choice(names)
        return None
    return Outage(str(node.value))


def _route_trouble(node: Node) -> RouteTrouble | None:
    names = [trouble.value for trouble in RouteTrouble]
    if str(node.value) not in names:
        node.choice(names)
        return None
    return RouteTrouble(str(node.value))


def _mishap(node: Node) -> Mishap | None:
    name = node.choice(mishap.value for mishap in Mishap)
    return None if name is None else Mishap(name)


def _starts(node: Node) -> int | None:
    return node.number(0, STARTS_A_DAY)


def _permissions(node: Node) -> int:
    return int(read_permissions(node))


def _user_limit(node: Node) -> int | None:
    return node.number(0, MAX_USER_LIMIT)


def _close_code(node: Node) -> int | None:
    return node.number(1000, 4999)


def _bucket_size(node: Node) -> int | None:
    return node.number(1, 1_000_000)


# Keys that are written shorter than their parameters are called, since they say their unit.
_PARAMETERS = {"timeout": "timeout_seconds", "max": "limit", "within": "within_seconds"}

_MEMBER = {"member": Node.text}
_CHANNEL = {"channel": Node.text}
_ROLE = {"role": Node.text}
_NAME = {"name": Node.text}

ACTIONS: Mapping[str, Action] = {
    "join": Action(Controls.join, {**_MEMBER, **_CHANNEL}),
    "move": Action(Controls.move, {**_MEMBER, **_CHANNEL}),
    "leave": Action(Controls.leave, _MEMBER),
    "flags": Action(
        Controls.set_flags,
        _MEMBER,
        {
            "self_mute": Node.flag,
            "self_deaf": Node.flag,
            "camera": Node.flag,
            "streaming": Node.flag,
        },
    ),
    "repeat": Action(Controls.repeat_voice_state, _MEMBER),
    "human": Action(
        Controls.human_edit,
        _MEMBER,
        {
            "mute": Node.flag,
            "deaf": Node.flag,
            "suppress": Node.flag,
            "move_to": Node.text,
            "disconnect": Node.flag,
            "roles": Node.texts,
            "timeout": Node.seconds,
            "by": Node.text,
            "reason": Node.text,
        },
    ),
    "add_member": Action(
        Controls.add_member,
        _NAME,
        {"user_id": Node.id, "roles": Node.texts, "bot": Node.flag},
    ),
    "remove_member": Action(Controls.remove_member, _MEMBER, {"drop": _drop}),
    "direct_messages": Action(Controls.set_takes_messages, {**_MEMBER, "takes": Node.flag}),
    "create_role": Action(Controls.create_role, _NAME, {"permissions": _permissions}),
    "change_role": Action(
        Controls.change_role, _ROLE, {"name": Node.text, "permissions": _permissions}
    ),
    "delete_role": Action(Controls.delete_role, _ROLE),
    "create_channel": Action(
        Controls.create_channel, _NAME, {"kind": _kind, "category": Node.text}
    ),
    "change_channel": Action(
        Controls.change_channel, _CHANNEL, {"name": Node.text, "user_limit": _user_limit}
    ),
    "overwrite": Action(
        Controls.set_overwrite,
        _CHANNEL,
        {
            "role": Node.text,
            "member": Node.text,
            "allow": _permissions,
            "deny": _permissions,
        },
    ),
    "delete_channel": Action(Controls.delete_channel, _CHANNEL),
    "afk_channel": Action(Controls.set_afk_channel, takes=_CHANNEL),
    "available": Action(Controls.set_available, {"available": Node.flag}),
    "close_gateway": Action(Controls.close_gateway, {"code": _close_code}, is_of_guild=False),
    "reconnect_gateway": Action(Controls.reconnect_gateway, is_of_guild=False),
    "invalidate_gateway": Action(
        Controls.invalidate_gateway, takes={"resumable": Node.flag}, is_of_guild=False
    ),
    "drop_gateway": Action(
        Controls.drop_gateway, takes={"forget_sessions": Node.flag}, is_of_guild=False
    ),
    "limit": Action(
        Controls.set_limit,
        {"route": Node.text, "max": _bucket_size, "within": Node.seconds},
        is_of_guild=False,
    ),
    "outage": Action(
        Controls.set_outage, takes={"rest": _outage, "gateway": Node.flag}, is_of_guild=False
    ),
    "delay": Action(Controls.set_delay, {"seconds": Node.seconds}, is_of_guild=False),
    "kick_bot": Action(Controls.kick_bot),
    "invite_bot": Action(Controls.invite_bot),
    "withhold_guild": Action(Controls.withhold_guild, {"withheld": Node.flag}),
    "route_fault": Action(
        Controls.add_route_fault,
        {"how": _route_trouble},
        {
            "route": Node.text,
            "field": Node.text,
            "seconds": Node.seconds,
            "jitter": Node.seconds,
            "times": _bucket_size,
        },
        is_of_guild=False,
    ),
    "end_route_faults": Action(
        Controls.end_route_faults, takes={"route": Node.text}, is_of_guild=False
    ),
    "event_fault": Action(
        Controls.add_event_fault,
        {"how": _mishap},
        {"event": Node.text, "seconds": Node.seconds, "times": _bucket_size},
        is_of_guild=False,
    ),
    "end_event_faults": Action(Controls.end_event_faults, is_of_guild=False),
    "session_starts": Action(
        Controls.set_session_starts,
        takes={"left": _starts, "reset_after": Node.seconds, "shards": _bucket_size},
        is_of_guild=False,
    ),
    "date": Action(
        Controls.set_date, takes={"ahead": Node.seconds, "behind": Node.seconds}, is_of_guild=False
    ),
    "zombie": Action(Controls.set_zombie, {"zombie": Node.flag}, is_of_guild=False),
}


def read_action(name: Node, arguments: Mapping[str, Node]) -> Deed | None:
    """The action of this name with these arguments; what is wrong is reported to the nodes."""
    chosen = name.choice(ACTIONS)
    if chosen is None:
        return None
    action = ACTIONS[chosen]
    for key, node in arguments.items():
        if key not in action.keys:
            keys = ", ".join(action.keys) or "nothing"
            node.fail(f"unknown key '{key}'; {chosen} takes {keys}", at_key=True)
    for key in action.needs.keys() - arguments.keys():
        name.fail(f"{chosen} needs '{key}'")
    readers = {**action.needs, **action.takes}
    values = {
        _PARAMETERS.get(key, key): readers[key](node)
        for key, node in arguments.items()
        if key in readers
    }
    guild = arguments["guild"].text() if action.is_of_guild and "guild" in arguments else None

    def do(controls: Controls) -> Any:  # noqa: ANN401 - each method has its own
        if not action.is_of_guild:
            return action.method(controls, **values)
        where = controls.world.only_guild().id if guild is None else guild
        return action.method(controls, where, **values)

    return do
