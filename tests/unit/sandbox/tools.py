"""What the tests of the sandbox have in common: a clock to turn by hand, and a REST caller."""

import asyncio
import urllib.parse
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import aiohttp

from voxguard.model.ids import GuildId
from voxguard.sandbox.sandbox import Sandbox
from voxguard.sandbox.world.world import Dispatch, World

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
GUILD = "harbour"
GUILD_ID = GuildId(110373943822540800)
LOBBY_ID = 110373943822540801
LOG_ID = 110373943822540805
STAGE_ID = 110373943822540806
ALICE_ID = 80351110224678001
BOB_ID = 80351110224678002


class ManualClock:
    """A clock that stands until it is moved; sleeping moves it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        """The start, plus what has passed."""
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """The seconds that have passed."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once, and others have their turn."""
        self.seconds += seconds
        await asyncio.sleep(0)


class Witness:
    """Keeps what a world sends and says."""

    def __init__(self, world: World) -> None:
        self.dispatches: list[Dispatch] = []
        self.stories: list[str] = []
        world.subscribe(self.dispatches.append, self.stories.append)

    def names(self) -> list[str]:
        """The names of the events so far."""
        return [dispatch.name for dispatch in self.dispatches]

    def last(self, name: str) -> dict[str, Any]:
        """The data of the latest event of this name."""
        return [item.data for item in self.dispatches if item.name == name][-1]


@dataclass(frozen=True)
class Reply:
    """What REST answered."""

    status: int
    headers: dict[str, str]
    payload: Any

    @property
    def code(self) -> int:
        """Discord's error code."""
        code = self.payload["code"]
        assert isinstance(code, int)
        return code


class Caller:
    """Calls a sandbox over HTTP as a bot does."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,  # noqa: ANN401 - any JSON value
        reason: str | None = None,
        token: str | None = None,
        raw: bytes | BytesIO | None = None,
    ) -> Reply:
        """One call below the API's base URL."""
        headers = {"Authorization": f"Bot {token or self.sandbox.token}"}
        if reason is not None:
            headers["X-Audit-Log-Reason"] = urllib.parse.quote(reason)
        content: dict[str, Any] = {"json": body} if body is not None else {}
        if raw is not None:
            content = {"data": raw}
        url = self.sandbox.api_url + path
        async with self.session.request(method, url, headers=headers, **content) as response:
            is_json = response.content_type == "application/json"
            payload = await response.json() if is_json else None
            return Reply(response.status, dict(response.headers), payload)

    async def edit(self, member_id: int, reason: str | None = None, **fields: object) -> Reply:
        """Modify a member of the default guild."""
        path = f"/guilds/{GUILD_ID}/members/{member_id}"
        return await self.call("PATCH", path, fields, reason)

    async def control(self, action: str, **fields: object) -> Reply:
        """A control call."""
        url = f"{self.sandbox.base_url}/sandbox/{action}"
        async with self.session.post(url, json=fields) as response:
            return Reply(response.status, dict(response.headers), await response.json())
