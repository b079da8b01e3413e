from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

import pytest

from voxguard.policy.conditions.base import Condition, Key, KeyKind
from voxguard.policy.resolved import Rule


@pytest.fixture
def compiled(load_rule: Callable[[str], Rule]) -> Callable[[str], Condition]:
    """Compiles what stands under `where`."""

    def compile_where(where: str) -> Condition:
        return load_rule(f"{{where: {where}, then: {{mute: true}}}}").conditions[0]

    return compile_where


@pytest.mark.parametrize(
    ("where", "channel_id", "category_id", "matches"),
    [
        ("lobby", 801, None, True),
        ("lobby", 802, None, False),
        ("[lobby, afk]", 802, 5, True),
        ("'5'", 802, 5, True),
        ("{channels: {all: [lobby, '5']}}", 801, 5, True),
        ("{channels: {all: [lobby, '5']}}", 801, 6, False),
        ("{channels: {none: [lobby]}}", 802, None, True),
        ("{channels: {none: [lobby]}}", 801, None, False),
        ("{channels: {none: '5'}}", 801, 5, False),
        ("{channels: {any: '5', none: lobby}}", 801, 5, False),
        ("{channels: {any: '5', none: lobby}}", 802, 5, True),
    ],
)
def test_members_match_by_channel_or_category(
    compiled: Callable[[str], Condition],
    facts: Callable[..., SimpleNamespace],
    noon: datetime,
    where: str,
    channel_id: int,
    category_id: int | None,
    matches: bool,
) -> None:
    """A category's id stands for every channel in it."""
    who = facts(channel_id=channel_id, category_id=category_id)
    assert compiled(where).matches(who, noon) is matches


def test_a_rule_can_be_filed_under_its_channels(compiled: Callable[[str], Condition]) -> None:
    """A matching member is in one of any and in each of all; none requires nothing."""
    lobby, category = Key(KeyKind.CHANNEL, 801), Key(KeyKind.CHANNEL, 5)
    assert compiled("[lobby, '5']").required() == (frozenset({lobby, category}),)
    both = compiled("{channels: {all: [lobby, '5']}}")
    assert both.required() == (frozenset({category}), frozenset({lobby}))
    assert compiled("{channels: {none: lobby}}").required() == ()


def test_short_forms_mean_the_same(compiled: Callable[[str], Condition]) -> None:
    """A name, a list and a mapping are three ways to write one thing."""
    assert compiled("lobby") == compiled("[lobby]") == compiled("{channels: {any: '801'}}")
    assert compiled("lobby").canonical() == {"any": ["801"]}
