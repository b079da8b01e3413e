"""An explanation says what the engine does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.random_rules import policies
from tests.properties.worlds import CHANNELS, JOINED, USERS
from tests.support.stage import CHANNELS as TABLE
from tests.support.stage import DJ, GUILD, ROLES, STAFF, START, Stage, make_index, voice
from voxguard.engine.engine import Engine
from voxguard.engine.explain import explain
from voxguard.engine.explanation import ExpectedDecision, RuleExplanation, Verdict
from voxguard.engine.index import GuildIndex, IndexedRule, RuleIndex
from voxguard.engine.lookback import act_key
from voxguard.engine.newcomer import Newcomer
from voxguard.engine.state import MemberState
from voxguard.model.decisions import Decision
from voxguard.model.events import Event, VoiceStateChanged
from voxguard.model.ids import ChannelId, UserId
from voxguard.model.world import Member, VoiceState
from voxguard.policy.effects.step import Step

GUILDS = st.sampled_from(["", "exempt: {who: {roles: staff}}", "exempt: {who: {lists: timed}}"])
INSTANTS = st.integers(2, 400).map(lambda seconds: START + timedelta(seconds=seconds))
NEWCOMERS = st.builds(
    Newcomer,
    user_id=st.sampled_from(USERS),
    channel_id=st.sampled_from(CHANNELS),
    roles=st.frozensets(st.sampled_from([STAFF, DJ])),
    bot=st.sampled_from([False, False, False, True]),
    entries=st.sampled_from([1, 1, 2, 4]),
    channel_entries=st.sampled_from([1, 1, 2, 4]),
    used=st.sampled_from([0, 0, 30, 45, 200]).map(lambda seconds: timedelta(seconds=seconds)),
    earlier_episodes=st.sampled_from([0, 0, 1, 2, 5]),
)
SOMEBODY = UserId(999)


def placed(newcomer: Newcomer) -> Newcomer:
    """The same with what the guild's own table says of the channel."""
    channel = next(one for one in TABLE if one.id == newcomer.channel_id)
    return replace(
        newcomer,
        category_known=True,
        category_id=channel.parent_id,
        kind=channel.kind,
        joined_at=JOINED,
        occupancy=0 if newcomer.bot else 1,
        channel_entries=max(newcomer.channel_entries or 1, 1),
    )


def unsure(newcomer: Newcomer) -> Newcomer:
    """The same, of whom nobody has said what happened lately."""
    return replace(newcomer, entries=None, channel_entries=None, used=None)


def arrived(index: RuleIndex, newcomer: Newcomer, at: datetime) -> tuple[Engine, list[Decision]]:
    """An engine in which all that is known of the member has happened, and what it decides.

    Until they enter no rule has any effect.
    """
    engine = Engine(powerless(index.guilds[GUILD]))
    member = Member(newcomer.user_id, newcomer.roles, bot=newcomer.bot, joined_at=JOINED)
    state = VoiceState(newcomer.user_id, ChannelId(newcomer.channel_id))
    stage = Stage("rules: {}", appear=False)
    used = newcomer.used or timedelta()
    # Which roles make an administrator is in no file, so that explanations know of none.
    plain = [replace(role, permissions=0) for role in ROLES]
    before = stage.snapshot(members=[member], voice=[state] if used else [], roles=plain)
    engine.step([before], at - (used or timedelta(seconds=1)))
    remember_episodes(engine, index.guilds[GUILD], newcomer, at)
    engine.step((), at - timedelta(microseconds=1))
    engine.activate(index, at)
    step = engine.step([*happened(newcomer), VoiceStateChanged(GUILD, state, member)], at)
    return engine, [each for each in step.decisions if each.user_id == newcomer.user_id]


def happened(newcomer: Newcomer) -> Iterator[Event]:
    """Out of voice, and entries at this very instant."""
    elsewhere = next(each for each in CHANNELS if each != newcomer.channel_id)
    yield voice(newcomer.user_id, None)
    for _ in range((newcomer.entries or 1) - 1):
        yield voice(newcomer.user_id, elsewhere)
        yield voice(newcomer.user_id, None)
    for _ in range((newcomer.channel_entries or 1) - 1):
        yield voice(SOMEBODY, newcomer.channel_id)
        yield voice(SOMEBODY, None)


def remember_episodes(engine: Engine, index: GuildIndex, newcomer: Newcomer, at: datetime) -> None:
    """Let rules that escalate have acted so often, as late as no cooldown goes on."""
    guild = engine.guild(GUILD)
    assert guild is not None
    member = guild.members.setdefault(
        newcomer.user_id, MemberState(GUILD, newcomer.user_id, around=guild.around)
    )
    for rule in index.rules:
        if rule.rule.forget_after is not None:
            last_at = at - (rule.rule.cooldown or timedelta())
            for number in range(newcomer.earlier_episodes):
                began_at = last_at - timedelta(hours=newcomer.earlier_episodes - number)
                key = act_key(rule.name, rule.mode)
                member.history.note_act(key, began_at, last_at, len(rule.rule.steps))


