"""How the policies stand: what is in force, and what is the matter with what is not."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from voxguard.daemon.reload.messages import Reply, Verdict
from voxguard.daemon.revisions import Staged
from voxguard.engine.index import RuleIndex
from voxguard.model.problems import Level, Mark, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloadStatus:
    """The result of the latest load, beside the revision that is active.

    `problems` hold whatever the files gave reason to say; with `failure` (why a load broke
    off) or an error among them the files are not what is in force. `from_last_good` tells
    that the daemon started with the last good revision because the files did not load, and
    stays until they do. `since` is when the revision was put in force, None where that is not
    known. `staged` tells that the files hold a good revision that was not
    activated, and `not_kept` why the active one would not survive a broken edit and a
    restart.
    """

    revision: str = ""
    digest: str = ""
    since: datetime | None = None
    problems: tuple[Problem, ...] = ()
    failure: str | None = None
    from_last_good: bool = False
    staged: str = ""
    not_kept: str | None = None

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the files from being in force."""
        return tuple(each for each in self.problems if each.level is Level.ERROR)

    @property
    def in_force(self) -> bool:
        """Whether what the files say is what is done."""
        return self.failure is None and not self.errors and not self.staged

    def word(self) -> str:
        """The state in a word or two, as probes show it."""
        if self.from_last_good:
            return "last good revision"
        if self.staged:
            return "staged"
        return "loaded" if self.in_force else "files do not load"


@dataclass(slots=True)
class LoadCounts:
    """How loads of the files have ended since the start, the first one included.

    `loaded` brought another revision, `same` the one in force; `invalid` are files with errors
    in them, `failed` are loads that broke off.
    """

    loaded: int = 0
    same: int = 0
    invalid: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A revision that has loaded and could become the active one."""

    index: RuleIndex
    digest: str
    warnings: tuple[Problem, ...] = ()
    kept: Staged | None = None
    not_kept: str | None = None

    @classmethod
    def of(cls, reply: Reply, index: RuleIndex) -> "Candidate":
        """What a load that went well has brought."""
        return cls(
            index=index,
            digest=reply.digest,
            warnings=reply.problems,
            kept=reply.kept,
            not_kept=reply.not_kept,
        )

    @property
    def revision(self) -> str:
        """The full hash of its meaning."""
        return self.index.revision


def broken(reply: Reply, path: Path) -> str | None:
    """Why nothing came of a load, in a sentence; None when something did."""
    match reply.verdict:
        case Verdict.FAILED:
            return reply.failure
        case Verdict.MOVED:
            return f"the files in {path} changed while they were read"
        case Verdict.INVALID:
            errors = [each for each in reply.problems if each.level is Level.ERROR]
            first = _in_a_sentence(errors[0]) if errors else "no reason is given"
            more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
            return f"{first}{more}"
        case Verdict.LOADED | Verdict.SAME:
            return None


def _in_a_sentence(problem: Problem) -> str:
    whole_set = problem.mark == Mark(".")
    return problem.message if whole_set else f"{problem.mark}: {problem.message}"
