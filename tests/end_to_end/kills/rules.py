"""Policies for a crowd: every effect that lasts or happens once, and nothing held back."""

from tests.end_to_end.harbour import BLOCK, GUILD_YAML
from tests.end_to_end.kills.crowd import BLOCKED, GUESTS, RUDE, SILENCED

UNLIMITED = """\
  limits: {actions: {max: 100000, within: 1m}, fuse: off}
"""
LISTS = f"""\
version: 1
lists:
  blocked: {{entries: {BLOCKED}}}
  silenced: {{entries: {SILENCED}}}
  guests: {{entries: {GUESTS}}}
  rude: {{entries: {RUDE}}}
"""
SILENCE = """\
version: 1
rules:
  silence: {who: {lists: [silenced]}, where: lobby, then: {mute: true}}
"""
NO_SILENCE = "version: 1\n"
OTHERS = """\
version: 1
rules:
  short-stay: {where: hall, for: 1s, then: {move: music}}
  guests-play: {who: {lists: [guests]}, where: music, then: {grant: dj}}
  guests-are-greeted: {who: {lists: [guests]}, where: lobby, then: {warn: "Welcome."}}
  rude-ones-rest:
    who: {lists: [rude]}
    where: music
    then: {timeout: 5s, announce: {channel: mod-log, text: "{member} rests."}}
"""
FILES = {
    "guild.yaml": GUILD_YAML + UNLIMITED,
    "lists.yaml": LISTS,
    "block.yaml": BLOCK,
    "silence.yaml": SILENCE,
    "others.yaml": OTHERS,
}
