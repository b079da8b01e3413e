"""Why there is no answer, in a few words without an address or a token in them."""

import hikari

NOT_DISCORD = (KeyError, TypeError, ValueError, AssertionError)
"""What hikari raises upon JSON that is not Discord's."""


def http_reason(error: hikari.HTTPError) -> str:
    """What went wrong with a request, for people."""
    if isinstance(error, hikari.HTTPResponseError):
        text = f" ({error.message})" if error.message else ""
        return f"it answers {int(error.status)}{text}"
    cause = error.__cause__
    return "no answer in time" if isinstance(cause, TimeoutError) else str(cause or error)
