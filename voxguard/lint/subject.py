"""What checks look at: the compiled set, where its parts stand, and the instant of the run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from voxguard.lint.base import Base, Scope, scopes_of
from voxguard.lint.logic.atoms import Clause, Clauses
from voxguard.lint.logic.clauses import Terms
from voxguard.lint.logic.refutation import Refutation, refute
from voxguard.lint.logic.sameness import meaning_of
from voxguard.lint.logic.theory import Theory
from voxguard.lint.tested import Tested
from voxguard.model.decisions import Mode
from voxguard.policy.files import Sources
from voxguard.policy.load import Examined
from voxguard.policy.namespace import Definition, Namespace, PolicyFile
from voxguard.policy.places import Place
from voxguard.policy.report import Missing
from voxguard.policy.resolved import GuildPolicy, Rule, RuleMode


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
    scope: Scope
    terms: Terms
    theory: Theory
    rules: tuple[RuleView, ...]
    _meanings: dict[RuleView, object] = field(default_factory=dict)
    _refutations: dict[RuleView, Refutation | None] = field(default_factory=dict)

    def meaning(self, view: RuleView) -> object:
        """A value that is equal for rules which say the same."""
        if view not in self._meanings:
            self._meanings[view] = meaning_of(view.rule)
        return self._meanings[view]

    def why_never(self, view: RuleView) -> Refutation | None:
        """Why a rule can never hold; None where it may."""
        if view not in self._refutations:
            self._refutations[view] = refute(view.whole, self.terms, self.theory)
        return self._refutations[view]

    @property
    def namespace(self) -> Namespace:
        """The definitions that the guild sees."""
        return self.scope.namespace

    @property
    def called(self) -> str:
        """How messages name the guild."""
        return self.scope.called

    def definition(self, section: str, name: str) -> Definition:
        """The definition that a name stands for in this guild."""
        return self.namespace.sections[section][name]


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A policy set, and what it is compared with where that was asked for.

    Of one that does not load there are the `files`, `scopes` and `missing` that could be made
    out, and no `guilds`. `tested` is what policy tests have shown where they were played,
    `retention` for how long rows are kept where that is known.
    """

    files: Mapping[str, PolicyFile]
    texts: Mapping[str, str]
    scopes: tuple[Scope, ...]
    missing: tuple[Missing, ...]
    guilds: tuple[GuildSubject, ...]
    base: Base | None
    tested: Tested | None
    retention: timedelta | None


def subject_of(
    examined: Examined,
    sources: Sources,
    now: datetime,
    base: Base | None = None,
    tested: Tested | None = None,
    retention: timedelta | None = None,
) -> Subject:
    """What checks look at; `now` is the instant of the run."""
    policy_set = examined.loaded.policy_set
    scopes = {scope.directory: scope for scope in scopes_of(examined)}
    policies = () if policy_set is None else policy_set.guilds.values()
    return Subject(
        files=examined.files,
        texts={name: _text(sources.policies[name]) for name in examined.files},
        scopes=tuple(scopes.values()),
        missing=examined.missing if tested is None else (*examined.missing, *tested.missing),
        guilds=tuple(_guild(policy, scopes[policy.directory], now) for policy in policies),
        base=base,
        tested=tested,
        retention=retention,
    )


def _text(data: bytes) -> str:
    return data.decode().removeprefix("\ufeff")


def _guild(policy: GuildPolicy, scope: Scope, now: datetime) -> GuildSubject:
    terms = Terms(policy.id, _inside(scope.namespace))
    views = tuple(_views(policy, scope.namespace, terms))
    return GuildSubject(policy, scope, terms, Theory(policy, now), views)


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
