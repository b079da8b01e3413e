"""The gate's own judgement: what it must let through and what it must stop."""

import json
import zipfile
from pathlib import Path

import pytest

from tests import __main__ as gate
from tests.gate import shares, wheel

PYPROJECT = """
[tool.voxguard.coverage]
default = 90
engine = 100
"""


def report(tmp_path: Path, **covered: int) -> tuple[Path, Path]:
    """A coverage report with ten lines in each package, of which as many ran as are given."""
    files = {
        f"voxguard/{package}/part.py": {
            "summary": {
                "covered_lines": lines,
                "num_statements": 8,
                "covered_branches": 0,
                "num_branches": 2,
            }
        }
        for package, lines in covered.items()
    }
    measured = tmp_path / "coverage.json"
    measured.write_text(json.dumps({"files": files}))
    wanted = tmp_path / "pyproject.toml"
    wanted.write_text(PYPROJECT)
    return measured, wanted


def test_each_package_is_judged_by_its_own_share(tmp_path: Path) -> None:
    """A package below its share is named, however well the others are tested."""
    measured, wanted = report(tmp_path, engine=9, store=8, web=9)
    assert shares.shortfalls(measured, wanted) == [
        "engine: 90.00 % of 100 % reached",
        "store: 80.00 % of 90 % reached",
    ]


def test_a_package_that_was_not_measured_is_named(tmp_path: Path) -> None:
    """A promised package that the report does not know is a shortfall, not a success."""
    measured, wanted = report(tmp_path, store=10)
    assert shares.shortfalls(measured, wanted) == ["engine: no file of it was measured"]


@pytest.mark.parametrize(
    ("file", "package"),
    [
        ("voxguard/errors.py", "voxguard"),
        ("voxguard/engine/state.py", "engine"),
        ("/src/voxguard/voxguard/policy/yaml/reader.py", "policy"),
    ],
)
def test_files_belong_to_the_package_below_the_top(file: str, package: str) -> None:
    """A nested module counts for its top package, a module at the top for `voxguard`."""
    assert shares.package_of(file) == package


def test_a_wheel_without_its_data_is_refused(tmp_path: Path) -> None:
    """The wheel must bring the SQL, the samples and the schema, not the code alone."""
    built = tmp_path / "voxguard.whl"
    with zipfile.ZipFile(built, "w") as archive:
        archive.writestr("voxguard/py.typed", "")
        archive.writestr("voxguard/_data/policies/example/guild.yaml", "")
    assert {
        "voxguard/store/migrations/*.sql",
        "voxguard/_data/schema/voxguard-policy-v1.schema.json",
        "voxguard/_data/schema/voxguard-test-v1.schema.json",
    } < set(wheel.missing(built))
    assert "voxguard/_data/policies/*.yaml" not in wheel.missing(built)


def test_the_first_failing_step_ends_the_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A step that fails makes the whole run fail, and no later step is tried."""
    tried = []

    def tool(name: str, *_: str) -> None:
        tried.append(name)
        if name == "mypy":
            message = "mypy ended with 1"
            raise gate.StepFailedError(message)

    monkeypatch.setattr(gate, "_tool", tool)
    assert gate.main() == 1
    assert tried == ["ruff", "ruff", "mypy"]
    assert capsys.readouterr().out.splitlines()[-1] == "FAILED: mypy ended with 1"


def test_a_tool_that_fails_fails_its_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tool's exit code other than 0 is a failure of the step."""
    with pytest.raises(gate.StepFailedError, match="ruff ended with 2"):
        gate._tool("ruff", "no-such-command")


def test_when_all_steps_pass_the_closing_line_of_the_tests_comes_last(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """How many tests passed is the last thing that a successful run says."""
    monkeypatch.setattr(gate, "_tool", lambda *_: None)
    monkeypatch.setattr(gate, "_coverage", lambda _: None)
    monkeypatch.setattr(gate, "_wheel", lambda _: None)
    monkeypatch.setattr(gate, "_pytest", lambda _: "===== 7 passed in 1.00s =====")
    assert gate.main() == 0
    assert capsys.readouterr().out.splitlines()[-1] == "===== 7 passed in 1.00s ====="
