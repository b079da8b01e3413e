from pathlib import Path

import pytest

from voxguard.cli import bundled

ROOT = Path(__file__).parents[3]


def test_a_source_tree_brings_its_own_files() -> None:
    """Without an installation the samples and the schema are those at the top of the tree."""
    assert bundled.sample_policies() == ROOT / "policies"
    assert bundled.schema_dir() == ROOT / "schema"


def test_an_installation_brings_copies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In an installed package they are found inside of it."""
    monkeypatch.setattr(bundled, "_PACKAGE", tmp_path)
    installed = tmp_path / "_data" / "policies"
    installed.mkdir(parents=True)
    assert bundled.sample_policies() == installed
