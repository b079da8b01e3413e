"""What a call of the control socket is: a method and a path, and what answers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from voxguard.daemon.insight import Insight
from voxguard.errors import UsageError


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `uid` is the user who asks; `body` is empty where none was sent."""

    uid: int
    body: Mapping[str, object] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A text that must be in the body.

        Raises:
            UsageError: It is not.
        """
        value = self.optional_text(name)
        if value is None:
            raise UsageError(f"{name!r} is missing in the request")
        return value

    def optional_text(self, name: str) -> str | None:
        """A text that may be in the body.

        Raises:
            UsageError: It is something else.
        """
        value = self.body.get(name)
        if value is not None and not isinstance(value, str):
            raise UsageError(f"{name!r} must be a text")
        return value


Answer = Callable[[Insight, Asked], Awaitable[Mapping[str, Any]]]
"""Gives a JSON object; raises a VoxguardError for what the asker can do something about."""


@dataclass(frozen=True, slots=True)
class Call:
    """One entry of the list of calls."""

    method: str
    path: str
    answer: Answer
