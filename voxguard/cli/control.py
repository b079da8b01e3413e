"""Speaks with a daemon at work, through its control socket."""

import json
import socket
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final

from voxguard.daemon.control.place import FILE_NAME, reachable
from voxguard.errors import (
    LockedError,
    PolicyError,
    UnreachableError,
    UnsafeError,
    UsageError,
    VoxguardError,
)

TIMEOUT_SECONDS: Final = 10.0

_KINDS: Final = {
    kind.exit_code: kind for kind in (UsageError, PolicyError, UnsafeError, LockedError)
}


class _Connection(HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=TIMEOUT_SECONDS)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket in place of a host."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def ask(
    state_dir: Path, method: str, path: str, body: Mapping[str, object] | None = None
) -> dict[str, Any]:
    """The daemon's answer to a call.

    Raises:
        UnreachableError: There is no daemon, it does not answer, or it may not be asked.
        VoxguardError: What the daemon says is wrong with the request.
    """
    try:
        with reachable(state_dir) as place:
            status, text = _send(place, method, path, body)
    except (FileNotFoundError, ConnectionRefusedError):
        raise UnreachableError(
            f"no daemon is at work with the state directory {state_dir}",
            hint="start it: voxguard run; or set VOXGUARD_STATE_DIR to the one that it has",
        ) from None
    except PermissionError:
        raise _not_permitted(state_dir) from None
    except TimeoutError:
        raise UnreachableError(
            f"the daemon does not answer within {TIMEOUT_SECONDS:g} s",
            hint="look at its log; it may be very busy, or stopped by a debugger",
        ) from None
    except (OSError, HTTPException) as error:
        raise UnreachableError(f"{state_dir / FILE_NAME}: {error}") from None
    return _understand(status, text, state_dir)


def _send(
    place: str, method: str, path: str, body: Mapping[str, object] | None
) -> tuple[int, bytes]:
    connection = _Connection(place)
    try:
        content = None if body is None else json.dumps(body)
        headers = {} if body is None else {"Content-Type": "application/json"}
        connection.request(method, path, content, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _understand(status: int, text: bytes, state_dir: Path) -> dict[str, Any]:
    try:
        answer = json.loads(text)
        if status == 200 and isinstance(answer, dict):
            return answer
        error = answer["error"]
        code, message, hint = int(error["exit_code"]), str(error["message"]), error["hint"]
    except (ValueError, KeyError, TypeError):
        raise UnreachableError(f"what answers at {state_dir / FILE_NAME} is no daemon") from None
    if status == 403:
        raise _not_permitted(state_dir)
    if status in {404, 405}:
        raise UnreachableError(
            f"the daemon does not know this call ({message})",
            hint="it is of another release than this command: start it anew",
        )
    kind: type[VoxguardError] = _KINDS.get(code, UnreachableError)
    raise kind(message, hint=hint)


def _not_permitted(state_dir: Path) -> UnreachableError:
    return UnreachableError(
        f"you may not speak with the daemon of {state_dir}",
        hint="run this as the user that the daemon runs as, or as root",
    )
