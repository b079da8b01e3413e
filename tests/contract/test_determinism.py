"""The same trace and policies give the same bytes, with every key of the language in use."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from voxguard.model.decisions import Effect
from voxguard.policy.conditions.blocks import LEAVES
from voxguard.policy.effects.base import SEVERITY
from voxguard.policy.json_schema.generator import OF_POLICIES
from voxguard.policy.load import load
from voxguard.policy.report import Report
from voxguard.policy.yaml.reader import read_yaml

POLICIES: Final = Path(__file__).parent / "every_key"
GUILDS: Final = ("500", "7000000000000000001")
USERS: Final = [str(number) for number in range(1001, 1013)]
CHANNELS: Final = [*("21", "22", "24", "25"), None]
FLAGS: Final = ("mute", "deaf", "self_mute", "self_deaf", "self_video", "suppress", "self_stream")
ROLES: Final = ("41", "42", "44", "45")
START: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
INSTANTS: Final = 400

Line = dict[str, Any]


def lines() -> Iterator[Line]:
    """Two hours of two guilds: mostly people who come and go, several at one instant."""
    chance = random.Random(7)  # noqa: S311 - a life of a guild, not a secret
    at = START
    for guild in GUILDS:
        yield line(at, "GUILD_CREATE", snapshot(guild, chance))
    for _ in range(INSTANTS):
        at += timedelta(milliseconds=500 * chance.randint(1, 70))
        yield from happening(at, chance)
    yield {"at": text(at + timedelta(hours=1)), "t": "TICK"}


def text(at: datetime) -> str:
    """An instant as traces write it."""
    return at.isoformat().replace("+00:00", "Z")


def line(at: datetime, name: str, payload: dict[str, Any]) -> Line:
    """One line of a trace."""
    return {"at": text(at), "t": name, "d": payload}


def snapshot(guild: str, chance: random.Random) -> dict[str, Any]:
    """A guild with some of them in voice."""
    kinds = {"21": 2, "22": 2, "23": 2, "24": 2, "25": 13}
    joined = [text(START - timedelta(hours=hours)) for hours in (1, 23, 48)]
    return {
        "id": guild,
        "afk_channel_id": "23",
        "roles": [{"id": each, "permissions": "0"} for each in (guild, *ROLES)],
        "channels": [
            *({"id": each, "type": kind, "parent_id": "30"} for each, kind in kinds.items()),
            {"id": "30", "type": 4},
        ],
        "members": [
            {
                "user": {"id": user, "bot": user == "1012"},
                "roles": ["42"] * chance.randint(0, 1),
                "joined_at": chance.choice(joined),
            }
            for user in USERS
        ],
        "voice_states": [
            {"user_id": user, "channel_id": channel}
            for user in USERS
            if (channel := chance.choice(CHANNELS)) is not None
        ],
    }


def happening(at: datetime, chance: random.Random) -> Iterator[Line]:
    """What happens at one instant."""
    guild = chance.choice(GUILDS)
    if chance.random() < 0.02:
        yield line(at, "GUILD_CREATE", snapshot(guild, chance))
        return
    if chance.random() < 0.1:
        user = {"id": chance.choice(USERS)}
        roles = chance.sample(ROLES, chance.randint(0, 2))
        yield line(at, "GUILD_MEMBER_UPDATE", {"guild_id": guild, "user": user, "roles": roles})
    if chance.random() < 0.01:
        gone = {"id": chance.choice(USERS)}
        yield line(at, "GUILD_MEMBER_REMOVE", {"guild_id": guild, "user": gone})
    for user_id in chance.sample(USERS, chance.choice((1, 1, 2, 5))):
        state = {"guild_id": guild, "user_id": user_id, "channel_id": chance.choice(CHANNELS)}
        flags = dict.fromkeys(chance.sample(FLAGS, chance.choice((0, 0, 1, 2))), True)
        yield line(at, "VOICE_STATE_UPDATE", state | flags)


TRACE: Final = list(lines())


def simulated(directory: Path, trace: Iterable[Line], seed: str = "0") -> list[bytes]:
    """What the command prints, line by line, in a process whose sets have an order of their own."""
    file = directory / "trace.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in trace))
    command = [sys.executable, "-m", "voxguard", "simulate", "--format", "json"]
    return subprocess.run(
        [*command, str(file), str(POLICIES)],
        env=os.environ | {"PYTHONHASHSEED": seed},
        check=True,
        capture_output=True,
        timeout=120,
    ).stdout.splitlines()


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """What is printed for the trace as it is."""
    return simulated(tmp_path_factory.mktemp("plain"), TRACE)


def test_every_effect_is_among_the_decisions(printed: list[bytes]) -> None:
    """Of both modes, and in both guilds: what follows compares something."""
    decisions = [json.loads(each) for each in printed[:-1]]
    summary = json.loads(printed[-1])["summary"]
    assert set(summary["by_effect"]) == {str(effect) for effect in Effect}
    assert {each["mode"] for each in decisions} == {"enforce", "observe"}
    assert {each["guild"] for each in decisions} == set(GUILDS)
    assert len(decisions) == summary["decisions"] > 1_000
    rules = {rule.name for guild in loaded().values() for rule in guild.rules}
    assert set(summary["by_rule"]) == rules - {"nobody"}


def loaded() -> Any:  # noqa: ANN401 - a mapping of guilds
    """The guilds of the policy set."""
    result = load(POLICIES)
    assert result.policy_set is not None, result.problems
    return result.policy_set.guilds


def keys_of(value: object) -> set[str]:
    """Every key of mappings, however deep."""
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


def test_every_key_of_the_language_is_in_use() -> None:
    """A key that comes to the language has to come to this set as well."""
    schema = OF_POLICIES.values()
    parts = [schema, *schema["$defs"].values()]
    language = {
        name
        for part in parts
        for name, key in part.get("properties", {}).items()
        if key.get("not") != {}
    }
    used: set[str] = set()
    for file in POLICIES.rglob("*.yaml"):
        document = read_yaml(file.read_bytes(), file.name, Report())
        assert document is not None
        used |= keys_of(document.value)
    assert language - used == set()
    rules = [rule for guild in loaded().values() for rule in guild.rules]
    conditions = {type(each) for rule in rules for each in rule.all_conditions}
    assert {leaf.condition for leaf in LEAVES} - conditions == set()
    effects = {str(want.effect) for rule in rules for want in rule.wants}
    assert effects == set(SEVERITY) - {"allow"}


@pytest.mark.parametrize("seed", ["1", "2", "3000000000"])
def test_any_hash_seed_gives_the_same_bytes(
    tmp_path: Path, printed: list[bytes], seed: str
) -> None:
    """Whatever order sets have in a process."""
    assert simulated(tmp_path, TRACE, seed) == printed


@pytest.mark.parametrize("seed", ["4", "5"])
def test_the_order_of_members_within_an_instant_changes_nothing(
    tmp_path: Path, printed: list[bytes], seed: str
) -> None:
    """Voice states of several members at one instant, in any order."""
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret
    mixed: list[Line] = []
    some: list[Line] = []
    for each in [*TRACE, None]:
        if some and (each is None or not goes_with(each, some[0])):
            chance.shuffle(some)
            mixed += some
            some = []
        if each is not None:
            some.append(each)
    assert mixed != TRACE
    assert simulated(tmp_path, mixed, seed) == printed


def goes_with(one: Line, other: Line) -> bool:
    """Whether both are voice states of one instant; of a member there is one at most."""
    same = one["at"] == other["at"] and one["t"] == other["t"]
    return bool(same and one["t"] == "VOICE_STATE_UPDATE")


def test_repeated_voice_states_change_nothing(tmp_path: Path, printed: list[bytes]) -> None:
    """Neither at once nor later: only the number of events is another."""
    repeated: list[Line] = []
    last: dict[str, Line] = {}
    for each in TRACE:
        if each["t"] == "VOICE_STATE_UPDATE":
            who = f"{each['d']['guild_id']}/{each['d']['user_id']}"
            before = last.get(who)
            repeated += [] if before is None else [before | {"at": each["at"]}]
            last[who] = each
            repeated.append(each)
        elif each["t"] != "GUILD_MEMBER_UPDATE":
            # Whoever was removed, or found elsewhere, would come back by an old report.
            last.clear()
        repeated.append(each)
    assert len(repeated) > 2 * len(TRACE)
    assert simulated(tmp_path, repeated)[:-1] == printed[:-1]
