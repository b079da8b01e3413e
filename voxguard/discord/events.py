"""Raw dispatches in the order of their shard, one call after the other."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from hikari import intents
from hikari.api import EntityFactory, EventFactory, GatewayShard
from hikari.impl import EventManagerImpl

log = structlog.get_logger("voxguard.gateway")

OnShardDispatch = Callable[[GatewayShard, str, Mapping[str, Any]], None]


def _nobody(_shard: GatewayShard, _name: str, _payload: Mapping[str, Any]) -> None:
    """No gateway is there yet."""


class OrderedEvents(EventManagerImpl):
    """hikari's event manager, tapped where a shard hands a dispatch over.

    hikari starts a task for each listener and event, which interleave; the tap is a plain
    call made before the shard reads on. Events are only made into objects where somebody
    listens for them, and there is no cache.
    """

    def __init__(self, entity_factory: EntityFactory, event_factory: EventFactory) -> None:
        """Begin with nobody tapping."""
        super().__init__(
            entity_factory, event_factory, intents.Intents.ALL, auto_chunk_members=False
        )
        self.on_dispatch: OnShardDispatch = _nobody

    def consume_raw_event(
        self, event_name: str, shard: GatewayShard, payload: Mapping[str, Any]
    ) -> None:
        """Take a dispatch from a shard; what goes wrong with it must not end the shard."""
        try:
            self.on_dispatch(shard, event_name, payload)
        except Exception:
            log.exception("a dispatch could not be taken in", dispatch=event_name)
        super().consume_raw_event(event_name, shard, payload)
