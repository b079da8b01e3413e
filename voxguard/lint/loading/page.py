"""What the page of a check of loading is: what it finds, why that matters, and examples."""

from dataclasses import dataclass, field

from voxguard.model.problems import Level
from voxguard.policy.checks import Check


@dataclass(frozen=True, slots=True)
class LoadingPage:
    """The documentation of a check that loading itself makes; `about` is its docstring."""

    check: Check
    level: Level
    about: str = field(repr=False)

    @property
    def id(self) -> str:
        """The check's id."""
        return self.check.id

    @property
    def name(self) -> str:
        """The check's name."""
        return self.check.name
