"""How are rows of the embedded database read as Arrow, in a process of its own?

The ADBC driver brings its own copy of SQLite. Two copies in one process do not see each other's
file locks: when one closes, it may take the write-ahead log away under the other. So the driver
never runs inside a process that uses Django's connection.

Protocol: one JSON line per query on standard input, one Arrow stream per query on standard output.
"""

import json
import sys
from urllib.parse import quote


def main() -> int:
    """Answer queries until the input ends."""
    import pyarrow as pa
    from adbc_driver_sqlite import dbapi

    path = sys.argv[1]
    out = sys.stdout.buffer
    for line in sys.stdin:
        query = json.loads(line)
        with dbapi.connect(f"file:{quote(path)}?mode=ro") as adbc, adbc.cursor() as cursor:
            cursor.execute(query["sql"], query["params"] or None)
            source = cursor.fetch_record_batch()
            with pa.ipc.new_stream(out, source.schema) as writer:
                for batch in source:
                    writer.write_batch(batch)
        out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
