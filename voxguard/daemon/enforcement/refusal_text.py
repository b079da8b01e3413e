"""What Discord's refusals mean, in words for whoever can grant permissions."""

from voxguard.daemon.enforcement.kinds import Kind
from voxguard.daemon.enforcement.requests import Request
from voxguard.daemon.enforcement.wants import Letter, Want
from voxguard.ports.discord import Place, Refused, RoleEdit

# Discord developer documentation, "JSON Error Codes".
MISSING_ACCESS = 50001
NEEDS_TWO_FACTOR = 60003


def explain(request: Request, answer: Refused) -> str | None:
    """Which permission is missing where; None when that is not what is wrong."""
    if answer.status != 403 or len(request.wants) > 1:
        return None
    want = request.wants[0]
    if want.kind is Kind.WARN:
        # Whether members take messages is their own affair.
        return None
    if answer.code == NEEDS_TWO_FACTOR:
        return "the guild asks moderators for two-factor authentication: the bot's owner needs it"
    here, target = _places(want)
    if answer.code == MISSING_ACCESS:
        where = here if target is None else target
        also = "SEND_MESSAGES" if want.kind is Kind.ANNOUNCE else "CONNECT"
        return f"the bot cannot see {where}: it needs VIEW_CHANNEL and {also} there"
    return f"the bot needs {_needed(want, here, target)}"


def _places(want: Want) -> tuple[str, str | None]:
    """Where it happens, and the channel that it is about, if that is another."""
    channel_id = want.decision.channel_id
    target_id = want.value.channel_id if isinstance(want.value, Place | Letter) else None
    return (
        "the guild" if channel_id is None else f"channel {channel_id}",
        None if target_id is None else f"channel {target_id}",
    )


def _needed(want: Want, here: str, target: str | None) -> str:
    """Source: Discord developer documentation, "Permissions" and "Permission Hierarchy"."""
    match want.kind:
        case Kind.DISCONNECT:
            return f"MOVE_MEMBERS in {here}"
        case Kind.MOVE:
            return f"MOVE_MEMBERS in {here}, or VIEW_CHANNEL and CONNECT in {target}"
        case Kind.MUTE | Kind.SUPPRESS:
            return f"MUTE_MEMBERS in {here}"
        case Kind.DEAFEN:
            return f"DEAFEN_MEMBERS in {here}"
        case Kind.ROLE:
            role_id = want.value.role_id if isinstance(want.value, RoleEdit) else None
            return f"MANAGE_ROLES in the guild, and a role of its own above role {role_id}"
        case Kind.TIMEOUT:
            return (
                "MODERATE_MEMBERS in the guild, and a role of its own above the member's; nobody"
                " can time out administrators"
            )
        case Kind.ANNOUNCE | Kind.WARN:
            return f"SEND_MESSAGES in {target}"
