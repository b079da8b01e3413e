"""The status of a daemon as tables for people."""

from collections.abc import Iterator, Mapping
from typing import Any

from voxguard.cli.render import write_line, write_table, write_warning

Row = tuple[str, str]

SHORT_REVISION = 12


def write_status(status: Mapping[str, Any]) -> None:
    """What is amiss first, then how everything stands, then the guilds."""
    for reason in status["unready"]:
        write_warning(f"not ready: {reason}")
    for warning in status["warnings"]:
        write_warning(warning)
    write_table(
        ("what", "state"),
        (*_daemon(status), *_policies(status["policies"]), *_outside(status), *_queue(status)),
    )
    write_line("")
    write_table(
        ("guild", "state", "in voice", "held by rules", "fuses blown"),
        (_guild(each, status["fuses_blown"]) for each in status["guilds"]),
    )


def _daemon(status: Mapping[str, Any]) -> Iterator[Row]:
    ready = "ready" if status["ready"] else "not ready"
    yield "daemon", f"{ready}, release {status['version']}, process {status['pid']}"
    yield "since", status["started_at"]
    if status["observe"]:
        yield "mode", "observe: nobody is touched, whatever the policies say"


def _policies(policies: Mapping[str, Any]) -> Iterator[Row]:
    revision = (policies["revision"] or "none")[:SHORT_REVISION]
    yield "revision", f"{revision}, in force since {policies['since']}"
    errors = sum(each["level"] == "error" for each in policies["problems"])
    warnings = len(policies["problems"]) - errors
    found = f" (errors: {errors}, warnings: {warnings})" if policies["problems"] else ""
    yield "policy files", f"{policies['state']}{found}"
    for each in policies["problems"]:
        if each["level"] == "error":
            place = ":".join(str(part) for part in _place(each))
            yield "", f"{place}: {each['message']}"


def _place(problem: Mapping[str, Any]) -> Iterator[object]:
    for key in ("file", "line", "column"):
        if problem[key] is not None:
            yield problem[key]


def _outside(status: Mapping[str, Any]) -> Iterator[Row]:
    gateway, database = status["gateway"], status["database"]
    shards = f"shards: {gateway['shards_connected']} of {gateway['shards']}"
    yield (
        "gateway",
        f"{_connected(gateway)}, {shards}, sessions resumed: {gateway['sessions_resumed']}",
    )
    rows = f"rows waiting: {database['waiting_rows']}"
    if database["refused_rows"]:
        rows += f", refused: {database['refused_rows']}"
    yield "database", f"{_connected(database)}, {rows}"
    yield "outbox", status["recording"]["failure"] or "writable"


def _connected(part: Mapping[str, Any]) -> str:
    if part["connected"]:
        return "connected"
    return f"away ({part['last_error'] or 'still connecting'})"


def _queue(status: Mapping[str, Any]) -> Iterator[Row]:
    queue = status["enforcement"]
    parts = [f"{queue['waiting']} waiting"]
    if queue["waiting"]:
        parts.append(f"{queue['pending']} of them for a member to join")
        parts.append(f"{queue['deferred']} for a budget or permission")
    yield "queue", ", ".join([*parts, f"requests under way: {queue['in_flight']}"])
    for paused in queue["paused"]:
        yield "refused", f"{paused['kind']} in guild {paused['guild']}"
    yield (
        "invalid answers",
        f"{queue['invalid_lately']} in the last 10 minutes, {queue['invalid_left']} more allowed",
    )


def _guild(guild: Mapping[str, Any], blown: list[Mapping[str, Any]]) -> tuple[str, ...]:
    if guild["available"]:
        state = "moderated" if guild["has_policies"] else "no policies"
    else:
        state = "not seen yet" if guild["bot_is_member"] else "the bot is not in it"
    held = ", ".join(f"{number} {effect}" for effect, number in guild["leases"].items())
    rules = ", ".join(each["rule"] for each in blown if each["guild"] == guild["guild"])
    return guild["guild"], state, str(guild["connected"]), held or "nothing", rules or "none"
