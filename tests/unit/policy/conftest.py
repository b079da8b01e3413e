from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from voxguard.model.world import ChannelKind
from voxguard.policy.files import Sources
from voxguard.policy.load import Loaded, load_sources
from voxguard.policy.resolved import GuildPolicy, Rule

GUILD = """\
version: 1
guild:
  id: "110373943822540800"
  timezone: Europe/Moscow
  channels: {lobby: "801", afk: "802", music: "803", mod-log: "804"}
  roles: {staff: "811", dj: "812", in-voice: "813", guest: "814"}
"""

Load = Callable[..., Loaded]


@pytest.fixture
def load_files() -> Load:
    """Loads a policy set that is given as names and contents; list files too."""

    def load(files: Mapping[str, str | bytes]) -> Loaded:
        data = {
            name: content.encode() if isinstance(content, str) else content
            for name, content in sorted(files.items())
        }
        lists = {name: data.pop(name) for name in list(data) if name.endswith((".csv", ".txt"))}
        return load_sources(Sources(data, lists))

    return load


@pytest.fixture
def load_guild(load_files: Load) -> Callable[..., GuildPolicy]:
    """Loads one guild with what follows its guild.yaml, and fails when that has a problem."""

    def load(more: str = "", **files: str) -> GuildPolicy:
        loaded = load_files({"guild.yaml": GUILD + more, **files})
        assert loaded.problems == ()
        assert loaded.policy_set is not None
        return next(iter(loaded.policy_set.guilds.values()))

    return load


@pytest.fixture
def load_rule(load_guild: Callable[..., GuildPolicy]) -> Callable[[str], Rule]:
    """Compiles one rule from the text of its mapping."""

    def load(text: str, more: str = "") -> Rule:
        rules = load_guild(f"{more}rules: {{one: {text}}}\n").rules
        return rules[0]

    return load


@pytest.fixture
def problems_of(load_files: Load) -> Callable[..., list[str]]:
    """The problems of a guild.yaml and of other files as `place check message`."""

    def problems(more: str = "", **files: str | bytes) -> list[str]:
        loaded = load_files({"guild.yaml": GUILD + more, **files})
        return [f"{each.mark} {each.check} {each.message}" for each in loaded.problems]

    return problems


@pytest.fixture
def facts() -> Callable[..., SimpleNamespace]:
    """The facts about a member in the lobby; whatever is named is different."""

    def make(**changed: object) -> SimpleNamespace:
        base: dict[str, object] = {
            "user_id": 1,
            "bot": False,
            "roles": frozenset({110373943822540800}),
            "joined_at": None,
            "channel_id": 801,
            "category_id": None,
            "channel_kind": ChannelKind.VOICE,
            "occupancy": 1,
            "guild_mute": False,
            "guild_deaf": False,
            "self_mute": False,
            "self_deaf": False,
            "suppressed": False,
            "camera": False,
            "streaming": False,
        }
        return SimpleNamespace(**(base | changed))

    return make


@pytest.fixture
def noon() -> datetime:
    """An instant like any other."""
    return datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def guild_yaml() -> str:
    """A guild.yaml that ends where `lists`, `schedules` and `rules` may follow."""
    return GUILD
