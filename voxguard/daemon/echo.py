"""What the program itself has brought about, when it comes back as a report."""

from dataclasses import replace

from voxguard.engine.engine import Engine
from voxguard.model.decisions import Effect
from voxguard.model.events import Event, VoiceStateChanged


def told_apart(engine: Engine, event: Event) -> Event:
    """The event, marked if it shows a move of the program's: that is nobody's own entry."""
    if not isinstance(event, VoiceStateChanged) or event.state.channel_id is None:
        return event
    guild = engine.guild(event.guild_id)
    member = None if guild is None else guild.members.get(event.state.user_id)
    placement = None if member is None or not member.connected else member.enforced.placement
    if placement is None or placement.effect is not Effect.MOVE:
        return event
    if placement.target_id != event.state.channel_id:
        return event
    return replace(event, is_ours=True)
