"""What one would write without voxguard: a hikari bot that disconnects whom it finds in a set.

`benchmarks.latency` runs it next to the daemon. It records nothing, knows no rule and nobody
who is exempt, and takes its address, its token and the file of ids as arguments.
"""

import sys
from pathlib import Path

import hikari


def main() -> None:
    """Run until a signal comes."""
    api, token, ids = sys.argv[1:]
    blocked = frozenset(map(int, Path(ids).read_text().split()))
    bot = hikari.GatewayBot(
        token,
        rest_url=api,
        intents=hikari.Intents.GUILD_VOICE_STATES,
        banner=None,
        logs=None,
        suppress_optimization_warning=True,
    )

    async def changed(event: hikari.VoiceStateUpdateEvent) -> None:
        if event.state.channel_id is not None and event.state.user_id in blocked:
            await bot.rest.edit_member(
                event.guild_id, event.state.user_id, voice_channel=None, reason="blocked"
            )

    bot.event_manager.subscribe(hikari.VoiceStateUpdateEvent, changed)
    bot.run(check_for_updates=False)


if __name__ == "__main__":
    main()
