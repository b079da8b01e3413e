"""From a guild's documents, and those it shares with others, to its policy."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from voxguard.model.ids import ChannelId, GuildId, RoleId
from voxguard.model.limits import DEFAULT_BUDGET, DEFAULT_FUSE
from voxguard.policy.conditions.blocks import compile_block
from voxguard.policy.definitions import ExemptDocument, GuildDocument
from voxguard.policy.listing import ListCompiler
from voxguard.policy.lists import IdList
from voxguard.policy.namespace import Definition, Namespace
from voxguard.policy.places import Place
from voxguard.policy.report import Report
from voxguard.policy.resolved import Exempt, GuildPolicy
from voxguard.policy.rules import compile_rule
from voxguard.policy.schedules import Schedule
from voxguard.policy.scope import Scope


def compile_guild(
    document: GuildDocument,
    place: Place,
    directory: str,
    namespace: Namespace,
    lists: ListCompiler,
    report: Report,
) -> GuildPolicy:
    """The policy of one guild; what is wrong with it has been reported."""
    zone = document.timezone
    found_lists: dict[str, IdList | None] = dict.fromkeys(namespace.sections["lists"])
    schedules = _schedules(namespace.sections["schedules"], zone)
    scope = Scope(
        guild=str(document.id) if directory == "." else directory,
        report=report,
        channels={name: ChannelId(number) for name, number in document.channels.items()},
        roles={name: RoleId(number) for name, number in document.roles.items()},
        lists=found_lists,
        schedules=schedules,
        zone=zone,
        complete=namespace.complete,
    )
    lists.compile(namespace.sections["lists"], scope, zone, found_lists)
    rules = [
        compile_rule(name, definition.document, scope, definition.place)
        for name, definition in namespace.sections["rules"].items()
        if definition.document is not None
    ]
    limits = document.limits
    return GuildPolicy(
        id=GuildId(document.id),
        directory=directory,
        mode=document.mode,
        timezone=zone.key,
        channels=scope.channels,
        roles=scope.roles,
        exempt=_exempt(document.exempt, scope, place.child("exempt")),
        humans=document.humans,
        budget=DEFAULT_BUDGET
        if limits is None or limits.actions is None
        else limits.actions.compile(),
        fuse=DEFAULT_FUSE if limits is None or limits.fuse is None else limits.fuse.compile(),
        lists={name: found for name, found in sorted(found_lists.items()) if found is not None},
        includes=_includes(namespace.sections["lists"]),
        schedules={name: found for name, found in sorted(schedules.items()) if found is not None},
        rules=tuple(sorted(rules, key=lambda rule: rule.order)),
    )


def _includes(definitions: Mapping[str, Definition]) -> dict[str, tuple[str, ...]]:
    return {
        name: definition.document.include
        for name, definition in sorted(definitions.items())
        if definition.document is not None and definition.document.include
    }


def _schedules(definitions: Mapping[str, Definition], zone: ZoneInfo) -> dict[str, Schedule | None]:
    return {
        name: None if definition.document is None else definition.document.compile(zone)
        for name, definition in definitions.items()
    }


def _exempt(document: ExemptDocument, scope: Scope, place: Place) -> Exempt:
    who = compile_block("who", document.who, scope, place)
    return Exempt(
        who=None if document.who is None else who,
        bots=document.bots,
        admins=document.admins,
        afk_channel=document.afk_channel,
    )
