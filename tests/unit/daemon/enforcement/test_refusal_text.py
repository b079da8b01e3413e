import pytest

from tests.unit.daemon.enforcement.tools import Rig, decide
from voxguard.daemon.enforcement.refusal_text import explain
from voxguard.model.decisions import Effect
from voxguard.ports.discord import Refused


@pytest.mark.parametrize(
    ("effect", "code", "words"),
    [
        (Effect.MUTE, 50013, "MUTE_MEMBERS in channel 10"),
        (Effect.UNDEAFEN, 50013, "DEAFEN_MEMBERS in channel 10"),
        (Effect.DISCONNECT, 50013, "MOVE_MEMBERS in channel 10"),
        (Effect.MOVE, 50013, "CONNECT in channel 11"),
        (Effect.MOVE, 50001, "cannot see channel 11"),
        (Effect.MUTE, 50001, "cannot see channel 10"),
        (Effect.MUTE, 60003, "two-factor"),
        (Effect.SUPPRESS, 50013, "MUTE_MEMBERS in channel 10"),
        (Effect.TIMEOUT, 50013, "MODERATE_MEMBERS in the guild"),
        (Effect.GRANT, 50013, "MANAGE_ROLES in the guild, and a role of its own above role 20"),
        (Effect.REVOKE, 50013, "MANAGE_ROLES"),
        (Effect.ANNOUNCE, 50013, "SEND_MESSAGES in channel 12"),
        (Effect.ANNOUNCE, 50001, "cannot see channel 12: it needs VIEW_CHANNEL and SEND_MESSAGES"),
    ],
)
def test_a_refusal_says_what_is_missing_where(
    rig: Rig, effect: Effect, code: int, words: str
) -> None:
    """Each 403 names the permission and the channel."""
    rig.joined(1, deaf=True)
    rig.submit(decide(effect))
    missing = explain(rig.one(), Refused(403, code, "Missing"))
    assert missing is not None
    assert words in missing


def test_other_refusals_are_no_matter_of_permissions(rig: Rig) -> None:
    """An unknown channel is not explained by a permission, nor is a request for two things."""
    rig.submit(decide(Effect.MUTE), decide(Effect.DEAFEN))
    request = rig.one()
    assert explain(request, Refused(403, 50013, "Missing Permissions")) is None
    assert explain(request, Refused(404, 10003, "Unknown Channel")) is None


def test_who_takes_no_messages_lacks_no_permission(rig: Rig) -> None:
    """A warning that cannot be delivered is nothing that anybody could permit."""
    rig.submit(decide(Effect.WARN))
    assert explain(rig.one(), Refused(403, 50007, "Cannot send messages to this user")) is None


def test_a_member_who_is_away_is_somewhere_in_the_guild(rig: Rig) -> None:
    """Without a channel the guild is named."""
    rig.submit(decide(Effect.REVOKE, channel=None))
    missing = explain(rig.one(), Refused(403, 50001, "Missing Access"))
    assert missing == "the bot cannot see the guild: it needs VIEW_CHANNEL and CONNECT there"
