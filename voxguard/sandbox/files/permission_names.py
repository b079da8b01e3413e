"""Permissions as a person writes them: names in small letters, or Discord's number."""

from voxguard.model.permissions import ALL_PERMISSIONS, Permission
from voxguard.sandbox.files.yaml_file import Node

DEFAULT_EVERYONE = (
    Permission.VIEW_CHANNEL
    | Permission.CONNECT
    | Permission.SPEAK
    | Permission.STREAM
    | Permission.SEND_MESSAGES
    | Permission.USE_VOICE_ACTIVITY
)
"""What everybody may do in a guild whose file says nothing about it."""

DEFAULT_BOT = (
    Permission.VIEW_CHANNEL
    | Permission.CONNECT
    | Permission.SEND_MESSAGES
    | Permission.VIEW_AUDIT_LOG
    | Permission.MUTE_MEMBERS
    | Permission.DEAFEN_MEMBERS
    | Permission.MOVE_MEMBERS
    | Permission.MANAGE_ROLES
    | Permission.MODERATE_MEMBERS
)
"""What a voice moderation bot is invited with."""

_BY_NAME = {str(bit.name).lower(): bit for bit in Permission if bit}


def read_permissions(node: Node) -> Permission:
    """The permissions of a list of names, or of one number; unknown names are reported."""
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return Permission(node.number(0, int(ALL_PERMISSIONS)) or 0)
    bits = Permission.NONE
    for item in node.items():
        name = item.choice(_BY_NAME)
        if name is not None:
            bits |= _BY_NAME[name]
    return bits
