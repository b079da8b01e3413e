"""What people do: each happening of theirs as a change of the world."""

from collections.abc import Callable

from tests.simulation.hands import Hand, Hands
from tests.simulation.people import GUILDS, MODERATOR, USERS
from tests.simulation.plot import Happening
from voxguard.model.ids import ChannelId
from voxguard.sandbox.world import membership, voice
from voxguard.sandbox.world.audit import Hand as AuditHand
from voxguard.sandbox.world.moderation import Edit, moderate
from voxguard.sandbox.world.state import Guild, GuildMember
from voxguard.sandbox.world.world import RefusedError, UnknownNameError, World

Scene = Callable[[World, Guild, GuildMember, Happening], None]


def play(world: World, hands: Hands, happening: Happening) -> bool:
    """Let people do something; False where nobody could, or it is none of theirs."""
    guild = world.guilds[GUILDS[happening.guild].guild]
    if happening.kind == "return":
        return _return(world, guild, happening)
    scene = SCENES.get(happening.kind)
    member = guild.members.get(USERS[happening.who])
    if scene is None or member is None:
        return False
    try:
        with hands.acting(guild, member, Hand.HUMAN):
            scene(world, guild, member, happening)
        if happening.kind == "hop":
            hands.enters(guild, member)
    except (RefusedError, UnknownNameError):
        return False
    return True


def _channel(guild: Guild, happening: Happening) -> ChannelId:
    channel_id = GUILDS[happening.guild].channels[happening.what]
    if channel_id not in guild.channels:
        raise UnknownNameError(happening.what)
    return channel_id


def _join(world: World, guild: Guild, member: GuildMember, happening: Happening) -> None:
    voice.admit(world, guild, member, guild.channels[_channel(guild, happening)])


def _hop(world: World, guild: Guild, member: GuildMember, happening: Happening) -> None:
    voice.remove(world, guild, member)
    _join(world, guild, member, happening)


def _move(world: World, guild: Guild, member: GuildMember, happening: Happening) -> None:
    voice.connected(member)
    _join(world, guild, member, happening)


def _leave(world: World, guild: Guild, member: GuildMember, _: Happening) -> None:
    voice.remove(world, guild, member)


def _flag(world: World, guild: Guild, member: GuildMember, happening: Happening) -> None:
    now = getattr(voice.connected(member), happening.what)
    voice.set_flags(world, guild, member, voice.Flags(**{happening.what: not now}))


def _repeat(world: World, guild: Guild, member: GuildMember, _: Happening) -> None:
    voice.repeat(world, guild, member)


def _by_hand(edit: Callable[[Guild, GuildMember, Happening], Edit]) -> Scene:
    """A moderator's doing."""

    def scene(world: World, guild: Guild, member: GuildMember, happening: Happening) -> None:
        hand = AuditHand(USERS[MODERATOR])
        moderate(world, guild, member, edit(guild, member, happening), hand)

    return scene


def _roles(*, give: bool) -> Callable[[Guild, GuildMember, Happening], Edit]:
    def edit(_: Guild, member: GuildMember, happening: Happening) -> Edit:
        role = {GUILDS[happening.guild].roles[happening.what]}
        return Edit(roles=frozenset(member.roles | role if give else member.roles - role))

    return edit


def _remove(world: World, guild: Guild, member: GuildMember, happening: Happening) -> None:
    membership.remove_member(world, guild, member, drop=membership.Drop(happening.what))


def _return(world: World, guild: Guild, happening: Happening) -> bool:
    if USERS[happening.who] in guild.members:
        return False
    membership.add_member(world, guild, happening.who, user_id=USERS[happening.who])
    return True


SCENES: dict[str, Scene] = {
    "join": _join,
    "hop": _hop,
    "move": _move,
    "leave": _leave,
    "flag": _flag,
    "repeat": _repeat,
    "remove": _remove,
    "mute": _by_hand(lambda *_: Edit(mute=True)),
    "unmute": _by_hand(lambda *_: Edit(mute=False)),
    "deafen": _by_hand(lambda *_: Edit(deaf=True)),
    "undeafen": _by_hand(lambda *_: Edit(deaf=False)),
    "invite": _by_hand(lambda *_: Edit(suppress=False)),
    "quieten": _by_hand(lambda *_: Edit(suppress=True)),
    "kick": _by_hand(lambda *_: Edit(disconnect=True)),
    "drag": _by_hand(lambda guild, _, each: Edit(move_to=guild.channels[_channel(guild, each)])),
    "give role": _by_hand(_roles(give=True)),
    "take role": _by_hand(_roles(give=False)),
}
