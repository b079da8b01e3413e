"""How much of a request is taken in."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_HEADER_BYTES: Final = 16 * 1024
MAX_BODY_BYTES: Final = 64 * 1024


class LimitBody:
    """Refuses a body that is too large (RFC 9110, 413), whether announced or not."""

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY_BYTES) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and count what comes in."""
        detail = f"The body is larger than {self._limit} bytes."
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._limit:
                # The application, which waits for the body, answers with it.
                raise HTTPException(413, detail)
            return message

        if _announced(scope) > self._limit:
            refusal = JSONResponse({"detail": detail}, 413, {"Connection": "close"})
            await refusal(scope, receive, send)
        else:
            await self._app(scope, counted, send)


def _announced(scope: Scope) -> int:
    # The server has refused a length that is not a number.
    return max(
        (int(value) for name, value in scope["headers"] if name == b"content-length"), default=0
    )
