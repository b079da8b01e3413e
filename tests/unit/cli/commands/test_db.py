import json
from pathlib import Path

import pytest

from voxguard.cli.app import main


def test_check_and_upgrade_of_a_database(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is pending is a finding before the upgrade, and none afterwards; twice is once."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert main(["db", "check"]) == 1
    assert "0001_sessions_and_actions" in capsys.readouterr().out
    assert main(["db", "upgrade"]) == 0
    upgraded = capsys.readouterr().out.splitlines()
    assert upgraded[0] == "migration 0001_sessions_and_actions"
    assert len([line for line in upgraded if line.startswith("partition ")]) == 6
    assert main(["db", "upgrade"]) == 0
    assert capsys.readouterr().out == "nothing to do\n"
    assert main(["db", "check"]) == 0
    assert "rows in action_logs" in capsys.readouterr().out


def test_check_for_programs(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The JSON form stands alone on standard output, whatever is found."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert main(["db", "check", "--format", "json"]) == 1
    before = json.loads(capsys.readouterr().out)
    assert before["pending_migrations"] == ["0001_sessions_and_actions"]
    assert (before["schema_version"], before["rows"]) == (0, {})
    main(["db", "upgrade"])
    capsys.readouterr()
    assert main(["db", "check", "--format", "json"]) == 0
    after = json.loads(capsys.readouterr().out)
    assert after["rows"] == {"voice_sessions": 0, "action_logs": 0}
    assert len(after["partitions"]) == 8


def test_missing_rights_are_a_warning(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A role that may not make partitions is told so; the command has done what it could."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    main(["db", "upgrade"])
    # Every role may read the system's catalogues; this one may read the migrations too.
    monkeypatch.setenv("DATABASE_URL", f"{database_url}&role=pg_read_all_data")
    monkeypatch.setattr("voxguard.store.partitions.MONTHS_AHEAD", 2)
    monkeypatch.setattr("voxguard.store.partitions.ensure_partitions.__defaults__", (9,))
    assert main(["db", "upgrade"]) == 0
    assert "no partitions were made" in capsys.readouterr().err


def test_the_embedded_database_is_started_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without DATABASE_URL the command brings its server along and takes it away again."""
    monkeypatch.setenv("VOXGUARD_STATE_DIR", str(tmp_path))
    assert main(["db", "upgrade"]) == 0
    assert "migration 0001" in capsys.readouterr().out
    assert not list(tmp_path.glob("pg*/postmaster.pid"))


def test_a_database_out_of_reach_is_exit_code_7(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The error says where, and no secret."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:secret@localhost:1/vox")
    assert main(["db", "check"]) == 7
    error = capsys.readouterr().err
    assert "vox at localhost:1: nothing listens there" in error
    assert "secret" not in error
