"""Trino as an engine of archives (``docs/archive-engines.md``); whose tables they are is said by ``opensky``."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from geo.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import ibis


def connect(
    host: str,
    user: str,
    auth: Any = None,  # noqa: ANN401  any of trino.auth
    *,
    port: int = 443,
    catalog: str = "minio",
    schema: str = "osky",
    is_encrypted: bool = True,
) -> ibis.BaseBackend:
    """A connection to Trino; nothing is looked up in files or in the environment.

    Args:
        host: the name of the server.
        user: of OpenSky, in small letters.
        auth: a password, or what ``trino.auth`` has: ``OAuth2Authentication()`` opens a browser.
        port: of the server.
        catalog: where the tables are; OpenSky's when not given.
        schema: the same.
        is_encrypted: by HTTPS.

    Raises:
        ArchiveError: when the client is not installed.
    """
    try:
        import ibis
        import trino
    except ModuleNotFoundError as missing:
        raise ArchiveError("the client of Trino is not installed: pip install 'flightcase[trino]'") from missing
    return ibis.trino.connect(
        user=user,
        host=host,
        port=port,
        database=catalog,
        schema=schema,
        source="flightcase",
        timezone="UTC",
        auth=trino.auth.BasicAuthentication(user, auth) if isinstance(auth, str) else auth,
        http_scheme="https" if is_encrypted else "http",
    )


class Run:
    """A question that Trino answers: it can be stopped from another thread, and says how far it is."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401  Ibis's backend of Trino
        self._cursor = connection.con.cursor()
        self._is_stopped = False

    def batches(self, sql: str, schema: pa.Schema, rows: int) -> Iterator[pa.RecordBatch]:
        """The rows of a query as the server sends them, up to so many at a time.

        Raises:
            ArchiveError: when Trino cannot answer.
        """
        from trino.exceptions import Error, HttpError

        try:
            self._cursor.execute(sql)
            while held := self._cursor.fetchmany(rows):
                self._go_on()
                columns = zip(*held, strict=True)
                arrays = [pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)
            self._go_on()
        except (Error, HttpError) as wrong:
            raise ArchiveError(f"Trino cannot answer: {getattr(wrong, 'message', None) or wrong}") from wrong
        finally:
            with suppress(Error, HttpError):
                self._cursor.close()  # what still runs there is of no use

    def _go_on(self) -> None:
        """Its client takes a query that was stopped for one that has no more rows."""
        if self._is_stopped:
            raise ArchiveError("Trino was told to stop")

    def interrupt(self) -> None:
        """Stop it."""
        self._is_stopped = True
        self._cursor.cancel()

    def query_progress(self) -> float:
        """The share that is done as Trino reckons it, in percent; -1 where it does not."""
        return float((self._cursor.stats or {}).get("progressPercentage", -1))
