"""Says again what is amiss, for as long as it lasts."""

import asyncio
from typing import Final

import structlog

from voxguard.daemon.insight import Insight
from voxguard.daemon.standing import standing_warnings

log = structlog.get_logger("voxguard.daemon")

REMIND_SECONDS: Final = 3_600.0
"""A log that is read once a day must not miss it, nor hold little else."""


async def remind(insight: Insight, every_seconds: float = REMIND_SECONDS) -> None:
    """Log every standing warning each hour until cancelled; the first time was when it arose."""
    while True:
        await asyncio.sleep(every_seconds)
        for warning in standing_warnings(insight):
            log.warning("this is still so", what=warning)
