"""`voxguard explain`: why each rule holds for a member, or why it doesn't."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from voxguard.cli.explain_options import (
    AtOption,
    BotOption,
    CategoryOption,
    ChannelEntriesOption,
    ChannelOption,
    EntriesOption,
    EpisodesOption,
    GuildOption,
    JoinedOption,
    KindOption,
    MemberOption,
    OccupancyOption,
    RoleOption,
    UsedOption,
)
from voxguard.cli.loading import load_policies
from voxguard.cli.options import Format, FormatOption, PathArgument, command_app
from voxguard.errors import UsageError

if TYPE_CHECKING:
    from voxguard.engine.explanation import Explanation
    from voxguard.engine.newcomer import Newcomer
    from voxguard.policy.resolved import GuildPolicy, PolicySet

app = command_app()


@app.command()
def explain(  # noqa: PLR0913, PLR0917 - an option each, and Typer passes them by name
    member: MemberOption,
    channel: ChannelOption,
    path: PathArgument = None,
    guild: GuildOption = None,
    role: RoleOption = None,
    at: AtOption = None,
    category: CategoryOption = None,
    kind: KindOption = None,
    bot: BotOption = False,
    joined_at: JoinedOption = None,
    occupancy: OccupancyOption = None,
    entries: EntriesOption = None,
    channel_entries: ChannelEntriesOption = None,
    time_used: UsedOption = None,
    earlier_episodes: EpisodesOption = 0,
    form: FormatOption = Format.HUMAN,
) -> None:
    """Say why each rule holds for a member or doesn't.

    The member is thought to join the channel at the instant, with the roles that are given.
    No Discord is asked, so that the channel's category, kind and occupancy, when the member
    joined the guild, and what they have done lately, are known only where they are given; what
    depends on them is shown as unknown.
    """
    policy_set = load_policies(path)
    from voxguard.cli.explanation import options_for
    from voxguard.engine.compile import compile_guild
    from voxguard.engine.explain import explain as explain_all
    from voxguard.engine.newcomer import Newcomer, TooMuchUnknownError
    from voxguard.model.world import ChannelKind
    from voxguard.scenario.explained import unknown_facts
    from voxguard.scenario.names import find_channel, find_guild, find_member, find_role
    from voxguard.scenario.trace import check_instant

    asked_at = check_instant(at or datetime.now(UTC).replace(microsecond=0))
    if occupancy == 0 and not bot:
        raise UsageError("--occupancy counts the member as well, so that it is at least 1")
    found = find_guild(policy_set, guild)
    named = category not in (None, "none")
    newcomer = Newcomer(
        user_id=find_member(member),
        channel_id=find_channel(found, channel),
        roles=frozenset(find_role(found, each) for each in role or ()),
        bot=bot,
        category_known=category is not None,
        category_id=find_channel(found, category) if category and named else None,
        kind=None if kind is None else ChannelKind(kind),
        joined_at=None if joined_at is None else check_instant(joined_at),
        occupancy=occupancy,
        entries=entries,
        channel_entries=channel_entries,
        used=time_used,
        earlier_episodes=earlier_episodes,
    )
    try:
        explanation = explain_all(compile_guild(found), newcomer, asked_at)
    except TooMuchUnknownError as error:
        raise UsageError(
            f"what is not known leaves {error} ways to look at; say more, by "
            f"{options_for(unknown_facts(found, newcomer))}"
        ) from error
    if form is Format.JSON:
        _write_json(explanation, found, newcomer)
    else:
        _write_human(explanation, policy_set, found, newcomer)


def _write_json(explanation: "Explanation", guild: "GuildPolicy", newcomer: "Newcomer") -> None:
    from voxguard.cli import render
    from voxguard.scenario.explained import explanation_json

    render.write_json(explanation_json(explanation, guild, newcomer))


def _write_human(
    explanation: "Explanation",
    policy_set: "PolicySet",
    guild: "GuildPolicy",
    newcomer: "Newcomer",
) -> None:
    from rich.text import Text

    from voxguard.cli.explanation import Node, Wording, instant, not_known, write_tree
    from voxguard.scenario.explained import ASSUMED, names_off, unknown_facts
    from voxguard.scenario.names import Names

    names = Names(policy_set)

    def name(path: str, text: str) -> str:
        """The alias of an id where the condition holds ids of channels or roles."""
        if not text.isdecimal():
            return text
        if path == "who/roles":
            return names.role(guild.id, int(text)) or text
        if path in ("where/channels", "move"):
            return names.channel(guild.id, int(text)) or text
        return text

    place = name("where/channels", str(newcomer.channel_id))
    title = Text(f"{newcomer.user_id} in {place} of {names.guild(guild.id)}, ", "bold")
    title.append(instant(explanation.at))
    nodes = Wording(name).tree(explanation)
    if off := names_off(guild):
        nodes.append(Node(Text(f"off: {', '.join(off)}")))
    assumed = [Node(Text(each, "dim")) for each in ASSUMED]
    nodes.append(Node(Text("taken for granted", "dim"), assumed))
    if unknown := unknown_facts(guild, newcomer):
        nodes.append(Node(Text(not_known(unknown), "yellow")))
    write_tree(title, nodes)
