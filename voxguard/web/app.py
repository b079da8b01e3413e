"""The application: what can be asked over HTTP."""

from typing import Final

from fastapi import FastAPI, Response
from pydantic import BaseModel

from voxguard import __version__
from voxguard.ports.health import Health, HealthSource
from voxguard.ports.metrics import MetricsSource
from voxguard.web.limits import LimitBody
from voxguard.web.metrics import CONTENT_TYPE, Exposition
from voxguard.web.protection import SecurityHeaders

_PROBES: Final = ["GET", "HEAD"]


class Alive(BaseModel):
    """The process lives and its event loop turns."""

    alive: bool = True


class Readiness(BaseModel):
    """Whether the daemon does its work, and what is amiss."""

    ready: bool
    degraded: bool
    reasons: list[str]
    revision: str | None
    database: str
    discord: str
    policies: str

    @classmethod
    def of(cls, health: Health) -> "Readiness":
        """The answer to a probe."""
        return cls(
            ready=health.ready,
            degraded=bool(health.degraded),
            reasons=[*health.unready, *health.degraded],
            revision=health.revision,
            database=health.database,
            discord=health.discord,
            policies=health.policies,
        )


def create_app(source: HealthSource, numbers: MetricsSource) -> FastAPI:
    """An application that answers for one daemon.

    The pages that FastAPI brings along are off: they load scripts from elsewhere.
    """
    app = FastAPI(
        title="voxguard",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.add_middleware(LimitBody)
    # The one added last is the outermost: a refusal bears these headers too.
    app.add_middleware(SecurityHeaders)

    async def healthz() -> Alive:
        """Answer 200 for as long as the process lives."""
        return Alive()

    async def readyz(response: Response) -> Readiness:
        """Answer 200 when ready, also while degraded, and 503 with the reasons when not."""
        health = source.health()
        response.status_code = 200 if health.ready else 503
        return Readiness.of(health)

    exposition = Exposition(numbers)

    async def metrics() -> Response:
        """Answer with all numbers in the format of Prometheus."""
        return Response(exposition.text(), media_type=CONTENT_TYPE)

    app.add_api_route("/metrics", metrics, methods=_PROBES, response_class=Response)
    app.add_api_route("/healthz", healthz, methods=_PROBES, response_model=Alive)
    app.add_api_route(
        "/readyz",
        readyz,
        methods=_PROBES,
        response_model=Readiness,
        responses={503: {"model": Readiness}},
    )
    return app
