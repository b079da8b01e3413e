"""hikari's parts put together without its bot: REST clients, factories, events in order."""

from collections.abc import AsyncGenerator
from concurrent.futures import Executor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

import aiohttp
import hikari
from hikari.api import EntityFactory, EventFactory, EventManager, RESTClient
from hikari.impl import (
    EntityFactoryImpl,
    EventFactoryImpl,
    HTTPSettings,
    ProxySettings,
    RESTBucketManager,
    RESTClientImpl,
)

from voxguard.discord.events import OrderedEvents
from voxguard.discord.http import open_session


class NoBuckets(RESTBucketManager):
    """Lets every request go at once, because the queue in front has chosen its moment.

    hikari's own buckets put all guilds behind one request until a route's first answer has
    come, and hang for good when a call that waits in them is cancelled. The queue reads the
    headers itself and needs neither a first call to warm them up nor to fear either.
    """

    def acquire_bucket(self, *_args: object) -> AbstractAsyncContextManager[None]:
        """Wait for nothing."""
        return nullcontext()

    def update_rate_limits(self, *_args: object, **_kwargs: object) -> None:
        """Keep nothing."""


class App(hikari.RESTAware, hikari.EventManagerAware):
    """What hikari's objects, and the libraries on top of it, are made with.

    `rest` is hikari's client with its own buckets and retries, for everything that no
    queue of ours stands in front of. `direct` has neither.
    """

    def __init__(self, token: str, api_url: str, session: aiohttp.ClientSession) -> None:
        """Make the parts; `start` sets them going on the running event loop."""
        self._token = token
        self._api_url = api_url
        self._session = session
        self._http_settings = HTTPSettings(force_close_transports=False)
        self._proxy_settings = ProxySettings()
        self._entity_factory = EntityFactoryImpl(self)
        self._event_factory = EventFactoryImpl(self)
        self._events = OrderedEvents(self._entity_factory, self._event_factory)
        self._rest = self._client(RESTBucketManager(300.0), max_retries=3)
        self._direct = self._client(NoBuckets(300.0), max_retries=0)

    @property
    def token(self) -> str:
        """The bot's token, for the shards."""
        return self._token

    @property
    def rest(self) -> RESTClient:
        """The client as hikari has it."""
        return self._rest

    @property
    def direct(self) -> RESTClient:
        """A client that waits for nothing and repeats nothing."""
        return self._direct

    @property
    def entity_factory(self) -> EntityFactory:
        """What makes entities of JSON."""
        return self._entity_factory

    @property
    def event_factory(self) -> EventFactory:
        """What makes events of JSON."""
        return self._event_factory

    @property
    def event_manager(self) -> EventManager:
        """Where libraries listen for typed events."""
        return self._events

    @property
    def events(self) -> OrderedEvents:
        """The same, where the gateway listens for raw ones."""
        return self._events

    @property
    def http_settings(self) -> HTTPSettings:
        """How connections are made."""
        return self._http_settings

    @property
    def proxy_settings(self) -> ProxySettings:
        """No proxy."""
        return self._proxy_settings

    @property
    def executor(self) -> Executor | None:
        """The event loop's own."""
        return None

    def start(self) -> None:
        """Begin to work on the running event loop."""
        self._rest.start()
        self._direct.start()

    async def close(self) -> None:
        """Stop; the session stays open."""
        await self._rest.close()
        await self._direct.close()

    def _client(self, buckets: RESTBucketManager, max_retries: int) -> RESTClientImpl:
        settings: dict[str, Any] = {"cache": None, "executor": None}
        return RESTClientImpl(
            **settings,
            entity_factory=self._entity_factory,
            http_settings=self._http_settings,
            proxy_settings=self._proxy_settings,
            bucket_manager=buckets,
            client_session=self._session,
            client_session_owner=False,
            max_retries=max_retries,
            token=self._token,
            token_type=hikari.TokenType.BOT,
            rest_url=self._api_url,
        )


@asynccontextmanager
async def open_app(token: str, api_url: str) -> AsyncGenerator[App]:
    """An app with a session of its own; nothing is asked of Discord yet."""
    async with open_session() as session:
        app = App(token, api_url, session)
        app.start()
        try:
            yield app
        finally:
            await app.close()
