"""The documents of guilds, lists and schedules, and of a whole file."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.dataclasses import dataclass

from voxguard.model.decisions import Mode
from voxguard.policy import checks
from voxguard.policy.conditions.blocks import Who
from voxguard.policy.document import Document, Maybe, NotYet, refuse
from voxguard.policy.rules import RuleDocument
from voxguard.policy.schedule_documents import ScheduleDocument, Zone
from voxguard.policy.values import Bool, Id, Instant, Many, Name, Reference, Text, shown


class ExemptDocument(Document):
    """Whom no rule may touch; each key has its own default."""

    who: Maybe[Who] = None
    bots: Bool = True
    admins: Bool = True
    afk_channel: Bool = True


class GuildDocument(Document):
    """What `guild:` in a guild.yaml says."""

    id: Id
    mode: Mode = Mode.ENFORCE
    timezone: Zone = ZoneInfo("UTC")
    channels: dict[Name, Id] = Field(default_factory=dict)
    roles: dict[Name, Id] = Field(default_factory=dict)
    exempt: ExemptDocument = Field(default_factory=ExemptDocument)
    humans: NotYet = None
    limits: NotYet = None
    log_channel: NotYet = None
    commands: NotYet = None


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class EntryDocument:
    """One entry of a list. A dataclass, of which a million are cheaper than models."""

    id: Id
    name: Text = ""
    reason: Text = ""
    added: Maybe[Instant] = None
    by: Text = ""
    until: Maybe[Instant] = None


def _from_id(value: object) -> object:
    return value if isinstance(value, dict) else {"id": value}


Entry = Annotated[EntryDocument, BeforeValidator(_from_id)]


class ListDocument(Document):
    """Ids in the file itself and in others, and lists that belong to this one."""

    description: Text = ""
    entries: Many[Entry] = ()
    files: Many[Text] = ()
    include: Many[Reference] = ()


def _check_version(value: object) -> object:
    # 1.0 and true are equal to 1 in Python, but not in YAML.
    if isinstance(value, bool) or not isinstance(value, int) or value != 1:
        text = "the text " if isinstance(value, str) else ""
        message = f"The version of the language must be 1, not {text}{shown(value)}."
        raise refuse(checks.VERSION, message)
    return 1


Version = Annotated[Literal[1], BeforeValidator(_check_version)]


class FileDocument(Document):
    """A policy file; its keys may stand in any file, but `guild` in guild.yaml alone."""

    version: Version
    guild: Maybe[GuildDocument] = None
    lists: dict[Name, ListDocument] = Field(default_factory=dict)
    schedules: dict[Name, ScheduleDocument] = Field(default_factory=dict)
    rules: dict[Name, RuleDocument] = Field(default_factory=dict)
