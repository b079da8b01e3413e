from tests.support.stage import GUILD
from tests.unit.daemon.looked_at import at_work
from voxguard.daemon.control.call import Asked
from voxguard.daemon.control.calls.fuses import answer


async def test_the_fuses_that_say_something() -> None:
    """With how many members they let through, and how many they have."""
    async with at_work() as each:
        assert (await answer(each.insight(), Asked(uid=0)))["fuses"] == []
        each.enter(3)
        (fuse,) = (await answer(each.insight(), Asked(uid=0)))["fuses"]
    assert fuse == {
        "guild": str(GUILD),
        "rule": "quiet",
        "blown_at": "2026-03-02T12:00:00Z",
        "members": 2,
        "within_seconds": 30.0,
        "counted": 2,
        "observed": 1,
    }
