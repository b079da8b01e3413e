"""Whether what users install works: the built wheel, alone in an environment of its own."""

import fnmatch
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

# What the program cannot do without, besides its code.
CARRIED = (
    "voxguard/py.typed",
    "voxguard/cli/scaffold/files/workflow.yaml",
    "voxguard/store/migrations/*.sql",
    "voxguard/_data/policies/*.yaml",
    "voxguard/_data/schema/voxguard-policy-v1.schema.json",
    "voxguard/_data/schema/voxguard-test-v1.schema.json",
)


def _run(*command: str | Path, cwd: Path) -> None:
    # Nothing of the developer's environment may help or disturb.
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "HOME", "LANG", "TMPDIR"}
        or name.lower().startswith(("pip_", "http", "no_proxy", "ssl_", "requests_"))
    }
    subprocess.run(command, cwd=cwd, env=kept, stdin=subprocess.DEVNULL, check=True)


def build(root: Path, target: Path) -> Path:
    """Build the sdist and, from that, the wheel: a file missing in the one shows in the other."""
    command = (sys.executable, "-m", "build", "--no-isolation", "--outdir", target, root)
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    (wheel,) = target.glob("*.whl")
    return wheel


def missing(wheel: Path) -> list[str]:
    """The patterns of `CARRIED` that no file in the wheel matches."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    return [pattern for pattern in CARRIED if not fnmatch.filter(names, pattern)]


def smoke(wheel: Path, place: Path) -> None:
    """Install the wheel into a new environment and use the samples that it brings.

    Raises:
        subprocess.CalledProcessError: One of the commands failed.
    """
    venv.create(place / "venv", with_pip=True)
    binaries = place / "venv" / "bin"
    _run(binaries / "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=place)
    _run(binaries / "pip", "--disable-pip-version-check", "check", cwd=place)
    _run(binaries / "voxguard", "--version", cwd=place)
    _run(binaries / "python", "-m", "voxguard", "--help", cwd=place)
    (package,) = (place / "venv").glob("lib/python*/site-packages/voxguard")
    shutil.copytree(package / "_data" / "policies", place / "policies")
    _run(binaries / "voxguard", "lint", cwd=place)
    _run(binaries / "voxguard", "schema", "--out", place / "schema.json", cwd=place)
    _run(binaries / "voxguard", "init", "repository", cwd=place)
    _run(binaries / "voxguard", "lint", "--fail-level", "warning", cwd=place / "repository")
    _run(binaries / "voxguard", "test", cwd=place / "repository")
