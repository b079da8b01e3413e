import asyncio

from structlog.testing import capture_logs

from tests.unit.daemon.looked_at import LookedAt
from tests.unit.daemon.parts import until
from voxguard.daemon.reload.status import ReloadStatus
from voxguard.daemon.reminder import remind


async def test_what_lasts_is_said_again_and_again_and_then_no_more() -> None:
    """As long as the last good revision is in force, and no longer."""
    each = LookedAt()
    each.policies.status = ReloadStatus(from_last_good=True)
    with capture_logs() as logs:
        reminding = asyncio.create_task(remind(each.insight(), every_seconds=0.001))
        await until(lambda: len(logs) > 2)
        assert {line["log_level"] for line in logs} == {"warning"}
        assert all("last good revision" in line["what"] for line in logs)
        each.policies.status = ReloadStatus()
        said = len(logs)
        await asyncio.sleep(0.01)
        assert len(logs) == said
        reminding.cancel()
