"""An explanation as people read it: a tree of lines, drawn on a terminal, indented in a pipe."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rich.text import Text
from rich.tree import Tree

from voxguard.cli import render
from voxguard.engine.explanation import (
    ExpectedDecision,
    Explanation,
    LeafExplanation,
    Obstacle,
    RuleExplanation,
    Standing,
    Verdict,
    WantExplanation,
)
from voxguard.model.decisions import Mode

_MARKS = {Verdict.YES: ("+", "green"), Verdict.NO: ("-", "red"), Verdict.UNKNOWN: ("?", "yellow")}
_MATCHES = {
    Verdict.YES: "matches",
    Verdict.NO: "does not match",
    Verdict.UNKNOWN: "may match: not known",
}
_HOLDS = {Verdict.YES: "holds", Verdict.NO: "does not hold", Verdict.UNKNOWN: "may hold"}
_TURNS = {Verdict.YES: "ends", Verdict.NO: "begins", Verdict.UNKNOWN: "may change"}
_OBSTACLES = {
    Obstacle.EXEMPT: "the member is exempt",
    Obstacle.CONDITIONS: "not every condition matches",
    Obstacle.FOR: "not for long enough yet",
    Obstacle.UNLESS: "`unless` matches",
}
_STANDINGS = {
    Standing.SILENT: "nothing, while the rule does not hold",
    Standing.DECIDES: "decides the slot",
    Standing.DONE: "decides the slot; nothing to do, it is so already",
    Standing.WAITS: "waits, since {rule} decides where the member goes",
    Standing.AGREES: "stands behind {rule}, which wants the same",
    Standing.TAKEN: "loses: the slot is decided by {rule}",
    Standing.ALLOWED: "loses: behind the allow of {rule}",
    Standing.IMPOSSIBLE: "nothing, outside of a stage channel",
}
_SENT = "is sent"


_AGES = ("who/account_age", "who/membership_age", "when/time_used")
_LENGTHS = ("within", "per")
"""Conditions whose numbers are lengths of time, and keys of others that have such."""


@dataclass(slots=True)
class Node:
    """A line and what stands below it."""

    line: Text
    children: list["Node"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wording:
    """How ids are named: a function of the path of a condition (or `move`) and the id."""

    name: Callable[[str, str], str]

    def tree(self, explanation: Explanation) -> list[Node]:
        """All of an explanation."""
        nodes = [self._exempt(explanation)]
        nodes += [self._rule(rule) for rule in explanation.rules]
        decisions = Node(Text("decided at once", "bold"))
        decisions.children = [Node(Text(self._decision(each))) for each in explanation.decisions]
        if not decisions.children:
            decisions.line.append(": nothing")
        changes_at = explanation.changes_at
        at = "never, or not soon" if changes_at is None else instant(changes_at)
        return [
            *nodes,
            decisions,
            Node(Text.assemble(("next change by time alone", "bold"), f": {at}")),
        ]

    def _exempt(self, explanation: Explanation) -> Node:
        by = f" ({', '.join(explanation.exempt_by)})" if explanation.exempt_by else ""
        node = Node(Text.assemble(("exempt", "bold"), f": {explanation.exempt}{by}"))
        node.children = [self._leaf(leaf, "exempt.") for leaf in explanation.exempt_who]
        return node

    def _rule(self, rule: RuleExplanation) -> Node:
        mark, style = _MARKS[rule.holds]
        why = " or ".join(_OBSTACLES[obstacle] for obstacle in rule.obstacles)
        line = Text.assemble((f"{mark} ", style), (rule.name, "bold"), f" {_HOLDS[rule.holds]}")
        if why:
            line.append(f": {why}")
        if rule.changes_at is not None:
            turn = _TURNS[rule.holds]
            line.append(f"; {turn} {instant(rule.changes_at)} if nothing changes before", "cyan")
        observed = ", observe" if rule.mode is Mode.OBSERVE else ""
        line.append(f"  (priority {rule.priority}{observed})", "dim")
        node = Node(line, [self._leaf(leaf) for leaf in rule.conditions])
        if rule.lasting is not None:
            node.children.append(self._for(rule))
        if rule.unless is not None and rule.excused is not None:
            excuse = Node(Text(f"unless: {_MATCHES[rule.excused]}"))
            excuse.children = [self._leaf(leaf) for leaf in rule.unless]
            node.children.append(excuse)
        if rule.cooldown is not None:
            node.children.append(Node(Text(f"cooldown {rule.cooldown}, of which nothing is left")))
        if rule.steps > 1:
            node.children.append(Node(Text(f"escalate: step {rule.step} of {rule.steps}")))
        if rule.allows:
            node.children.append(Node(Text("then allow: no later rule acts while it holds")))
        node.children += [self._want(want) for want in rule.wants]
        if rule.hold is not None:
            node.children.append(Node(Text(f"hold: for {rule.hold} at least")))
        return node

    def _for(self, rule: RuleExplanation) -> Node:
        across = " across channels" if rule.across_channels else ""
        line = Text(f"for {rule.lasting}{across}")
        if rule.due_at is not None:
            line.append(f": until {instant(rule.due_at)}, counted from this instant")
        return Node(line)

    def _leaf(self, leaf: LeafExplanation, prefix: str = "") -> Node:
        mark, style = _MARKS[leaf.verdict]
        line = Text.assemble((f"{mark} ", style), f"{prefix}{leaf.path.replace('/', '.')} ")
        line.append(self._shown(leaf.path, leaf.wanted), "cyan")
        line.append(f": {_MATCHES[leaf.verdict]}, it is ")
        line.append(self._shown(leaf.path, leaf.value), "cyan")
        if leaf.off_by is not None:
            short = "short" if leaf.off_by < 0 else "over"
            line.append(f", {self._shown(leaf.path, abs(leaf.off_by))} {short}")
        if leaf.changes_at is not None:
            line.append(f"; may change {instant(leaf.changes_at)}", "dim")
        return Node(line)

    def _want(self, want: WantExplanation) -> Node:
        ways = (
            _SENT
            if want.slot is None and standing is Standing.DECIDES
            else _STANDINGS[standing].format(rule=rule)
            for standing, rule in want.standings
        )
        effect = self._effect(want.effect, want.params)
        return Node(Text(f"then {effect}: {', or '.join(ways)}"))

    def _decision(self, each: ExpectedDecision) -> str:
        observed = " (observed)" if each.mode is Mode.OBSERVE else ""
        certain = "" if each.certain else ", possibly"
        return f"{self._effect(each.effect, each.params)} by {each.rule}{observed}{certain}"

    def _effect(self, effect: str, params: Mapping[str, object]) -> str:
        words = [effect]
        for key, value in params.items():
            match key:
                case "channel":
                    words.append("in" if "text" in params else "to")
                    words.append(self.name("move", str(value)))
                case "role":
                    words.append(self.name("who/roles", str(value)))
                case "seconds":
                    words.append(f"for {timedelta(seconds=int(str(value)))}")
                case _:
                    words.append(repr(value))
        return " ".join(words)

    def _shown(self, path: str, value: object) -> str:
        match value:
            case dict():
                parts = (
                    f"{key} {timedelta(seconds=each)}"
                    if key in _LENGTHS and isinstance(each, int)
                    else f"{key} {self._shown(path, each)}"
                    for key, each in value.items()
                )
                return ", ".join(parts)
            case list():
                return " ".join(self.name(path, str(each)) for each in value) or "nothing"
            case None:
                return "none"
            case bool():
                return "true" if value else "false"
            case int() if path in _AGES:
                return str(timedelta(seconds=value))
            case _:
                return self.name(path, str(value))


def instant(at: datetime) -> str:
    """An instant in UTC."""
    return f"{at.replace(tzinfo=None).isoformat(sep=' ')}Z"


_OTHER_FACTS = {
    "joined_at": "when the member joined",
    "entries": "how often the member entered channels lately",
    "channel_entries": "how often anybody entered the channel lately",
    "time_used": "how long the member was there lately",
}


def not_known(facts: list[str]) -> str:
    """Which facts nobody has given, and by which options they are."""
    options = options_for(facts)
    of_channel = _listed([fact for fact in facts if fact not in _OTHER_FACTS])
    parts = [f"the channel's {of_channel}"] if of_channel else []
    parts += [text for fact, text in _OTHER_FACTS.items() if fact in facts]
    return f"not known: {', '.join(parts)}; {options} {'say' if len(facts) > 1 else 'says'}"


def options_for(facts: list[str]) -> str:
    """The options that say these facts."""
    return _listed([f"--{fact.replace('_', '-')}" for fact in facts])


def _listed(words: list[str]) -> str:
    *most, last = words or [""]
    return f"{', '.join(most)} and {last}" if most else last


def write_tree(title: Text, nodes: list[Node]) -> None:
    """Draw a tree to standard output."""
    console = render.output()
    if console.is_terminal:
        tree = Tree(title)
        _grow(tree, nodes)
        # A tree that is not wrapped is cut off at the edge.
        console.print(tree, soft_wrap=False)
        return
    render.write_line(title.plain)
    _write_indented(nodes, 1)


def _grow(tree: Tree, nodes: list[Node]) -> None:
    for node in nodes:
        _grow(tree.add(node.line), node.children)


def _write_indented(nodes: list[Node], depth: int) -> None:
    for node in nodes:
        render.write_line("  " * depth + node.line.plain)
        _write_indented(node.children, depth + 1)
