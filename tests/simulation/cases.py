"""Cases that are kept: plots as JSON, which mean the same however random ones are made."""

import dataclasses
import json
from pathlib import Path

from tests.simulation.plot import Happening, Plot

KEPT = Path(__file__).parent / "kept"
"""One case for each finding that is known, by its name."""


def dump(plot: Plot) -> str:
    """A case as text, a line for each happening."""
    chapters = [
        [json.dumps(dataclasses.asdict(happening)) for happening in chapter]
        for chapter in plot.chapters
    ]
    lines = ", ".join("[\n    " + ",\n    ".join(each) + "\n  ]" for each in chapters)
    policies = json.dumps(plot.policies, indent=2).replace("\n", "\n  ")
    return f'{{\n  "seed": {plot.seed},\n  "policies": {policies},\n  "chapters": [{lines}]\n}}\n'


def load(path: Path) -> Plot:
    """The case of a file."""
    case = json.loads(path.read_text("utf-8"))
    chapters = tuple(
        tuple(Happening(**happening) for happening in chapter) for chapter in case["chapters"]
    )
    return Plot(case["seed"], tuple(case["policies"]), chapters)


def kept(name: str) -> Path:
    """Where the case of a finding is kept."""
    return KEPT / f"{name.replace(' ', '-')}.json"
