"""The repository that `voxguard init` makes, as people, CI and other programs use it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from voxguard import __version__
from voxguard.cli.scaffold.content import GUILD
from voxguard.policy.files import is_test

BINARIES: Final = Path(sys.executable).parent
CI: Final = {"CI": "true", "GITHUB_ACTIONS": "true"}


def _run(*command: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    # No setting of whoever runs this counts.
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
    return subprocess.run(
        [str(each) for each in command],
        cwd=cwd,
        env={**kept, "PATH": f"{BINARIES}:/usr/bin:/bin", **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new repository, made by the real command."""
    place = tmp_path_factory.mktemp("init") / "наши правила"
    done = _run("voxguard", "init", place, cwd=place.parent)
    assert (done.returncode, done.stderr) == (0, "")
    return place


def _yaml(file: Path) -> Any:  # noqa: ANN401 - whatever YAML can hold
    return yaml.safe_load(file.read_text("utf-8"))


def _steps(repository: Path) -> list[dict[str, Any]]:
    workflow = _yaml(repository / ".github" / "workflows" / "voxguard.yaml")
    [job] = workflow["jobs"].values()
    return list(job["steps"])


@pytest.mark.parametrize("place", [".", "/"])
def test_it_lints_clean(repository: Path, place: str) -> None:
    """Not even a warning, from wherever it is looked at."""
    path = (repository / "policies").as_posix() if place == "/" else "policies"
    done = _run("voxguard", "lint", path, "--format", "json", cwd=repository / place)
    assert done.returncode == 0
    assert json.loads(done.stdout)["problems"] == []


@pytest.mark.parametrize("place", [".", "/"])
def test_it_passes_its_tests(repository: Path, place: str) -> None:
    """All of them, and each rule has held in one."""
    path = (repository / "policies").as_posix() if place == "/" else "policies"
    done = _run("voxguard", "test", path, "--coverage", "--format", "json", cwd=repository / place)
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert found["summary"]["passed"] == found["summary"]["tests"] > 10
    assert found["coverage"]["held"] == found["coverage"]["rules"] > 3


def test_commands_find_the_policies_by_themselves(repository: Path) -> None:
    """In the repository nothing but the command has to be typed."""
    for command in ("lint", "test"):
        done = _run("voxguard", command, cwd=repository)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
def test_a_guild_may_be_elsewhere(repository: Path, tmp_path: Path, zone: str) -> None:
    """The tests hold in the guild's own time zone, whichever is put in place of the sample's."""
    for file in (repository / "policies").rglob("*"):
        if file.is_file():
            copy = tmp_path / "policies" / file.relative_to(repository / "policies")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    guild = tmp_path / GUILD
    text, changes = re.subn(r"timezone: .*", f"timezone: {zone}", guild.read_text("utf-8"))
    assert changes == 1
    guild.write_text(text, "utf-8")
    assert _run("voxguard", "lint", "--fail-level", "warning", cwd=tmp_path).returncode == 0
    assert _run("voxguard", "test", cwd=tmp_path).returncode == 0


def test_the_workflow_does_what_it_says(repository: Path) -> None:
    """Its steps, run as a runner runs them: quiet when all is well, and red when it is not."""
    runs = [step["run"] for step in _steps(repository) if "run" in step]
    install, *checks = runs
    assert install.endswith(f'"voxguard=={__version__}"')
    assert len(checks) == 2
    for run in checks:
        done = _run("bash", "-eo", "pipefail", "-c", run, cwd=repository, **CI)
        assert (done.returncode, done.stderr) == (0, "")
        assert "::" not in done.stdout
    broken = repository / "policies" / "broken.yaml"
    broken.write_text("version: 1\nrules: {x: {then: {jump: true}}}\n")
    try:
        done = _run("bash", "-eo", "pipefail", "-c", checks[0], cwd=repository, **CI)
    finally:
        broken.unlink()
    assert done.returncode == 3
    assert done.stdout.startswith("::error file=policies/broken.yaml,line=2,col=")


