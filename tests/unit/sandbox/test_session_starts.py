from tests.unit.sandbox.tools import Caller, ManualClock
from voxguard.sandbox.session_starts import SessionStarts


def test_a_day_ends(clock: ManualClock) -> None:
    """When its time is over there are a thousand again."""
    starts = SessionStarts(clock)
    assert (starts.left, starts.reset_after_seconds) == (1000, 86_400.0)
    starts.set(2, 10.0)
    starts.used += 3
    assert (starts.left, starts.reset_after_seconds) == (0, 10.0)
    clock.seconds = 10.0
    assert (starts.left, starts.reset_after_seconds) == (1000, 86_400.0)


async def test_session_starts_and_shards_are_set(caller: Caller) -> None:
    """The way to the gateway says what was set."""
    await caller.control("session_starts", left=7, reset_after="1m", shards=2)
    answer = (await caller.call("GET", "/gateway/bot")).payload
    assert answer["shards"] == 2
    limit = answer["session_start_limit"]
    assert (limit["remaining"], limit["total"], limit["reset_after"]) == (7, 1000, 60_000)
    await caller.control("session_starts", shards=1)
    assert (await caller.call("GET", "/gateway/bot")).payload["shards"] == 1
