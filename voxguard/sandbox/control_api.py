"""The control calls over HTTP: `POST /sandbox/ACTION`, and looking at what there is."""

from typing import Any

import orjson
from aiohttp import web

from voxguard.errors import UsageError
from voxguard.policy.places import Place
from voxguard.policy.report import Report
from voxguard.sandbox.actions import ACTIONS, read_action
from voxguard.sandbox.controls import Controls
from voxguard.sandbox.files.yaml_file import Node, raise_problems
from voxguard.sandbox.journal import Journal, SeenRequest
from voxguard.sandbox.rest.call import Mailbox
from voxguard.sandbox.snapshot import world_json
from voxguard.sandbox.world.world import JsonObject

MAX_LISTED = 1000


class ControlApi:
    """Answers below `/sandbox`; 400 for a malformed call, 409 for what cannot be done now."""

    def __init__(self, controls: Controls, journal: Journal, mailbox: Mailbox) -> None:
        self._controls = controls
        self._journal = journal
        self._mailbox = mailbox

    def add_to(self, app: web.Application) -> None:
        """Put the routes into the application."""
        app.router.add_get("/sandbox", self._index)
        app.router.add_get("/sandbox/world", self._world)
        app.router.add_get("/sandbox/requests", self._requests)
        app.router.add_get("/sandbox/messages", self._messages)
        app.router.add_post("/sandbox/{action}", self._act)

    async def _index(self, _request: web.Request) -> web.Response:
        actions = {
            name: {"does": action.summary, "needs": list(action.needs), "takes": list(action.keys)}
            for name, action in ACTIONS.items()
        }
        looks = {
            "GET /sandbox/world": "the world",
            "GET /sandbox/requests?since=N": "REST calls",
            "GET /sandbox/messages": "the latest messages that the bot has sent",
        }
        return _json({"actions": actions, "looks": looks})

    async def _world(self, _request: web.Request) -> web.Response:
        return _json(world_json(self._controls.world))

    async def _requests(self, request: web.Request) -> web.Response:
        since = request.query.get("since", "0")
        if not (since.isascii() and since.isdigit() and len(since) < 10):
            return _json({"error": "'since' is the number of requests to skip"}, 400)
        first = int(since)
        seen = self._journal.requests[first : first + MAX_LISTED]
        rows = [_request_json(number, item) for number, item in enumerate(seen, start=first)]
        return _json({"requests": rows, "total": len(self._journal.requests)})

    async def _messages(self, _request: web.Request) -> web.Response:
        names = self._channel_names()
        rows = [
            {
                "at": message["timestamp"],
                "channel": names.get(message["channel_id"], message["channel_id"]),
                "content": message["content"],
                "notifies": _notified(message),
            }
            for message in self._mailbox.messages[-MAX_LISTED:]
        ]
        return _json({"messages": rows, "total": len(self._mailbox.messages)})

    def _channel_names(self) -> dict[str, str]:
        """Channels by id: those of guilds, and of direct messages by their reader."""
        names = {
            str(channel.id): channel.name
            for guild in self._controls.world.guilds.values()
            for channel in guild.channels.values()
        }
        for channel_id, user in self._mailbox.direct_channels.items():
            names[str(channel_id)] = f"@{user.name}"
        return names

    async def _act(self, request: web.Request) -> web.Response:
        report = Report()
        place = Place("the request")
        try:
            body = orjson.loads(await request.read() or b"{}")
            arguments = Node(body, place, report).entries()
            deed = read_action(Node(request.match_info["action"], place, report), arguments)
            raise_problems(report)
        except web.HTTPRequestEntityTooLarge:
            return _json({"error": "the request is too large"}, 413)
        except orjson.JSONDecodeError as error:
            return _json({"error": f"the request is not JSON: {error}"}, 400)
        except UsageError as error:
            return _json({"error": str(error)}, 400)
        try:
            result = deed(self._controls) if deed is not None else None
        except UsageError as error:
            return _json({"error": str(error)}, 409)
        return _json({"ok": True, **_made(result)})


def _made(result: object) -> JsonObject:
    """The id of what an action has made, where it has made something."""
    thing = getattr(result, "user", result)
    return {"id": str(thing.id)} if hasattr(thing, "id") else {}


def _request_json(number: int, seen: SeenRequest) -> JsonObject:
    return {
        "number": number,
        "at": seen.at.isoformat(),
        "took_seconds": round(seen.answered_monotonic - seen.monotonic, 6),
        "method": seen.method,
        "path": seen.path,
        "reason": seen.reason,
        "body": seen.body,
        "status": seen.status,
        "answer": seen.answer,
    }


def _notified(message: JsonObject) -> list[str]:
    everyone = ["everyone"] if message["mention_everyone"] else []
    return everyone + [str(user["username"]) for user in message["mentions"]]


def _json(payload: Any, status: int = 200) -> web.Response:  # noqa: ANN401 - any JSON value
    return web.Response(
        body=orjson.dumps(payload, option=orjson.OPT_APPEND_NEWLINE),
        status=status,
        content_type="application/json",
    )
