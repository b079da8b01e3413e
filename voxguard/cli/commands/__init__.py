"""The commands, one module each.

A module `voxguard/cli/commands/NAME.py` holds `app`, a `typer.Typer` with one command (or several:
then they are NAME's subcommands). It imports nothing heavy at its top, raises `VoxguardError` for
what a person can do something about, and returns its exit code (or nothing).
"""

from typing import Final

# Name and the line for `voxguard --help`, in the order shown there. The line is repeated as the
# first one of the command's docstring: listing the commands must not import them.
COMMANDS: Final[dict[str, str]] = {
    "db": "Upgrade or check the schema of the database.",
    "demo": "Show the daemon at work, without a Discord account.",
    "doctor": "Check token, intents, permissions, database, clock and policies.",
    "explain": "Say why each rule holds for a member or doesn't.",
    "fuse": "Show the fuses of rules, or make a blown one whole.",
    "init": "Make a new policy repository.",
    "lint": "Show every problem of a policy set.",
    "run": "Moderate: the daemon, until it is stopped.",
    "sandbox": "Play Discord locally, for a daemon to connect to.",
    "schedules": "Show when schedules are open.",
    "schema": "Print the JSON Schema of policy files, or of tests.",
    "simulate": "Put a recorded trace through a policy set.",
    "status": "Show how the running daemon stands.",
    "test": "Run the tests of a policy set on a virtual clock.",
}
