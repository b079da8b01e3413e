"""What the checks conclude of rules is true of every member that there can be."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.properties.member_facts import CHANNELS, GUILD, LISTED, ROLES, MemberFacts, members
from tests.properties.rule_blocks import AMOUNTS, BLOCKS, RULE, SIMPLE, WHEN, WHERE, rules
from voxguard.lint.logic import measures
from voxguard.lint.logic.atoms import Atom
from voxguard.lint.logic.implication import covers_all, is_met_by_all
from voxguard.lint.logic.refutation import are_apart, refute
from voxguard.lint.subject import GuildSubject, RuleView, subject_of
from voxguard.model.ids import created_at
from voxguard.policy.files import Sources
from voxguard.policy.load import examine_sources

Drawn: TypeAlias = Any

NOW: Final = datetime(2026, 3, 2, 15, tzinfo=UTC)
ALWAYS: Final = {"windows": [{"start": "0 0 * * *", "for": "24h"}]}
NEVER: Final = {"windows": [{"from": "2020-01-01", "to": "2020-01-02"}]}
NIGHT: Final = {"windows": [{"start": "0 22 * * *", "end": "0 8 * * *"}]}


def _guild(*rules: Drawn, exempt_bots: bool = True) -> GuildSubject:
    document = {
        "version": 1,
        "guild": {
            "id": str(GUILD),
            "channels": {name: str(number) for name, number in CHANNELS.items()},
            "roles": {name: str(number) for name, number in ROLES.items()},
            "exempt": {"bots": exempt_bots},
        },
        "lists": {name: {"entries": [*map(str, ids)]} for name, ids in LISTED.items()}
        | {"around": {"include": ["blocked"], "entries": ["4"]}},
        "schedules": {"always": ALWAYS, "never": NEVER, "night": NIGHT},
        "rules": {f"r{number}": rule for number, rule in enumerate(rules)},
    }
    sources = Sources({"guild.yaml": json.dumps(document).encode()})
    examined = examine_sources(sources)
    assert examined.loaded.policy_set is not None, examined.loaded.problems
    return subject_of(examined, sources, NOW).guilds[0]


def _holds(view: RuleView, facts: MemberFacts, at: datetime) -> bool:
    unless = view.rule.unless
    return all(each.matches(facts, at) for each in view.rule.conditions) and not (
        unless is not None and all(each.matches(facts, at) for each in unless)
    )


@st.composite
def seen(draw: st.DrawFn) -> list[tuple[MemberFacts, datetime]]:
    """Some members, at instants of the days to come."""
    hours = st.integers(0, 72).map(lambda hours: NOW + timedelta(hours=hours))
    return [(draw(members(at)), at) for at in draw(st.lists(hours, min_size=8, max_size=8))]


Seen = list[tuple[MemberFacts, datetime]]


@given(RULE, seen(), st.booleans())
def test_what_is_never_true_holds_for_nobody(rule: Drawn, every: Seen, exempt_bots: bool) -> None:
    """And what is met by all leaves out nobody, bots aside where no rule may touch them."""
    guild = _guild(rule, exempt_bots=exempt_bots)
    (view,) = guild.rules
    met = [_holds(view, *each) for each in every if not (exempt_bots and each[0].bot)]
    if refute(view.whole, guild.terms, guild.theory) is not None:
        assert not any(met)
    certain = [any(map(guild.theory.is_certain, clause)) for clause in view.whole]
    if all(certain):
        assert all(met)


@given(RULE, RULE, seen())
def test_what_follows_is_so(one: Drawn, other: Drawn, every: Seen) -> None:
    """Where a rule's clauses cover another's, it holds whenever that does."""
    guild = _guild(one, other)
    first, second = sorted(guild.rules, key=lambda view: view.name)
    follows = covers_all(guild.terms.widened(first.whole), second.whole)
    apart = are_apart(first.whole, second.whole, guild.terms)
    for facts, at in every:
        if _holds(second, facts, at):
            assert _holds(first, facts, at) or not follows
            assert not (apart and _holds(first, facts, at))


@given(RULE, st.sampled_from(["who", "where", "when"]), BLOCKS["who"], WHERE, WHEN, seen())
def test_asking_for_more_is_seen_to_follow(
    rule: Drawn, block: str, who: Drawn, where: Drawn, when: Drawn, every: Seen
) -> None:
    """A rule that asks for one more thing holds for no more members, and that is found out."""
    more = {"who": who, "where": where, "when": when}[block]
    # Used time is that in the rule's own channels: with others it is another time.
    assume("time_used" not in json.dumps(rule) or block != "where")
    asked = {**rule, block: {**more, **rule.get(block, {})}}
    guild = _guild(rule, asked)
    first, second = sorted(guild.rules, key=lambda view: view.name)
    assert covers_all(guild.terms.widened(first.whole), second.whole)
    for facts, at in every:
        assert _holds(first, facts, at) or not _holds(second, facts, at)


def _is_so(atom: Atom, facts: MemberFacts, at: datetime, guild: GuildSubject) -> bool:
    """Whether what an atom says is true of a member."""
    value: Drawn = atom.value
    match atom.kind:
        case "list":
            so = guild.policy.lists[value].contains(facts.user_id, at)
        case "schedule":
            so = guild.policy.schedules[value].at(at).is_open
        case "role":
            so = value in facts.roles
        case "channel":
            so = value == facts.channel_id
        case "member":
            so = value == facts.user_id
        case "kind":
            so = value == facts.channel_kind.value
        case "state":
            so = getattr(facts, value)
        case "bot":
            so = facts.bot
        case _:
            so = _has_reached(atom.kind, value, facts, at)
    return so is atom.positive


def _has_reached(kind: str, value: Drawn, facts: MemberFacts, at: datetime) -> bool:
    match kind:
        case measures.ACCOUNT_AGE:
            return at - created_at(facts.user_id) >= timedelta(seconds=value)
        case measures.MEMBERSHIP_AGE:
            joined_at = facts.joined_at
            return joined_at is not None and at - joined_at >= timedelta(seconds=value)
        case measures.OCCUPANCY:
            return facts.occupancy >= int(value)
        case measures.TIME_USED:
            return _used(value, facts, at) >= timedelta(seconds=value.seconds)
        case _:
            every = facts.entries if kind == measures.ENTRIES else facts.channel_entries
            within = timedelta(seconds=value.seconds)
            return sum(at - each < within for each in every) >= int(value.times)


def _used(value: measures.Used, facts: MemberFacts, at: datetime) -> timedelta:
    """How long the member was in the one channel that rules with used time name, or anywhere."""
    since_at = at - timedelta(seconds=value.length)
    if value.zone:
        since_at = at.replace(hour=0, minute=0, second=0, microsecond=0)
    only = CHANNELS["lobby"] if value.channels else None
    spans = [
        (each.left_at or at) - max(each.joined_at, since_at)
        for each in facts.stays(since_at)
        if only in (None, each.channel_id)
    ]
    return sum(spans, timedelta())


@given(rules(AMOUNTS) | rules(st.fixed_dictionaries({}, optional=SIMPLE).filter(bool)), seen())
def test_clauses_say_what_conditions_say(rule: Drawn, every: Seen) -> None:
    """No more and no less, for each member at each instant."""
    guild = _guild(rule)
    (view,) = guild.rules
    for facts, at in every:
        met = all(any(_is_so(one, facts, at, guild) for one in clause) for clause in view.whole)
        assert met is _holds(view, facts, at)
    assert not any(map(is_met_by_all, view.whole))
