import json
import re
from pathlib import Path

import pytest

from voxguard.cli.app import main

GUILD = """
version: 1
guild:
  id: "1"
  channels: {lobby: "21", afk: "22", hall: "30"}
  roles: {staff: "41", dj: "42"}
  exempt: {who: {roles: staff}}
lists: {blocked: {entries: [{id: "12", until: 2026-04-01}]}}
schedules: {quiet: {windows: [{start: "0 22 * * *", end: "0 8 * * *"}]}}
rules:
  blocked-out: {priority: 1, who: {lists: blocked}, then: {disconnect: true}}
  djs: {priority: 2, who: {roles: dj}, where: hall, then: {allow: true}}
  limit: {where: lobby, for: {time: 1h, across_channels: true}, then: {move: afk}}
  night:
    mode: observe
    where: lobby
    when: {schedule: quiet, state: {camera: false}}
    unless: {who: {bot: true}}
    then: {mute: true}
  later: {mode: off, then: {mute: true}}
"""
AT = ["--at", "2026-03-02T23:00:00Z"]


@pytest.fixture
def policies(tmp_path: Path) -> str:
    """A policy set of one guild."""
    directory = tmp_path / "moscow"
    directory.mkdir()
    (directory / "guild.yaml").write_text(GUILD, "utf-8")
    return str(tmp_path)


def test_the_tree_is_indented_in_a_pipe(policies: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every rule with its conditions, what they want, what is so, and what becomes of it."""
    assert main(["explain", policies, "--member", "11", "--channel", "lobby", *AT]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "11 in lobby of moscow, 2026-03-02 23:00:00Z",
        "  exempt: no",
        "    - exempt.who.roles any staff: does not match, it is everyone",
        "  - blocked-out does not hold: not every condition matches  (priority 1)",
        "    - who.lists any blocked: does not match, it is nothing",
        "    then disconnect: nothing, while the rule does not hold",
        "  - djs does not hold: not every condition matches  (priority 2)",
        "    - who.roles any dj: does not match, it is everyone",
        (
            "    ? where.channels any hall: may match: not known, it is channel lobby,"
            " category unknown"
        ),
        "    then allow: no later rule acts while it holds",
        (
            "  - limit does not hold: not for long enough yet;"
            " begins 2026-03-03 00:00:00Z if nothing changes before  (priority 100)"
        ),
        "    + where.channels any lobby: matches, it is channel lobby, category unknown",
        "    for 1:00:00 across channels: until 2026-03-03 00:00:00Z, counted from this instant",
        "    then move to afk: nothing, while the rule does not hold",
        (
            "  + night holds; ends 2026-03-03 08:00:00Z if nothing changes before"
            "  (priority 100, observe)"
        ),
        "    + where.channels any lobby: matches, it is channel lobby, category unknown",
        "    + when.schedule any quiet: matches, it is quiet; may change 2026-03-03 08:00:00Z",
        "    + when.state camera false: matches, it is camera false",
        "    unless: does not match",
        "      - who.bot true: does not match, it is false",
        "    then mute: decides the slot",
        "  decided at once",
        "    mute by night (observed)",
        "  next change by time alone: 2026-03-03 00:00:00Z",
        "  off: later",
        "  taken for granted",
        "    joins at this instant, by their own hand",
        "    is neither the guild's owner nor an administrator",
        "    the channel is not the guild's AFK channel",
        "    is not muted or deafened by anybody, not in a stage's audience, no camera, no stream",
        "    is in no rule's cooldown",
        "  not known: the channel's category and kind; --category and --kind say",
    ]


def test_losing_and_unknown_effects_are_told(
    policies: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What depends on an unknown fact is possible, and who loses a slot is told to whom."""
    who = ["--member", "12", "--role", "42", "--channel", "21", "--guild", "moscow"]
    assert main(["explain", policies, *who, *AT]) == 0
    out = capsys.readouterr().out
    assert "  ? djs may hold: not every condition matches  (priority 2)\n" in out
    assert (
        "    then mute: waits, since blocked-out decides where the member goes,"
        " or loses: behind the allow of djs\n"
    ) in out
    assert "  decided at once\n    disconnect by blocked-out\n" in out


def test_the_category_and_the_kind_can_be_given(
    policies: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is given is not unknown any more; `none` is no category."""
    who = ["--member", "11", "--role", "dj", "--channel", "lobby", "--kind", "voice", *AT]
    assert main(["explain", policies, *who, "--category", "hall"]) == 0
    out = capsys.readouterr().out
    assert "+ djs holds" in out
    assert "category hall" in out
    assert "not known" not in out
    assert main(["explain", policies, *who, "--category", "none"]) == 0
    out = capsys.readouterr().out
    assert "- djs does not hold" in out
    assert "category none" in out


def test_nothing_decided_is_said(policies: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An exempt member meets no rule, and nothing changes by itself."""
    who = ["--member", "11", "--role", "staff", "--channel", "afk", "--bot", *AT]
    assert main(["explain", policies, *who]) == 0
    out = capsys.readouterr().out
    assert "  exempt: yes (bots)\n" in out
    assert "djs does not hold: the member is exempt" in out
    assert "  decided at once: nothing\n" in out
    assert "  next change by time alone: never, or not soon\n" in out


def test_json_is_one_document(policies: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The machine format has ids and instants; without --at it is about now."""
    who = ["--member", "11", "--channel", "lobby", "--guild", "1", "--format", "json"]
    assert main(["explain", policies, *who]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["guild"], shown["member"], shown["channel"]) == ("1", "11", "21")
    assert [each["rule"] for each in shown["rules"]] == ["blocked-out", "djs", "limit", "night"]
    assert shown["off"] == ["later"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--member", "11", "--channel", "loby"], "no channel 'loby'\nhint: Did you mean lobby?"),
        (["--member", "al", "--channel", "lobby"], "'al' is not the id of a member"),
        (["--member", "11", "--channel", "lobby", "--role", "d-j"], "no role 'd-j'"),
        (["--member", "11", "--channel", "lobby", "--guild", "berlin"], "no guild 'berlin'"),
        (["--member", "11", "--channel", "lobby", "--category", "x"], "no channel 'x'"),
        (["--member", "11", "--channel", "lobby", "--at", "9999-01-01"], "not between the years"),
        (["--member", "11", "--channel", "lobby", "--at", "noon"], "not an instant"),
        (["--channel", "lobby"], "--member"),
    ],
)
def test_what_is_unknown_ends_with_2(
    policies: str, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name that is in no file is refused with what is close to it."""
    assert main(["explain", policies, *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert message in shown.err


def test_a_terminal_gets_a_tree(
    policies: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal the tree is drawn and coloured."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert main(["explain", policies, "--member", "11", "--channel", "lobby", *AT]) == 0
    out = capsys.readouterr().out
    assert "├── " in out
    assert "\x1b[" in out


def test_nothing_of_the_tree_is_cut_off_on_a_narrow_terminal(
    policies: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines that are longer than the screen is wide are wrapped, and keep every word."""
    arguments = ["explain", policies, "--member", "11", "--channel", "lobby", *AT]
    assert main(arguments) == 0
    piped = capsys.readouterr().out
    for name, value in {"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": "40"}.items():
        monkeypatch.setenv(name, value)
    assert main(arguments) == 0
    drawn = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert max(map(len, drawn.splitlines())) == 40
    words = re.sub(r"[│├└─]", " ", drawn).split()
    assert [word for word in piped.split() if word not in words] == []
