"""How a condition enters the language: its key, its document, and how it is compiled."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from voxguard.policy.conditions.base import Condition
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope


@dataclass(frozen=True, slots=True)
class Leaf:
    """One key of a `who`, `where` or `when` block.

    `document` is the type of what authors write, `compile` makes a condition of it.
    """

    condition: type[Condition]
    document: Any
    compile: Callable[[Any, Scope, Place], Condition]

    @property
    def block(self) -> str:
        """The block in which the key stands."""
        return self.condition.path.partition("/")[0]

    @property
    def key(self) -> str:
        """The key of the language."""
        return self.condition.path.partition("/")[2]
