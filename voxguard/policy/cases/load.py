"""From test files to cases, or to all that is wrong with them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from voxguard.model.problems import Mark, Problem
from voxguard.policy import checks
from voxguard.policy.cases.case import Case
from voxguard.policy.cases.compile import compile_case
from voxguard.policy.cases.documents import CaseFileDocument
from voxguard.policy.files import Sources
from voxguard.policy.places import Place
from voxguard.policy.report import Missing, Report
from voxguard.policy.resolved import GuildPolicy, PolicySet
from voxguard.policy.scope import did_you_mean
from voxguard.policy.validation import validate
from voxguard.policy.values import shown
from voxguard.policy.yaml import read_yaml


@dataclass(frozen=True, slots=True)
class LoadedCases:
    """The tests in the order of their files, and what keeps some of them from loading.

    `missing` is what they name and the set does not have.
    """

    cases: tuple[Case, ...]
    problems: tuple[Problem, ...]
    missing: tuple[Missing, ...] = ()


def load_cases(policy_set: PolicySet, sources: Sources) -> LoadedCases:
    """Load the test files of a set that has loaded. Raises nothing for what is wrong."""
    report = Report()
    guilds = {guild.directory: guild for guild in policy_set.guilds.values()}
    guilds |= {str(guild_id): guild for guild_id, guild in policy_set.guilds.items()}
    cases: list[Case] = []
    for name, fault in sources.faults.items():
        report.error(fault.check, Mark(name), fault.message)
    for name, data in sources.policies.items():
        source = read_yaml(data, name, report)
        if source is None:
            continue
        file = validate(CaseFileDocument, source.value, source.place, report)
        for title, document in {} if file is None else file.tests.items():
            place = source.place.child("tests").child(title)
            guild = _guild(document.guild, guilds, place, report)
            if guild is not None:
                cases.append(compile_case(title, document, guild, place, report))
    problems = (*sources.problems, *report.problems)
    return LoadedCases(tuple(cases), problems, tuple(report.missing))


def _guild(
    name: str | None, guilds: Mapping[str, GuildPolicy], place: Place, report: Report
) -> GuildPolicy | None:
    """The guild that a test is about; the only one there is when it names none."""
    every = {guild.id: guild for guild in guilds.values()}
    if name is None and len(every) == 1:
        return next(iter(every.values()))
    if name is None:
        report.error(
            checks.MISSING_KEY,
            place.at_key,
            f"The set has {len(every)} guilds, and the test does not say which `guild` it is for.",
            _likely(every.values(), place),
        )
        return None
    if name not in guilds:
        report.error(
            checks.DANGLING,
            place.child("guild"),
            f"There is no guild {shown(name)} in the policy set.",
            did_you_mean(name, guilds),
        )
    return guilds.get(name)


def _likely(guilds: Iterable[GuildPolicy], place: Place) -> str | None:
    """What to write: the guild in whose directory the test stands."""
    file = place.mark.file
    here = [each.directory for each in guilds if file.startswith(f"{each.directory}/")]
    return f"Write `guild: {here[0]}`." if here else None
