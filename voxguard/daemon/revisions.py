"""The last good revisions: their files, kept so that a broken edit survives no restart.

Below the directory each revision has one of its own, which is a policy set like any other,
and a file says which of them is active. Everything is written aside, brought to the disk
and renamed: whenever the machine stops, a whole revision is active.
"""

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from voxguard.errors import VoxguardError
from voxguard.policy.files import Sources, read_sources

_POINTER: Final = "active.json"
_INCOMING: Final = "incoming-"
_NAME_DIGITS: Final = 12


class DamagedRevisionError(VoxguardError):
    """What is kept of the last good revision cannot be used."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class KeptRevision:
    """The revision that was active last.

    `digest` is that of its files in `path`; `previous` names the directory of the revision
    before it, and is empty where there was none.
    """

    path: Path
    revision: str
    digest: str
    activated_at: datetime
    previous: str


@dataclass(frozen=True, slots=True)
class Staged:
    """Files of a policy set that were written aside, and their digest."""

    path: Path
    digest: str


def stage(sources: Sources, directory: Path) -> Staged:
    """Write the files of a policy set aside, on disk when this returns.

    Raises:
        OSError: They cannot be written; nothing of them is left behind.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=_INCOMING, dir=directory))
    try:
        made = {staged}
        for name, data in (*sources.policies.items(), *sources.lists.items()):
            file = staged / name
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            made.update(above for above in file.parents if above.is_relative_to(staged))
            _write(file, data)
        for written in made:
            _sync(written)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    return Staged(staged, Sources(sources.policies, sources.lists).digest)


def discard(staged: Staged) -> None:
    """Forget what was written aside."""
    shutil.rmtree(staged.path, ignore_errors=True)


class Revisions:
    """The revisions of one state directory; one process at a time may hold it."""

    def __init__(self, directory: Path) -> None:
        """Keep them below `directory`, which may not exist yet."""
        self.directory = directory

    def activate(self, staged: Staged, revision: str, at: datetime) -> None:
        """Make what was written aside the active revision, and keep the one before it.

        Where these files are those of the active revision already, nothing changes.

        Raises:
            OSError: It cannot be written; the one before stays the active one.
        """
        active = self._whole_active()
        if active is not None and active.digest == staged.digest:
            discard(staged)
            return
        name = f"{revision[:_NAME_DIGITS]}-{staged.digest[:_NAME_DIGITS]}"
        place = self.directory / name
        # What is there may be damaged, and what the pointer names is not to be touched.
        count = 1
        while place.exists():
            count += 1
            place = self.directory / f"{name}-{count}"
        staged.path.rename(place)
        _sync(self.directory)
        previous = active.path.name if active is not None else ""
        if active is not None and active.revision == revision:
            # The same meaning in other words takes the place of what it was before.
            previous = active.previous
        pointer = {
            "directory": place.name,
            "revision": revision,
            "digest": staged.digest,
            "activated_at": at.isoformat(),
            "previous": previous,
        }
        aside = self.directory / f"{_INCOMING}{_POINTER}"
        _write(aside, json.dumps(pointer, indent=2).encode() + b"\n")
        aside.rename(self.directory / _POINTER)
        _sync(self.directory)
        self._clear({place.name, previous})

    def active(self) -> KeptRevision | None:
        """The revision that was active last; None where there never was one.

        Raises:
            DamagedRevisionError: There was one, but what is kept of it cannot be read.
        """
        pointer = self._pointer()
        if pointer is None:
            return None
        return KeptRevision(
            path=self.directory / str(pointer["directory"]),
            revision=str(pointer["revision"]),
            digest=str(pointer["digest"]),
            activated_at=datetime.fromisoformat(str(pointer["activated_at"])),
            previous=str(pointer["previous"]),
        )

    def _whole_active(self) -> KeptRevision | None:
        """The active revision, unless it is damaged."""
        try:
            active = self.active()
        except DamagedRevisionError:
            return None
        if active is None or read_sources(active.path).digest != active.digest:
            return None
        return active

    def _pointer(self) -> dict[str, object] | None:
        file = self.directory / _POINTER
        try:
            pointer: dict[str, object] = json.loads(file.read_bytes())
            datetime.fromisoformat(str(pointer["activated_at"]))
            {pointer[key] for key in ("directory", "revision", "digest", "previous")}
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DamagedRevisionError(
                f"{file} cannot be used: {error}",
                hint="remove it; the next policy set that loads is then the first",
            ) from None
        return pointer

    def _clear(self, keep: set[str]) -> None:
        for entry in self.directory.iterdir():
            if entry.name not in {*keep, _POINTER}:
                shutil.rmtree(entry, ignore_errors=True)


def _write(file: Path, data: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
