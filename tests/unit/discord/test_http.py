import aiohttp
import pytest
from aiohttp import web

from tests.unit.discord.tools import answering
from voxguard.discord.http import TooManyRequestsError, open_session, read_rate_limit, watched
from voxguard.ports.discord import RateLimit

LIMITED = {
    "X-RateLimit-Limit": "10",
    "X-RateLimit-Remaining": "3",
    "X-RateLimit-Reset-After": "1.5",
}


def test_headers_tell_the_bucket() -> None:
    """The three headers that matter are read."""
    assert read_rate_limit(LIMITED) == RateLimit(10, 3, 1.5)


@pytest.mark.parametrize("headers", [{}, {**LIMITED, "X-RateLimit-Remaining": "some"}])
def test_headers_that_are_missing_or_strange_tell_nothing(headers: dict[str, str]) -> None:
    """Without sensible headers nothing is known of the bucket."""
    assert read_rate_limit(headers) is None


@pytest.mark.parametrize("date", ["Sun, 01 Mar 2026 12:00:00 GMT", "yesterday"])
async def test_the_date_is_seen_where_it_makes_sense(date: str) -> None:
    """Discord's clock is read from the Date header, and anything else there is ignored."""
    async with (
        answering(lambda _: web.Response(headers={"Date": date})) as url,
        open_session() as session,
    ):
        with watched() as seen:
            async with session.get(url):
                pass
    assert seen.is_success
    assert (seen.date is not None) is date.endswith("GMT")


async def test_only_who_watches_gets_a_429_as_an_error() -> None:
    """Whoever does not watch sees the answer as hikari's own client needs it."""
    async with (
        answering(lambda _: web.Response(status=429)) as url,
        open_session() as session,
    ):
        async with session.get(url) as response:
            assert response.status == 429
        with watched() as seen, pytest.raises(TooManyRequestsError):
            await _get(session, url)
        assert not seen.is_success


async def _get(session: aiohttp.ClientSession, url: str) -> None:
    async with session.get(url):
        raise AssertionError
