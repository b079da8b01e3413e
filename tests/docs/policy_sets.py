"""A policy set around an example, so that whatever the example names is there."""

from typing import Final

from voxguard.policy.files import Sources
from voxguard.policy.load import load_sources
from voxguard.policy.resolved import GuildPolicy

GUILD: Final = """\
version: 1
guild:
  id: "110373943822540800"
  timezone: Europe/Moscow
  channels:
    lobby: "110373943822540801"
    afk: "110373943822540802"
    music: "110373943822540803"
    vip: "110373943822540804"
    mod-log: "110373943822540805"
    stage: "110373943822540806"
    support: "110373943822540807"
  roles:
    staff: "110373943822540811"
    dj: "110373943822540812"
    member: "110373943822540813"
    in-voice: "110373943822540814"
    guest: "110373943822540815"
"""

# Shared, so that an example may define any of them itself.
SHARED: Final = """\
version: 1
lists:
  blocked: {entries: "80351110224678912"}
  members: {entries: "80351110224678001"}
  night-shift: {entries: "80351110224678002"}
  raiders: {entries: "80351110224678950"}
schedules:
  quiet-hours: {windows: [{start: "0 22 * * *", end: "0 8 * * *"}]}
  weekend: {windows: [{start: "0 0 * * SAT", for: 48h}]}
"""

LISTED: Final = {"blocked.csv": b"id\n80351110224678912\n", "blocked.txt": b"80351110224678912\n"}


def sources_of(example: str) -> Sources:
    """The files of a set in which an example is one, or the guild.yaml of the only guild."""
    policies = {"shared.yaml": SHARED, "guild/guild.yaml": GUILD, "guild/example.yaml": example}
    if "\nguild:" in example:
        policies["guild/guild.yaml"] = policies.pop("guild/example.yaml")
    return Sources(
        policies={name: text.encode() for name, text in sorted(policies.items())},
        lists={f"guild/{name}": data for name, data in LISTED.items()},
    )


def guild_of(sources: Sources) -> GuildPolicy:
    """The only guild of a set that loads."""
    loaded = load_sources(sources)
    assert loaded.policy_set is not None, loaded.problems
    (guild,) = loaded.policy_set.guilds.values()
    return guild
