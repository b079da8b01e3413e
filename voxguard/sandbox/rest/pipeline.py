"""The way of a REST call: faults, token, limits, handler, and the log of it all."""

import urllib.parse
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import orjson
from aiohttp import web

from voxguard.sandbox.faults import Faults, Outage
from voxguard.sandbox.journal import Journal, SeenRequest
from voxguard.sandbox.limits import RateLimiter, Verdict
from voxguard.sandbox.rest import errors
from voxguard.sandbox.rest.call import Backend, Call
from voxguard.sandbox.rest.routes import PREFIX, ROUTES, Route
from voxguard.sandbox.route_faults import RouteFault, RouteTrouble

MAX_REASON = 512
MAJOR_PARAMETERS = ("guild", "channel", "application")


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a status, a JSON value (None for an empty body) and headers."""

    status: int
    payload: Any
    headers: dict[str, str]


class RestApi:
    """Answers every call below `/api/v10`."""

    def __init__(
        self, backend: Backend, journal: Journal, limiter: RateLimiter, faults: Faults
    ) -> None:
        self._backend = backend
        self._journal = journal
        self._limiter = limiter
        self._faults = faults

    def add_to(self, app: web.Application) -> None:
        """Put the routes into the application, and the catch-all for what Discord has not."""
        app.middlewares.append(self._middleware)
        for route in ROUTES:
            app.router.add_route(route.method, PREFIX + route.path, self._handler(route))

    def _handler(self, route: Route) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            return await self._serve(request, route)

        return handle

    @web.middleware
    async def _middleware(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        refused = request.match_info.http_exception
        if refused is None or not request.path.startswith("/api/"):
            return await handler(request)
        return await self._serve(request, None, is_known_path=refused.status == 405)

    async def _serve(
        self, request: web.Request, route: Route | None, *, is_known_path: bool = False
    ) -> web.Response:
        at, monotonic = self._journal.clock.now(), self._journal.clock.monotonic()
        reason: str | None = None
        body: Any = None
        faults: list[RouteFault] = []
        try:
            reason = _reason(request)
            body = await _body(request)
            if route is not None:
                faults = self._faults.routes.take(route.bucket, body)
            await self._suffer(faults)
            if route is None:
                raise errors.method_not_allowed() if is_known_path else errors.not_found()
            answer = self._answer(request, route, (reason, body), faults)
        except errors.ApiError as error:
            answer = Answer(error.status, error.payload, {})
        self._journal.record(
            SeenRequest(
                at=at,
                monotonic=monotonic,
                answered_monotonic=self._journal.clock.monotonic(),
                method=request.method,
                path=request.path.removeprefix(PREFIX),
                reason=reason,
                body=body,
                status=answer.status,
                answer=answer.payload,
            )
        )
        if _of(faults, RouteTrouble.LOST_ANSWER) and request.transport is not None:
            request.transport.abort()
        return self._dated(_response(answer))

    def _dated(self, response: web.Response) -> web.Response:
        if self._faults.date_off_seconds:
            at = self._journal.clock.now() + timedelta(seconds=self._faults.date_off_seconds)
            response.headers["Date"] = format_datetime(at, usegmt=True)
        return response

    async def _suffer(self, faults: Sequence[RouteFault]) -> None:
        seconds = self._faults.delay_seconds + self._faults.routes.wait_seconds(faults)
        if seconds:
            await self._journal.clock.sleep(seconds)
        if self._faults.rest is Outage.SILENCE:
            await self._faults.silence()
            raise errors.server_error(503)
        if self._faults.rest is not None:
            raise errors.server_error(int(self._faults.rest))

    def _answer(
        self,
        request: web.Request,
        route: Route,
        said: tuple[str | None, object],
        faults: Sequence[RouteFault],
    ) -> Answer:
        """The answer to what a call says: its reason and its body."""
        reason, body = said
        params = request.match_info
        major = "/".join(params[name] for name in MAJOR_PARAMETERS if name in params)
        verdict = self._verdict(route, major, faults)
        if verdict.retry_after is not None:
            answer = _limited(verdict)
        elif _of(faults, RouteTrouble.FORBIDDEN):
            refusal = errors.missing_permissions()
            answer = Answer(refusal.status, refusal.payload, verdict.headers)
        else:
            call = Call(self._backend, request.host, params, request.query, body, reason)
            answer = self._handled(request, route, call, verdict)
        # Discord counts no 429 that others have caused.
        if answer.status in {401, 403, 429} and not (verdict.is_banned or verdict.is_shared):
            self._limiter.count_invalid()
        return answer

    def _verdict(self, route: Route, major: str, faults: Sequence[RouteFault]) -> Verdict:
        for fault in faults:
            if fault.how.is_limit:
                scope = fault.how.value.removeprefix("429 ")
                return self._limiter.refuse(route.bucket, major, scope, fault.seconds)
        return self._limiter.admit(route.bucket, major)

    def _handled(self, request: web.Request, route: Route, call: Call, verdict: Verdict) -> Answer:
        try:
            token = f"Bot {self._backend.world.bot.token}"
            if route.needs_token and request.headers.get("Authorization") != token:
                raise errors.unauthorized()
            if call.reason is not None and not 1 <= len(call.reason) <= MAX_REASON:
                message = f"Must be between 1 and {MAX_REASON} in length."
                raise errors.invalid_form("reason", message, "BASE_TYPE_BAD_LENGTH")
            payload = route.answer(call)
        except errors.ApiError as error:
            return Answer(error.status, error.payload, verdict.headers)
        return Answer(204 if payload is None else 200, payload, verdict.headers)


def _of(faults: Sequence[RouteFault], how: RouteTrouble) -> bool:
    return any(fault.how is how for fault in faults)


def _reason(request: web.Request) -> str | None:
    raw = request.headers.get("X-Audit-Log-Reason")
    return None if raw is None else urllib.parse.unquote(raw)


async def _body(request: web.Request) -> Any:  # noqa: ANN401 - JSON is any of its values
    try:
        raw = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise errors.too_large() from None
    if not raw:
        return None
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise errors.invalid_json() from None


def _limited(verdict: Verdict) -> Answer:
    if verdict.is_banned:
        # What stands in front of Discord bans without JSON and without Discord's headers.
        return Answer(429, None, {"Retry-After": str(int(verdict.retry_after or 0) + 1)})
    payload = {
        "message": "You are being rate limited.",
        "retry_after": round(verdict.retry_after or 0.0, 3),
        "global": verdict.is_global,
    }
    return Answer(429, payload, verdict.headers)


def _response(answer: Answer) -> web.Response:
    if answer.payload is None:
        return web.Response(status=answer.status, headers=answer.headers)
    return web.Response(
        body=orjson.dumps(answer.payload),
        status=answer.status,
        headers=answer.headers,
        content_type="application/json",
    )
