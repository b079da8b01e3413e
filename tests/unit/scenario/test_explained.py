import json
from dataclasses import replace

import pytest

from tests.support.stage import ALICE, DJ, GUILD, LOBBY, START
from voxguard.engine.compile import compile_guild
from voxguard.engine.explain import explain
from voxguard.engine.newcomer import Newcomer
from voxguard.model.world import ChannelKind
from voxguard.policy.files import Sources
from voxguard.policy.load import load_sources
from voxguard.policy.resolved import GuildPolicy
from voxguard.scenario.explained import ASSUMED, explanation_json, unknown_facts

POLICIES = """
version: 1
guild: {id: "100", channels: {lobby: "1", afk: "2"}, roles: {dj: "12"}, exempt: {who: {roles: "9"}}}
rules:
  limit: {where: lobby, for: 1h, unless: {when: {state: {camera: true}}}, then: {move: afk}}
  quiet: {mode: observe, who: {roles: dj}, then: {mute: true}}
  later: {mode: off, then: {deafen: true}}
"""


def _guild(text: str) -> GuildPolicy:
    loaded = load_sources(Sources({"guild.yaml": text.encode()}))
    assert loaded.policy_set is not None, loaded.problems
    return loaded.policy_set.guilds[GUILD]


def test_the_whole_tree_is_json() -> None:
    """Every part of an explanation is there, with null for what is unknown or not given."""
    guild = _guild(POLICIES)
    newcomer = Newcomer(user_id=ALICE, channel_id=LOBBY, roles=frozenset([DJ]))
    shown = explanation_json(explain(compile_guild(guild), newcomer, START), guild, newcomer)
    place = {"channel": "1", "category": "unknown"}
    assert json.loads(json.dumps(shown)) == {
        "guild": "100",
        "member": "501",
        "channel": "1",
        "roles": ["12"],
        "at": "2026-03-02T12:00:00Z",
        "unknown": ["category", "kind"],
        "assumed": list(ASSUMED),
        "exempt": {
            "verdict": False,
            "by": [],
            "who": [
                {
                    "path": "who/roles",
                    "wanted": {"any": ["9"]},
                    "value": ["12", "100"],
                    "matches": False,
                    "off_by": None,
                    "changes_at": None,
                }
            ],
        },
        "rules": [
            {
                "rule": "limit",
                "priority": 100,
                "mode": "enforce",
                "holds": False,
                "obstacles": ["for"],
                "changes_at": "2026-03-02T13:00:00Z",
                "matches": True,
                "conditions": [
                    {
                        "path": "where/channels",
                        "wanted": {"any": ["1"]},
                        "value": place,
                        "matches": True,
                        "off_by": None,
                        "changes_at": None,
                    }
                ],
                "for": {
                    "seconds": 3600,
                    "across_channels": False,
                    "due_at": "2026-03-02T13:00:00Z",
                },
                "excused": False,
                "unless": [
                    {
                        "path": "when/state",
                        "wanted": {"camera": True},
                        "value": {"camera": False},
                        "matches": False,
                        "off_by": None,
                        "changes_at": None,
                    }
                ],
                "allow": False,
                "escalation": None,
                "hold_seconds": None,
                "cooldown_seconds": None,
                "effects": [
                    {
                        "effect": "move",
                        "params": {"channel": "2"},
                        "slot": "placement",
                        "standing": [{"is": "silent", "because_of": None}],
                    }
                ],
            },
            {
                "rule": "quiet",
                "priority": 100,
                "mode": "observe",
                "holds": True,
                "obstacles": [],
                "changes_at": None,
                "matches": True,
                "conditions": [
                    {
                        "path": "who/roles",
                        "wanted": {"any": ["12"]},
                        "value": ["12", "100"],
                        "matches": True,
                        "off_by": None,
                        "changes_at": None,
                    }
                ],
                "for": None,
                "excused": None,
                "unless": None,
                "allow": False,
                "escalation": None,
                "hold_seconds": None,
                "cooldown_seconds": None,
                "effects": [
                    {
                        "effect": "mute",
                        "params": {},
                        "slot": "mute",
                        "standing": [{"is": "decides", "because_of": None}],
                    }
                ],
            },
        ],
        "off": ["later"],
        "decisions": [
            {"rule": "quiet", "effect": "mute", "params": {}, "mode": "observe", "certain": True}
        ],
        "changes_at": "2026-03-02T13:00:00Z",
    }


def test_what_is_given_is_not_unknown() -> None:
    """The category and the kind are unknown until they are given."""
    guild = _guild(POLICIES)
    unsure = Newcomer(user_id=ALICE, channel_id=LOBBY, kind=ChannelKind.VOICE)
    assert unknown_facts(guild, unsure) == ["category"]
    sure = Newcomer(user_id=ALICE, channel_id=LOBBY, category_known=True)
    assert unknown_facts(guild, sure) == ["kind"]


@pytest.mark.parametrize(
    "rule",
    [
        "{who: {membership_age: {min: 1d}}, then: {mute: true}}",
        "{unless: {who: {membership_age: {min: 1d}}}, then: {mute: true}}",
    ],
)
def test_when_the_member_joined_is_unknown_where_it_is_asked_for(rule: str) -> None:
    """Nobody is asked for what no rule looks at."""
    guild = _guild(f"version: 1\nguild: {{id: '100'}}\nrules: {{one: {rule}}}")
    unsure = Newcomer(user_id=ALICE, channel_id=LOBBY, category_known=True, kind=ChannelKind.VOICE)
    assert unknown_facts(guild, unsure) == ["joined_at"]
    assert unknown_facts(guild, replace(unsure, joined_at=START)) == []


def test_how_many_people_are_there_is_unknown_where_it_is_asked_for() -> None:
    """The same for the others in the channel."""
    rule = "{where: {occupancy: {max: 1}}, then: {mute: true}}"
    guild = _guild(f"version: 1\nguild: {{id: '100'}}\nrules: {{one: {rule}}}")
    unsure = Newcomer(user_id=ALICE, channel_id=LOBBY, category_known=True)
    assert unknown_facts(guild, unsure) == ["kind", "occupancy"]
    assert unknown_facts(guild, replace(unsure, occupancy=1)) == ["kind"]
