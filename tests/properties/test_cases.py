"""Policy tests and simulations are the same engine with the same words."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.worlds import DEFINITIONS, rules
from tests.support.stage import GUILD, GUILD_YAML, START
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

USERS = {"alice": 501, "bob": 502, "carol": 503}
CHANNELS = {"lobby": "1", "afk": "2", "music": "3"}
ROLES = {"staff": "11", "dj": "12"}
FLAGS = {
    "self_mute": "self_mute",
    "self_deaf": "self_deaf",
    "guild_mute": "mute",
    "guild_deaf": "deaf",
}
HANDS = {"mute": "mute", "deafen": "deaf"}

Step = dict[str, Any]


def policies() -> st.SearchStrategy[dict[str, Any]]:
    """Rules that leave everybody where they are: a trace does not answer to placements."""
    held = st.sampled_from([{"mute": True}, {"deafen": True}, {"allow": True, "mute": True}])

    def stays(rule: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
        return rule if not {"move", "disconnect"} & set(rule["then"]) else {**rule, "then": then}

    some = st.lists(st.builds(stays, rules(), held), min_size=1, max_size=5)
    return some.map(lambda each: {f"r{number}": rule for number, rule in enumerate(each)})


def steps() -> st.SearchStrategy[list[Step]]:
    """Things that happen, in the order of time."""
    flags = st.dictionaries(st.sampled_from(sorted(FLAGS)), st.booleans(), min_size=1)
    hands = st.dictionaries(st.sampled_from(sorted(HANDS)), st.booleans(), min_size=1)
    roles = st.lists(st.sampled_from(sorted(ROLES)), unique=True)
    action = st.one_of(
        st.fixed_dictionaries({"enters": st.sampled_from(sorted(CHANNELS))}),
        st.just({"leaves": True}),
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
    return st.lists(step, min_size=1, max_size=15).map(
        lambda some: sorted(some, key=lambda each: each["at"])
    )


class Trace:
    """The same story in Discord's words."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.voice: dict[str, dict[str, Any]] = {
            name: {"channel_id": "1" if name == "alice" else None} for name in USERS
        }
        members = [{"user": {"id": str(each)}, "roles": []} for each in USERS.values()]
        self.add(
            0,
            "GUILD_CREATE",
            {
                "id": str(GUILD),
                "roles": [{"id": each, "permissions": "0"} for each in ROLES.values()],
                "members": members,
                "voice_states": [{"user_id": str(USERS["alice"]), **self.voice["alice"]}],
            },
        )

    def add(self, at: int, name: str, payload: dict[str, Any]) -> None:
        """One line."""
        instant = (START + timedelta(seconds=at)).isoformat()
        self.lines.append(json.dumps({"at": instant, "t": name, "d": payload}))

    def take(self, step: Step) -> bool:
        """Let a step happen; False when Discord would not let it."""
        guild, user = {"guild_id": str(GUILD)}, str(USERS[step["member"]])
        voice = self.voice[step["member"]]
        if "roles" in step:
            held = [ROLES[role] for role in step["roles"]]
            payload = {**guild, "user": {"id": user}, "roles": held}
            self.add(step["at"], "GUILD_MEMBER_UPDATE", payload)
            return True
        if "human" in step and voice["channel_id"] is None:
            return False
        if "enters" in step:
            voice["channel_id"] = CHANNELS[step["enters"]]
        elif "leaves" in step:
            voice["channel_id"] = None
        voice |= {FLAGS[key]: value for key, value in step.get("state", {}).items()}
        voice |= {HANDS[key]: value for key, value in step.get("human", {}).items()}
        self.add(step["at"], "VOICE_STATE_UPDATE", {**guild, "user_id": user, **voice})
        return True


def _case(policy_set: PolicySet, story: Iterable[Step]) -> Case:
    last = {"at": "500s", "expect": {"alice": "nothing"}}
    members: dict[str, Any] = {name: {"id": each} for name, each in USERS.items()}
    members["alice"]["in"] = "lobby"
    test = {
        "start": START.isoformat(),
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
    trace = Trace()
    story = [step for step in some if trace.take(step)]
    trace.add(500, "TICK", {})
    file = BytesIO("\n".join(trace.lines).encode())
    simulation = Simulation(compile_policies(policy_set))
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
