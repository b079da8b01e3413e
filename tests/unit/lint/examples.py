"""The examples in the docstrings of checks, as the policy sets that they are."""

import re
from dataclasses import dataclass, field

from tests.unit.lint.tools import report, with_guild
from voxguard.model.problems import Problem

_PART = re.compile(
    r"^(Before|Bad|Good):\n(.*?)(?=^(?:Before|Bad|Good):\n|\Z)", re.MULTILINE | re.DOTALL
)
_FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """The files of one example, and by which check of loading it says that it is refused."""

    files: dict[str, str]
    refused: str = ""

    @property
    def marked(self) -> list[tuple[str, int]]:
        """The files and lines that end in `# here`."""
        return [
            (name, number)
            for name, text in sorted(self.files.items())
            for number, line in enumerate(text.split("\n"), 1)
            if line.endswith("# here")
        ]


@dataclass(frozen=True, slots=True)
class Examples:
    """All that a docstring shows: what is bad, what is good, what was before, and tests."""

    bad: list[Example] = field(default_factory=list)
    good: list[Example] = field(default_factory=list)
    before: list[Example] = field(default_factory=list)
    tests: dict[str, str] = field(default_factory=dict)

    def found(self, example: Example) -> tuple[Problem, ...]:
        """What is found in an example, with all that the docstring has beside it."""
        before = self.before[0].files if self.before else None
        return report(example.files, before=before, tests=self.tests or None).problems


def examples_of(about: str) -> Examples:
    """The examples of a docstring. One file alone is that of the guild that all tests have."""
    found = Examples()
    for number, (_, words, text) in enumerate(_FENCE.findall(about)):
        if words.strip() == "test":
            found.tests[f"{number}.test.yaml"] = text
    for kind, part in _PART.findall(about):
        getattr(found, kind.lower()).append(_example(_FENCE.findall(part)))
    return found


def _example(fences: list[tuple[str, str, str]]) -> Example:
    named = {words.strip(): text for _, words, text in fences if "." in words}
    if named:
        return Example(named)
    ((_, words, text),) = fences
    return Example(with_guild(text.removeprefix("version: 1\n")), words.split()[1] if words else "")
