"""What the daemon asks of Discord, against Discord's own description of its REST API."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.contract.discord_description import IF_THERE, read_description
from tests.unit.discord.tools import ALICE_ID, DJ_ID, GUILD, GUILD_ID, LOBBY_ID, LOG_ID, STAGE_ID
from voxguard.discord.app import open_app
from voxguard.discord.rest import DiscordActor
from voxguard.ports.discord import (
    Act,
    Applied,
    MemberEdit,
    Message,
    OpenDirect,
    Opened,
    Place,
    RoleEdit,
    StageEdit,
)
from voxguard.sandbox.sandbox import Sandbox

pytestmark = IF_THERE

# The keys that each request is made of: a misspelt one would pass, since Discord ignores it.
ACTS: list[tuple[str, Act, set[str]]] = [
    (
        "edit",
        MemberEdit(mute=True, deaf=False, place=Place(LOBBY_ID)),
        {"mute", "deaf", "channel_id"},
    ),
    ("disconnect", MemberEdit(place=Place(None)), {"channel_id"}),
    (
        "timeout",
        MemberEdit(timeout_until=datetime.now(UTC) + timedelta(minutes=5)),
        {"communication_disabled_until"},
    ),
    ("grant", RoleEdit(DJ_ID, granted=True), set()),
    ("revoke", RoleEdit(DJ_ID, granted=False), set()),
    ("audience", StageEdit(STAGE_ID, suppressed=False), {"channel_id", "suppress"}),
    ("open", OpenDirect(), {"recipient_id"}),
    (
        "message",
        Message(LOG_ID, "look", "7" * 25),
        {"content", "nonce", "enforce_nonce", "allowed_mentions"},
    ),
]


@pytest.mark.parametrize(
    ("act", "keys"), [each[1:] for each in ACTS], ids=[each[0] for each in ACTS]
)
async def test_requests_are_as_discord_describes_them(act: Act, keys: set[str]) -> None:
    """Method, path and body of each act fit the description, and it is carried out."""
    async with Sandbox() as sandbox, open_app(sandbox.token, sandbox.api_url) as app:
        sandbox.join(GUILD, "alice", "stage")
        answer = await DiscordActor(app).act(GUILD_ID, ALICE_ID, act, "voxguard: rule")
        assert isinstance(answer, Applied | Opened)
        [request] = sandbox.requests
    assert (set() if request.body is None else request.body.keys()) == keys
    description = read_description()
    assert description.request_problems(request.method, request.path, request.body) == []
