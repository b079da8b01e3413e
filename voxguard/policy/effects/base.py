"""What every effect is: a wish about one slot of a member's voice."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, NewType

from voxguard.model.decisions import NO_PARAMS, Effect
from voxguard.model.facts import Facts
from voxguard.model.ids import ChannelId, RoleId

Slot = NewType("Slot", str)
"""What can be decided about a member only once at a time: mute, placement, a role."""

MUTE = Slot("mute")
DEAFEN = Slot("deafen")
SUPPRESS = Slot("suppress")
PLACEMENT = Slot("placement")
TIMEOUT = Slot("timeout")


def role_slot(role_id: RoleId) -> Slot:
    """The slot of one role: having it or not."""
    return Slot(f"role:{role_id}")


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
    momentary and happens once an episode. Messages have no slot: none keeps another from
    being sent.
    """

    __slots__ = ()

    key: ClassVar[str]
    """The key of the language."""
    effect: ClassVar[Effect]
    release: ClassVar[Effect | None] = None
    lifts: ClassVar[bool] = False
    """Whether it undoes what is held on its slot, whoever holds it."""

    @property
    @abstractmethod
    def slot(self) -> Slot | None:
        """What it decides; None for a message."""

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
    def role_id(self) -> RoleId | None:
        """The role that the effect is about, if it is about one."""
        return None

    def is_possible(self, facts: Facts) -> bool:  # noqa: ARG002 - for others
        """Whether there is such a thing where the member is."""
        return True

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
