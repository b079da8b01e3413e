"""What goes wrong: each happening of trouble, and how all of it is put right."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.simulation.people import BOT_ROLE, GUILDS
from tests.simulation.plot import Happening
from tests.simulation.rulebook import compiled
from voxguard.model.permissions import Permission
from voxguard.sandbox.files.permission_names import DEFAULT_BOT
from voxguard.sandbox.limits import DEFAULT_LIMITS, Limit
from voxguard.sandbox.world import layout
from voxguard.sandbox.world.state import Guild

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation

PERMISSIONS = {
    "mute": Permission.MUTE_MEMBERS,
    "deafen": Permission.DEAFEN_MEMBERS,
    "move": Permission.MOVE_MEMBERS,
    "roles": Permission.MANAGE_ROLES,
    "timeout": Permission.MODERATE_MEMBERS,
}
LAG_SECONDS = 8.0


def heal(run: Simulation) -> None:
    """Nothing goes wrong any more; who is connected is shown the world anew."""
    run.rest.faults.clear()
    run.disk.is_full = False
    run.dies_in = None
    gateway = run.gateway
    gateway.lag, gateway.lose, gateway.double = 0.0, 0, 0
    run.rest.limit(DEFAULT_LIMITS)
    for ids in GUILDS:
        guild = run.world.guilds[ids.guild]
        layout.set_available(run.world, guild, available=True)
        _permit(run, guild, int(DEFAULT_BOT))
    if run.life is not None and run.life.has_started:
        gateway.identify(run.life.core)


def _guild(run: Simulation, happening: Happening) -> Guild:
    return run.world.guilds[GUILDS[happening.guild].guild]


def _permit(run: Simulation, guild: Guild, permissions: int) -> None:
    role = next(role for role in guild.roles.values() if role.name == BOT_ROLE)
    if role.permissions != permissions:
        layout.change_role(run.world, guild, role, permissions=permissions)


def _forbid(run: Simulation, happening: Happening) -> None:
    guild = _guild(run, happening)
    role = next(role for role in guild.roles.values() if role.name == BOT_ROLE)
    _permit(run, guild, role.permissions & ~int(PERMISSIONS[happening.what]))


def _allow(run: Simulation, happening: Happening) -> None:
    guild = _guild(run, happening)
    role = next(role for role in guild.roles.values() if role.name == BOT_ROLE)
    _permit(run, guild, role.permissions | int(PERMISSIONS[happening.what]))


def _crash(run: Simulation, happening: Happening) -> None:
    run.die(happening.number)


def _crash_at_write(run: Simulation, happening: Happening) -> None:
    run.dies_in = (max(1, int(happening.number)), happening.what)


def _stop(run: Simulation, happening: Happening) -> None:
    run.stop(happening.number)


def _rest(run: Simulation, happening: Happening) -> None:
    run.rest.fault(happening.what, happening.number)


def _disk_full(run: Simulation, happening: Happening) -> None:
    run.disk.is_full = True

    def works() -> None:
        run.disk.is_full = False

    run.timeline.after(happening.number, works)


def _cut(run: Simulation, happening: Happening) -> None:
    run.gateway.cut(happening.number, resumes=True)


def _reidentify(run: Simulation, _: Happening) -> None:
    run.gateway.cut(run.dice.uniform(0.1, 30.0), resumes=False)


def _lag(run: Simulation, happening: Happening) -> None:
    run.gateway.lag = run.dice.uniform(0.5, LAG_SECONDS)

    def keeps_up() -> None:
        run.gateway.lag = 0.0

    run.timeline.after(happening.number, keeps_up)


def _lose(run: Simulation, happening: Happening) -> None:
    run.gateway.lose = int(happening.number)


def _double(run: Simulation, happening: Happening) -> None:
    run.gateway.double = int(happening.number)


def _outage(run: Simulation, happening: Happening) -> None:
    guild = _guild(run, happening)
    layout.set_available(run.world, guild, available=False)
    run.hands.leave_stages(guild.id)

    def is_back() -> None:
        layout.set_available(run.world, guild, available=True)

    run.timeline.after(happening.number, is_back)


def _policies(run: Simulation, happening: Happening) -> None:
    run.policies = run.plot.policies[int(happening.number) % len(run.plot.policies)]
    life = run.life
    if life is not None and life.has_started and not life.stopping.is_set():
        life.core.activate(compiled(run.policies))


def _narrow(run: Simulation, happening: Happening) -> None:
    size = Limit(max(1, int(happening.number)), 5.0)
    run.rest.limit({"member_edit": size, "member_role": size})


def _delete_role(run: Simulation, happening: Happening) -> None:
    guild = _guild(run, happening)
    role = guild.roles.get(GUILDS[happening.guild].roles[happening.what])
    if role is not None:
        layout.delete_role(run.world, guild, role)
        name = f"role:{role.id}"
        for mark in [mark for mark in run.hands.on if mark[2] == name and mark[0] == guild.id]:
            del run.hands.on[mark]


def _delete_channel(run: Simulation, happening: Happening) -> None:
    guild = _guild(run, happening)
    channel = guild.channels.get(GUILDS[happening.guild].channels[happening.what])
    if channel is not None:
        layout.delete_channel(run.world, guild, channel)


TROUBLES: dict[str, Callable[[Simulation, Happening], None]] = {
    "crash": _crash,
    "crash at write": _crash_at_write,
    "stop": _stop,
    "forbid": _forbid,
    "allow": _allow,
    "rest": _rest,
    "disk full": _disk_full,
    "cut": _cut,
    "reidentify": _reidentify,
    "lag": _lag,
    "lose": _lose,
    "double": _double,
    "outage": _outage,
    "policies": _policies,
    "narrow": _narrow,
    "delete role": _delete_role,
    "delete channel": _delete_channel,
}
