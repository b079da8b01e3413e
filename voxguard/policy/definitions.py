"""The documents of guilds, lists and schedules, and of a whole file."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.dataclasses import dataclass

from voxguard.model.decisions import Humans, Mode
from voxguard.policy import checks
from voxguard.policy.conditions.blocks import Who
from voxguard.policy.document import Document, Maybe, NotYet, refuse
from voxguard.policy.json_schema import vocabulary
from voxguard.policy.json_schema.shapes import OrShort
from voxguard.policy.limits import GuildLimitsDocument
from voxguard.policy.rules import RuleDocument
from voxguard.policy.schedule_documents import ScheduleDocument, Zone
from voxguard.policy.values import Bool, Id, Instant, Many, Name, Reference, Text, shown


class ExemptDocument(Document):
    """Whom no rule may touch; each key has its own default."""

    who: Maybe[Who] = Field(
        default=None, description="Whoever matches this.", examples=[{"roles": ["staff"]}]
    )
    bots: Bool = Field(default=True, description="Bots.", examples=[True])
    admins: Bool = Field(
        default=True,
        description="The owner, and everybody with the permission Administrator.",
        examples=[True],
    )
    afk_channel: Bool = Field(
        default=True, description="Whoever is in the guild's own AFK channel.", examples=[True]
    )


class GuildDocument(Document):
    """What `guild:` in a guild.yaml says."""

    id: Id = Field(description="The guild's id.", examples=["110373943822540800"])
    mode: Mode = Field(
        default=Mode.ENFORCE,
        description="enforce; observe: decide and log, touch nobody.",
        examples=["observe"],
    )
    timezone: Zone = Field(
        default=ZoneInfo("UTC"),
        description="For schedules that name none, for the days of `time_used`, and for `until` "
        "without an offset.",
        examples=["Europe/Moscow"],
    )
    channels: dict[Name, Id] = Field(
        default_factory=dict,
        description="Readable names of channels and categories.",
        examples=[{"lobby": "110373943822540801"}],
    )
    roles: dict[Name, Id] = Field(
        default_factory=dict,
        description="Readable names of roles.",
        examples=[{"staff": "110373943822540811"}],
    )
    exempt: ExemptDocument = Field(
        default_factory=ExemptDocument,
        description="Whom no rule ever touches.",
        examples=[{"who": {"roles": ["staff"]}, "bots": True}],
    )
    humans: Humans = Field(
        default=Humans.YIELD,
        description="When a moderator undoes what a rule holds. yield: the moderator wins until "
        "the rule has stopped holding; reassert: the rule sets it again.",
        examples=["reassert"],
    )
    limits: Maybe[GuildLimitsDocument] = Field(
        default=None,
        description="How much its rules may do at once.",
        examples=[
            {"actions": {"max": 60, "within": "1m"}, "fuse": {"members": 25, "within": "30s"}}
        ],
    )
    log_channel: NotYet = None
    commands: NotYet = None


# A million of these are cheaper than models.
@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid", title="Entry"))
class EntryDocument:
    """One entry of a list, with notes for people and perhaps an end."""

    id: Id = Field(description="The user's id.", examples=["80351110224678912"])
    name: Text = Field(default="", description="The user's name, for people.", examples=["mallory"])
    reason: Text = Field(default="", description="Why, for people.", examples=["spam"])
    added: Maybe[Instant] = Field(
        default=None, description="Since when, for people.", examples=["2026-11-01"]
    )
    by: Text = Field(default="", description="Who added it, for people.", examples=["staff"])
    until: Maybe[Instant] = Field(
        default=None,
        description="From then on it is out of the list.",
        examples=["2026-12-01T00:00:00+03:00"],
    )


def _from_id(value: object) -> object:
    return value if isinstance(value, dict) else {"id": value}


Entry = Annotated[EntryDocument, BeforeValidator(_from_id), OrShort(vocabulary.ID)]


class ListDocument(Document):
    """Ids in the file itself and in others, and lists that belong to this one."""

    description: Text = Field(
        default="", description="What it is for, for people.", examples=["May not be in voice."]
    )
    entries: Many[Entry] = Field(
        default=(),
        description="Ids, with or without notes and an end.",
        examples=[["80351110224678912", {"id": "80351110224678913", "until": "2026-12-01"}]],
    )
    files: Many[Text] = Field(
        default=(),
        description="CSV and text files, by their path from this file.",
        examples=[["blocked.csv", "blocked.txt"]],
    )
    include: Many[Reference] = Field(
        default=(),
        description="Lists whose ids belong to this one too.",
        examples=[["raiders"]],
    )


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

    version: Version = Field(
        description="The version of the language; every file begins with it.", examples=[1]
    )
    guild: Maybe[GuildDocument] = Field(
        default=None,
        description="The guild whose scope this directory is; in guild.yaml alone.",
        examples=[{"id": "110373943822540800", "timezone": "Europe/Moscow"}],
    )
    lists: dict[Name, ListDocument] = Field(
        default_factory=dict,
        description="Lists of users, by name.",
        examples=[{"blocked": {"entries": ["80351110224678912"]}}],
    )
    schedules: dict[Name, ScheduleDocument] = Field(
        default_factory=dict,
        description="Schedules, by name.",
        examples=[{"quiet-hours": {"windows": [{"start": "0 22 * * *", "end": "0 8 * * *"}]}}],
    )
    rules: dict[Name, RuleDocument] = Field(
        default_factory=dict,
        description="Rules, by name.",
        examples=[{"quiet-lobby": {"where": "lobby", "then": {"mute": True}}}],
    )
