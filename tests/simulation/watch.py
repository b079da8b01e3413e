"""What a run has found and told: violations by name, and a story that people can read."""

from dataclasses import dataclass, field

from tests.simulation.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Violation:
    """An invariant that does not hold: its name, and what was seen when."""

    name: str
    text: str
    at: float

    def __str__(self) -> str:
        return f"{self.at:9.3f}  {self.name}: {self.text}"


@dataclass(slots=True)
class Watch:
    """Gathers violations, one of a name and text; the story is kept only where it is wanted."""

    timeline: Timeline
    told: bool = False
    story: list[str] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)

    def tell(self, text: str) -> None:
        """Say what has happened."""
        if self.told:
            self.story.append(f"{self.timeline.monotonic():9.3f}  {text}")

    def violated(self, name: str, text: str) -> None:
        """Note a violation."""
        found = Violation(name, text, self.timeline.monotonic())
        if not any(each.name == name and each.text == text for each in self.violations):
            self.violations.append(found)
            self.tell(f"VIOLATED {name}: {text}")
