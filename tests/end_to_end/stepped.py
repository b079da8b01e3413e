"""voxguard by a wall clock that a test sets: `python -m tests.end_to_end.stepped COMMAND`.

The file that `STEPPED_CLOCK` names holds by how many seconds the clock is ahead.
"""

import os
import sys
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from voxguard.cli.app import main
from voxguard.daemon import clock

AHEAD = Path(os.environ["STEPPED_CLOCK"])


class SteppedDatetime(datetime):
    """What the time is, by the clock that is set."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override] # plain instants
        """The present instant."""
        return datetime.now(UTC).astimezone(tz) + timedelta(seconds=float(AHEAD.read_text()))


if __name__ == "__main__":
    # In this process alone.
    setattr(clock, "datetime", SteppedDatetime)  # noqa: B010 - the module keeps it to itself
    sys.exit(main())
