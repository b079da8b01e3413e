import asyncio

import pytest

from tests.unit.sandbox.tools import START, ManualClock
from voxguard.sandbox import journal as journal_
from voxguard.sandbox.journal import Journal, SeenRequest, Sighting, Source


def request(number: int = 0, status: int = 200, answer: object = None) -> SeenRequest:
    """A request as it is kept."""
    return SeenRequest(
        at=START,
        monotonic=0.0,
        answered_monotonic=0.0,
        method="GET",
        path=f"/{number}",
        reason="why" if status == 403 else None,
        body=None,
        status=status,
        answer=answer,
    )


async def test_whoever_waits_is_woken_by_what_happens(clock: ManualClock) -> None:
    """A predicate that becomes true with a sighting ends the wait."""
    journal = Journal(clock)
    wait = asyncio.create_task(journal.wait_for(lambda: len(journal.requests) == 2, 10.0))
    await asyncio.sleep(0)
    journal.record(request(1))
    await asyncio.sleep(0)
    assert not wait.done()
    journal.record(request(2))
    await wait


async def test_a_wait_that_is_over_names_the_latest_requests(clock: ManualClock) -> None:
    """The error of a wait that failed shows what came instead."""
    journal = Journal(clock)
    journal.record(request(7))
    with pytest.raises(TimeoutError, match="GET /7"):
        await journal.wait_for(lambda: False, 0.01)


def test_the_listener_gets_a_line_for_each_request(clock: ManualClock) -> None:
    """A refusal shows its code and the audit-log reason, and counts as one."""
    seen: list[Sighting] = []
    journal = Journal(clock, seen.append)
    journal.record(request(1))
    journal.record(request(2, status=403, answer={"code": 50013, "message": "no"}))
    assert [(item.text, item.is_refusal) for item in seen] == [
        ("GET /1 200", False),
        ("GET /2 403 [50013]  (why)", True),
    ]
    assert seen[0].source is Source.REST
    assert seen[0].at == START


def test_only_errors_have_codes() -> None:
    """An answer that is no error, or none of Discord's, has no code."""
    assert request(answer={"code": 1}).code is None
    assert request(status=429).code is None
    assert request(status=404, answer={"code": 10003}).code == 10003


def test_the_log_is_bounded(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the log is full its older half is forgotten."""
    monkeypatch.setattr(journal_, "MAX_REQUESTS", 4)
    journal = Journal(clock)
    for number in range(5):
        journal.record(request(number))
    assert [item.path for item in journal.requests] == ["/2", "/3", "/4"]
