import re
import shutil
from pathlib import Path

import pytest

from voxguard import __version__
from voxguard.cli.bundled import sample_policies, schema_dir
from voxguard.cli.scaffold import content
from voxguard.cli.scaffold.content import GUILD, repository_files

FILES = repository_files()


def test_every_template_has_its_place() -> None:
    """No template is forgotten, and none is asked for that there is not."""
    assert {file.name for file in content._TEMPLATES.iterdir()} == set(content._PLACES)


def test_the_samples_come_along_as_they_are() -> None:
    """All of them, under a directory that is the guild's own; only placeholders are marked."""
    samples = sample_policies()
    names = {file.relative_to(samples).as_posix() for file in samples.rglob("*") if file.is_file()}
    copied = {name for name in FILES if name.startswith("policies/")}
    assert copied == {"policies/" + name.replace("example-guild", "my-guild") for name in names}
    for name in names - {"example-guild/guild.yaml"}:
        copy = FILES["policies/" + name.replace("example-guild", "my-guild")]
        assert copy == (samples / name).read_bytes()


def test_the_schemas_come_along() -> None:
    """Editors need nothing from the network."""
    for file in schema_dir().glob("*.json"):
        assert FILES[f"schema/{file.name}"] == file.read_bytes()
    assert len([name for name in FILES if name.startswith("schema/")]) == 2


def test_whatever_is_to_be_replaced_is_marked() -> None:
    """Every id and the time zone of the guild, and nothing else."""
    lines = FILES[GUILD].decode().splitlines()
    marked = [line for line in lines if line.endswith("  # placeholder")]
    assert marked == [line for line in lines if re.search(r"\d{15}|timezone:", line)]
    assert len(marked) > 5
    sample = (sample_policies() / "example-guild" / "guild.yaml").read_text("utf-8")
    assert [line.removesuffix("  # placeholder") for line in lines] == sample.splitlines()


def test_the_version_is_pinned() -> None:
    """What checks the policies is what they were made for."""
    assert not [name for name, data in FILES.items() if b"@VERSION@" in data]
    for name in (".github/workflows/voxguard.yaml", ".pre-commit-config.yaml", "README.md"):
        assert __version__ in FILES[name].decode()


def test_what_editors_leave_in_a_source_tree_stays_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A swap file or a back-up is nobody's sample."""
    samples = tmp_path / "policies"
    shutil.copytree(sample_policies(), samples)
    for name in (".guild.yaml.swp", ".hidden.yaml", "guild.yaml~", "notes.orig"):
        (samples / "example-guild" / name).write_text("not a sample")
    monkeypatch.setattr(content, "sample_policies", lambda: samples)
    assert repository_files() == FILES
