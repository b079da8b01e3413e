import time
from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.text import Text

from voxguard.cli import render, simulated
from voxguard.cli.simulated import Lines, write_summary
from voxguard.model.ids import GuildId

NAMES = cast("Any", SimpleNamespace(guild=lambda guild_id: f"guild-{guild_id}"))


def _summary(capsys: pytest.CaptureFixture[str], **counts: dict[Any, int]) -> str:
    every: dict[str, dict[Any, int]] = {
        "by_rule": {},
        "by_effect": {},
        "by_guild": {},
        "by_mode": {},
    } | counts
    simulation = SimpleNamespace(
        events=1_234_567,
        decisions=sum(every["by_effect"].values()),
        **{by: Counter(each) for by, each in every.items()},
    )
    write_summary(cast("Any", simulation), NAMES)
    lines = capsys.readouterr().out.splitlines()
    return "\n".join(line.rstrip() for line in lines)


def test_counts_are_by_rule_and_by_effect(capsys: pytest.CaptureFixture[str]) -> None:
    """Most first, then by name; numbers stand one below the other."""
    shown = _summary(
        capsys,
        by_rule={"b": 1000, "a": 1000, "much": 22_222_222},
        by_effect={"mute": 22_222_222, "move": 2000},
        by_mode={"enforce": 22_224_222},
        by_guild={GuildId(1): 22_224_222},
    )
    assert shown == (
        "\n1,234,567 events, 22,224,222 decisions\n"
        "\n"
        "rule  decisions\n"
        "much  22,222,222\n"
        "a          1,000\n"
        "b          1,000\n"
        "\n"
        "effect  decisions\n"
        "mute    22,222,222\n"
        "move         2,000"
    )


def test_what_there_are_several_of_is_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """Modes and guilds have tables where there is more than one."""
    shown = _summary(
        capsys,
        by_rule={"a": 3},
        by_effect={"mute": 3},
        by_mode={"enforce": 1, "observe": 2},
        by_guild={GuildId(1): 1, GuildId(2): 2},
    )
    assert shown.endswith(
        "mode     decisions\n"
        "observe          2\n"
        "enforce          1\n"
        "\n"
        "guild    decisions\n"
        "guild-2          2\n"
        "guild-1          1"
    )


def test_nothing_decided_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """No empty tables."""
    assert _summary(capsys) == "1,234,567 events, 0 decisions"


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that is set by hand, and a terminal."""
    now = [0.0]
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_lines_for_a_terminal_are_printed_together(
    capsys: pytest.CaptureFixture[str], seconds: list[float]
) -> None:
    """The first one at once, the others when a moment has passed; in order, none twice."""
    with Lines.to(render.output(), at_once=False) as lines:
        seen = []
        for text, passes in (("one", 0.0), ("two", 0.0), ("three", simulated._HELD_SECONDS)):
            seconds[0] += passes
            lines.write(Text(text))
            seen.append(capsys.readouterr().out)
        assert seen == ["one\n", "", "two\nthree\n"]


def test_what_is_held_back_comes_in_the_end(
    capsys: pytest.CaptureFixture[str], seconds: list[float]
) -> None:
    """Also when somebody has seen enough."""

    def print_three() -> None:
        with Lines.to(render.output(), at_once=False) as lines:
            for text in ("one", "two", "three"):
                lines.write(Text(text))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        print_three()
    assert capsys.readouterr().out == "one\ntwo\nthree\n"


def test_nothing_is_held_back_where_nobody_knows_what_comes(
    capsys: pytest.CaptureFixture[str], seconds: list[float]
) -> None:
    """A decision of a recording that still goes on is seen when it is made."""
    with Lines.to(render.output(), at_once=True) as lines:
        for text in ("one", "two"):
            lines.write(Text(text))
            assert capsys.readouterr().out == f"{text}\n"