def key(each: Decision | ExpectedDecision) -> tuple[Any, ...]:
    """What of a decision an explanation names."""
    return (each.rule, each.effect, each.mode, *sorted(each.params.items()))


def holds(engine: Engine, newcomer: Newcomer, rule: str) -> bool:
    """Whether the engine has an episode of the rule."""
    guild = engine.guild(GUILD)
    assert guild is not None
    stretch = guild.members[newcomer.user_id].stretches.get(rule)
    return stretch is not None and stretch.episode is not None


def powerless(index: GuildIndex) -> RuleIndex:
    """The same rules without effects, so that facts stay while time passes."""

    def of(rule: IndexedRule) -> IndexedRule:
        return replace(rule, rule=replace(rule.rule, steps=(Step(),), allows=False))

    rules = tuple(map(of, index.rules))
    every = tuple(range(len(rules)))
    bare = replace(
        index,
        rules=rules,
        by_name={rule.name: rule for rule in rules},
        unfiled=every,
        by_member={},
        by_list=(),
        by_channel={},
        by_role={},
    )
    return RuleIndex("powerless", {GUILD: bare})


@given(policies(), GUILDS, NEWCOMERS, INSTANTS)
def test_where_all_is_known_the_decisions_are_those_of_the_engine(
    text: str, guild: str, newcomer: Newcomer, at: datetime
) -> None:
    """The decisions that are explained are those that the engine makes, in its order."""
    index = make_index(text, guild=guild)
    _, decisions = arrived(index, newcomer, at)
    explanation = explain(index.guilds[GUILD], placed(newcomer), at)
    assert all(each.certain for each in explanation.decisions)
    assert [key(each) for each in explanation.decisions] == [key(each) for each in decisions]


@given(policies(), GUILDS, NEWCOMERS, INSTANTS)
def test_where_something_is_unknown_the_engine_does_nothing_unexplained(
    text: str, guild: str, newcomer: Newcomer, at: datetime
) -> None:
    """What is certain is decided, and what is decided was at least possible."""
    index = make_index(text, guild=guild)
    _, decisions = arrived(index, newcomer, at)
    explanation = explain(index.guilds[GUILD], unsure(newcomer), at)
    decided = {key(each) for each in decisions}
    assert {key(each) for each in explanation.decisions if each.certain} <= decided
    assert decided <= {key(each) for each in explanation.decisions}
    known = explain(index.guilds[GUILD], placed(newcomer), at)
    for open_one, sure in zip(explanation.rules, known.rules, strict=True):
        assert open_one.holds in (sure.holds, Verdict.UNKNOWN)
        assert set(sure.obstacles) <= set(open_one.obstacles)
        for one, other in zip(open_one.wants, sure.wants, strict=True):
            assert set(other.standings) <= set(one.standings)


@given(policies(), GUILDS, NEWCOMERS, INSTANTS)
def test_a_rule_turns_round_when_it_is_said_to(
    text: str, guild: str, newcomer: Newcomer, at: datetime
) -> None:
    """A rule holds as explained, goes on so until the instant that is named, and then turns."""
    index = make_index(text, guild=guild).guilds[GUILD]
    bare = powerless(index)
    for rule in explain(index, placed(newcomer), at).rules:
        engine, _ = arrived(bare, newcomer, at)
        assert_turns(engine, newcomer, rule)


def assert_turns(engine: Engine, newcomer: Newcomer, rule: RuleExplanation) -> None:
    """The engine, stepped on, says the same of the rule."""
    before = rule.holds is Verdict.YES
    assert holds(engine, newcomer, rule.name) is before
    if rule.changes_at is None:
        return
    engine.step((), rule.changes_at - timedelta(microseconds=1))
    assert holds(engine, newcomer, rule.name) is before
    engine.step((), rule.changes_at)
    assert holds(engine, newcomer, rule.name) is not before


def test_an_explanation_needs_no_filing() -> None:
    """Compiling with or without filing explains the same."""
    text = "rules: {quiet: {where: lobby, then: {mute: true}}}"
    newcomer = Newcomer(user_id=USERS[0], channel_id=CHANNELS[0])
    filed, plain = (make_index(text, filed=each).guilds[GUILD] for each in (True, False))
    assert explain(filed, newcomer, START) == explain(plain, newcomer, START)
