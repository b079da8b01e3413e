"""The examination: everything that a daemon would need, looked at once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from voxguard.daemon.doctor.findings import Examination
from voxguard.daemon.doctor.guilds import examine_guild
from voxguard.daemon.doctor.wording import counted
from voxguard.discord.app import open_app
from voxguard.discord.reads import Account, DiscordReads
from voxguard.errors import UnreachableError, VoxguardError
from voxguard.model.permissions import Permission
from voxguard.model.problems import Level
from voxguard.policy.load import load
from voxguard.policy.resolved import PolicySet
from voxguard.settings import Settings
from voxguard.store.source import DatabaseSource

LARGEST_OFFSET = timedelta(seconds=5)
"""Discord's Date header has whole seconds, and was under way for a while."""

INVITED_WITH = (
    Permission.VIEW_CHANNEL
    | Permission.CONNECT
    | Permission.MUTE_MEMBERS
    | Permission.DEAFEN_MEMBERS
    | Permission.MOVE_MEMBERS
    | Permission.MANAGE_ROLES
    | Permission.MODERATE_MEMBERS
    | Permission.SEND_MESSAGES
)
"""What the effects of rules need, and nothing that no part of the program asks for."""

RESETS_TOKEN = "https://discord.com/developers/applications"  # noqa: S105 - a page, not a token


async def examine(policies: Path, settings: Settings) -> Examination:
    """Look at policies, database, Discord and each guild; what is wrong is no error."""
    found = Examination()
    policy_set = _policies(found, policies)
    await _database(found, settings)
    await _discord(found, settings, policy_set)
    return found


def _policies(found: Examination, path: Path) -> PolicySet | None:
    loaded = load(path)
    for problem in loaded.problems:
        tell = found.error if problem.level is Level.ERROR else found.warning
        tell("policies", str(problem.mark), problem.message, problem.hint)
    if loaded.policy_set is None:
        found.policies_fail = True
    else:
        rules = sum(len(guild.rules) for guild in loaded.policy_set.guilds.values())
        guilds = len(loaded.policy_set.guilds)
        found.fine(
            "policies",
            str(path),
            f"{counted(rules, 'rule')} for {counted(guilds, 'guild')},"
            f" revision {loaded.policy_set.short_revision}",
        )
    return loaded.policy_set


async def _database(found: Examination, settings: Settings) -> None:
    url = settings.database_url
    source = DatabaseSource(None if url is None else url.get_secret_value(), settings.state_dir)
    subject = "embedded" if source.is_embedded else "DATABASE_URL"
    try:
        database = await source.connect()
        try:
            health = await database.health()
        finally:
            await database.close()
    except VoxguardError as error:
        found.error("database", subject, str(error), error.hint)
        found.out_of_reach = found.out_of_reach or isinstance(error, UnreachableError)
    else:
        message = f"PostgreSQL {health.server_version}, schema version {health.schema_version}"
        if health.pending_migrations:
            pending = ", ".join(health.pending_migrations)
            message = f"{message}; the daemon will apply {pending} when it starts"
        found.fine("database", subject, message)
        _clock(found, "database", health.clock_at - datetime.now(UTC))
    finally:
        await source.close()


async def _discord(found: Examination, settings: Settings, policy_set: PolicySet | None) -> None:
    if settings.discord_token is None:
        found.error(
            "token",
            "DISCORD_TOKEN",
            "not set",
            "put the bot's token into the environment or into a file named .env",
        )
        found.setting_missing = True
        return
    async with open_app(settings.require_token(), settings.discord_api) as app:
        reads = DiscordReads(app)
        try:
            account = await reads.account()
            found.fine("token", "DISCORD_TOKEN", f"Discord knows the bot as {account.name}")
            _intents(found, account)
            if account.clock_offset is not None:
                _clock(found, "Discord", account.clock_offset)
            await _guilds(found, reads, account, policy_set)
        except UnreachableError as error:
            found.error("discord", settings.discord_api, str(error), error.hint)
            found.out_of_reach = True


def _intents(found: Examination, account: Account) -> None:
    if account.may_see_members:
        found.fine("intents", "Server Members", "granted")
    else:
        found.warning(
            "intents",
            "Server Members",
            "not granted: role changes of connected members are seen with their next voice event",
            f"switch it on at {RESETS_TOKEN}, on the bot's page",
        )


def _clock(found: Examination, whose: str, offset: timedelta) -> None:
    seconds = offset.total_seconds()
    if abs(offset) <= LARGEST_OFFSET:
        found.fine("clock", whose, "tells the same time as this machine")
    else:
        ahead = "ahead of" if seconds > 0 else "behind"
        found.error(
            "clock",
            whose,
            f"{abs(seconds):.0f} s {ahead} this machine, whose clock schedules and limits follow",
            "let this machine's clock be set by NTP",
        )


async def _guilds(
    found: Examination, reads: DiscordReads, account: Account, policy_set: PolicySet | None
) -> None:
    if policy_set is None:
        found.skipped("permissions", "guilds", "the policies have to load first")
        return
    present = await reads.guild_ids()
    for guild_id, policy in policy_set.guilds.items():
        if guild_id in present:
            found.add(examine_guild(policy, await reads.guild(guild_id, account.user_id)))
        else:
            found.error(
                "guild",
                str(guild_id),
                f"the bot is not in this guild, which {policy.directory} is for",
                f"invite it: https://discord.com/oauth2/authorize?client_id={account.user_id}"
                f"&scope=bot&permissions={int(INVITED_WITH)}",
            )
    for guild_id in sorted(set(present) - set(policy_set.guilds)):
        found.warning("guild", str(guild_id), "the bot is in it, and no policies are for it")
