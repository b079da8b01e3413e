"""What the application answers, asked over a real connection."""

from collections.abc import AsyncIterator, Iterable

import httpx
import pytest

from voxguard.ports.health import Health
from voxguard.ports.metrics import Metric, MetricKind
from voxguard.web.app import create_app
from voxguard.web.protection import HEADERS
from voxguard.web.server import serve

FINE = Health(revision="0123456789ab", database="up", discord="connected", policies="loaded")


class Daemon:
    """A source whose word can be changed."""

    def __init__(self) -> None:
        self.word = FINE

    def health(self) -> Health:
        """What was said last."""
        return self.word

    def metrics(self) -> Iterable[Metric]:
        """One number."""
        yield Metric("voxguard_ready", MetricKind.GAUGE, "Ready.", (), (((), 1.0),))


@pytest.fixture
def daemon() -> Daemon:
    """A daemon that is well."""
    return Daemon()


@pytest.fixture
async def client(daemon: Daemon) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the served application."""
    async with (
        serve(create_app(daemon, daemon), "127.0.0.1", 0) as served,
        httpx.AsyncClient(base_url=served.url) as client,
    ):
        yield client


async def test_a_live_process_says_so(client: httpx.AsyncClient, daemon: Daemon) -> None:
    """Liveness is 200 whether or not the daemon is ready."""
    daemon.word = Health(unready=("Discord is away.",))
    assert (await client.get("/healthz")).status_code == 200


async def test_a_ready_daemon_says_what_it_enforces(client: httpx.AsyncClient) -> None:
    """Readiness is 200 with the revision and the state of each part."""
    answer = await client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "degraded": False,
        "reasons": [],
        "revision": "0123456789ab",
        "database": "up",
        "discord": "connected",
        "policies": "loaded",
    }


async def test_what_is_not_ready_says_why(client: httpx.AsyncClient, daemon: Daemon) -> None:
    """Before it is ready the answer is 503 with every reason."""
    daemon.word = Health(unready=("Guild 1 has not been seen.",), degraded=("No database.",))
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert answer.json()["reasons"] == ["Guild 1 has not been seen.", "No database."]


async def test_degraded_is_ready(client: httpx.AsyncClient, daemon: Daemon) -> None:
    """With the database away the daemon goes on, stays ready and says that it is degraded."""
    daemon.word = Health(degraded=("The database is away.",), database="away")
    answer = await client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["degraded"] is True
    assert answer.json()["reasons"] == ["The database is away."]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/nowhere"])
async def test_every_answer_is_protected(client: httpx.AsyncClient, path: str) -> None:
    """Answers, refusals too, bear the security headers and are not cached."""
    answer = await client.get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/"])
async def test_there_are_no_pages_that_load_from_elsewhere(
    client: httpx.AsyncClient, path: str
) -> None:
    """FastAPI's own pages are off."""
    assert (await client.get(path)).status_code == 404


async def test_a_probe_may_ask_for_the_head_alone(client: httpx.AsyncClient) -> None:
    """HEAD answers like GET, without a body."""
    answer = await client.head("/readyz")
    assert (answer.status_code, answer.content) == (200, b"")


async def test_nothing_can_be_posted(client: httpx.AsyncClient) -> None:
    """A probe's address takes no other method."""
    assert (await client.post("/readyz")).status_code == 405


async def test_numbers_are_served_as_prometheus_reads_them(client: httpx.AsyncClient) -> None:
    """In its text format, which the content type names."""
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "# HELP voxguard_ready Ready.\n# TYPE voxguard_ready gauge" in answer.text
