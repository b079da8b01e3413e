"""What checks look at: the compiled set, where its parts stand, and the instant of the run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from voxguard.lint.logic.atoms import Clause, Clauses
from voxguard.lint.logic.clauses import Terms
from voxguard.lint.logic.theory import Theory
from voxguard.model.decisions import Mode
from voxguard.policy.files import Sources
from voxguard.policy.load import Examined
from voxguard.policy.namespace import Definition, Namespace, PolicyFile
from voxguard.policy.places import Place
from voxguard.policy.resolved import GuildPolicy, PolicySet, Rule, RuleMode


@dataclass(frozen=True, slots=True, eq=False)
class RuleView:
    """A rule that is not off, where it stands, and what it means.

    `core` must hold for the rule's time (`for`), `guard` at the instant: it is what
    `unless` leaves. `paths` says of which condition each clause of the core is.
    """

    rule: Rule
    place: Place
    core: Clauses
    guard: Clauses
    paths: Mapping[Clause, str]
    mode: Mode

    @property
    def name(self) -> str:
        """The rule's name."""
        return self.rule.name

    @property
    def whole(self) -> Clauses:
        """All that is true of a member for whom the rule holds."""
        return (*self.core, *self.guard)

    def place_of(self, path: str) -> Place:
        """Where a condition stands; where its key does, if it has none of its own."""
        block, _, key = path.partition("/")
        return self.place.child(block).child(key)


@dataclass(frozen=True, slots=True, eq=False)
class GuildSubject:
    """One guild: its policy, the definitions it sees, and its rules in decision order."""

    policy: GuildPolicy
    namespace: Namespace
    terms: Terms
    theory: Theory
    rules: tuple[RuleView, ...]

    @property
    def called(self) -> str:
        """How messages name the guild."""
        directory = self.policy.directory
        return str(self.policy.id) if directory == "." else directory

    def definition(self, section: str, name: str) -> Definition:
        """The definition that a name stands for in this guild."""
        return self.namespace.sections[section][name]


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A policy set that has loaded."""

    policy_set: PolicySet
    files: Mapping[str, PolicyFile]
    texts: Mapping[str, str]
    guilds: tuple[GuildSubject, ...]


def subject_of(
    examined: Examined, policy_set: PolicySet, sources: Sources, now: datetime
) -> Subject:
    """What checks look at, of a set that has loaded; `now` is the instant of the run."""
    guilds = tuple(
        _guild(policy, examined.scopes[policy.directory], now)
        for policy in policy_set.guilds.values()
    )
    texts = {name: data.decode().removeprefix("\ufeff") for name, data in sources.policies.items()}
    return Subject(policy_set, examined.files, texts, guilds)


def _guild(policy: GuildPolicy, namespace: Namespace, now: datetime) -> GuildSubject:
    terms = Terms(policy.id, _inside(namespace))
    return GuildSubject(
        policy, namespace, terms, Theory(policy, now), tuple(_views(policy, namespace, terms))
    )


def _views(policy: GuildPolicy, namespace: Namespace, terms: Terms) -> Iterator[RuleView]:
    for rule in policy.rules:
        if rule.mode is RuleMode.OFF:
            continue
        paths = {clause: path for path, clause in terms.clauses(rule.conditions)}
        enforced = policy.mode is Mode.ENFORCE and rule.mode is RuleMode.ENFORCE
        yield RuleView(
            rule=rule,
            place=namespace.sections["rules"][rule.name].place,
            core=tuple(paths),
            guard=() if rule.unless is None else terms.opposite(rule.unless),
            paths=paths,
            mode=Mode.ENFORCE if enforced else Mode.OBSERVE,
        )


def _inside(namespace: Namespace) -> dict[str, frozenset[str]]:
    """The lists that lists include, directly or not; those without any are left out."""
    direct = {
        name: tuple(definition.document.include)
        for name, definition in namespace.sections["lists"].items()
        if definition.document.include
    }
    found: dict[str, frozenset[str]] = {}
    for name, includes in direct.items():
        pending, seen = list(includes), set[str]()
        while pending:
            inner = pending.pop()
            if inner not in seen:
                seen.add(inner)
                pending += direct.get(inner, ())
        found[name] = frozenset(seen)
    return found
