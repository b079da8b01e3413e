"""How long nobody was there, by a clock that nobody sets: that of the machine since it started."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from voxguard.daemon.clock import elapsed_seconds

KEY: Final = "clock"
"""Under which the outbox keeps it beside each sign of life."""

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


class Uptime:
    """Tells elapsed time from one run of the daemon to the next, while the machine stays up."""

    def __init__(
        self, boot_id: Path = _BOOT_ID, elapsed: Callable[[], float] = elapsed_seconds
    ) -> None:
        """Read once which start of the machine this is, and seconds since then from `elapsed`."""
        try:
            self._boot_id = boot_id.read_text("ascii").strip()
        except (OSError, ValueError):
            self._boot_id = ""
        self._elapsed = elapsed

    def mark(self) -> Mapping[str, str]:
        """What the next run has to know, to be kept with the instant."""
        return {KEY: f"{self._boot_id} {self._elapsed()!r}"} if self._boot_id else {}

    def since(self, kept: Mapping[str, str]) -> timedelta | None:
        """For how long it was since a mark was made; None after another start of the machine."""
        boot_id, _, seconds = kept.get(KEY, "").partition(" ")
        if not self._boot_id or boot_id != self._boot_id:
            return None
        try:
            passed = timedelta(seconds=self._elapsed() - float(seconds))
        except (ValueError, OverflowError):
            return None
        return passed if passed >= timedelta() else None
