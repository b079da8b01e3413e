"""The options of `voxguard explain`: whom it is about, and what no file says of them."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from voxguard.cli.options import parse_instant, parse_length


class Kind(StrEnum):
    """The kinds of channel that people talk in."""

    VOICE = "voice"
    STAGE = "stage"


GuildOption = Annotated[
    str | None,
    typer.Option(
        "--guild",
        metavar="G",
        help="The guild's directory or id. Default: the only one there is.",
        show_default=False,
    ),
]
MemberOption = Annotated[str, typer.Option("--member", metavar="M", help="The member's id.")]
ChannelOption = Annotated[
    str, typer.Option("--channel", metavar="C", help="The channel's alias or id.")
]
RoleOption = Annotated[
    list[str] | None,
    typer.Option(
        "--role", metavar="R", help="A role of the member, alias or id.", show_default=False
    ),
]
AtOption = Annotated[
    datetime | None,
    typer.Option(
        "--at",
        metavar="T",
        parser=parse_instant,
        help="The instant, UTC where no offset is given. Default: now.",
        show_default=False,
    ),
]
CategoryOption = Annotated[
    str | None,
    typer.Option(
        "--category",
        metavar="C",
        help="The category that the channel is in, alias or id, or `none`. Default: not known.",
        show_default=False,
    ),
]
KindOption = Annotated[
    Kind | None,
    typer.Option("--kind", help="What the channel is for. Default: not known.", show_default=False),
]
JoinedOption = Annotated[
    datetime | None,
    typer.Option(
        "--joined-at",
        metavar="T",
        parser=parse_instant,
        help="When the member joined the guild, UTC where no offset is given. Default: not known.",
        show_default=False,
    ),
]
OccupancyOption = Annotated[
    int | None,
    typer.Option(
        "--occupancy",
        metavar="N",
        min=0,
        help="People in the channel, the member included, without bots. Default: not known.",
        show_default=False,
    ),
]
BotOption = Annotated[bool, typer.Option("--bot", help="The member is a bot.")]
EntriesOption = Annotated[
    int | None,
    typer.Option(
        "--entries",
        metavar="N",
        min=1,
        max=1_000,
        help="How often the member has just entered channels, now included. Default: not known.",
        show_default=False,
    ),
]
ChannelEntriesOption = Annotated[
    int | None,
    typer.Option(
        "--channel-entries",
        metavar="N",
        min=1,
        max=1_000,
        help="How often anybody has just entered the channel, now included. Default: not known.",
        show_default=False,
    ),
]
UsedOption = Annotated[
    timedelta | None,
    typer.Option(
        "--time-used",
        metavar="LENGTH",
        parser=parse_length,
        help="How long the member has been in the channel up to now, like 1h30m. "
        "Default: not known.",
        show_default=False,
    ),
]
EpisodesOption = Annotated[
    int,
    typer.Option(
        "--earlier-episodes",
        metavar="N",
        min=0,
        max=1_000,
        help="How many episodes of a rule that escalates count already.",
    ),
]
