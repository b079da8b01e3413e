"""What Discord's refusals mean, in words for whoever can grant permissions."""

from voxguard.daemon.enforcement.wants import Kind, Request
from voxguard.ports.discord import Place, Refused

PERMISSIONS = {
    Kind.DISCONNECT: "MOVE_MEMBERS",
    Kind.MOVE: "MOVE_MEMBERS",
    Kind.MUTE: "MUTE_MEMBERS",
    Kind.DEAFEN: "DEAFEN_MEMBERS",
}

# Discord developer documentation, "JSON Error Codes".
MISSING_ACCESS = 50001
NEEDS_TWO_FACTOR = 60003


def explain(request: Request, answer: Refused) -> str | None:
    """Which permission is missing where; None when that is not what is wrong."""
    if answer.status != 403 or len(request.wants) > 1:
        return None
    if answer.code == NEEDS_TWO_FACTOR:
        return "the guild asks moderators for two-factor authentication: the bot's owner needs it"
    want = request.wants[0]
    channel_id = want.decision.channel_id
    here = "the guild" if channel_id is None else f"channel {channel_id}"
    target = want.value.channel_id if isinstance(want.value, Place) else None
    needed = PERMISSIONS[want.kind]
    if answer.code == MISSING_ACCESS:
        where = here if target is None else f"channel {target}"
        return f"the bot cannot see {where}: it needs VIEW_CHANNEL and CONNECT there"
    if target is not None:
        return f"the bot needs {needed} in {here}, or VIEW_CHANNEL and CONNECT in channel {target}"
    return f"the bot needs {needed} in {here}"
