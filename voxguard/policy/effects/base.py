"""What every effect is: a wish about one slot of a member's voice."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, NewType

from voxguard.model.decisions import NO_PARAMS, Effect
from voxguard.model.facts import Facts
from voxguard.model.ids import ChannelId

Slot = NewType("Slot", str)
"""What can be decided about a member only once at a time: mute, deafen, placement."""

MUTE = Slot("mute")
DEAFEN = Slot("deafen")
PLACEMENT = Slot("placement")

SEVERITY = (
    "allow",
    "disconnect",
    "timeout",
    "move",
    "deafen",
    "mute",
    "suppress",
    "grant",
    "undeafen",
    "unmute",
    "warn",
    "announce",
)
"""The order in which effects of equal priority are taken, the most severe first."""


class Want(ABC):
    """One effect that a rule asks for. Frozen; equal meaning compares equal.

    A held effect lasts while the rule holds and is undone by `release`; any other is
    momentary and happens once an episode.
    """

    __slots__ = ()

    key: ClassVar[str]
    """The key of the language."""
    effect: ClassVar[Effect]
    release: ClassVar[Effect | None] = None
    slot: Slot

    @property
    def held(self) -> bool:
        """Whether the effect is a lease rather than a single act."""
        return self.release is not None

    @property
    def severity(self) -> int:
        """The place in the order of severity; 0 is the most severe."""
        return SEVERITY.index(self.effect)

    @property
    def target_id(self) -> ChannelId | None:
        """Where a placement puts the member; None is out of voice."""
        return None

    @property
    def params(self) -> Mapping[str, object]:
        """The parameters as decisions and logs show them."""
        return NO_PARAMS

    @abstractmethod
    def is_done(self, facts: Facts) -> bool:
        """Whether what is wanted holds already, whoever brought it about."""

    @abstractmethod
    def canonical(self) -> object:
        """The meaning as JSON values."""
