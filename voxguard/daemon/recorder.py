"""Writes what Discord says to a trace, which `voxguard simulate` reads."""

import errno
import json
import os
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from voxguard.errors import UsageError
from voxguard.model.dispatch import PARSERS
from voxguard.model.instants import instant_text

log = structlog.get_logger("voxguard.recorder")


class Recorder:
    """One JSON line a dispatch that matters; the file is readable by its owner alone.

    A recording that fails stops with an error in the log: it never stops the daemon.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, which must not exist: a recording is not mixed with another.

        Raises:
            UsageError: It exists, or cannot be created.

        """
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            # Unbuffered: what a crash or a full disk leaves behind ends with a whole line.
            self._file = os.fdopen(os.open(path, flags, 0o600), "wb", buffering=0)
        except FileExistsError:
            if path.is_dir():
                raise UsageError(
                    f"{path} is a directory", hint="record to a new file, in it for example"
                ) from None
            raise UsageError(
                f"{path} exists already", hint="record to a new file, or remove that one"
            ) from None
        except OSError as error:
            raise UsageError(f"{path} cannot be recorded to: {error.strerror}") from None
        self._path = str(path)
        self._failed = False
        self._at: datetime | None = None

    def __enter__(self) -> Self:
        """Nothing more to prepare."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()

    def write(self, at: datetime, name: str, payload: object) -> None:
        """Record one dispatch, if it is one that a simulation would read."""
        if name not in PARSERS or self._failed:
            return
        # A clock that was set back makes no trace that runs backwards.
        self._at = at = at if self._at is None else max(self._at, at)
        line = {"at": instant_text(at), "t": name, "d": payload}
        text = json.dumps(line, separators=(",", ":"), ensure_ascii=False) + "\n"
        data = text.encode("utf-8", "backslashreplace")
        why = None
        try:
            if self._file.write(data) < len(data):
                why = os.strerror(errno.ENOSPC)
        except OSError as error:
            why = error.strerror
        if why is not None:
            self._failed = True
            log.error("recording stopped", file=self._path, why=why)
