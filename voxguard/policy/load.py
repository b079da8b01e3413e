"""The way in: from a directory to a policy set, or to all that is wrong with it."""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from voxguard.model.ids import GuildId
from voxguard.model.problems import Mark, Problem
from voxguard.policy import checks
from voxguard.policy.definitions import GuildDocument
from voxguard.policy.files import POLICY_SUFFIXES, Sources, read_sources
from voxguard.policy.guilds import compile_guild
from voxguard.policy.listing import ListCompiler
from voxguard.policy.namespace import Namespace, PolicyFile, read_policy_file
from voxguard.policy.places import Place
from voxguard.policy.report import Missing, Report
from voxguard.policy.resolved import GuildPolicy, PolicySet
from voxguard.policy.revision import revision_of

GUILD_FILE = "guild.yaml"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The result of loading: a set when nothing was wrong, and what there is to say.

    `problems` are sorted by file and line and may be warnings alone; `digest` is that
    of the files as they were read.
    """

    policy_set: PolicySet | None
    problems: tuple[Problem, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of loading, and where everything stands, for those who look closer.

    `scopes` are what each guild sees, by its directory; `missing` is what is referred to
    and not there.
    """

    loaded: Loaded
    files: Mapping[str, PolicyFile]
    scopes: Mapping[str, Namespace]
    missing: tuple[Missing, ...] = ()


def load(path: Path | str) -> Loaded:
    """Load the policy set in a directory. Raises nothing for what is wrong with it."""
    return load_sources(read_sources(path))


def load_sources(sources: Sources) -> Loaded:
    """Load a policy set that has been read."""
    return examine_sources(sources, keep=False).loaded


def examine_sources(sources: Sources, *, keep: bool = True) -> Examined:
    """The same, with the documents of its files when they are to be kept."""
    report = Report()
    files: dict[str, PolicyFile] = {}
    scopes: dict[str, Namespace] = {}
    guilds = _compile(sources, report, files if keep else None, scopes)
    return Examined(_loaded(sources, guilds, report), files, scopes, tuple(report.missing))


def _loaded(sources: Sources, guilds: list[GuildPolicy], report: Report) -> Loaded:
    problems = tuple(sorted((*sources.problems, *report.problems), key=_where))
    if report.failed or sources.problems:
        return Loaded(None, problems, sources.digest)
    by_id = {guild.id: guild for guild in sorted(guilds, key=lambda guild: guild.id)}
    policy_set = PolicySet(revision=revision_of(guilds), guilds=by_id)
    return Loaded(policy_set, problems, sources.digest)


def _where(problem: Problem) -> tuple[str, int, int]:
    return problem.mark.file, problem.mark.line or 0, problem.mark.column or 0


def _compile(
    sources: Sources,
    report: Report,
    files: dict[str, PolicyFile] | None,
    seen: dict[str, Namespace],
) -> list[GuildPolicy]:
    directories = _guild_directories([*sources.policies, *sources.faults], report)
    if not directories and sources.policies:
        report.error(
            checks.NO_SET,
            Mark("."),
            f"No directory of the set has a {GUILD_FILE}: the policies are for no guild.",
        )
    shared = Namespace(shared=True)
    scopes = {directory: Namespace(shared=False) for directory in directories}
    guilds: dict[str, tuple[GuildDocument, Place]] = {}
    for name, data in sources.policies.items():
        directory = _scope_of(name, directories)
        namespace = shared if directory is None else scopes[directory]
        file = read_policy_file(data, name, report, shared=namespace.shared)
        if file is None:
            namespace.complete = False
            continue
        if files is not None:
            files[name] = file
        for section, definition in file.definitions:
            namespace.add(section, definition, report)
        guild = _guild_of(file, name, directory, report)
        if guild is not None and directory is not None:
            guilds[directory] = guild, file.place.child("guild")
    for name, fault in sources.faults.items():
        if name.lower().endswith(POLICY_SUFFIXES):
            report.error(fault.check, Mark(name), fault.message)
            directory = _scope_of(name, directories)
            (shared if directory is None else scopes[directory]).complete = False
    _refuse_equal_ids(guilds.values(), report)
    lists = ListCompiler(sources, report)
    seen.update((each, scopes[each].over(shared, report)) for each in guilds)
    return [
        compile_guild(document, place, directory, seen[directory], lists, report)
        for directory, (document, place) in guilds.items()
    ]


def _guild_directories(names: Iterable[str], report: Report) -> set[str]:
    """The directories that are a guild's scope; one inside another is none."""
    found = {posixpath.dirname(name) or "." for name in names if _is_guild_file(name)}
    directories = set()
    for directory in sorted(found):
        outer = next((above for above in _above(directory) if above in found), None)
        if outer is None:
            directories.add(directory)
        else:
            file = posixpath.join(directory, GUILD_FILE)
            report.error(
                checks.MISPLACED_GUILD,
                Mark(file),
                f"This directory is in the scope of {posixpath.normpath(f'{outer}/{GUILD_FILE}')}; "
                "one guild cannot stand in another.",
            )
    return directories


def _is_guild_file(name: str) -> bool:
    return posixpath.basename(name) == GUILD_FILE


def _above(directory: str) -> list[str]:
    """The directories that hold a directory, the set itself last."""
    above = []
    while directory != ".":
        directory = posixpath.dirname(directory) or "."
        above.append(directory)
    return above


def _scope_of(name: str, directories: set[str]) -> str | None:
    """The guild's directory to whose scope a file belongs; None for a shared file."""
    return next((above for above in _above(name) if above in directories), None)


def _guild_of(
    file: PolicyFile, name: str, directory: str | None, report: Report
) -> GuildDocument | None:
    if posixpath.normpath(f"{directory}/{GUILD_FILE}") == name:
        if file.keys is not None and "guild" not in file.keys:
            report.error(checks.MISSING_KEY, file.place, "The key `guild` is missing here.")
        return file.guild
    if "guild" in (file.keys or ()) and not _is_guild_file(name):
        report.error(
            checks.MISPLACED_GUILD,
            file.place.child("guild").at_key,
            f"`guild` stands in {GUILD_FILE} alone.",
        )
    return None


def _refuse_equal_ids(guilds: Iterable[tuple[GuildDocument, Place]], report: Report) -> None:
    seen: dict[GuildId, Place] = {}
    for document, place in guilds:
        guild_id = GuildId(document.id)
        first = seen.setdefault(guild_id, place)
        if first is not place:
            report.error(
                checks.DUPLICATE_GUILD,
                place.child("id"),
                f"The guild {guild_id} has a scope already, in {first.file}.",
            )
