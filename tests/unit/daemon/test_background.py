import asyncio

import pytest

from voxguard.daemon.background import Background


async def forever() -> None:
    """Go on until cancelled."""
    await asyncio.Event().wait()


async def breaks() -> None:
    """Meet a bug."""
    raise LookupError("a bug")


async def ends() -> None:
    """Return although nobody asked for it."""


async def test_a_task_lasts_as_long_as_its_context() -> None:
    """A task that is ended with its context is no failure."""
    background = Background()
    async with background.running("forever", forever()):
        pass
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await background.failure()


async def test_the_first_failure_is_the_daemons() -> None:
    """What broke a task is what whoever waits is told."""
    background = Background()
    async with background.running("breaks", breaks()), background.running("ends", ends()):
        async with asyncio.timeout(5):
            with pytest.raises(LookupError, match="a bug"):
                await background.failure()


async def test_a_task_may_not_just_end() -> None:
    """A daemon without one of its parts would look alive and do nothing."""
    background = Background()
    async with background.running("ends", ends()), asyncio.timeout(5):
        with pytest.raises(RuntimeError, match="the task ends has ended"):
            await background.failure()
