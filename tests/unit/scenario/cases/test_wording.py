from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from voxguard.model.decisions import Effect
from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.model.problems import Mark
from voxguard.policy.cases.case import Case, CaseMember, Expectation
from voxguard.policy.resolved import Exempt, GuildPolicy
from voxguard.scenario.cases.wording import Wording, offset_text

CASE = Case(
    name="one",
    mark=Mark("a.test.yaml", 3, 3),
    guild=GuildPolicy(
        id=GuildId(100),
        directory="moscow",
        timezone=ZoneInfo("UTC").key,
        channels={"afk": ChannelId(2)},
        roles={"dj": RoleId(12)},
        exempt=Exempt(),
        lists={},
        includes={},
        schedules={},
        rules=(),
    ),
    start_at=datetime(2026, 3, 2, 12, tzinfo=UTC),
    members={"alice": CaseMember(name="alice", user_id=UserId(5))},
    happenings=(),
    demands=(),
    marks={},
)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (timedelta(), "0s"),
        (timedelta(seconds=90), "1m30s"),
        (timedelta(hours=1), "1h"),
        (timedelta(days=2, seconds=1), "2d1s"),
    ],
)
def test_offsets_are_written_as_in_steps(at: timedelta, text: str) -> None:
    """What a report shows can be copied into a test."""
    assert offset_text(at) == text


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({}, "mute by r"),
        ({"channel": "2"}, "mute to afk by r"),
        ({"channel": "3"}, "mute to 3 by r"),
        ({"role": "12"}, "mute dj by r"),
        ({"seconds": 600}, "mute 10m by r"),
        ({"text": "be quiet"}, "mute 'be quiet' by r"),
        ({"channel": "2", "text": "hush"}, "mute in afk 'hush' by r"),
    ],
)
def test_parameters_are_called_by_their_names(params: dict[str, object], text: str) -> None:
    """Channels, roles, lengths of time and texts, whatever the effect is."""
    assert Wording(CASE).expectation(Expectation(Effect.MUTE, params, "r")) == text


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("who/members", ["5", "6"], "alice 6"),
        ("who/roles", {"any": ["12", "100"]}, "any dj everyone"),
        ("where/channels", {"channel": "2", "category": None}, "channel afk, category none"),
        ("who/bot", False, "false"),
        ("when/schedule", [], "nothing"),
    ],
)
def test_facts_are_called_by_their_names(path: str, value: object, text: str) -> None:
    """Ids are members, roles or channels, as the condition has it."""
    assert Wording(CASE).fact(path, value) == text
