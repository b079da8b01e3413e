"""`GET /v1/fuses`: the fuses that are blown, and those that have counted somebody."""

from collections.abc import Mapping
from typing import Any, Final

from voxguard.daemon.control.call import Asked, Call
from voxguard.daemon.control.report_fuses import describe
from voxguard.daemon.fuse_states import fuse_states
from voxguard.daemon.insight import Insight

FORMAT_VERSION: Final = 1


async def answer(insight: Insight, asked: Asked) -> Mapping[str, Any]:  # noqa: ARG001 - as all calls
    """Every fuse that says something, the blown ones first."""
    states = fuse_states(insight.engine, insight.now())
    return {"format_version": FORMAT_VERSION, "fuses": [describe(each) for each in states]}


CALL: Final = Call("GET", "/v1/fuses", answer)
