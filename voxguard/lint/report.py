"""The report of a lint run: as JSON for programs, and as lines with styles for people."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from voxguard.lint.base import Base
from voxguard.lint.checks import CHECKS
from voxguard.lint.excerpt import USUAL, excerpt
from voxguard.lint.findings import limited
from voxguard.lint.subject import subject_of
from voxguard.lint.suppressions import suppress
from voxguard.lint.tested import Tested
from voxguard.model.problems import Level, Problem, problem_as_json
from voxguard.policy.files import Sources
from voxguard.policy.load import Loaded, examine_sources
from voxguard.policy.namespace import PolicyFile
from voxguard.policy.resolved import PolicySet

Segment = tuple[str, str]
"""A piece of a line and its role: `error`, `warning`, `place`, `source`, `hint` or none."""

Line = tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class LintReport:
    """Everything that was found, and the sources to quote from.

    `found` is all of it, `problems` as much as anybody reads. It and `files` are empty when
    the set does not load. `tests` are the test files, by what is read in them.
    """

    loaded: Loaded
    sources: Sources
    problems: tuple[Problem, ...]
    found: tuple[Problem, ...] = ()
    files: Mapping[str, PolicyFile] = field(default_factory=dict)
    tests: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def revision(self) -> str | None:
        """The revision of the set, in full; None when it does not load."""
        return None if self.loaded.policy_set is None else self.loaded.policy_set.revision

    @property
    def errors(self) -> int:
        """How many problems are errors."""
        return sum(problem.level is Level.ERROR for problem in self.problems)

    @property
    def warnings(self) -> int:
        """How many problems are warnings."""
        return len(self.problems) - self.errors

    def exit_code(self, fail_level: Level) -> int:
        """3 when the set does not load, 1 when a finding reaches the level, else 0."""
        if self.loaded.policy_set is None:
            return 3
        failing = self.errors + (self.warnings if fail_level is Level.WARNING else 0)
        return 1 if failing else 0

    def as_json(self) -> dict[str, object]:
        """The report as JSON values; an unknown position is null."""
        policy_set = self.loaded.policy_set
        return {
            "revision": None if policy_set is None else policy_set.short_revision,
            "problems": [problem_as_json(problem) for problem in self.problems],
            "summary": {"errors": self.errors, "warnings": self.warnings},
        }

    def lines(self, width: int = USUAL) -> Iterator[Line]:
        """The report for people: each problem with its source line and a caret.

        No excerpt is wider than `width` columns.
        """
        texts: dict[str, list[str]] = {}
        for problem in self.problems:
            yield from _problem_lines(problem, self.lines_of(problem.mark.file, texts), width)
            yield ()
        yield self._summary()

    def lines_of(self, file: str, texts: dict[str, list[str]]) -> list[str]:
        """The lines of a file as marks count them; `texts` keeps them."""
        if file not in texts:
            found = {**self.sources.policies, **self.sources.lists, **self.tests}
            text = found.get(file, b"").decode(errors="replace").removeprefix("\ufeff")
            texts[file] = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return texts[file]

    def _summary(self) -> Line:
        policy_set = self.loaded.policy_set
        end = "the set does not load" if policy_set is None else policy_set.short_revision
        if policy_set is not None:
            end = f"revision {end}"
        counts = [
            (f"{count} {what}{'' if count == 1 else 's'}", what)
            for count, what in ((self.errors, "error"), (self.warnings, "warning"))
            if count
        ]
        if not counts:
            return (("no problems", ""), (f"; {end}", ""))
        parts = [counts[0]]
        for count in counts[1:]:
            parts += [(", ", ""), count]
        return (*parts, (f"; {end}", ""))


def lint(
    sources: Sources,
    now: datetime,
    *,
    base: Base | None = None,
    trial: Callable[[PolicySet], Tested] | None = None,
    retention: timedelta | None = None,
) -> LintReport:
    """Load the set that was read, put it through all checks, and report on it.

    `now` decides what has ended: schedules, entries of lists, suppressions. `base` is what
    the set was before, where it is to be compared with that. `trial` plays the policy tests
    of the set when it has loaded. `retention` is for how long rows are kept, None for good.
    """
    examined = examine_sources(sources)
    policy_set = examined.loaded.policy_set
    tested = None if policy_set is None or trial is None else trial(policy_set)
    subject = subject_of(examined, sources, now, base, tested, retention)
    made = [check for check in CHECKS if check.applies(subject)]
    found = dict.fromkeys(problem for check in made for problem in check.find(subject))
    if policy_set is None:
        # Loading has kept its own problems within the limits.
        problems = sorted((*examined.loaded.problems, *limited(found)), key=_order)
        return LintReport(examined.loaded, sources, tuple(problems))
    known = {check.id: check in made for check in CHECKS}
    left = suppress((*examined.loaded.problems, *found), subject.texts, now.date(), known)
    every = tuple(sorted(left, key=_order))
    return LintReport(
        examined.loaded,
        sources,
        limited(every),
        every,
        examined.files,
        {} if tested is None else tested.files,
    )


def _order(problem: Problem) -> tuple[str, int, int, str, str]:
    mark = problem.mark
    return mark.file, mark.line or 0, mark.column or 0, problem.check, problem.message


def _problem_lines(problem: Problem, lines: list[str], width: int) -> Iterator[Line]:
    mark = problem.mark
    level = problem.level.value
    yield (
        (str(mark), "place"),
        (": ", ""),
        (level, level),
        (f": {problem.message} ", ""),
        (f"[{problem.check} {problem.name}]", "hint"),
    )
    if mark.line is not None and mark.line <= len(lines):
        number = str(mark.line)
        margin = f"  {number} | "
        room = width - len(margin)
        source, caret = excerpt(lines[mark.line - 1], mark.column or 1, room)
        yield ((margin, "place"), (source, "source"))
        yield ((f"  {' ' * len(number)} | ", "place"), (caret, level))
    if problem.hint:
        yield ((f"  hint: {problem.hint}", "hint"),)
