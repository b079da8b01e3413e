"""The policy set that an offline command works on, or the message that it does not load."""

from pathlib import Path
from typing import TYPE_CHECKING

from voxguard.cli.options import policy_path
from voxguard.errors import PolicyError

if TYPE_CHECKING:
    from voxguard.policy.resolved import PolicySet

_SHOWN = 20


def load_policies(argument: Path | None) -> "PolicySet":
    """Load the policy set that the command was given, else the one of the settings.

    Raises:
        PolicyError: It does not load; the first of its problems are in the message.
        UsageError: A setting is wrong.
    """
    from voxguard.model.problems import Level
    from voxguard.policy.load import load

    path = policy_path(argument)
    loaded = load(path)
    if loaded.policy_set is not None:
        return loaded.policy_set
    errors = [each for each in loaded.problems if each.level is Level.ERROR]
    lines = [f"{each.mark}: {each.message} ({each.check} {each.name})" for each in errors[:_SHOWN]]
    if len(errors) > _SHOWN:
        lines.append(f"and {len(errors) - _SHOWN} more")
    raise PolicyError(
        "\n  ".join([f"the policy set {path} does not load", *lines]),
        hint=f"voxguard lint {path} shows every problem",
    )
