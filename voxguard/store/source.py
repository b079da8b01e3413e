"""Which database it is: the one of an address, or the embedded one, with the same code for both."""

from pathlib import Path

from voxguard.store.database import Database
from voxguard.store.embedded.server import CACHE_DIR, EmbeddedPostgres


class DatabaseSource:
    """Connects to the configured database; without an address it starts the embedded one for it.

    Connecting again after a failure also starts an embedded server that has ended.
    """

    def __init__(self, url: str | None, state_dir: Path, *, cache_dir: Path = CACHE_DIR) -> None:
        self._url = url
        self._server = None if url else EmbeddedPostgres(state_dir, cache_dir=cache_dir)

    @property
    def is_embedded(self) -> bool:
        """Whether it is a server of our own."""
        return self._server is not None

    async def connect(self) -> Database:
        """A fresh pool of connections; the caller closes it.

        Raises:
            UnreachableError: The database, or what is needed to start it, is out of reach.
            LockedError: Another process has been starting it for far too long.
        """
        url = self._url or ""
        if self._server is not None:
            url = await self._server.start()
        return await Database.connect(url)

    async def close(self) -> None:
        """Stop the embedded server if it is ours."""
        if self._server is not None:
            await self._server.stop()
