"""Discord's errors, each with its status, code and words.

Source: Discord developer documentation, "Opcodes and Status Codes" (JSON error codes).
"""

from typing import Any


class ApiError(Exception):
    """An answer that is an error: `status`, and `code` and `message` in Discord's JSON shape."""

    def __init__(
        self, status: int, code: int, message: str, *, errors: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.payload: dict[str, Any] = {"message": message, "code": code}
        if errors is not None:
            self.payload["errors"] = errors


def unauthorized() -> ApiError:
    """The token is missing or wrong."""
    return ApiError(401, 0, "401: Unauthorized")


def not_found() -> ApiError:
    """There is no such route."""
    return ApiError(404, 0, "404: Not Found")


def method_not_allowed() -> ApiError:
    """The route is there, but not for this method."""
    return ApiError(405, 0, "405: Method Not Allowed")


def too_large() -> ApiError:
    """The request body is over the limit."""
    return ApiError(413, 40005, "Request entity too large. Try sending something smaller in size")


def server_error(status: int) -> ApiError:
    """Discord is out of order."""
    return ApiError(status, 0, f"{status}: the sandbox plays an outage")


def unknown(what: str) -> ApiError:
    """A channel, guild, member, role, user or voice state that is not there."""
    codes = {
        "Channel": 10003,
        "Guild": 10004,
        "Member": 10007,
        "Role": 10011,
        "User": 10013,
        "Voice State": 10065,
    }
    return ApiError(404, codes[what], f"Unknown {what}")


def missing_access() -> ApiError:
    """The bot cannot see what it asks for."""
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    """The bot may not do this."""
    return ApiError(403, 50013, "Missing Permissions")


def cannot_message() -> ApiError:
    """The user takes no direct messages."""
    return ApiError(403, 50007, "Cannot send messages to this user")


def not_connected() -> ApiError:
    """The user is not in voice."""
    return ApiError(400, 40032, "Target user is not connected to voice.")


def wrong_channel_type() -> ApiError:
    """The channel is not one for this."""
    return ApiError(400, 50024, "Cannot execute action on this channel type")


def invalid_json() -> ApiError:
    """The body is not JSON, or not the kind of value that belongs there."""
    return ApiError(400, 50109, "The request body contains invalid JSON.")


def invalid_form(field: str, message: str, code: str = "BASE_TYPE_BAD") -> ApiError:
    """A field of the request is not as it must be."""
    details = {field: {"_errors": [{"code": code, "message": message}]}}
    return ApiError(400, 50035, "Invalid Form Body", errors=details)
