"""Golden traces: small policy sets, what Discord said, and what follows from the language.

The decisions in each `expected.jsonl` were derived by hand from what docs/ promise, never
taken from the program. The comment at the top of a case says what it is about.
"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from voxguard.engine.compile import compile_policies
from voxguard.policy.load import load
from voxguard.scenario.simulate import Simulation, as_json
from voxguard.scenario.trace import read_trace

TRACES = Path(__file__).parent / "traces"
CASES = sorted(case.name for case in TRACES.iterdir())
every_case = pytest.mark.parametrize("name", CASES)


def _names_dates(name: str) -> bool:
    texts = [file.read_text("utf-8") for file in (TRACES / name).rglob("*.yaml")]
    return any(
        word in text for word in ("until:", "schedules:", "timezone:", "_age:") for text in texts
    )


def decided(name: str, trace: bytes, *, filed: bool = True) -> list[object]:
    """The decisions of a case's policies for a trace, as JSON values."""
    loaded = load(TRACES / name)
    assert loaded.policy_set is not None, loaded.problems
    simulation = Simulation(compile_policies(loaded.policy_set, filed=filed))
    return [as_json(each) for each in simulation.run(read_trace(io.BytesIO(trace), "trace"))]


def trace_of(name: str) -> bytes:
    """A case's trace as it is."""
    return (TRACES / name / "trace.jsonl").read_bytes()


def records_of(name: str) -> list[dict[str, Any]]:
    """The lines of a case's trace."""
    lines = trace_of(name).decode("utf-8-sig").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def expected_of(name: str) -> list[object]:
    """What a case says must be decided."""
    lines = (TRACES / name / "expected.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def written(records: Iterable[dict[str, Any]]) -> bytes:
    """Lines of a trace as bytes."""
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


@every_case
def test_the_decisions_are_those_of_the_language(name: str) -> None:
    """A trace gives exactly the decisions that the language derives, in order."""
    assert decided(name, trace_of(name)) == expected_of(name)


@every_case
def test_more_ticks_change_nothing(name: str) -> None:
    """Decisions fall due by themselves: looking more often brings none earlier or later."""
    ticked: list[dict[str, Any]] = []
    before: datetime | None = None
    for record in records_of(name):
        at = datetime.fromisoformat(record["at"])
        if before is not None:
            gap = (at - before) / 4
            ticks = [before + gap * n for n in range(5)]
            ticked += [{"at": tick.isoformat(), "t": "TICK"} for tick in ticks]
        ticked.append(record)
        before = at
    assert decided(name, written(ticked)) == expected_of(name)


@every_case
def test_repeated_voice_states_change_nothing(name: str) -> None:
    """A voice state that says the same again is neither an entry nor a reason to act."""
    records = [
        record
        for each in records_of(name)
        for record in [each] * (3 if each["t"] == "VOICE_STATE_UPDATE" else 1)
    ]
    assert decided(name, written(records)) == expected_of(name)


@every_case
def test_the_order_of_members_within_an_instant_changes_nothing(name: str) -> None:
    """Voice states of different members at one instant may come in any order."""
    records = records_of(name)
    for i in range(1, len(records)):
        for j in range(i, 0, -1):
            if not _independent(records[j - 1], records[j]):
                break
            records[j - 1], records[j] = records[j], records[j - 1]
    assert decided(name, written(records)) == expected_of(name)


def _independent(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if one["at"] != other["at"] or not one["t"] == other["t"] == "VOICE_STATE_UPDATE":
        return False
    return str(one["d"]["user_id"]) < str(other["d"]["user_id"])


@every_case
def test_the_index_decides_what_a_plain_scan_does(name: str) -> None:
    """Looking only at rules that could match leaves out none that does."""
    assert decided(name, trace_of(name), filed=False) == expected_of(name)


@pytest.mark.parametrize("name", [name for name in CASES if not _names_dates(name)])
def test_a_year_later_everything_is_the_same(name: str) -> None:
    """Nothing but the trace and the policies counts: the clock of the machine does not."""
    year = timedelta(days=365)

    def later(records: Iterable[Any]) -> list[Any]:
        moved = [(each, datetime.fromisoformat(each["at"]) + year) for each in records]
        return [each | {"at": at.isoformat().replace("+00:00", "Z")} for each, at in moved]

    assert decided(name, written(later(records_of(name)))) == later(expected_of(name))


@pytest.mark.parametrize(
    "name", ["quiet-hours-over-daylight-saving", "guilds-and-members-in-order"]
)
def test_the_output_is_the_same_under_any_hash_seed(name: str) -> None:
    """The command prints the same bytes whatever order sets have in this process."""

    def printed(seed: str) -> bytes:
        command = [sys.executable, "-m", "voxguard", "simulate", "--format", "json"]
        return subprocess.run(
            [*command, str(TRACES / name / "trace.jsonl"), str(TRACES / name)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            timeout=60,
        ).stdout

    first = printed("1")
    assert [json.loads(line) for line in first.splitlines()[:-1]] == expected_of(name)
    assert first == printed("2") == printed("3000000000")
