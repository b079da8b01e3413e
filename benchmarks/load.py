"""How long ten thousand rules take to load, and a list of a million ids, and in how much memory.

Run it as `python -m benchmarks.load`. Each figure is of a process of its own, the better of
two, in seconds of its processor time. Loading is all of it: reading, names, validation with
positions, schedules, compiling. Next to it other readers, which only parse the same files:
the safe C loaders of PyYAML and of ruamel.yaml (the latter only with `ruamel.yaml.clib`), and
for the list a set of the numbers in it.
"""

import importlib.util
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.big_set import write_set
from benchmarks.measuring import heading, in_a_child, is_quick, say

LIST_SET = """\
version: 1
guild: {id: "1"}
lists:
  blocked: {files: [ids.txt]}
rules:
  block:
    who: {lists: blocked}
    then: {disconnect: true}
"""


def nothing(_root: Path) -> float:
    """What a process needs that has only imported what loading needs."""
    import voxguard.engine.compile  # noqa: PLC0415
    import voxguard.policy.load  # noqa: F401, PLC0415

    return 0.0


def loading(root: Path) -> float:
    """Seconds from a directory to a rule index."""
    from voxguard.engine.compile import compile_policies  # noqa: PLC0415
    from voxguard.policy.load import load  # noqa: PLC0415

    began = time.process_time()
    policy_set = load(root).policy_set
    if policy_set is None:
        raise ValueError(f"{root} does not load")
    compile_policies(policy_set)
    return time.process_time() - began


def pyyaml(root: Path) -> float:
    """Seconds that PyYAML's safe C loader takes to parse the files."""
    import yaml  # noqa: PLC0415

    began = time.process_time()
    for file in root.glob("*.yaml"):
        yaml.load(file.read_bytes(), yaml.CSafeLoader)
    return time.process_time() - began


def ruamel(root: Path) -> float:
    """Seconds that ruamel.yaml's safe C loader takes."""
    from ruamel.yaml import YAML  # noqa: PLC0415

    began = time.process_time()
    for file in root.glob("*.yaml"):
        YAML(typ="safe").load(file.read_bytes())
    return time.process_time() - began


def number_set(root: Path) -> float:
    """Seconds from the list file to a set of numbers, with nothing checked."""
    began = time.process_time()
    with (root / "ids.txt").open() as file:
        frozenset(map(int, file))
    return time.process_time() - began


def measure(what: str, work: Callable[[Path], float], root: Path, ours: float | None) -> float:
    """Print what it takes, and as how many times ours; its seconds."""
    (seconds, peak), (again, _) = in_a_child(work, root), in_a_child(work, root)
    seconds = min(seconds, again)
    ratio = "" if ours is None else f"{seconds / ours:.2f} x ours"
    say(what, f"{seconds:.2f} s", f"peak {peak:.0f} MB", ratio)
    return seconds


def main() -> None:
    """Measure and print."""
    quick = is_quick(__doc__)
    rules, ids = (1_000, 100_000) if quick else (10_000, 1_000_000)
    with tempfile.TemporaryDirectory() as directory:
        many, listed = write_set(Path(directory) / "rules", rules), Path(directory) / "list"
        listed.mkdir()
        (listed / "guild.yaml").write_text(LIST_SET)
        some = random.Random(1).sample(range(10**17, 10**18), k=ids)  # noqa: S311 - no secret
        (listed / "ids.txt").write_text("\n".join(map(str, some)) + "\n")
        size = sum(file.stat().st_size for file in many.iterdir()) / 1e6
        _, floor = in_a_child(nothing, many)
        heading(f"load: {rules:,} rules ({size:.1f} MB), {ids:,} ids; {floor:.0f} MB before")
        ours = measure("rules: load and compile", loading, many, None)
        measure("rules: PyYAML's CSafeLoader, parse only", pyyaml, many, ours)
        if importlib.util.find_spec("_ruamel_yaml") is not None:
            measure("rules: ruamel.yaml's safe C loader, parse only", ruamel, many, ours)
        ours = measure("list: load and compile", loading, listed, None)
        measure("list: a frozenset of int(line), unchecked", number_set, listed, ours)


if __name__ == "__main__":
    main()
