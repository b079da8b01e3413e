"""What `explain` does not know until it is given on the command line."""

from pathlib import Path

import pytest

from voxguard.cli.app import main

AT = ["--at", "2026-03-02T23:00:00Z"]


def test_ages_are_lengths_of_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What an age must be, what it is, and when that changes."""
    rule = "{who: {account_age: {max: 7d}}, then: {mute: true}}"
    (tmp_path / "guild.yaml").write_text(f"version: 1\nguild: {{id: '1'}}\nrules: {{new: {rule}}}")
    who = ["--member", "175928847299117063", "--channel", "21", "--at", "2016-05-07T10:18:25.796Z"]
    assert main(["explain", str(tmp_path), *who]) == 0
    assert (
        "    + who.account_age max 7 days, 0:00:00: matches, it is 6 days, 23:00:00;"
        " may change 2016-05-07 11:18:25.796000Z\n"
    ) in capsys.readouterr().out


def test_when_the_member_joined_can_be_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where a rule asks for it, it is not known until it is given."""
    rule = "{who: {membership_age: {max: 7d}}, then: {mute: true}}"
    (tmp_path / "guild.yaml").write_text(f"version: 1\nguild: {{id: '1'}}\nrules: {{new: {rule}}}")
    who = ["--member", "11", "--channel", "21", "--category", "none", *AT]
    assert main(["explain", str(tmp_path), *who]) == 0
    out = capsys.readouterr().out
    assert (
        "    ? who.membership_age max 7 days, 0:00:00: may match: not known, it is unknown\n" in out
    )
    assert (
        "  not known: the channel's kind, when the member joined; --kind and --joined-at say\n"
        in out
    )
    assert main(["explain", str(tmp_path), *who, "--kind", "voice"]) == 0
    assert "  not known: when the member joined; --joined-at says\n" in capsys.readouterr().out
    assert main(["explain", str(tmp_path), *who, "--joined-at", "2026-02-24T00:00+01:00"]) == 0
    assert (
        "max 7 days, 0:00:00: does not match, it is 7 days, 0:00:00, 0:00:00 over\n"
        in capsys.readouterr().out
    )
    assert main(["explain", str(tmp_path), *who, "--joined-at", "2026-02-24"]) == 0
    assert "matches, it is 6 days, 23:00:00; may change 2026-03-03 00:00:00Z" in (
        capsys.readouterr().out
    )
    assert main(["explain", str(tmp_path), *who, "--joined-at", "1815-01-01"]) == 2


def test_how_many_people_are_there_can_be_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The member counts as well, so that nobody is no answer but for a bot."""
    rule = "{where: {occupancy: {max: 1}}, then: {mute: true}}"
    (tmp_path / "guild.yaml").write_text(f"version: 1\nguild: {{id: '1'}}\nrules: {{one: {rule}}}")
    who = ["--member", "11", "--channel", "21"]
    assert main(["explain", str(tmp_path), *who]) == 0
    out = capsys.readouterr().out
    assert "? where.occupancy max 1: may match: not known, it is unknown\n" in out
    assert (
        "not known: the channel's category, kind and occupancy;"
        " --category, --kind and --occupancy say\n"
    ) in out
    assert main(["explain", str(tmp_path), *who, "--occupancy", "2"]) == 0
    assert "- where.occupancy max 1: does not match, it is 2, 1 over\n" in capsys.readouterr().out
    assert main(["explain", str(tmp_path), *who, "--occupancy", "0", "--bot"]) == 0
    assert main(["explain", str(tmp_path), *who, "--occupancy", "0"]) == 2
    assert "--occupancy counts the member as well" in capsys.readouterr().err
