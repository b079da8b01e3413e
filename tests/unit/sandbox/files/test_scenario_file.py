from pathlib import Path

import pytest

from voxguard.errors import UsageError
from voxguard.sandbox.files.scenario_file import read_scenario


def mistakes(tmp_path: Path, text: str) -> list[str]:
    """What is said about a scenario with this text, without the file's name."""
    path = tmp_path / "scenario.yaml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_scenario(path)
    return [line.removeprefix(f"{path}:") for line in str(caught.value).splitlines()]


def test_steps_are_read_in_order(tmp_path: Path) -> None:
    """Times are durations, a speed may be broken, and a bot is waited for by default."""
    path = tmp_path / "scenario.yaml"
    path.write_text(
        "version: 1\nspeed: 0.5\nsteps:\n"
        "  - {at: 1.5s, do: reconnect_gateway}\n  - {at: 1h, do: drop_gateway}\n"
    )
    scenario = read_scenario(path)
    assert [step.at_seconds for step in scenario.steps] == [1.5, 3600.0]
    assert scenario.speed == 0.5
    assert scenario.waits_for_bot
    assert scenario.steps[0].place == f"{path}:4:5"


def test_every_mistake_is_said_with_its_place(tmp_path: Path) -> None:
    """One run shows them all, and what each action takes."""
    text = """
version: 1
begin: later
speed: fast
steps:
  - {at: 5s, do: dance}
  - {at: soon, do: leave, member: alice}
  - {at: 1s, do: leave}
  - {do: leave, member: alice}
  - {at: 9s, do: leave, member: alice, channel: lobby}
  - {at: 8s, do: leave, member: alice}
"""
    said = mistakes(tmp_path, text)
    assert [line.partition(": ")[0] for line in said] == [
        "3:8",
        "4:8",
        "6:18",
        "7:10",
        "8:18",
        "9:5",
        "10:40",
        "11:5",
    ]
    assert said[-2:] == [
        "10:40: unknown key 'channel'; leave takes guild, member",
        "11:5: this step comes before the one above it",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("version: 1\nsteps: []", "1:1: at least one step is expected under 'steps'"),
        ("version: 1", "1:1: at least one step is expected under 'steps'"),
        ("version: 1\nsteps: [{do: leave, member: alice}]", "2:9: a step needs 'at'"),
        (
            "steps: [{at: 0s, do: drop_gateway}]",
            "1:1: 'version: 1' is expected here",
        ),
        ("version: 1\nspeed: 0", "2:8: a number above 0, at most 1000, is expected here"),
        ("version: 1\nspeed: .nan", "2:8: a number above 0, at most 1000, is expected here"),
    ],
)
def test_files_that_are_no_scenario_are_refused(tmp_path: Path, text: str, expected: str) -> None:
    """No steps, no version, or no speed."""
    assert expected in mistakes(tmp_path, text)
