"""How the embedded server is set up: small, private, durable.

Source: https://www.postgresql.org/docs/current/runtime-config.html
"""

from pathlib import Path
from typing import Final

_OPTIONS: Final = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "20",
    "superuser_reserved_connections": "2",
    "shared_buffers": "16MB",
    "synchronous_commit": "on",
    "max_wal_size": "64MB",
    "min_wal_size": "32MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_worker_processes": "2",
    "max_parallel_workers": "0",
    "huge_pages": "off",
    "jit": "off",
    "timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "log",
    # Seven files, each begun anew after a week. Refused statements are not in them: they can
    # come in any number, they hold people's data, and the client reports them.
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_min_messages": "log",
    "log_checkpoints": "off",
    "log_min_error_statement": "panic",
}
_SINCE_18: Final = {"io_method": "sync"}

# What seven files may hold together before they are begun anew at a start.
_LOG_BYTES: Final = 8 * 1024 * 1024


def server_arguments(major: int, data_path: str, socket_dir: Path, marker: str) -> list[str]:
    """The server's command line behind its name; `marker` is one argument that tells it apart."""
    options = dict(_OPTIONS)
    if major >= 18:
        options |= _SINCE_18
    options["unix_socket_directories"] = str(socket_dir)
    arguments = ["-D", data_path, "-c", marker]
    for name, value in options.items():
        arguments += ["-c", f"{name}={value}"]
    return arguments


def log_files(data_dir: Path) -> list[Path]:
    """The server's logs, the newest last."""
    return sorted(data_dir.glob("log/*.log"), key=lambda path: path.stat().st_mtime)


def bound_logs(data_dir: Path) -> None:
    """Empty all logs but the newest when they have grown too large, and that one too if it must."""
    files = log_files(data_dir)
    total = sum(path.stat().st_size for path in files)
    for path in files:
        if total <= _LOG_BYTES:
            return
        total -= path.stat().st_size
        path.write_bytes(b"")


def last_complaint(data_dir: Path, output: str) -> str:
    """Why the server ended, from what it wrote: its last line of an error."""
    text = output
    if files := log_files(data_dir):
        with files[-1].open("rb") as log:
            log.seek(max(0, files[-1].stat().st_size - 20_000))
            text = log.read().decode(errors="replace") + text
    for line in reversed(text.splitlines()):
        for level in ("PANIC:", "FATAL:", "ERROR:", "error:"):
            _, found, message = line.partition(level)
            if found:
                return message.strip()
    return (text.strip().splitlines() or ["it said nothing"])[-1]
