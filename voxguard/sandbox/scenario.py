"""A scenario: actions at their times after its beginning, on the stand-in's clock."""

from collections.abc import Sequence
from dataclasses import dataclass

from voxguard.errors import UsageError
from voxguard.sandbox.actions import Deed
from voxguard.sandbox.journal import Source
from voxguard.sandbox.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Step:
    """An action, so many seconds after the beginning; `place` is its line in the file."""

    at_seconds: float
    deed: Deed
    place: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """The steps in order.

    `speed` 2 lets time pass twice as fast. With `waits_for_bot` it begins when a bot has a
    session on the gateway.
    """

    steps: Sequence[Step]
    speed: float = 1.0
    waits_for_bot: bool = True

    async def play(self, sandbox: Sandbox, *, patience_seconds: float | None = None) -> None:
        """Do everything at its time; what Discord would refuse is said and passed over.

        `patience_seconds` bounds the wait for the bot (`TimeoutError`); None waits for ever.
        """
        if self.waits_for_bot:
            await sandbox.wait_for(lambda: sandbox.hub.is_ready, patience_seconds)
        clock = sandbox.clock
        began_at = clock.monotonic()
        for step in self.steps:
            left = began_at + step.at_seconds / self.speed - clock.monotonic()
            if left > 0:
                await clock.sleep(left)
            try:
                step.deed(sandbox)
            except UsageError as error:
                sandbox.journal.see(Source.SCENARIO, f"{step.place}: {error}", is_refusal=True)
        sandbox.journal.see(Source.SCENARIO, "the scenario is over")
