"""Rules with everything spelt out: names as ids, durations as numbers, steps as a list."""

from dataclasses import dataclass
from typing import Any

from tests.properties.oracle.clock import duration

Doc = dict[str, Any]
Aliases = dict[str, dict[str, int]]

# From the most severe effect to the least.
SEVERITY = (
    "allow",
    "disconnect",
    "timeout",
    "move",
    "deafen",
    "mute",
    "suppress",
    "grant",
    "undeafen",
    "unmute",
    "warn",
    "announce",
)
HELD = {"mute": "unmute", "deafen": "undeafen", "suppress": "unsuppress", "grant": "revoke"}
LIFTING = {"unmute": "mute", "undeafen": "deafen"}
PLACING = ("disconnect", "move")


@dataclass(frozen=True)
class Effect:
    """One effect: what it is called in decisions, with its parameter."""

    kind: str
    value: Any = None

    @property
    def severity(self) -> int:
        """Its place in the order of severity."""
        return SEVERITY.index(self.kind)


@dataclass(frozen=True)
class Step:
    """The effects of `then`, or of one step of `escalate`, and their `hold`."""

    effects: tuple[Effect, ...]
    hold: int | None


@dataclass(frozen=True)
class Rule:
    """One rule. `unless` and the blocks are as written, but with ids for names."""

    name: str
    mode: str
    priority: int
    who: Doc
    where: Doc
    when: Doc
    lasting: int
    across: bool
    unless: dict[str, Doc]
    steps: tuple[Step, ...]
    forget_after: int | None
    cooldown: int | None
    spare: bool

    def order(self) -> tuple[int, int, str]:
        """What rules are sorted by."""
        worst = min(effect.severity for step in self.steps for effect in step.effects)
        return self.priority, worst, self.name


def read_rule(name: str, rule: Doc, observe: bool, aliases: Aliases) -> Rule:
    """A rule of a document."""
    mode = rule.get("mode", "enforce")
    lasting = rule.get("for", {})
    whole = lasting if isinstance(lasting, dict) else {"time": lasting}
    escalate = rule.get("escalate")
    steps = escalate["steps"] if escalate else [rule["then"]]
    blocks = {key: read_block(key, rule[key], aliases) for key in BLOCKS if key in rule}
    unless = rule.get("unless", {})
    return Rule(
        name=name,
        mode="observe" if observe and mode == "enforce" else mode,
        priority=int(rule.get("priority", 100)),
        who=blocks.get("who", {}),
        where=blocks.get("where", {}),
        when=blocks.get("when", {}),
        lasting=duration(whole["time"]) if "time" in whole else 0,
        across=bool(whole.get("across_channels", False)),
        unless={key: read_block(key, block, aliases) for key, block in unless.items()},
        steps=tuple(_step(step, aliases) for step in steps),
        forget_after=duration(escalate["forget_after"]) if escalate else None,
        cooldown=duration(rule["cooldown"]) if "cooldown" in rule else None,
        spare=rule.get("existing") == "spare",
    )


BLOCKS = ("who", "where", "when")
NAME_SETS = ("lists", "roles", "channels", "schedule")


def read_block(kind: str, block: Any, aliases: Aliases) -> Doc:  # noqa: ANN401 - a document's
    """A `who`, `where` or `when` with name sets as mappings and ids for names."""
    if kind == "where" and not isinstance(block, dict):
        block = {"channels": block}
    read = dict(block)
    for key in NAME_SETS:
        if key in read:
            read[key] = _name_set(read[key], aliases.get(key))
    return read


def _name_set(value: Any, aliases: dict[str, int] | None) -> Doc:  # noqa: ANN401 - as above
    whole = value if isinstance(value, dict) else {"any": value}
    return {
        how: [each if aliases is None else resolve(each, aliases) for each in _several(some)]
        for how, some in whole.items()
    }


def _several(value: Any) -> list[Any]:  # noqa: ANN401 - as above
    return value if isinstance(value, list) else [value]


def resolve(name: Any, aliases: dict[str, int]) -> int:  # noqa: ANN401 - as above
    """An alias or an id as an id."""
    return aliases[name] if name in aliases else int(name)


def _step(then: Doc, aliases: Aliases) -> Step:
    effects = [_effect(key, value, aliases) for key, value in then.items() if key != "hold"]
    hold = duration(then["hold"]) if "hold" in then else None
    return Step(tuple(sorted(effects, key=lambda effect: effect.severity)), hold)


def _effect(key: str, value: Any, aliases: Aliases) -> Effect:  # noqa: ANN401 - as above
    match key:
        case "mute" | "deafen":
            return Effect(key if value else f"un{key}")
        case "move":
            return Effect(key, resolve(value, aliases["channels"]))
        case "grant":
            roles = {resolve(each, aliases["roles"]) for each in _several(value)}
            return Effect(key, tuple(sorted(roles)))
        case "timeout":
            return Effect(key, duration(value) // 1_000_000)
        case "announce":
            return Effect(key, (resolve(value["channel"], aliases["channels"]), value["text"]))
        case "warn":
            return Effect(key, value)
        case _:
            return Effect(key)
