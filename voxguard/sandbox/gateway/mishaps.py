"""What befalls gateway events on their way: lost, sent twice, late, or after the next one."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from voxguard.sandbox.journal import Journal, Source
from voxguard.sandbox.world.world import Dispatch


class Mishap(StrEnum):
    """What befalls an event."""

    LOST = "lost"
    TWICE = "twice"
    LATE = "late"
    SWAPPED = "swapped"


@dataclass(slots=True)
class EventFault:
    """A mishap and which events it befalls: those of a name, so many yet; None is every one.

    `seconds` is how late a late one comes, with the data of when it happened.
    """

    how: Mishap
    event: str | None = None
    seconds: float = 1.0
    left: int | None = None


class Mishaps:
    """Stands between the world's events and the sessions."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._faults: list[EventFault] = []
        self._held: list[Dispatch] = []
        self._late: set[asyncio.Task[None]] = set()

    def add(self, fault: EventFault) -> None:
        """Let it befall events from now on."""
        self._faults.append(fault)

    def end(self) -> None:
        """Let all events through from now on; what is late still comes."""
        self._faults.clear()

    def clear(self) -> None:
        """Forget everything, what is late or held included."""
        self.end()
        self._held.clear()
        for task in self._late:
            task.cancel()

    def carry(self, dispatch: Dispatch, deliver: Callable[[Dispatch], None]) -> None:
        """Deliver the event, unless something befalls it."""
        fault = self._take(dispatch)
        if fault is not None:
            self._journal.see(Source.GATEWAY, f"{dispatch.name} is {fault.how}", is_refusal=True)
        match None if fault is None else fault.how:
            case Mishap.LOST:
                return
            case Mishap.SWAPPED:
                self._held.append(dispatch)
                return
            case Mishap.LATE:
                assert fault is not None  # noqa: S101 - it has said how
                self._later(fault.seconds, dispatch, deliver)
                return
            case Mishap.TWICE:
                deliver(dispatch)
            case None:
                pass
        deliver(dispatch)
        held, self._held = self._held, []
        for each in held:
            deliver(each)

    def _take(self, dispatch: Dispatch) -> EventFault | None:
        for fault in self._faults:
            if fault.left != 0 and fault.event in {None, dispatch.name}:
                if fault.left is not None:
                    fault.left -= 1
                return fault
        return None

    def _later(
        self, seconds: float, dispatch: Dispatch, deliver: Callable[[Dispatch], None]
    ) -> None:
        async def come() -> None:
            await self._journal.clock.sleep(seconds)
            deliver(dispatch)

        task = asyncio.get_running_loop().create_task(come())
        self._late.add(task)
        task.add_done_callback(self._late.discard)
