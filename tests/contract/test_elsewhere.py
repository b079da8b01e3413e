"""What other repositories take from this one for their CI: the action and the hooks."""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from voxguard.cli.bundled import sample_policies
from voxguard.cli.commands import COMMANDS

ROOT: Final = Path(__file__).parents[2]
BINARIES: Final = Path(sys.executable).parent
ACTION: Final = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
HOOKS: Final = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
STEPS: Final[dict[str, dict[str, Any]]] = {
    step["name"]: step for step in ACTION["runs"]["steps"] if "run" in step
}
BROKEN: Final = "version: 1\nrules: {x: {then: {jump: true}}}\n"

installs = pytest.mark.skipif(
    "VOXGUARD_TEST_INSTALLS" not in os.environ,
    reason="installs from the package index; .ci/long does",
)


def _run(*command: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in {"HOME", "LANG", "TMPDIR"}
        or name.lower().startswith(("pip_", "http", "no_proxy", "ssl_", "requests_"))
    }
    return subprocess.run(
        [str(each) for each in command],
        cwd=cwd,
        env={**kept, "PATH": f"{BINARIES}:/usr/bin:/bin", **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )


def _step(name: str, place: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """A step as a runner runs it, with the inputs where its environment says."""
    step = STEPS[name]
    expressions = {
        "steps.python.outputs.python-path": sys.executable,
        "github.action_path": str(ROOT),
        **{f"inputs.{key}": str(value["default"]) for key, value in ACTION["inputs"].items()},
        **{f"inputs.{key.replace('_', '-')}": value for key, value in inputs.items()},
    }
    given = {
        key: expressions[value.removeprefix("${{").removesuffix("}}").strip()]
        for key, value in step["env"].items()
    }
    shell = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
    return _run(
        *shell, step["run"], cwd=place, RUNNER_TEMP=str(place / "runner temp"), CI="true", **given
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A checkout with policies, and the program where the action would have put it."""
    shutil.copytree(sample_policies(), tmp_path / "policies")
    program = tmp_path / "runner temp" / "voxguard" / "bin" / "voxguard"
    program.parent.mkdir(parents=True)
    program.symlink_to(BINARIES / "voxguard")
    return tmp_path


def test_public_checkers_take_them() -> None:
    """GitHub's schema of actions, and pre-commit's own of manifests."""
    for command in (
        ("check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml"),
        ("pre-commit", "validate-manifest", ".pre-commit-hooks.yaml"),
    ):
        done = _run(*command, cwd=ROOT)
        assert done.returncode == 0, done.stdout + done.stderr


def test_no_input_gets_into_a_script() -> None:
    """What a workflow hands over is data: scripts know it by the names of variables alone."""
    assert list(STEPS) == ["Install", "Lint", "Test"]
    for step in STEPS.values():
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"
        used = set(re.findall(r"\$\{?([A-Z_]+)", step["run"]))
        assert used <= step["env"].keys() | {"RUNNER_TEMP"}
        assert step["env"].keys() <= used
    said = (ROOT / "action.yml").read_text("utf-8")
    assert set(re.findall(r"inputs\.([\w-]+)", said)) == ACTION["inputs"].keys()


def test_good_policies_pass(workspace: Path) -> None:
    """With no input at all they are looked for where commands look for them."""
    for name in ("Lint", "Test"):
        done = _step(name, workspace)
        assert (done.returncode, done.stderr) == (0, "")


def test_bad_policies_fail_beside_their_lines(workspace: Path) -> None:
    """An annotation names the file from the top of the checkout."""
    (workspace / "policies" / "broken.yaml").write_text(BROKEN)
    done = _step("Lint", workspace)
    assert done.returncode == 3
    assert done.stdout.startswith("::error file=policies/broken.yaml,line=2,col=")
    assert _step("Test", workspace).returncode == 3


def test_a_test_that_fails_fails_the_job(workspace: Path) -> None:
    """Its name and its reasons are in the log."""
    file = workspace / "policies" / "example-guild" / "rules" / "lobby.yaml"
    file.write_text(file.read_text("utf-8").replace("for: 1h", "for: 2h"), "utf-8")
    done = _step("Test", workspace)
    assert done.returncode == 1
    assert "FAILED  example-guild/rules/lobby.test.yaml:" in done.stdout


def test_the_inputs_are_heard(workspace: Path) -> None:
    """Another directory, of whatever name, and another level at which to fail."""
    hostile = workspace / '-a $(touch ruined) "b";exit'
    shutil.move(workspace / "policies", hostile)
    (hostile / "unused.yaml").write_text("version: 1\nlists: {unused: {entries: ['5']}}\n")
    assert _step("Lint", workspace, path=hostile.name).returncode == 0
    done = _step("Lint", workspace, path=hostile.name, fail_level="warning")
    assert done.returncode == 1
    assert "::warning file=" in done.stdout
    assert _step("Test", workspace, path=hostile.name).returncode == 0
    assert _step("Lint", workspace, path=hostile.name, fail_level="$(touch ruined)").returncode == 2
    assert not (workspace / "ruined").exists()


def _recording_python(place: Path) -> Path:
    """A Python that makes an environment of itself, and only writes down what it is told."""
    python = place / "python"
    python.write_text(
        "#!/bin/bash\n"
        f'printf "%s|" "$@" >> "{place}/told"; echo >> "{place}/told"\n'
        'if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; fi\n'
    )
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    return python


@pytest.mark.parametrize(
    ("version", "package"), [("", str(ROOT)), ("0.1.0", "voxguard==0.1.0"), ("1.0rc1+a", None)]
)
def test_the_version_that_is_wanted_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, package: str | None
) -> None:
    """Into an environment of its own: what came with the action, or what is asked for."""
    python = _recording_python(tmp_path)
    monkeypatch.setattr(sys, "executable", str(python))
    done = _step("Install", tmp_path, version=version)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    venv, pip = (tmp_path / "told").read_text().splitlines()
    assert venv == f"-m|venv|{tmp_path}/runner temp/voxguard|"
    assert pip.startswith("-m|pip|install|")
    assert pip.endswith(f"|{package or f'voxguard=={version}'}|")


@pytest.mark.parametrize(
    "version", ["latest", "0.1.0 evil", "-r x", "1;touch ruined", "1 @ file:x"]
)
def test_what_is_no_version_is_refused(tmp_path: Path, version: str) -> None:
    """Nothing is installed but voxguard."""
    done = _step("Install", tmp_path, version=version)
    assert done.returncode == 2
    assert done.stdout == "::error::the input version is no version such as 0.1.0\n"
    assert list(tmp_path.iterdir()) == []


def test_the_hooks_are_commands(workspace: Path) -> None:
    """Each runs as it stands, with the directory as an argument or without."""
    assert [hook["id"] for hook in HOOKS] == ["voxguard-lint", "voxguard-test"]
    for hook in HOOKS:
        program, command = hook["entry"].split()
        assert program == "voxguard"
        assert hook["description"] == COMMANDS[command]
        for arguments in ((), ("policies",)):
            assert _run(program, command, *arguments, cwd=workspace).returncode == 0


@installs
def test_the_action_installs_what_it_came_with(workspace: Path) -> None:
    """All of its steps, from the index to a verdict."""
    shutil.rmtree(workspace / "runner temp")
    for name in STEPS:
        done = _step(name, workspace)
        assert done.returncode == 0, done.stdout + done.stderr


@installs
def test_pre_commit_installs_and_runs_the_hooks(workspace: Path, tmp_path: Path) -> None:
    """In somebody else's repository, from a repository with what is here now."""
    ours = tmp_path / "ours"
    shutil.copytree(ROOT, ours, ignore=shutil.ignore_patterns(".git", ".venv", ".*_cache"))
    author = ("-c", "user.name=a", "-c", "user.email=a@localhost")
    theirs = workspace / "policies"
    for place in (ours, theirs):
        for words in (("init", "-q"), ("add", "."), (*author, "commit", "-qm", "x")):
            assert _run("git", *words, cwd=place).returncode == 0
    settings = {"PRE_COMMIT_HOME": str(tmp_path / "pre-commit"), "VOXGUARD_POLICIES": "."}
    command = ("pre-commit", "try-repo", ours, "--all-files", "--verbose")
    done = _run(*command, cwd=theirs, **settings)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Passed") == 2
    (theirs / "broken.yaml").write_text(BROKEN)
    done = _run(*command, cwd=theirs, **settings)
    assert done.returncode == 1
    assert "broken.yaml:2:" in done.stdout
