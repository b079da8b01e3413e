import re
from pathlib import Path

import pytest

from voxguard.sandbox.actions import ACTIONS
from voxguard.sandbox.files.scenario_file import read_scenario
from voxguard.sandbox.files.world_file import read_world
from voxguard.sandbox.gateway.mishaps import Mishap
from voxguard.sandbox.limits import DEFAULT_LIMITS
from voxguard.sandbox.route_faults import RouteTrouble

TEXT = (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text()
WORLD, SCENARIO, FAULTS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


def test_the_example_of_a_world_loads(tmp_path: Path) -> None:
    """What the documentation shows can be used as it stands."""
    path = tmp_path / "world.yaml"
    path.write_text(WORLD)
    world, _ = read_world(path)
    assert world.member(world.only_guild(), "bob").voice is not None


def test_the_example_of_a_scenario_loads(tmp_path: Path) -> None:
    """What the documentation shows can be used as it stands."""
    path = tmp_path / "scenario.yaml"
    path.write_text(SCENARIO)
    assert len(read_scenario(path).steps) == 6


def test_the_example_of_faults_loads(tmp_path: Path) -> None:
    """What the documentation shows can be used as it stands."""
    path = tmp_path / "scenario.yaml"
    path.write_text(FAULTS)
    assert len(read_scenario(path).steps) == 5


@pytest.mark.parametrize("name", [*RouteTrouble, *Mishap])
def test_every_fault_is_documented(name: str) -> None:
    """Nothing goes wrong that the documentation does not name."""
    assert f"`{name}`" in TEXT or f'`"{name}"`' in TEXT


@pytest.mark.parametrize("name", [*ACTIONS, *DEFAULT_LIMITS])
def test_every_action_and_bucket_is_documented(name: str) -> None:
    """Nothing can be asked of the sandbox that its documentation does not name."""
    assert f"`{name}`" in TEXT


@pytest.mark.parametrize("name", ACTIONS)
def test_every_key_of_an_action_is_documented(name: str) -> None:
    """The table's row of the action names what it takes."""
    row = next(line for line in TEXT.splitlines() if re.match(rf"\| [^|]*`{name}`", line))
    for key in (*ACTIONS[name].needs, *ACTIONS[name].takes):
        assert f"`{key}`" in row
