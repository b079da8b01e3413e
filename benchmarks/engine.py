"""How many events a second the engine takes with the sample policies.

Run it as `python -m benchmarks.engine`. Joins, moves, leaves, flags and changes of roles of
2,000 members, ten a second on the engine's clock, each a step of its own: as events, as
parsed JSON, and as the bytes that come from Discord. Next to it the same engine with rules
that are filed nowhere, so that each is looked at for each member.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice

import orjson

from benchmarks.life import Dispatch, instants
from benchmarks.measuring import best, heading, is_quick, say
from benchmarks.samples import sample_life, sample_policies
from voxguard.engine.compile import compile_policies
from voxguard.engine.engine import Engine
from voxguard.engine.index import RuleIndex
from voxguard.model.dispatch import parse_dispatch
from voxguard.model.events import Event

Moments = list[tuple[datetime, Event]]


def stepped(index: RuleIndex, moments: Iterable[tuple[datetime, Event]]) -> int:
    """Give an engine each event at its instant; how many decisions came of it."""
    engine = Engine(index)
    return sum(len(engine.step((event,), at).decisions) for at, event in moments)


def parsed(dispatches: Iterable[Dispatch]) -> Iterable[Event]:
    """Dispatches as events."""
    events = (parse_dispatch(name, payload) for name, payload in dispatches)
    return (event for event in events if event is not None)


def loaded(lines: Iterable[bytes]) -> Iterable[Dispatch]:
    """Gateway messages as dispatches."""
    for line in lines:
        message = orjson.loads(line)
        yield message["t"], message["d"]


def main() -> None:
    """Measure and print."""
    count = 20_000 if is_quick(__doc__) else 200_000
    policy_set = sample_policies()
    index = compile_policies(policy_set)
    scanned = compile_policies(policy_set, filed=False)
    life = sample_life(policy_set)
    lines = [
        orjson.dumps({"op": 0, "t": name, "s": 1, "d": payload})
        for name, payload in (life.appearance(), *life.dispatches(count))
    ]
    dispatches = list(loaded(lines))
    moments = list(zip(instants(), parsed(dispatches), strict=False))
    rules = len(next(iter(index.guilds.values())).rules)
    heading(f"engine: {count:,} events, {rules} sample rules")
    say("decisions made of them", f"{stepped(index, moments):,}")

    def show(what: str, work: Callable[[], object]) -> float:
        seconds = best(work)
        say(what, f"{count / seconds:,.0f} /s", f"{1e6 * seconds / count:.1f} µs each")
        return seconds

    alone = show("engine", lambda: stepped(index, moments))
    show(
        "parse + engine", lambda: stepped(index, zip(instants(), parsed(dispatches), strict=False))
    )
    show(
        "JSON + parse + engine",
        lambda: stepped(index, zip(instants(), parsed(loaded(lines)), strict=False)),
    )
    some = list(islice(moments, count // 4))
    scan = best(lambda: stepped(scanned, some)) * len(moments) / len(some)
    say("engine, all rules looked at", f"{count / scan:,.0f} /s")
    say("filed against all looked at", f"{scan / alone:.2f} x")


if __name__ == "__main__":
    main()
