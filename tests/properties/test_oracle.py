"""The program decides what a plain evaluation of the language decides."""

import ast
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.oracle.cases import Case, random_case
from tests.properties.oracle.clock import SECOND, parse_instant
from tests.properties.oracle.compare import difference, supported
from tests.properties.oracle.dice import KEYS
from tests.properties.oracle.shrink import shrink
from tests.properties.oracle.simulation import simulate

ORACLE = Path(__file__).parent / "oracle"
TRACES = Path(__file__).parents[1] / "contract" / "traces"
# What compares the two has to know the program; nothing that they are compared by may.
COMPARING = {"compare.py", "__main__.py"}

seeds = st.integers(0, 2**32 - 1)


def imports_of(module: Path) -> set[str]:
    """The full names of the modules that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@given(seeds)
def test_the_program_decides_what_the_oracle_decides(seed: int) -> None:
    """The same policies and trace give the same decisions, of whatever the program supports."""
    found = difference(random_case(seed, supported()))
    assert found is None, f"seed {seed}\n{found}"


@given(seeds, st.lists(st.integers(0, 1200), max_size=30))
def test_looking_more_often_changes_nothing(seed: int, seconds: list[int]) -> None:
    """The oracle misses no instant at which something is due, and invents none."""
    case = random_case(seed)
    first, last = (parse_instant(case.trace[n]["at"]) for n in (0, -1))
    more = [first + second * SECOND for second in seconds]
    often = simulate(case.files, case.trace, [at for at in more if at < last])
    assert often == simulate(case.files, case.trace)


@pytest.mark.parametrize(
    "module", sorted(set(ORACLE.glob("*.py"))), ids=lambda module: str(module.name)
)
def test_the_oracle_shares_no_code_with_the_program(module: Path) -> None:
    """It needs the standard library and itself alone."""
    if module.name in COMPARING:
        return
    foreign = {
        name
        for name in imports_of(module)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not name.startswith("tests.properties.oracle.")
    }
    comparing = {f"tests.properties.oracle.{Path(name).stem}." for name in COMPARING}
    assert foreign == set()
    assert not {name for name in imports_of(module) if name.startswith(tuple(comparing))}


def golden(name: str) -> Case:
    """One of the golden traces, read without the program."""
    files: dict[str, Any] = {}
    for path in (TRACES / name).rglob("*"):
        inside = path.relative_to(TRACES / name).as_posix()
        if path.suffix == ".yaml":
            files[inside] = _with_booleans(yaml.load(path.read_text("utf-8"), yaml.BaseLoader))  # noqa: S506 - it makes texts of everything
        elif path.suffix in {".txt", ".csv"}:
            files[inside] = path.read_text("utf-8")
    lines = (TRACES / name / "trace.jsonl").read_text("utf-8-sig").splitlines()
    return Case(files, [json.loads(line) for line in lines if line.strip()])


def _with_booleans(value: Any) -> Any:  # noqa: ANN401 - whatever YAML can hold
    if isinstance(value, dict):
        return {key: _with_booleans(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_booleans(each) for each in value]
    return {"true": True, "false": False}.get(value, value)


@pytest.mark.parametrize("name", sorted(case.name for case in TRACES.iterdir()))
def test_the_oracle_knows_what_was_derived_by_hand(name: str) -> None:
    """It gives the decisions of the golden traces."""
    case = golden(name)
    lines = (TRACES / name / "expected.jsonl").read_text("utf-8").splitlines()
    assert simulate(case.files, case.trace) == [json.loads(line) for line in lines]


def test_every_effect_is_decided_in_some_case() -> None:
    """Random cases reach everything that can be decided, enforced and observed."""
    reached = set()
    for seed in range(250):
        case = random_case(seed)
        reached |= {(each["effect"], each["mode"]) for each in simulate(case.files, case.trace)}
    acting = {"mute", "deafen", "suppress", "grant", "disconnect", "move", "timeout", "warn"}
    releasing = {"unmute", "undeafen", "unsuppress", "revoke"}
    assert {effect for effect, _ in reached} == acting | releasing | {"announce"}
    assert {effect for effect, mode in reached if mode == "observe"} >= acting


def test_a_seed_is_a_case() -> None:
    """What failed once can be looked at again."""
    assert random_case(7) == random_case(7)
    assert random_case(7) != random_case(8)


def test_keys_that_may_not_be_used_are_not() -> None:
    """A program that does not have a word of the language yet is not asked about it."""
    keys = KEYS - {"hold", "grant", "snapshots"}
    for seed in range(200):
        case = random_case(seed, keys)
        assert '"hold"' not in json.dumps(case.files)
        assert '"grant"' not in json.dumps(case.files)
        assert sum(line["t"] == "GUILD_CREATE" for line in case.trace) <= 2 + sum(
            line["t"] == "GUILD_DELETE" for line in case.trace
        )


def test_a_failing_case_is_made_small() -> None:
    """What is left of a case is what its failing needs."""

    def mutes(case: Case) -> bool:
        try:
            decisions = simulate(case.files, case.trace)
        except (KeyError, ValueError):
            return False
        return any(each["effect"] == "mute" for each in decisions)

    case = next(case for case in map(random_case, range(99)) if mutes(case))
    small = shrink(case, mutes)
    rules = [rule for file in small.files.values() for rule in file.get("rules", {}).values()]
    assert mutes(small)
    assert [rule["then"] for rule in rules] == [{"mute": True}]
    assert len(small.trace) <= 3