def test_the_workflow_has_no_more_rights_than_it_needs(repository: Path) -> None:
    """It reads, keeps no token, and asks nobody but the runner's own registry."""
    file = repository / ".github" / "workflows" / "voxguard.yaml"
    assert _yaml(file)["permissions"] == {"contents": "read"}
    assert "${{" not in file.read_text("utf-8")
    assert "://" not in file.read_text("utf-8")
    checkout = next(step for step in _steps(repository) if "checkout" in step.get("uses", ""))
    assert checkout["with"] == {"persist-credentials": False}


def _files(repository: Path, *, tests: bool) -> Iterator[Path]:
    for file in sorted((repository / "policies").rglob("*.yaml")):
        if is_test(file.name) is tests:
            yield file


def test_public_checkers_take_each_file(repository: Path) -> None:
    """The workflow, the hooks, and every policy and test by the schemas that came along."""
    schemas = repository / "schema"
    commands: list[list[str | Path]] = [
        [
            *("check-jsonschema", "--builtin-schema", "vendor.github-workflows"),
            *(repository / ".github" / "workflows").iterdir(),
        ],
        ["pre-commit", "validate-config", repository / ".pre-commit-config.yaml"],
        [
            *("check-jsonschema", "--schemafile", schemas / "voxguard-policy-v1.schema.json"),
            *_files(repository, tests=False),
        ],
        [
            *("check-jsonschema", "--schemafile", schemas / "voxguard-test-v1.schema.json"),
            *_files(repository, tests=True),
        ],
    ]
    for command in commands:
        done = _run(*command, cwd=repository)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_hooks_run_what_they_say(repository: Path) -> None:
    """Each hook is a command that succeeds, of the version that made the repository."""
    [local] = _yaml(repository / ".pre-commit-config.yaml")["repos"]
    assert len(local["hooks"]) == 2
    for hook in local["hooks"]:
        assert hook["additional_dependencies"] == [f"voxguard=={__version__}"]
        assert _run("bash", "-c", hook["entry"], cwd=repository).returncode == 0


def test_editors_find_the_schemas(repository: Path) -> None:
    """The settings name schemas that are there, and so does the first line of each file."""
    settings = json.loads((repository / ".vscode" / "settings.json").read_text("utf-8"))
    for schema in settings["yaml.schemas"]:
        assert (repository / schema).is_file()
    for tests in (True, False):
        kind = "test" if tests else "policy"
        for file in _files(repository, tests=tests):
            first = file.read_text("utf-8").partition("\n")[0]
            schema = (file.parent / first.partition("=")[2]).resolve()
            assert schema == repository / "schema" / f"voxguard-{kind}-v1.schema.json"
    wanted = json.loads((repository / ".vscode" / "extensions.json").read_text("utf-8"))
    assert "redhat.vscode-yaml" in wanted["recommendations"]


def test_the_readme_is_true(repository: Path) -> None:
    """Each path that it names is there, and each command in a block of its own succeeds."""
    text = (repository / "README.md").read_text("utf-8")
    paths = re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)
    assert len(paths) > 5
    assert [path for path in paths if not (repository / path).exists()] == []
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    commands = "".join(blocks).splitlines()
    assert [command.split()[1] for command in commands[:3]] == ["lint", "test", "explain"]
    for command in commands:
        done = _run("bash", "-c", command, cwd=repository)
        assert (done.returncode, done.stderr) == (0, ""), command


def test_secrets_and_recordings_stay_out_of_git(repository: Path) -> None:
    """What holds a token or names of members is not taken up; every file that was made is."""
    _run("git", "init", "-q", cwd=repository)
    for name in (".env", "trace.jsonl"):
        assert _run("git", "check-ignore", "-q", name, cwd=repository).returncode == 0
    for file in repository.rglob("*"):
        if file.is_file() and ".git" not in file.parts:
            assert _run("git", "check-ignore", "-q", file, cwd=repository).returncode == 1
