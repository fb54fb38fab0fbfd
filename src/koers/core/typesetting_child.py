"""How is one document typeset, in a process that may use little time and memory?

Protocol: the path of our template as argument, the data as JSON on standard input, the PDF on
standard output.
"""

import resource
import sys
from pathlib import Path

MOST_CPU_SECONDS = 15
MOST_BYTES = 2 * 1024**3


def main() -> int:
    """Typeset one document and end."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    import typst  # noqa: PLC0415 -- only after the limits hold

    template = Path(sys.argv[1]).read_bytes()
    inputs = {"data": sys.stdin.buffer.read().decode()}
    sys.stdout.buffer.write(typst.compile(template, sys_inputs=inputs, format="pdf"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
