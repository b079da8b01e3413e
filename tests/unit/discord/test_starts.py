import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace

import hikari
import pytest

from voxguard.discord import pacing, starts
from voxguard.discord.starts import MARGIN, Starts

DAY = 86_400.0
START = datetime(2026, 3, 2, tzinfo=UTC)


class Discord:
    """Counts as Discord does, on a clock that only goes on while somebody sleeps."""

    def __init__(self, left: int, total: int = 1000) -> None:
        self.at = 0.0
        self.total = total
        self.left = left
        self.answers = True
        self.troubles: list[str] = []
        self.asked = 0
        self.starts = Starts(self.ask, self.troubles.append, lambda: None)

    def time(self) -> float:
        """The seconds of the loop."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """Let time pass; at the end of a day the count begins anew."""
        before, self.at = self.at, self.at + seconds
        if before // DAY != self.at // DAY:
            self.left = self.total
        await asyncio.sleep(0)

    def limit(self) -> hikari.SessionStartLimit:
        """What /gateway/bot says."""
        limit = hikari.SessionStartLimit(
            total=self.total,
            remaining=self.left,
            reset_after=timedelta(seconds=DAY - self.at % DAY),
            max_concurrency=1,
        )
        limit._created_at = START + timedelta(seconds=self.at)
        return limit

    async def ask(self) -> hikari.SessionStartLimit | None:
        """The same, where it answers."""
        self.asked += 1
        return self.limit() if self.answers else None

    async def start(self) -> float:
        """Start a session as a shard does; when."""
        await self.starts.take(0)
        self.starts.note_start()
        self.left -= 1
        return self.at


@pytest.fixture
def discord(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Discord]:
    """A Discord with so many sessions left, with its clock in place of the loop's."""

    def make(left: int) -> Discord:
        made = Discord(left)
        virtual = SimpleNamespace(
            sleep=made.sleep, get_running_loop=lambda: made, timeout=asyncio.timeout
        )
        monkeypatch.setattr(starts, "asyncio", virtual)
        monkeypatch.setattr(pacing, "asyncio", virtual)
        made.starts.told(made.limit())
        return made

    return make


async def test_with_plenty_left_only_turns_are_waited_for(
    discord: Callable[[int], Discord],
) -> None:
    """One in five seconds, which costs no question at first; both counts are kept."""
    there = discord(1000)
    assert [await there.start() for _ in range(3)] == [0.0, 5.0, 10.0]
    assert (there.asked, there.troubles) == (0, [])
    assert (there.starts.started, there.starts.left) == (3, 997)
    assert there.starts.are_plenty


async def test_discords_own_count_is_what_counts(discord: Callable[[int], Discord]) -> None:
    """What another process has started meanwhile is seen at the next start."""
    there = discord(1000)
    there.left = 400
    await there.sleep(starts.FRESH_SECONDS + 1)
    await there.start()
    assert there.starts.left == 399
    assert not there.starts.are_plenty


async def test_a_session_that_is_lost_again_and_again_never_uses_a_day_up(
    discord: Callable[[int], Discord],
) -> None:
    """In three days of it no day sees more than its sessions, and none is without for long."""
    there = discord(1000)
    began: list[float] = []
    while there.at < 3 * DAY:
        began.append(await there.start())
        assert there.left >= MARGIN
    # The last quarter is spread over what is left of the day, so that nobody waits for hours.
    assert max(b - a for a, b in pairwise(began)) < 1200
    assert len(began) <= 3 * 1000 + 1
    assert len(set(there.troubles)) <= 2 * 3


async def test_without_any_left_it_waits_for_the_next_day(
    discord: Callable[[int], Discord],
) -> None:
    """It says so, asks now and then, and starts as soon as Discord counts anew."""
    there = discord(MARGIN)
    began = await there.start()
    assert DAY <= began < DAY + starts.LOOK_SECONDS + 5
    assert set(there.troubles) == {there.troubles[0]}
    assert "no more sessions may be started before" in there.troubles[0]
    assert there.asked <= DAY / starts.LOOK_SECONDS + 2


async def test_discord_counts_anew_earlier_than_it_said(
    discord: Callable[[int], Discord],
) -> None:
    """More sessions are used within minutes of being granted."""
    there = discord(MARGIN)
    waiting = asyncio.create_task(there.starts.take(0))
    await asyncio.sleep(0)
    there.left = 1000
    await waiting
    assert there.at <= 2 * starts.LOOK_SECONDS


async def test_without_an_answer_it_counts_by_itself(discord: Callable[[int], Discord]) -> None:
    """REST may be away while the gateway is there, also over the end of a day."""
    there = discord(MARGIN + 1)
    there.answers = False
    await there.start()
    assert there.starts.left == MARGIN
    assert await there.start() >= DAY
    assert there.starts.left == there.total - 1


async def test_nothing_is_waited_for_before_discord_has_said_anything(
    discord: Callable[[int], Discord],
) -> None:
    """Without any number there is nothing to run out of."""
    there = discord(1000)
    there.answers = False
    unknown = Starts(there.ask, there.troubles.append, lambda: None)
    await unknown.take(0)
    unknown.note_start()
    assert (unknown.started, unknown.left, unknown.are_plenty) == (1, None, False)


async def test_an_answer_that_does_not_come_is_not_waited_for(
    discord: Callable[[int], Discord], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question that hangs is given up soon."""
    there = discord(1000)
    monkeypatch.setattr(starts, "ANSWER_SECONDS", 0.01)
    hanging = Starts(_never, there.troubles.append, lambda: None)
    await hanging.take(0)
    assert hanging.left is None


async def _never() -> None:
    await asyncio.Event().wait()
