"""What no file says of a member, as options of `voxguard explain`."""

import json
from pathlib import Path
from typing import Any

import pytest

from voxguard.cli.app import main

GUILD = """
version: 1
guild: {id: "1", channels: {lobby: "21", afk: "22"}, roles: {dj: "42"}}
rules:
  hop: {when: {entries: {min: 3, within: 30s}}, then: {timeout: 90s}}
  raid:
    when: {channel_entries: {min: 4, within: 1m}}
    then: {announce: {channel: afk, text: raid}}
  used: {when: {time_used: {min: 2h, per: 24h}}, then: {warn: enough}}
  steps:
    cooldown: 5m
    escalate:
      forget_after: 7d
      steps: [{grant: dj}, {mute: true, deafen: false, hold: 10m}]
  audience: {then: {suppress: true}}
"""
WHO = [
    *("--member", "11", "--channel", "lobby", "--category", "none", "--kind", "voice"),
    *("--at", "2026-03-02T23:00:00Z"),
]


@pytest.fixture
def policies(tmp_path: Path) -> str:
    """A policy set of one guild."""
    (tmp_path / "guild.yaml").write_text(GUILD, "utf-8")
    return str(tmp_path)


def explained(policies: str, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """What is printed."""
    assert main(["explain", policies, *WHO, *options]) == 0
    return capsys.readouterr().out


def test_what_happened_lately_is_not_known(
    policies: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """And it is said by which options it is told."""
    out = explained(policies, capsys)
    assert "? when.entries min 3, within 0:00:30: may match: not known, it is unknown" in out
    assert (
        "  not known: how often the member entered channels lately, how often anybody entered the"
        " channel lately, how long the member was there lately;"
        " --entries, --channel-entries and --time-used say\n"
    ) in out


def test_what_is_told_is_compared(policies: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A number that misses its bounds says by how much."""
    few = ("--entries", "1", "--channel-entries", "3", "--time-used", "1h59m59s")
    out = explained(policies, capsys, *few)
    assert "- when.entries min 3, within 0:00:30: does not match, it is 1, 2 short\n" in out
    assert "- when.channel_entries min 4, within 0:01:00: does not match, it is 3, 1 short" in out
    assert (
        "- when.time_used min 2:00:00, per 1 day, 0:00:00: does not match, it is 1:59:59,"
        " 0:00:01 short; may change 2026-03-02 23:00:01Z\n"
    ) in out
    enough = ("--entries", "3", "--channel-entries", "4", "--time-used", "2h")
    out = explained(policies, capsys, *enough)
    assert "+ hop holds; ends 2026-03-02 23:00:30Z" in out
    assert "    timeout for 0:01:30 by hop\n" in out
    assert "    announce in afk 'raid' by raid\n" in out
    assert "    warn 'enough' by used\n" in out
    assert "    then warn 'enough': is sent\n" in out


def test_a_rule_shows_the_step_that_it_takes(
    policies: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its hold, and the cooldown of the rule."""
    out = explained(policies, capsys, "--earlier-episodes", "0")
    assert "    escalate: step 1 of 2\n    then grant dj: decides the slot\n" in out
    assert "    cooldown 0:05:00, of which nothing is left\n" in out
    out = explained(policies, capsys, "--earlier-episodes", "7")
    assert "    escalate: step 2 of 2\n" in out
    assert "    then mute: decides the slot\n" in out
    assert "    then undeafen: decides the slot; nothing to do, it is so already\n" in out
    assert "    hold: for 0:10:00 at least\n" in out
    assert "    then suppress: nothing, outside of a stage channel\n" in out


def test_json_has_all_of_it(policies: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Lengths are seconds."""
    given = ("--entries", "2", "--earlier-episodes", "1", "--format", "json")
    shown: dict[str, Any] = json.loads(explained(policies, capsys, *given))
    assert shown["unknown"] == ["channel_entries", "time_used"]
    rules = {each["rule"]: each for each in shown["rules"]}
    assert rules["hop"]["conditions"][0]["off_by"] == -1
    assert rules["raid"]["conditions"][0]["value"] == "unknown"
    assert rules["steps"]["escalation"] == {"step": 2, "steps": 2}
    assert (rules["steps"]["hold_seconds"], rules["steps"]["cooldown_seconds"]) == (600, 300)
    assert rules["raid"]["effects"][0]["params"] == {"channel": "22", "text": "raid"}


@pytest.mark.parametrize(
    "options",
    [
        ("--entries", "0"),
        ("--entries", "1001"),
        ("--channel-entries", "x"),
        ("--time-used", "soon"),
        ("--earlier-episodes", "-1"),
    ],
)
def test_what_makes_no_sense_ends_with_2(
    policies: str, options: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said which option is wrong."""
    assert main(["explain", policies, *WHO, *options]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert options[0] in shown.err


def test_too_much_that_is_not_known_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said how much, and what would tell."""
    when = (
        "{{entries: {{min: {0}, within: 1m}}, channel_entries: {{min: {0}, within: 1m}},"
        " time_used: {{min: {0}s, per: day}}}}"
    )
    rules = "".join(
        f"  r{number}: {{when: {when.format(number + 2)}, then: {{mute: true}}}}\n"
        for number in range(40)
    )
    (tmp_path / "guild.yaml").write_text(f"version: 1\nguild: {{id: '1'}}\nrules:\n{rules}")
    assert main(["explain", str(tmp_path), "--member", "11", "--channel", "21", *WHO[4:]]) == 2
    shown = capsys.readouterr()
    assert "68921 ways" in shown.err.replace(",", "")
    assert "--entries, --channel-entries and --time-used" in shown.err
