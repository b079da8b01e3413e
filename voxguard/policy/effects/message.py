"""The text of a message that a rule sends."""

from typing import Annotated, Final

from pydantic import AfterValidator

from voxguard.policy import checks
from voxguard.policy.document import refuse
from voxguard.policy.json_schema import vocabulary
from voxguard.policy.values import Text

LONGEST: Final = 2_000
"""Characters of a message (Discord developer documentation, "Create Message")."""


def _check_message(text: str) -> str:
    if not text.strip():
        raise refuse(checks.INVALID_VALUE, "The message is empty.")
    if len(text) > LONGEST:
        raise refuse(
            checks.INVALID_VALUE,
            f"The message has {len(text):,} characters; Discord takes {LONGEST:,}.",
        )
    return text


Message = Annotated[Text, AfterValidator(_check_message), vocabulary.MESSAGE]
"""A text that Discord takes as a message."""
