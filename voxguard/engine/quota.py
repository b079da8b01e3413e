"""How many members one step may still decide, so that others get their turn."""

from dataclasses import dataclass

from voxguard.model.ids import UserId


@dataclass(slots=True)
class Quota:
    """So many are left to be decided; None is no limit."""

    left: int | None

    def take(self, due: list[UserId]) -> list[UserId]:
        """The first of those who are due, as many as are left."""
        if self.left is None:
            return due
        taken = due[: self.left]
        self.left -= len(taken)
        return taken
