from pathlib import Path

import pytest

from voxguard.errors import UnreachableError
from voxguard.store.embedded import binaries as binaries_module
from voxguard.store.embedded.binaries import Binaries, choose_binaries


def program(path: Path, text: str) -> None:
    """An executable script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which only this directory may hold versions."""
    monkeypatch.setattr(binaries_module, "find_spec", lambda _: None)
    monkeypatch.setattr(binaries_module, "_DEBIAN", tmp_path / "versions")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for major in (9, 16, 17):
        bin_dir = tmp_path / "versions" / str(major) / "bin"
        program(bin_dir / "postgres", f"echo 'postgres (PostgreSQL) {major}.2'")
        program(bin_dir / "initdb", "exit 1")
    (tmp_path / "versions" / "17" / "bin" / "psql").write_text("")
    return tmp_path / "versions"


def test_the_newest_version_is_taken(versions: Path, tmp_path: Path) -> None:
    """Without data any version will do, so the newest is the best."""
    assert choose_binaries(tmp_path).bin_dir == versions / "17" / "bin"


@pytest.mark.usefixtures("versions")
def test_the_version_of_the_data_is_taken(tmp_path: Path) -> None:
    """Data that are there already are of one version, and no other reads them."""
    (tmp_path / "pg16").mkdir()
    assert choose_binaries(tmp_path).major == 16


@pytest.mark.usefixtures("versions")
def test_a_program_on_the_path_comes_before(tmp_path: Path) -> None:
    """Who puts a server on the PATH means that one."""
    program(tmp_path / "bin" / "postgres", "echo 'postgres (PostgreSQL) 15.1'")
    program(tmp_path / "bin" / "initdb", "exit 1")
    assert choose_binaries(tmp_path).major == 15


def test_without_any_it_says_what_to_do(versions: Path, tmp_path: Path) -> None:
    """Too old ones, and those that do not run, count for nothing."""
    for major in (16, 17):
        (versions / str(major) / "bin" / "initdb").unlink()
    with pytest.raises(UnreachableError, match="no PostgreSQL server") as caught:
        choose_binaries(tmp_path)
    assert "voxguard[embedded]" in str(caught.value.hint)


def test_what_does_not_run_has_no_version(tmp_path: Path) -> None:
    """A program that is missing or talks nonsense is not used."""
    assert Binaries(tmp_path, tmp_path).major == 0
    program(tmp_path / "postgres", "echo nonsense")
    assert Binaries(tmp_path, tmp_path).major == 0
