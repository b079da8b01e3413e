"""`GET /v1/status`: how the daemon stands, as a whole."""

import os
from collections.abc import Mapping
from typing import Any, Final

from voxguard import __version__
from voxguard.daemon.control.call import Asked, Call
from voxguard.daemon.control.report import (
    database,
    enforcement,
    gateway,
    guilds,
    instant,
    policies,
    recording,
)
from voxguard.daemon.control.report_fuses import blown_fuses
from voxguard.daemon.insight import Insight
from voxguard.daemon.standing import standing_warnings

FORMAT_VERSION: Final = 1
"""Raised when a key goes or means something else; new keys may come at any time."""


async def answer(insight: Insight, asked: Asked) -> Mapping[str, Any]:  # noqa: ARG001 - as all calls
    """Everything that `voxguard status` shows."""
    health = insight.vitals.health()
    return {
        "format_version": FORMAT_VERSION,
        "version": __version__,
        "pid": os.getpid(),
        "at": instant(insight.now()),
        "started_at": instant(insight.started_at),
        "ready": health.ready,
        "unready": list(health.unready),
        "warnings": standing_warnings(insight),
        "observe": insight.core.observe,
        "policies": policies(insight),
        "gateway": gateway(insight),
        "database": database(insight),
        "recording": recording(insight),
        "enforcement": enforcement(insight),
        "guilds": guilds(insight),
        "fuses_blown": blown_fuses(insight),
    }


CALL: Final = Call("GET", "/v1/status", answer)
