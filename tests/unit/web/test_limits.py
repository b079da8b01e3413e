"""Bodies have a limit, announced or not."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request

from voxguard.web.limits import MAX_BODY_BYTES, LimitBody
from voxguard.web.server import serve


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that reads what it is sent."""
    app = FastAPI()
    app.add_middleware(LimitBody)

    async def size(request: Request) -> int:
        return len(await request.body())

    app.add_api_route("/size", size, methods=["POST"])
    async with (
        serve(app, "127.0.0.1", 0) as served,
        httpx.AsyncClient(base_url=served.url) as client,
    ):
        yield client


async def pieces(count: int) -> AsyncIterator[bytes]:
    """A body of unknown length."""
    for _ in range(count):
        yield b"x" * 1024


async def test_a_body_up_to_the_limit_is_taken(client: httpx.AsyncClient) -> None:
    """The limit itself is allowed."""
    answer = await client.post("/size", content=b"x" * MAX_BODY_BYTES)
    assert (answer.status_code, answer.json()) == (200, MAX_BODY_BYTES)


async def test_an_announced_body_beyond_the_limit_is_refused(client: httpx.AsyncClient) -> None:
    """A length beyond the limit is refused before anything is read."""
    answer = await client.post("/size", content=b"x" * (MAX_BODY_BYTES + 1))
    assert answer.status_code == 413
    assert str(MAX_BODY_BYTES) in answer.json()["detail"]


async def test_an_unannounced_body_beyond_the_limit_is_refused(client: httpx.AsyncClient) -> None:
    """A body in pieces is refused as soon as the limit is passed."""
    answer = await client.post("/size", content=pieces(MAX_BODY_BYTES // 1024 + 1))
    assert answer.status_code == 413


async def test_a_body_of_unknown_length_within_the_limit_is_taken(
    client: httpx.AsyncClient,
) -> None:
    """Pieces that stay below the limit are no offence."""
    answer = await client.post("/size", content=pieces(3))
    assert (answer.status_code, answer.json()) == (200, 3 * 1024)
