"""What an author may write for `mute` and `deafen`."""

from typing import Annotated

from pydantic import BeforeValidator

from voxguard.policy import checks
from voxguard.policy.document import refuse
from voxguard.policy.json_schema import vocabulary
from voxguard.policy.values import shown


def _check_held(value: object) -> bool:
    if value is False:
        raise refuse(
            checks.NOT_SUPPORTED, "Lifting (`false`) is not supported yet by this version."
        )
    if value is not True:
        raise refuse(checks.WRONG_TYPE, f"This must be true, not {shown(value)}.")
    return True


Held = Annotated[bool, BeforeValidator(_check_held), vocabulary.TRUE]
