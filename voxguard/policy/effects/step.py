"""What a rule wants in one go: `then`, or one step of `escalate`."""

from dataclasses import dataclass
from datetime import timedelta

from voxguard.policy.effects.base import Want


@dataclass(frozen=True, slots=True)
class Step:
    """Wants in order of severity; `hold` is how long those that are held last at least."""

    wants: tuple[Want, ...] = ()
    hold: timedelta | None = None

    def canonical(self) -> object:
        """The meaning as JSON values."""
        return {
            "wants": [[want.key, want.canonical()] for want in self.wants],
            "hold": None if self.hold is None else self.hold.total_seconds(),
        }
