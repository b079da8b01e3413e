"""The guild of `world.yaml`, policies for it, and what the two tables say of it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import asyncpg

from tests.end_to_end.daemon import eventually
from voxguard.sandbox.journal import SeenRequest
from voxguard.sandbox.sandbox import Sandbox
from voxguard.sandbox.world.state import GuildMember

WORLD = Path(__file__).parent / "world.yaml"
GUILD = "harbour"
GUILD_YAML = """\
version: 1
guild:
  id: "110373943822540800"
  channels:
    lobby: "110373943822540801"
    afk: "110373943822540802"
    music: "110373943822540803"
    hall: "110373943822540804"
    stage: "110373943822540805"
    mod-log: "110373943822540806"
  roles: {staff: "110373943822540811", dj: "110373943822540812"}
  exempt: {who: {roles: [staff]}}
"""
BLOCK = """\
version: 1
rules:
  no-entry:
    description: Blocked members may not be in voice.
    who: {lists: [blocked]}
    then: {disconnect: true}
"""
BLOCKED = """\
version: 1
lists:
  blocked:
    entries: ["80351110224678912"]
"""
QUIET = """\
version: 1
rules:
  no-microphone: {where: music, then: {mute: true}}
"""
PROMISE_FACTOR = 5
"""A promise of time is asserted with so many times its limit."""


def write_policies(directory: Path, files: Mapping[str, str]) -> Path:
    """Write files of a policy set; texts may be indented."""
    for name, text in files.items():
        file = directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text), encoding="utf-8")
    return directory


class Harbour:
    """The one guild of a sandbox, with short words for what tests do and look at."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def member(self, name: str) -> GuildMember:
        """The member as Discord sees them."""
        return self.sandbox.world.member(self.sandbox.world.guild(GUILD), name)

    def user_id(self, name: str) -> int:
        """The member's id."""
        return int(self.member(name).user.id)

    def channel_id(self, name: str) -> int:
        """The channel's id."""
        return int(self.sandbox.world.channel(self.sandbox.world.guild(GUILD), name).id)

    def place(self, name: str) -> str | None:
        """The channel where a member is."""
        voice = self.member(name).voice
        if voice is None:
            return None
        return self.sandbox.world.guild(GUILD).channels[voice.channel_id].name

    def roles(self, name: str) -> set[str]:
        """The names of the roles that a member has."""
        roles = self.sandbox.world.guild(GUILD).roles
        return {roles[role_id].name for role_id in self.member(name).roles}

    def letters(self, name: str) -> list[str]:
        """The direct messages that have arrived at a member."""
        direct = self.sandbox.backend.mailbox.direct_channels.items()
        theirs = {str(channel_id) for channel_id, user in direct if user.name == name}
        return [each["content"] for each in self.sandbox.messages if each["channel_id"] in theirs]

    def posts(self, channel: str) -> list[str]:
        """The messages in a channel."""
        wanted = str(self.channel_id(channel))
        return [each["content"] for each in self.sandbox.messages if each["channel_id"] == wanted]

    def join(self, name: str, channel: str = "lobby") -> None:
        """A member enters."""
        self.sandbox.join(GUILD, name, channel)

    def leave(self, name: str) -> None:
        """A member leaves voice."""
        self.sandbox.leave(GUILD, name)

    def human(self, name: str, **edit: Any) -> None:
        """A moderator's hand."""
        self.sandbox.human_edit(GUILD, name, **edit)

    def edits(self, name: str | None = None) -> list[SeenRequest]:
        """The edits of a member, or of anybody, that Discord was asked for."""
        end = "" if name is None else f"/members/{self.user_id(name)}"
        return [
            seen
            for seen in self.sandbox.requests
            if seen.method == "PATCH" and seen.path.endswith(end)
        ]

    async def see(self, holds: Callable[[], object]) -> None:
        """Return once this is so in Discord's world."""
        await self.sandbox.wait_for(holds, 30)

    async def edit(self, name: str, body: Mapping[str, object], *, after: int = 0) -> SeenRequest:
        """The first edit of the member with this body, beyond so many, now or later."""

        def found() -> list[SeenRequest]:
            return [seen for seen in self.edits(name)[after:] if seen.body == dict(body)]

        await self.sandbox.wait_for(found, 30)
        return found()[0]


def whole_second(in_seconds: float) -> datetime:
    """The first whole second that is at least so far ahead."""
    instant = datetime.now(UTC) + timedelta(seconds=in_seconds)
    return instant.replace(microsecond=0) + timedelta(seconds=bool(instant.microsecond))


def wall_clock(instant: datetime) -> str:
    """An instant as a schedule in UTC writes it."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S")


class Tables:
    """The two tables of one database."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def fetch(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """Rows; none while there is no such table yet."""
        connection = await asyncpg.connect(self.url)
        try:
            return await connection.fetch(query, *arguments)
        except asyncpg.UndefinedTableError:
            return []
        finally:
            await connection.close()

    async def where(self, holds: Callable[[list[asyncpg.Record]], object]) -> list[asyncpg.Record]:
        """All decisions once this is true of them."""

        async def look() -> list[asyncpg.Record]:
            rows = await self.actions()
            return rows if holds(rows) else []

        return await eventually(look, "that the action log says so")

    async def visits(self, user_id: int | None = None) -> list[asyncpg.Record]:
        """Visits in the order in which they began."""
        return await self.fetch(
            "SELECT * FROM voice_sessions WHERE $1::bigint IS NULL OR user_id = $1"
            " ORDER BY joined_at, left_at",
            user_id,
        )

    async def actions(self, user_id: int | None = None) -> list[asyncpg.Record]:
        """Decisions in the order in which they were made."""
        return await self.fetch(
            "SELECT * FROM action_logs WHERE $1::bigint IS NULL OR user_id = $1"
            " ORDER BY decided_at, executed_at",
            user_id,
        )
