"""The stand-in's answers, against Discord's own description of its REST API.

The description (https://github.com/discord/discord-api-spec) is looked for where
VOXGUARD_TEST_DISCORD_OPENAPI says, else beside the repository.
"""

import json
import os
import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.unit.sandbox.tools import ALICE_ID, BOB_ID, GUILD, GUILD_ID, LOBBY_ID, Caller
from voxguard.sandbox.sandbox import Sandbox

BESIDE = Path(__file__).parents[3] / "shared" / "data" / "discord-openapi.json"
DESCRIPTION = Path(os.environ.get("VOXGUARD_TEST_DISCORD_OPENAPI", BESIDE))

pytestmark = pytest.mark.skipif(
    not DESCRIPTION.is_file(), reason="Discord's description is not there"
)

GUILD_PATH = f"/guilds/{GUILD_ID}"
ALICE_PATH = f"{GUILD_PATH}/members/{ALICE_ID}"
STAGE_ID = 110373943822540806
LOG_ID = 110373943822540805
DJ_ID = 110373943822540812
FORMATS = FormatChecker()


@FORMATS.checks("snowflake")
def is_snowflake(value: object) -> bool:
    """Whether an id is in range."""
    return not isinstance(value, str) or 0 <= int(value) < 1 << 63


@FORMATS.checks("date-time", raises=ValueError)
def is_instant(value: object) -> bool:
    """Whether an instant has an offset."""
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


class Description:
    """Finds what an answer should look like, and says where it does not."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.paths: dict[str, Any] = document["paths"]
        resource = DRAFT202012.create_resource(document)
        self.registry: Registry[Any] = Registry().with_resource("urn:discord", resource)

    def template_of(self, path: str) -> str:
        """The path of the description that this one is an instance of; fixed parts win."""
        found = [
            template
            for template in self.paths
            if re.fullmatch(re.sub(r"\{[^/]+\}", "[^/]+", template), path)
        ]
        return min(found, key=lambda template: template.count("{"))

    def problems(self, method: str, path: str, status: int, payload: object) -> list[str]:
        """What is wrong with an answer."""
        template = self.template_of(path.partition("?")[0])
        responses = self.paths[template][method.lower()]["responses"]
        key = str(status) if str(status) in responses else f"{status // 100}XX"
        assert key in responses, f"{method} {template} does not answer {status}"
        pointer = f"/paths/{template.replace('/', '~1')}/{method.lower()}/responses/{key}"
        response = responses[key]
        if "$ref" in response:
            pointer = response["$ref"].removeprefix("#")
        elif "content" not in response:
            return [] if payload is None else ["a body where none belongs"]
        schema = {"$ref": f"urn:discord#{pointer}/content/application~1json/schema"}
        validator = Draft202012Validator(schema, registry=self.registry, format_checker=FORMATS)
        return [f"{item.json_path}: {item.message}" for item in validator.iter_errors(payload)]


@pytest.fixture(scope="module")
def description() -> Description:
    """Discord's description of its REST API v10."""
    return Description(json.loads(DESCRIPTION.read_text()))


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    """Somebody who calls a sandbox in which people are in voice."""
    async with Sandbox() as sandbox, aiohttp.ClientSession() as session:
        sandbox.join(GUILD, "alice", "stage")
        yield Caller(sandbox, session)


BOT = "{bot}"
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
    ("PATCH", ALICE_PATH, {"mute": "yes"}, 400),
    ("PATCH", f"{GUILD_PATH}/members/{BOB_ID}", {"mute": True}, 400),
    ("PUT", f"{ALICE_PATH}/roles/{DJ_ID}", None, 204),
    ("DELETE", f"{ALICE_PATH}/roles/{DJ_ID}", None, 204),
    ("PUT", f"{ALICE_PATH}/roles/{GUILD_ID}", None, 403),
    ("GET", f"{GUILD_PATH}/voice-states/{ALICE_ID}", None, 200),
    ("GET", f"{GUILD_PATH}/voice-states/@me", None, 404),
    ("PATCH", f"{GUILD_PATH}/voice-states/{ALICE_ID}", {"suppress": False}, 204),
    ("POST", "/users/@me/channels", {"recipient_id": str(ALICE_ID)}, 200),
    ("GET", f"/channels/{LOBBY_ID}", None, 200),
    ("GET", f"/channels/{STAGE_ID}", None, 200),
    ("GET", f"/channels/{LOG_ID}", None, 200),
    ("POST", f"/channels/{LOG_ID}/messages", {"content": "muted"}, 200),
    ("POST", f"/channels/{LOG_ID}/messages", {}, 400),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    CALLS,
    ids=[f"{method}-{path}-{status}-{body}" for method, path, body, status in CALLS],
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
