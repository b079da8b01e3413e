"""Members, their roles and their voice states."""

from voxguard.model.ids import ChannelId, RoleId
from voxguard.model.permissions import Permission
from voxguard.model.world import ChannelKind
from voxguard.sandbox.rest import errors
from voxguard.sandbox.rest.call import Call, as_flag, as_id
from voxguard.sandbox.rest.member_edit import check_roles
from voxguard.sandbox.world.moderation import Edit, moderate
from voxguard.sandbox.world.payloads import member_json, voice_state_json
from voxguard.sandbox.world.world import JsonObject

MAX_PAGE = 1000


def get_member(call: Call) -> JsonObject:
    """One member."""
    return member_json(call.member(call.guild()))


def list_members(call: Call) -> list[JsonObject]:
    """A page of members in the order of ids; only with the privileged intent (else 50001)."""
    guild = call.guild()
    if "members" not in call.world.bot.privileged_intents:
        raise errors.missing_access()
    limit = as_id(call.query.get("limit", "1"), "limit")
    after = as_id(call.query.get("after", "0"), "after")
    if not 1 <= limit <= MAX_PAGE:
        raise errors.invalid_form("limit", f"int value should be between 1 and {MAX_PAGE}.")
    ids = sorted(user_id for user_id in guild.members if user_id > after)
    return [member_json(guild.members[user_id]) for user_id in ids[:limit]]


def add_role(call: Call) -> None:
    """Give the member one role."""
    _change_role(call, wanted=True)


def remove_role(call: Call) -> None:
    """Take one role from the member."""
    _change_role(call, wanted=False)


def get_voice_state(call: Call) -> JsonObject:
    """Where the member is; 10065 for one who is not connected."""
    guild = call.guild()
    member = call.member(guild)
    if member.voice is None:
        raise errors.unknown("Voice State")
    return voice_state_json(guild, member)


def edit_voice_state(call: Call) -> None:
    """Make a member of a stage's channel audience or speaker."""
    guild = call.guild()
    member = call.member(guild)
    fields = call.fields()
    suppress = as_flag(fields.get("suppress"), "suppress")
    if member.voice is None:
        raise errors.not_connected()
    channel = guild.channels[member.voice.channel_id]
    raw = fields.get("channel_id")
    if raw is not None and ChannelId(as_id(raw, "channel_id")) != channel.id:
        raise errors.unknown("Voice State")
    if channel.kind is not ChannelKind.STAGE:
        raise errors.wrong_channel_type()
    if member.user.id != call.world.bot.user.id or suppress is False:
        call.require(guild, Permission.MUTE_MEMBERS, channel)
    moderate(call.world, guild, member, Edit(suppress=suppress), call.hand)


def _change_role(call: Call, *, wanted: bool) -> None:
    guild = call.guild()
    member = call.member(guild)
    role_id = RoleId(call.param("role"))
    check_roles(call, guild, {role_id})
    roles = member.roles | {role_id} if wanted else member.roles - {role_id}
    moderate(call.world, guild, member, Edit(roles=frozenset(roles)), call.hand)
