"""Pitfalls of voice states that no test elsewhere is about; see docs/pitfalls.md."""

from itertools import product
from typing import Any

import pytest

from tests.support.stage import ALICE, GUILD, LOBBY, MUSIC, Stage, voice
from voxguard.model.dispatch import parse_dispatch
from voxguard.model.events import Event, MemberRemoved
from voxguard.model.visits import EndReason

SILENCES = ("guild_mute", "self_mute", "suppressed")


@pytest.mark.parametrize(("asked", "shown"), list(product(SILENCES, SILENCES)))
def test_three_ways_of_silence_are_three_things(asked: str, shown: str) -> None:
    """A rule that asks for one of them does not see another."""
    stage = Stage(f"rules: {{one: {{when: {{state: {{{asked}: true}}}}, then: {{deafen: true}}}}}}")
    decided = stage.enter(ALICE, LOBBY, **{shown: True})
    assert decided == ([("one", "deafen")] if asked == shown else [])


def test_a_session_id_says_nothing_of_visits() -> None:
    """The same one in two channels is two visits, another one in the same channel is none."""
    stage = Stage("rules: {}")

    def report(second: int, channel: int, session: str) -> None:
        payload: dict[str, Any] = {
            "guild_id": str(GUILD),
            "user_id": str(ALICE),
            "channel_id": str(channel),
            "session_id": session,
        }
        event = parse_dispatch("VOICE_STATE_UPDATE", payload)
        assert event is not None
        stage.at(second).step(event)

    report(1, LOBBY, "one")
    report(2, MUSIC, "one")
    report(3, MUSIC, "two")
    ended = [(each.channel_id, each.end_reason) for each in stage.visits if each.left_at]
    assert ended == [(LOBBY, EndReason.MOVED)]


def test_flags_begin_no_visit() -> None:
    """Whatever changes while the channel does not, the visit goes on, and a `for` with it."""
    stage = Stage("rules: {long: {for: 10s, then: {mute: true}}}")
    stage.enter(ALICE, LOBBY)
    for second, flag in enumerate(("self_mute", "self_deaf", "camera", "streaming"), 1):
        assert stage.at(second).enter(ALICE, LOBBY, **{flag: True}) == []
    assert len(stage.visits) == 1
    assert stage.at(10).step() == [("long", "mute")]


@pytest.mark.parametrize("removed_first", [True, False])
def test_a_removal_may_come_alone_or_first(removed_first: bool) -> None:
    """The visit ends once, with whichever comes first, and the other changes nothing."""
    stage = Stage("rules: {}")
    stage.enter(ALICE, LOBBY)
    events: list[Event] = [MemberRemoved(GUILD, ALICE), voice(ALICE, None)]
    for second, event in enumerate(events if removed_first else reversed(events), 1):
        stage.at(second).step(event)
    ended = [each for each in stage.visits if each.left_at is not None]
    assert [(each.left_at, each.end_reason) for each in ended] == [
        (stage.instant(1), EndReason.LEFT)
    ]
