"""Policy tests and simulations are the same engine with the same words."""

import json
from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.random_rules import DEFINITIONS, PLACING, rules
from tests.properties.recorded_guild import (
    CHANNELS,
    FLAGS,
    HANDS,
    ROLES,
    USERS,
    RecordedGuild,
    Step,
)
from tests.support.stage import GUILD_YAML, START
from voxguard.engine.compile import compile_policies
from voxguard.model.decisions import Decision
from voxguard.policy.cases.case import Case, Demand, Expectation
from voxguard.policy.cases.load import load_cases
from voxguard.policy.files import Sources
from voxguard.policy.load import load_sources
from voxguard.policy.resolved import PolicySet
from voxguard.scenario.cases.run import Player
from voxguard.scenario.simulate import Simulation
from voxguard.scenario.trace import read_trace

END = 500


def policies() -> st.SearchStrategy[dict[str, Any]]:
    """Rules that leave everybody where they are: a trace does not answer to placements."""
    some = st.lists(rules(without=(*PLACING, "timeout")), min_size=1, max_size=5)
    return some.map(lambda each: {f"r{number}": rule for number, rule in enumerate(each)})


def steps() -> st.SearchStrategy[list[Step]]:
    """Things that happen, in the order of time."""
    flags = st.dictionaries(st.sampled_from(sorted(FLAGS)), st.booleans(), min_size=1)
    hands = st.dictionaries(st.sampled_from(sorted(HANDS)), st.booleans(), min_size=1)
    roles = st.lists(st.sampled_from(sorted(ROLES)), unique=True)
    enters = st.fixed_dictionaries({"enters": st.sampled_from(sorted(CHANNELS))})
    action = st.one_of(
        enters,
        st.sampled_from([{"leaves": True}, {"enters": "lobby"}, {"enters": "music"}]),
        st.fixed_dictionaries({"state": flags}),
        st.fixed_dictionaries({"roles": roles}),
        st.fixed_dictionaries({"human": hands}),
    )
    step = st.builds(
        lambda at, member, what: {"at": at * 5, "member": member, **what},
        st.integers(0, 80),
        st.sampled_from(sorted(USERS)),
        action,
    )
    return st.lists(step, min_size=1, max_size=20).map(
        lambda some: sorted(some, key=lambda each: each["at"])
    )


def _case(policy_set: PolicySet, story: Iterable[Step]) -> Case:
    last = {"at": f"{END}s", "expect": {"alice": "nothing"}}
    members: dict[str, Any] = {name: {"id": each} for name, each in USERS.items()}
    members["alice"]["in"] = "lobby"
    test = {
        "start": START.isoformat(),
        "stages": ["stage"],
        "members": members,
        "steps": [*({**step, "at": f"{step['at']}s"} for step in story), last],
    }
    text = json.dumps({"version": 1, "tests": {"one": test}})
    loaded = load_cases(policy_set, Sources({"a.test.yaml": text.encode()}))
    assert loaded.problems == ()
    return loaded.cases[0]


def _demands(case: Case, decisions: Iterable[Decision]) -> tuple[Demand, ...]:
    return tuple(
        Demand(
            each.decided_at - case.start_at,
            case.mark,
            case.by_id[each.user_id].name,
            (Expectation(each.effect, each.params, each.rule),),
        )
        for each in decisions
    )


@given(policies(), steps())
def test_a_test_and_its_trace_decide_the_same(named: dict[str, Any], some: list[Step]) -> None:
    """What a simulation of the same story decides is what a test of it has to expect."""
    body = "".join(
        f"{key}: {json.dumps(value)}\n" for key, value in {**DEFINITIONS, "rules": named}.items()
    )
    policy_set = load_sources(Sources({"guild.yaml": f"{GUILD_YAML}{body}".encode()})).policy_set
    assert policy_set is not None
    guild = RecordedGuild(policy_set)
    story = guild.live(some, END)
    simulation = Simulation(compile_policies(policy_set))
    file = BytesIO("\n".join(guild.lines).encode())
    decisions = list(simulation.run(read_trace(file, "trace")))

    case = _case(policy_set, story)
    demands = _demands(case, decisions)
    marks = dict.fromkeys(sorted({*case.marks, *(each.at for each in demands)}), case.mark)
    expecting = replace(case, demands=demands, marks=marks)
    [result] = Player(policy_set).play([expecting])
    assert result.failures == ()
    if demands:
        [result] = Player(policy_set).play([replace(expecting, demands=demands[1:])])
        assert not result.passed
