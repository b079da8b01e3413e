"""The program beside the oracle: the same files and trace through both."""

import difflib
import io
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from tests.properties.oracle.cases import Case
from tests.properties.oracle.dice import KEYS
from tests.properties.oracle.simulation import simulate
from voxguard.engine.compile import compile_policies
from voxguard.policy.load import load
from voxguard.scenario.simulate import Simulation, as_json
from voxguard.scenario.trace import read_trace

Doc = dict[str, Any]

# A rule, or more of a guild, with each key that a release may refuse as not supported yet.
_RULES: dict[str, str] = {
    "entries": '{"when": {"entries": {"min": 1, "within": "1m"}}, "then": {"mute": true}}',
    "channel_entries": (
        '{"when": {"channel_entries": {"min": 1, "within": "1m"}}, "then": {"mute": true}}'
    ),
    "time_used": '{"when": {"time_used": {"min": "1m", "per": "day"}}, "then": {"mute": true}}',
    "suppress": '{"then": {"suppress": true}}',
    "grant": '{"then": {"grant": "5"}}',
    "timeout": '{"then": {"timeout": "1m"}}',
    "warn": '{"then": {"warn": "x"}}',
    "announce": '{"then": {"announce": {"channel": "5", "text": "x"}}}',
    "lift": '{"then": {"mute": false}}',
    "hold": '{"then": {"mute": true, "hold": "1m"}}',
    "cooldown": '{"cooldown": "1m", "then": {"disconnect": true}}',
    "escalate": '{"escalate": {"forget_after": "1m", "steps": [{"mute": true}]}}',
    "spare": '{"existing": "spare", "then": {"mute": true}}',
    "limits": '{"limits": {"fuse": "off"}, "then": {"mute": true}}',
}
_GUILDS: dict[str, str] = {"humans": '"yield"', "limits": '{"fuse": "off"}'}


class RefusedError(Exception):
    """A policy set of a case does not load, so that nothing can be compared."""


@cache
def supported() -> frozenset[str]:
    """The keys of cases that the program does not refuse."""
    refused = set()
    for key, rule in _RULES.items():
        if not _loads({"rules": {"x": json.loads(rule)}}, {}):
            refused.add(key)
    for key, value in _GUILDS.items():
        if not _loads({}, {key: json.loads(value)}):
            refused.add(key)
    return KEYS - refused


def _loads(document: Doc, guild: Doc) -> bool:
    try:
        decided(Case({"guild.yaml": {"version": 1, "guild": {"id": 1, **guild}, **document}}, []))
    except RefusedError:
        return False
    return True


def write(files: dict[str, Any], folder: Path) -> None:
    """Write a policy set to a directory; JSON is YAML."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")


def decided(case: Case) -> list[Doc]:
    """What the program decides.

    Raises:
        RefusedError: It does not load the policy set.

    """
    with tempfile.TemporaryDirectory() as folder:
        write(case.files, Path(folder))
        loaded = load(Path(folder))
    if loaded.policy_set is None:
        raise RefusedError("\n".join(map(str, loaded.problems)))
    simulation = Simulation(compile_policies(loaded.policy_set))
    lines = "".join(json.dumps(line) + "\n" for line in case.trace)
    moments = read_trace(io.BytesIO(lines.encode()), "trace")
    return [as_json(decision) for decision in simulation.run(moments)]


def difference(case: Case) -> str | None:
    """What the program and the oracle decide differently, for people; None where nothing."""
    program, oracle = decided(case), simulate(case.files, case.trace)
    if program == oracle:
        return None
    beside = difflib.unified_diff(
        [json.dumps(line) for line in oracle],
        [json.dumps(line) for line in program],
        "oracle",
        "program",
        n=99,
        lineterm="",
    )
    return "\n".join([*shown(case), *beside])


def shown(case: Case) -> list[str]:
    """A case as lines for people: a line a rule, a list, a schedule and an event."""
    lines: list[str] = []
    for name, content in case.files.items():
        lines.append(f"# {name}")
        if isinstance(content, str):
            lines += content.splitlines()
            continue
        for key, value in content.items():
            if isinstance(value, dict):
                lines.append(f"{key}:")
                lines += [f"  {each}: {json.dumps(inner)}" for each, inner in value.items()]
            else:
                lines.append(f"{key}: {json.dumps(value)}")
    return [*lines, "# trace", *(json.dumps(line) for line in case.trace)]
