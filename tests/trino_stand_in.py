"""What stands in for a server of Trino, of which there is none here: its protocol over loopback, its SQL on DuckDB.

The client, Ibis and what they send are the real ones. Each query is parsed as Trino's SQL and translated by sqlglot to
DuckDB's, which answers it from tables of the same names and columns. So names, units, types, paging and the meaning of
what is asked are tested; Trino's own parser, planner and functions are not.
"""

from __future__ import annotations

import json
import threading
import uuid
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp

CATALOG, SCHEMA = "minio", "osky"
#: As OpenSky's documentation has them, in Trino's names.
TABLES = {
    "state_vectors_data4": {
        "time": "integer",
        "icao24": "varchar",
        "lat": "double",
        "lon": "double",
        "velocity": "double",
        "heading": "double",
        "vertrate": "double",
        "callsign": "varchar",
        "onground": "boolean",
        "alert": "boolean",
        "spi": "boolean",
        "squawk": "varchar",
        "baroaltitude": "double",
        "geoaltitude": "double",
        "lastposupdate": "double",
        "lastcontact": "double",
        "serials": "array(integer)",
        "hour": "integer",
    },
    "flights_data4": {
        "icao24": "varchar",
        "firstseen": "integer",
        "estdepartureairport": "varchar",
        "lastseen": "integer",
        "estarrivalairport": "varchar",
        "callsign": "varchar",
        "track": (
            "array(row(time integer, latitude double, longitude double, altitude double, heading real, "
            "onground boolean))"
        ),
        "serials": "array(integer)",
        "estdepartureairporthorizdistance": "integer",
        "estdepartureairportvertdistance": "integer",
        "estarrivalairporthorizdistance": "integer",
        "estarrivalairportvertdistance": "integer",
        "departureairportcandidatescount": "integer",
        "arrivalairportcandidatescount": "integer",
        "day": "integer",
    },
}
#: What DuckDB calls otherwise.
KINDS = {"TIMESTAMP_MS": "timestamp(3)", "TIMESTAMP": "timestamp(6)", "FLOAT": "real", "HUGEINT": "decimal(38,0)"}
COLUMNS = {"column_name": "varchar", "data_type": "varchar", "nullable": "boolean"}
#: Rows in one answer of the protocol.
PAGE = 1000


class StandIn(ThreadingHTTPServer):
    """The server, its tables, and every query that it was asked, as text."""

    daemon_threads = True

    def __init__(self, zone: str = "UTC") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.zone = zone
        self.asked: list[str] = []
        self.pages: dict[str, list] = {}
        self.database = duckdb.connect()
        self.database.execute(f"ATTACH ':memory:' AS {CATALOG}; CREATE SCHEMA {CATALOG}.{SCHEMA};")
        for name, columns in TABLES.items():
            told = ", ".join(f'"{column}" {duckdb_type(kind)}' for column, kind in columns.items())
            self.database.execute(f"CREATE TABLE {CATALOG}.{SCHEMA}.{name} ({told})")

    @property
    def port(self) -> int:
        return self.server_address[1]

    def fill(self, name: str, rows: list[dict]) -> None:
        """Rows of a table; what they do not have is null."""
        held = pa.Table.from_pylist([{column: row.get(column) for column in TABLES[name]} for row in rows])
        with self.database.cursor() as cursor:
            cursor.register("held", held)
            cursor.execute(f"INSERT INTO {CATALOG}.{SCHEMA}.{name} BY NAME SELECT * FROM held")  # noqa: S608  ours

    def answer(self, sql: str) -> tuple[list[dict], list[list]]:
        """The columns and rows of an answer, as the protocol writes them."""
        self.asked.append(sql)
        tree = sqlglot.parse_one(sql, read="trino")
        if "information_schema" in sql:
            columns = [_column(name, kind) for name, kind in COLUMNS.items()]
            named = {one.this for one in tree.find_all(exp.Literal)}
            found = TABLES[(named & TABLES.keys()).pop()] if SCHEMA in named else {}
            return columns, [[name, kind, True] for name, kind in found.items()]
        if "current_timezone" in sql.lower():
            return [_column("_col0", "varchar")], [[self.zone]]
        with self.database.cursor() as cursor:
            found = cursor.sql(translated(tree))
            kinds = [trino_type(str(kind)) for kind in found.types]
            columns = [_column(name, kind) for name, kind in zip(found.columns, kinds, strict=True)]
            return columns, [[_written(value) for value in row] for row in found.fetchall()]


def translated(tree: exp.Expression) -> str:
    """A query of Trino in DuckDB's SQL."""

    def same(node: exp.Expression) -> exp.Expression:
        # DuckDB's has the seconds in it.
        if isinstance(node, exp.Anonymous) and node.name.upper() == "MILLISECOND":
            return exp.paren(exp.Mod(this=node.copy(), expression=exp.Literal.number(1000)))
        return node

    return tree.transform(same).sql("duckdb")


def duckdb_type(kind: str) -> str:
    return exp.DataType.build(kind, dialect="trino").sql("duckdb")


def trino_type(kind: str) -> str:
    return KINDS.get(kind, kind.lower())


def _column(name: str, kind: str) -> dict:
    raw, _, inner = kind.partition("(")
    arguments = [{"kind": "LONG", "value": int(one)} for one in inner.rstrip(")").split(",") if one.strip().isdigit()]
    return {"name": name, "type": kind, "typeSignature": {"rawType": raw, "arguments": arguments}}


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond // 1000:03}"
    return str(value) if isinstance(value, Decimal) else value


class _Handler(BaseHTTPRequestHandler):
    server: StandIn
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        sql = self.rfile.read(int(self.headers["Content-Length"])).decode()
        name = uuid.uuid4().hex
        try:
            columns, rows = self.server.answer(sql)
        except Exception as wrong:  # noqa: BLE001  as Trino tells errors of any kind
            told = {"message": str(wrong), "errorCode": 1, "errorName": "SYNTAX_ERROR", "errorType": "USER_ERROR"}
            self._send({"id": name, "infoUri": "", "stats": {"state": "FAILED"}, "error": told})
            return
        pages = [rows[start : start + PAGE] for start in range(0, len(rows), PAGE)] or [[]]
        self.server.pages[name] = [columns, pages]
        self._send({"id": name, "infoUri": "", "nextUri": self._next(name, 0), "stats": {"state": "QUEUED"}})

    def do_GET(self) -> None:
        name, number = self.path.rsplit("/", 2)[1:]
        columns, pages = self.server.pages[name]
        page = int(number)
        said = {"id": name, "infoUri": "", "columns": columns, "data": pages[page], "stats": {"state": "FINISHED"}}
        if page + 1 < len(pages):
            said |= {"nextUri": self._next(name, page + 1), "stats": {"state": "RUNNING"}}
        self._send(said)

    def do_DELETE(self) -> None:
        self.send_response(204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _next(self, name: str, page: int) -> str:
        return f"http://127.0.0.1:{self.server.port}/v1/statement/executing/{name}/{page}"

    def _send(self, said: dict) -> None:
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def standing(zone: str = "UTC"):
    """A stand-in that serves as long as this lasts."""
    server = StandIn(zone)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        server.database.close()
