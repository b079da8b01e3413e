"""The stand-in's answers, against Discord's own description of its REST API."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from tests.contract.discord_description import IF_THERE, Description, read_description
from tests.unit.sandbox.tools import ALICE_ID, BOB_ID, GUILD, GUILD_ID, LOBBY_ID, Caller
from voxguard.sandbox.sandbox import Sandbox

pytestmark = IF_THERE

GUILD_PATH = f"/guilds/{GUILD_ID}"
ALICE_PATH = f"{GUILD_PATH}/members/{ALICE_ID}"
STAGE_ID = 110373943822540806
LOG_ID = 110373943822540805
DJ_ID = 110373943822540812


@pytest.fixture(scope="module")
def description() -> Description:
    """Discord's description of its REST API v10."""
    return read_description()


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    """Somebody who calls a sandbox in which people are in voice."""
    async with Sandbox() as sandbox, aiohttp.ClientSession() as session:
        sandbox.join(GUILD, "alice", "stage")
        yield Caller(sandbox, session)


BOT = "{bot}"
SOON = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
CALLS: list[tuple[str, str, object, int]] = [
    ("GET", "/gateway", None, 200),
    ("GET", "/gateway/bot", None, 200),
    ("GET", "/users/@me", None, 200),
    ("GET", "/users/@me/guilds", None, 200),
    ("GET", f"/users/{ALICE_ID}", None, 200),
    ("GET", "/users/5", None, 404),
    ("GET", "/oauth2/applications/@me", None, 200),
    ("GET", "/applications/@me", None, 200),
    ("GET", f"/applications/{BOT}/commands", None, 200),
    ("PUT", f"/applications/{BOT}/commands", [{"name": "ping", "description": "?"}], 200),
    ("PUT", f"/applications/{BOT}/guilds/{GUILD_ID}/commands", [], 200),
    ("GET", f"/applications/{BOT}/guilds/{GUILD_ID}/commands", None, 200),
    ("GET", f"{GUILD_PATH}?with_counts=true", None, 200),
    ("GET", "/guilds/5", None, 404),
    ("GET", f"{GUILD_PATH}/channels", None, 200),
    ("GET", f"{GUILD_PATH}/roles", None, 200),
    ("GET", f"{GUILD_PATH}/members?limit=1000", None, 200),
    ("GET", ALICE_PATH, None, 200),
    ("PATCH", ALICE_PATH, {"mute": True, "deaf": True}, 200),
    ("PATCH", ALICE_PATH, {"channel_id": str(LOBBY_ID)}, 200),
    ("PATCH", ALICE_PATH, {"channel_id": None, "roles": [str(DJ_ID)]}, 200),
    ("PATCH", ALICE_PATH, {"communication_disabled_until": None}, 200),
    ("PATCH", ALICE_PATH, {"communication_disabled_until": SOON}, 200),
    ("PATCH", ALICE_PATH, {"mute": "yes"}, 400),
    ("PATCH", f"{GUILD_PATH}/members/{BOB_ID}", {"mute": True}, 400),
    ("PUT", f"{ALICE_PATH}/roles/{DJ_ID}", None, 204),
    ("DELETE", f"{ALICE_PATH}/roles/{DJ_ID}", None, 204),
    ("PUT", f"{ALICE_PATH}/roles/{GUILD_ID}", None, 403),
    ("GET", f"{GUILD_PATH}/voice-states/{ALICE_ID}", None, 200),
    ("GET", f"{GUILD_PATH}/voice-states/@me", None, 404),
    ("PATCH", f"{GUILD_PATH}/voice-states/{ALICE_ID}", {"suppress": False}, 204),
    ("PATCH", f"{GUILD_PATH}/voice-states/{BOB_ID}", {"suppress": False}, 400),
    ("POST", "/users/@me/channels", {"recipient_id": str(ALICE_ID)}, 200),
    ("GET", f"/channels/{LOBBY_ID}", None, 200),
    ("GET", f"/channels/{STAGE_ID}", None, 200),
    ("GET", f"/channels/{LOG_ID}", None, 200),
    ("POST", f"/channels/{LOG_ID}/messages", {"content": "muted"}, 200),
    ("POST", f"/channels/{LOG_ID}/messages", {"content": f"<@{ALICE_ID}>", "nonce": "7"}, 200),
    ("POST", f"/channels/{LOG_ID}/messages", {}, 400),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    CALLS,
    ids=[
        f"{number}-{method}-{path}-{status}"
        for number, (method, path, _, status) in enumerate(CALLS)
    ],
)
async def test_answers_are_as_discord_describes_them(
    caller: Caller,
    description: Description,
    method: str,
    path: str,
    body: object,
    status: int,
) -> None:
    """Status and body of each answer fit the description of its route."""
    path = path.replace(BOT, str(caller.sandbox.world.bot.user.id))
    reply = await caller.call(method, path, body)
    assert reply.status == status
    if reply.status >= 400:
        # The description has numbers for the codes of single fields, Discord sends words.
        reply.payload.pop("errors", None)
    assert description.problems(method, path, status, reply.payload) == []


async def test_rate_limits_are_as_discord_describes_them(
    caller: Caller, description: Description
) -> None:
    """429 has the described body, and every described header."""
    caller.sandbox.set_limit("member_edit", limit=1, within_seconds=60)
    await caller.call("PATCH", ALICE_PATH, {"mute": True})
    reply = await caller.call("PATCH", ALICE_PATH, {"mute": True})
    assert reply.status == 429
    # Discord's documentation has `code` for some limits only, the description for all.
    payload = {"code": 0, **reply.payload}
    assert description.problems("PATCH", ALICE_PATH, 429, payload) == []
    responses = description.paths["/guilds/{guild_id}/members/{user_id}"]["patch"]["responses"]
    assert responses["200"]["headers"].keys() <= reply.headers.keys()
