"""How are rows of the embedded database read as Arrow, in a process of its own?

The ADBC driver brings its own copy of SQLite. Two copies in one process do not see each other's
file locks: when one closes, it may take the write-ahead log away under the other. So the driver
never runs inside a process that uses Django's connection.

The driver is spoken to without its DB-API layer, and parameters become Arrow without looking at Python
objects: either would import pandas, four fifths of the time this process takes to start.

Protocol: one JSON line per query on standard input, whose parameters are texts (SQLite keeps days as
such), and one Arrow stream per query on standard output.
"""

# ruff: noqa: PLC0415 -- the process is this file
import json
import struct
import sys
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    import pyarrow as pa


def main() -> int:
    """Answer queries until the input ends."""
    import adbc_driver_manager as adbc
    import adbc_driver_sqlite
    import pyarrow as pa

    address = f"file:{quote(sys.argv[1])}?mode=ro"
    out = sys.stdout.buffer
    for line in sys.stdin:
        query = json.loads(line)
        with (
            adbc_driver_sqlite.connect(address) as database,
            adbc.AdbcConnection(database) as connection,
            adbc.AdbcStatement(connection) as statement,
        ):
            statement.set_sql_query(query["sql"])
            if query["params"]:
                statement.bind(_row_of(query["params"]))
            stream, _rows = statement.execute_query()
            with (
                pa.RecordBatchReader.from_stream(stream) as source,
                pa.ipc.new_stream(out, source.schema) as writer,
            ):
                for batch in source:
                    writer.write_batch(batch)
        out.flush()
    return 0


def _row_of(texts: list[str]) -> "pa.RecordBatch":
    """One row with a column per text."""
    import pyarrow as pa

    columns = []
    for text in texts:
        letters = text.encode()
        ends = struct.pack("=ii", 0, len(letters))
        columns.append(pa.StringArray.from_buffers(1, pa.py_buffer(ends), pa.py_buffer(letters)))
    return pa.RecordBatch.from_arrays(columns, names=[str(at) for at in range(len(texts))])


if __name__ == "__main__":
    sys.exit(main())
