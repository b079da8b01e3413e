import io
import json
from collections.abc import Iterator
from datetime import timedelta

from tests.support.stage import GUILD, START, make_index
from voxguard.scenario.simulate import Simulation, as_json
from voxguard.scenario.trace import Moment, read_trace

POLICIES = """
schedules:
  odd-minutes: {windows: [{start: "1-59/2 * * * *", end: "0-58/2 * * * *"}]}
rules:
  limit: {where: lobby, for: 1h, then: {move: afk}}
  blink: {where: music, when: {schedule: odd-minutes}, then: {mute: true}}
"""


def moments(*lines: tuple[int, str, object]) -> Iterator[Moment]:
    """A trace of lines: seconds since the start, name and payload."""
    text = "".join(
        json.dumps({"at": (START + timedelta(seconds=at)).isoformat(), "t": name, "d": payload})
        + "\n"
        for at, name, payload in lines
    )
    return read_trace(io.BytesIO(text.encode()), "trace")


CREATE = (0, "GUILD_CREATE", {"id": str(GUILD)})


def enters(at: int, channel: str) -> tuple[int, str, object]:
    """One voice state of the only member."""
    return (
        at,
        "VOICE_STATE_UPDATE",
        {"guild_id": str(GUILD), "user_id": "501", "channel_id": channel},
    )


def test_decisions_come_at_the_instants_at_which_they_fall_due() -> None:
    """What falls due between two lines is decided at its own instant, in order."""
    simulation = Simulation(make_index(POLICIES))
    decided = list(simulation.run(moments(CREATE, enters(1, "1"), (7_200, "TICK", None))))
    assert [as_json(each) for each in decided] == [
        {
            "at": "2026-03-02T13:00:01Z",
            "guild": "100",
            "member": "501",
            "channel": "1",
            "rule": "limit",
            "effect": "move",
            "params": {"channel": "2"},
            "mode": "enforce",
        }
    ]


def test_a_long_pause_is_decided_step_by_step() -> None:
    """Decisions of a pause in the trace are handed on as they fall due, not gathered."""
    simulation = Simulation(make_index(POLICIES))
    decisions = simulation.run(moments(CREATE, enters(1, "3"), (10**9, "TICK", None)))
    for _ in range(100):
        next(decisions)
    assert simulation.decisions == 100
    assert simulation.at == START + timedelta(minutes=100)


def test_the_summary_counts_events_and_decisions() -> None:
    """Events are the trace's lines but TICKs; decisions are counted by rule and by effect."""
    simulation = Simulation(make_index(POLICIES))
    lines = (CREATE, enters(1, "3"), (2, "WHATEVER", None), (179, "TICK", None))
    assert len(list(simulation.run(moments(*lines)))) == 3 - 1
    assert simulation.summary() == {
        "events": 3,
        "decisions": 2,
        "by_rule": {"blink": 2},
        "by_effect": {"mute": 1, "unmute": 1},
    }
    assert list(simulation.summary()) == ["events", "decisions", "by_rule", "by_effect"]
    assert simulation.by_guild == {GUILD: 2}
    assert simulation.by_mode == {"enforce": 2}


def test_nothing_in_nothing_out() -> None:
    """An empty trace has a summary of zeros."""
    simulation = Simulation(make_index(POLICIES))
    assert list(simulation.run(())) == []
    assert simulation.at is None
    assert simulation.summary() == {"events": 0, "decisions": 0, "by_rule": {}, "by_effect": {}}
