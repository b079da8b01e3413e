"""Everything that can be made to happen in the stand-in, as methods.

The scenario's steps, the HTTP control calls and tests in Python all end here. Guilds, members,
channels and roles are given by name or id. `UnknownNameError` where there is none of that
name, `RefusedError` where Discord would not let it happen; both are `UsageError`.
"""

from voxguard.sandbox.controls.guild import GuildControls
from voxguard.sandbox.controls.mishaps import MishapControls
from voxguard.sandbox.controls.trouble import TroubleControls
from voxguard.sandbox.controls.voice import VoiceControls


class Controls(VoiceControls, GuildControls, TroubleControls, MishapControls):
    """All of them together."""


__all__ = ["Controls"]
