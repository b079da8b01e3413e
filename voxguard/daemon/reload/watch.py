"""The wake-up: a thread that hears of changes from the kernel, where it can.

It may miss some (no watches left, a network file system), so nobody may rely on it.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from watchfiles import Change, watch

from voxguard.daemon.reload.survey import Survey

# Milliseconds: how long changes are gathered, how often the thread looks, and how soon it
# notices that it should stop or watch something else.
_GATHER: Final = 50
_STEP: Final = 25
_TIMEOUT: Final = 100
_RETRY_SECONDS: Final = 30.0


class Watch:
    """Calls `wake`, from its own thread, when something below its directories changes.

    Directories are watched one by one: git's own stay out of it, and a directory that was
    replaced is another one.
    """

    def __init__(self, wake: Callable[[], object]) -> None:
        """Begin with nothing to watch."""
        self._wake = wake
        self._wanted: Survey | None = None
        self._changed = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self.deaf: str | None = None
        """Why nothing is heard at the moment."""

    def follow(self, survey: Survey) -> None:
        """Watch what a look at the policy set has found, beginning soon."""
        wanted = self._wanted
        self._wanted = survey
        if wanted is not None and (wanted.directories, wanted.links) == (
            survey.directories,
            survey.links,
        ):
            return
        self._changed.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="policy watch", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread; takes at most about 100 ms."""
        self._stopping = True
        self._changed.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            self._changed.clear()
            survey = self._wanted
            if survey is None or self._stopping:
                return
            try:
                self._listen(survey)
            except (OSError, RuntimeError) as error:
                # A directory may have gone meanwhile, or the kernel has no watches left.
                self.deaf = str(error)
                self._changed.wait(_RETRY_SECONDS)

    def _listen(self, survey: Survey) -> None:
        inside = {path for path, _, _ in survey.directories}
        above = {str(Path(link).parent) for link in survey.links}

        def matters(_change: Change, path: str) -> bool:
            # Beside the policy set there may be anything, a busy /tmp for one.
            return path in survey.links or str(Path(path).parent) in inside

        heard = watch(
            *sorted(path for path in inside | above if os.access(path, os.R_OK)),
            watch_filter=matters,
            debounce=_GATHER,
            step=_STEP,
            rust_timeout=_TIMEOUT,
            yield_on_timeout=True,
            stop_event=self._changed,
            raise_interrupt=False,
            force_polling=False,
            recursive=False,
            # It would ignore more than that.
            ignore_permission_denied=False,
        )
        first = True
        for changes in heard:
            self.deaf = None
            # What changed before the watch began was heard by nobody.
            if changes or first:
                self._wake()
            first = False
