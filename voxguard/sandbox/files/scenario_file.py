"""The scenario file: what happens when, in the words of the actions."""

from pathlib import Path

from voxguard.sandbox.actions import read_action
from voxguard.sandbox.files.yaml_file import Node, YamlFile
from voxguard.sandbox.scenario import Scenario, Step

MAX_SPEED = 1000
_BEGINNINGS = ("connected", "now")


def read_scenario(path: Path) -> Scenario:
    """The scenario of a file.

    Raises `UsageError` that lists every mistake with its line and column. Names of members
    and channels are looked up when their step comes, since earlier steps may make them.
    """
    file = YamlFile(path)
    root = file.root()
    fields = root.fields(("version", "begin", "speed", "steps"))
    if "version" not in fields or fields["version"].value != 1:
        fields.get("version", root).fail("'version: 1' is expected here")
    begin = fields["begin"].choice(_BEGINNINGS) if "begin" in fields else "connected"
    speed = _speed(fields["speed"]) if "speed" in fields else 1.0
    nodes = list(fields["steps"].items()) if "steps" in fields else []
    if not nodes:
        root.fail("at least one step is expected under 'steps'")
    steps: list[Step] = []
    for node in nodes:
        step = _step(node)
        if step is not None:
            if steps and step.at_seconds < steps[-1].at_seconds:
                node.fail("this step comes before the one above it")
            steps.append(step)
    file.check()
    return Scenario(steps, speed=speed, waits_for_bot=begin == "connected")


def _step(node: Node) -> Step | None:
    fields = node.entries()
    missing = [key for key in ("at", "do") if key not in fields]
    if missing:
        node.fail(f"a step needs '{missing[0]}'")
        return None
    at_seconds = fields.pop("at").seconds()
    deed = read_action(fields.pop("do"), fields)
    if at_seconds is None or deed is None:
        return None
    return Step(at_seconds, deed, str(node.place.mark))


def _speed(node: Node) -> float:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        node.fail("a number is expected here")
        return 1.0
    if not 0 < value <= MAX_SPEED:
        node.fail(f"a number above 0, at most {MAX_SPEED}, is expected here")
        return 1.0
    return float(value)
