"""What a client may say on its connection, and what it gets for it.

Source: Discord developer documentation, "Gateway" (connection lifecycle) and "Gateway Events"
(send events).
"""

from typing import Any

import orjson

from voxguard.sandbox.faults import Faults
from voxguard.sandbox.gateway import intents as intents_
from voxguard.sandbox.gateway.chunks import member_chunks
from voxguard.sandbox.gateway.close_codes import CloseCode
from voxguard.sandbox.gateway.connection import Connection
from voxguard.sandbox.gateway.hub import Hub

HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, MEMBERS = 1, 2, 3, 4, 6, 8
CHANNEL_INFO = 43
_TAKEN_WITHOUT_EFFECT = frozenset({PRESENCE, VOICE, CHANNEL_INFO})


class Protocol:
    """The conversation on one connection."""

    def __init__(self, hub: Hub, faults: Faults, connection: Connection, host: str) -> None:
        self._hub = hub
        self._faults = faults
        self._connection = connection
        self._host = host

    def receive(self, raw: bytes | str) -> None:
        """Act on one payload of the client's; wrong ones close the connection with their code."""
        try:
            payload = orjson.loads(raw)
        except orjson.JSONDecodeError:
            payload = None
        if not isinstance(payload, dict) or not isinstance(payload.get("op"), int):
            self._refuse(CloseCode.DECODE_ERROR)
            return
        op, data = payload["op"], payload.get("d")
        if op == HEARTBEAT:
            self._heartbeat()
        elif op in {IDENTIFY, RESUME}:
            self._authenticate(op, data)
        elif self._connection.session is None:
            self._refuse(CloseCode.NOT_AUTHENTICATED)
        elif op == MEMBERS:
            self._members(data)
        elif op not in _TAKEN_WITHOUT_EFFECT:
            self._refuse(CloseCode.UNKNOWN_OPCODE)

    def _heartbeat(self) -> None:
        if not self._faults.zombie:
            self._connection.send_op(11)

    def _authenticate(self, op: int, data: object) -> None:
        if self._connection.session is not None:
            self._refuse(CloseCode.ALREADY_AUTHENTICATED)
        elif not isinstance(data, dict):
            self._refuse(CloseCode.DECODE_ERROR)
        elif data.get("token") != self._hub.world.bot.token:
            self._refuse(CloseCode.AUTHENTICATION_FAILED)
        elif op == IDENTIFY:
            self._identify(data)
        else:
            self._resume(data)

    def _identify(self, data: dict[str, Any]) -> None:
        shard = data.get("shard", [0, 1])
        intents = data.get("intents")
        if not _is_shard(shard):
            self._refuse(CloseCode.INVALID_SHARD)
        elif not isinstance(intents, int) or not intents_.are_known(intents):
            self._refuse(CloseCode.INVALID_INTENTS)
        elif not intents_.are_allowed(intents, self._hub.world.bot):
            self._refuse(CloseCode.DISALLOWED_INTENTS)
        elif not self._hub.session_starts_left():
            self._connection.send_op(9, data=False)
        else:
            if data.get("compress") is True:
                self._connection.compress_payloads()
            self._hub.begin(self._connection, self._host, intents, (shard[0], shard[1]))

    def _resume(self, data: dict[str, Any]) -> None:
        session_id, sequence = data.get("session_id"), data.get("seq")
        if not isinstance(session_id, str) or not isinstance(sequence, int):
            self._refuse(CloseCode.DECODE_ERROR)
            return
        session = self._hub.sessions.get(session_id)
        if session is not None and sequence > session.sequence:
            self._refuse(CloseCode.INVALID_SEQUENCE)
        elif not self._hub.resume(self._connection, session_id, sequence):
            self._connection.send_op(9, data=False)

    def _members(self, data: object) -> None:
        session = self._connection.session
        if session is None or not isinstance(data, dict):
            self._refuse(CloseCode.DECODE_ERROR)
            return
        for chunk in member_chunks(self._hub.world, session.intents, data):
            session.dispatch("GUILD_MEMBERS_CHUNK", orjson.dumps(chunk))

    def _refuse(self, code: CloseCode) -> None:
        self._connection.close(code, code.reason)


def _is_shard(value: object) -> bool:
    match value:
        case [int() as shard_id, int() as count]:
            return 0 <= shard_id < count
        case _:
            return False
