"""Random policies: rules that meet each other often, in files as people write them."""

import re
from collections.abc import Callable
from functools import lru_cache
from random import Random

from tests.simulation.people import GUILDS, ROLES, Ids
from voxguard.engine.compile import compile_policies
from voxguard.engine.index import RuleIndex
from voxguard.policy.files import Sources
from voxguard.policy.load import load_sources

OPEN_ROOMS = ("lobby", "music", "vip")
SHORT = ("3s", "5s", "10s", "30s")
LONG = ("30s", "1m", "2m", "5m")

Rule = Callable[[Random], str]


def _room(dice: Random) -> str:
    return dice.choice(OPEN_ROOMS)


def _lasting(dice: Random) -> str:
    return f"for: {dice.choice(SHORT)}, " if dice.random() < 0.5 else ""


RULES: dict[str, Rule] = {
    "loud": lambda d: (
        f"{{where: [{_room(d)}], when: {{state: {{self_mute: false}}}}, {_lasting(d)}"
        "then: {mute: true}}"
    ),
    "away": lambda d: (
        f"{{when: {{state: {{self_deaf: true}}}}, {_lasting(d)}then: {{deafen: true}}}}"
    ),
    "night": lambda d: f"{{where: [{_room(d)}], when: {{schedule: dark}}, then: {{mute: true}}}}",
    "limit": lambda d: f"{{where: [{_room(d)}], for: {d.choice(LONG)}, then: {{move: afk}}}}",
    "banned": lambda d: (
        f'{{who: {{members: ["501"]}}, where: [{_room(d)}], then: {{disconnect: true}}}}'
    ),
    "guests": lambda d: (
        f"{{who: {{roles: [guest]}}, where: [{_room(d)}], then: {{disconnect: true}}}}"
    ),
    "music": lambda d: f"{{where: [{_room(d)}], then: {{grant: dj}}}}",
    "hoppers": lambda d: (
        "{when: {entries: {min: 3, within: 1m}}, "
        f"then: {{mute: true, hold: {d.choice(LONG)}}}}}"
    ),
    "steps": lambda d: (
        f"{{where: [{_room(d)}], when: {{state: {{camera: true}}}}, escalate: {{forget_after: 10m, "
        f"steps: [{{warn: Mind the camera.}}, {{mute: true, hold: {d.choice(LONG)}}}, "
        "{disconnect: true}]}}"
    ),
    "audience": lambda d: f"{{where: [stage], {_lasting(d)}then: {{suppress: true}}}}",
    "lift": lambda d: (
        f"{{priority: {d.choice((50, 150))}, who: {{roles: [dj]}}, where: [{_room(d)}], "
        "then: {mute: false}}"
    ),
    "told": lambda d: (
        f"{{where: [{_room(d)}], "
        'then: {announce: {channel: mod-log, text: "{member} came"}}}'
    ),
    "storm": lambda _: "{when: {entries: {min: 4, within: 30s}}, then: {timeout: 1m}}",
    "silence": lambda d: (
        f"{{where: [{_room(d)}], {_lasting(d)}then: {{mute: true, deafen: true}}}}"
    ),
    "watched": lambda d: (
        f"{{mode: observe, where: [{_room(d)}], then: {{mute: true, warn: Observed.}}}}"
    ),
    "used": lambda d: (
        f"{{where: [{_room(d)}], when: {{time_used: {{min: 5m, per: 24h}}}}, then: {{move: afk}}}}"
    ),
    "stream": lambda _: (
        "{cooldown: 2m, when: {state: {streaming: true}}, then: {warn: Please do not stream.}}"
    ),
    "friends": lambda d: (
        f"{{priority: 10, who: {{roles: [guest]}}, where: [{_room(d)}], then: {{allow: true}}}}"
    ),
    "crowd": lambda d: (
        f"{{where: {{channels: [{_room(d)}], occupancy: {{min: 3}}}}, then: {{mute: true}}}}"
    ),
    "muted": lambda _: "{when: {state: {guild_mute: true}}, then: {grant: guest}}",
    "excused": lambda d: (
        f"{{where: [{_room(d)}], unless: {{when: {{state: {{self_mute: true}}}}}}, "
        f"then: {{mute: true, hold: {d.choice(SHORT)}}}}}"
    ),
}


def random_policies(dice: Random) -> str:
    """One revision of both guilds, as a text: each file's name in a line, then the file."""
    files = {}
    for ids in GUILDS:
        chosen = sorted(dice.sample(sorted(RULES), dice.randint(3, 8)))
        rules = "".join(f"  {name}: {RULES[name](dice)}\n" for name in chosen)
        files[f"g{ids.guild}/guild.yaml"] = _guild_file(dice, ids)
        files[f"g{ids.guild}/rules.yaml"] = f"version: 1\nrules:\n{rules}"
    return "".join(f"# {name}\n{text}" for name, text in files.items())


def _guild_file(dice: Random, ids: Ids) -> str:
    channels = ", ".join(f'{name}: "{number}"' for name, number in ids.channels.items())
    roles = ", ".join(f'{name}: "{ids.roles[name]}"' for name in ROLES)
    limits = dice.choice(
        (
            *("", "", "  limits: {fuse: off}\n"),
            "  limits: {actions: {max: 3, within: 1m}}\n",
            "  limits: {fuse: {members: 2, within: 1m}}\n",
        )
    )
    humans = dice.choice(("", "", "  humans: yield\n", "  humans: reassert\n"))
    mode = "  mode: observe\n" if dice.random() < 0.08 else ""
    return (
        f'version: 1\nguild:\n  id: "{ids.guild}"\n  channels: {{{channels}}}\n'
        f"  roles: {{{roles}}}\n  exempt: {{who: {{roles: [staff]}}}}\n{humans}{mode}{limits}"
        "schedules:\n"
        '  dark: {windows: [{start: "*/7 * * * *", for: 3m}]}\n'
    )


@lru_cache(maxsize=64)
def compiled(policies: str) -> RuleIndex:
    """What the program makes of a revision."""
    files: dict[str, bytes] = {}
    for part in policies.split("# g")[1:]:
        name, _, text = part.partition("\n")
        files[f"g{name}"] = text.encode()
    loaded = load_sources(Sources(files, {}))
    if loaded.policy_set is None:
        raise ValueError(f"{loaded.problems}\n{policies}")
    return compile_policies(loaded.policy_set)


def without_rule(policies: str, number: int) -> str | None:
    """The same without its n-th rule; None where it has fewer."""
    lines = policies.splitlines(keepends=True)
    rules = [n for n, line in enumerate(lines) if line.startswith("  ") and _names_rule(line)]
    if number >= len(rules):
        return None
    left = "".join(lines[: rules[number]] + lines[rules[number] + 1 :])
    return re.sub(r"^rules:\n(?!  )", "rules: {}\n", left, flags=re.MULTILINE)


def _names_rule(line: str) -> bool:
    return line.strip().partition(":")[0] in RULES
