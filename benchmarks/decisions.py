"""How many members a second are decided, with a hundred, a thousand and ten thousand rules.

Run it as `python -m benchmarks.decisions`. Every kind of condition is in use. Each step has
one event, after which one member is decided; next to it the same engine with rules that are
filed nowhere, so that each is looked at for each member. The memory is what the index takes
in the daemon, into which it comes from the process that loads it.
"""

import tempfile
import tracemalloc
from itertools import islice
from pathlib import Path

from benchmarks.big_set import big_life, write_set
from benchmarks.engine import parsed, stepped
from benchmarks.life import instants
from benchmarks.measuring import MEGABYTE, best, heading, in_a_child, is_quick, say
from voxguard.engine.compile import compile_policies
from voxguard.engine.index import EMPTY_INDEX
from voxguard.engine.wire import Assembler, dumps
from voxguard.policy.load import load
from voxguard.policy.resolved import PolicySet


def load_set(root: Path) -> PolicySet:
    """The policies in a directory, which have no mistakes."""
    loaded = load(root)
    if loaded.policy_set is None:
        raise SystemExit("\n".join(map(str, loaded.problems[:10])))
    return loaded.policy_set


def index_memory(root: Path) -> float:
    """Megabytes that an index takes where it is used."""
    pieces = list(dumps(compile_policies(load_set(root))))
    tracemalloc.start()
    assembler = Assembler()
    for piece in pieces:
        assembler.feed(piece)
    index = assembler.finish()
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del index
    return used / MEGABYTE


def measure(root: Path, rules: int, events: int) -> None:
    """Print what it is for so many rules."""
    policy_set = load_set(write_set(root, rules))
    index = compile_policies(policy_set)
    scanned = compile_policies(policy_set, filed=False)
    life = big_life()
    dispatches = (life.appearance(), *life.dispatches(events))
    moments = list(zip(instants(), parsed(dispatches), strict=False))
    heading(f"decisions: {rules:,} rules, {events:,} steps of one event")
    say("decisions made of them", f"{stepped(index, moments):,}")
    bare = best(lambda: stepped(EMPTY_INDEX, moments))
    say(
        "no rules: the tables alone",
        f"{events / bare:,.0f} /s",
        f"{1e6 * bare / events:.1f} µs each",
    )
    seconds = best(lambda: stepped(index, moments))
    say("index", f"{events / seconds:,.0f} /s", f"{1e6 * seconds / events:.1f} µs each")
    # Enough for a figure: a scan of ten thousand rules takes milliseconds.
    few = min(events, max(200, 200_000 // rules))
    some = list(islice(moments, few + 1))
    scan = best(lambda: stepped(scanned, some)) / few
    say("scan of all rules", f"{1 / scan:,.0f} /s", f"{1e6 * scan:,.1f} µs each")
    say("index against scan", f"{scan * events / seconds:,.1f} x")
    memory, _ = in_a_child(index_memory, root)
    say("memory of the index", f"{memory:.1f} MB", f"{1e6 * memory / rules:,.0f} B a rule")


def main() -> None:
    """Measure and print."""
    events = 2_000 if is_quick(__doc__) else 10_000
    with tempfile.TemporaryDirectory() as directory:
        for rules in (100, 1_000, 10_000):
            measure(Path(directory) / str(rules), rules, events)


if __name__ == "__main__":
    main()
