"""How does a document become a PDF, without the text in it ever being read as markup?

The template is ours; everything a user typed goes in as data (JSON), which the typesetter reads as
strings. It runs in a process of its own, with limits on time and memory.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from koers.core.errors import RuleError

SECONDS = 20


class TypesettingError(RuleError):
    """The document could not be made in the time it is given."""

    status = 503


def pdf_of(template: Path, data: Mapping[str, Any], *, seconds: float = SECONDS) -> bytes:
    """Typeset a document; ``data`` holds text, lists and mappings of text only."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own command line
            [sys.executable, "-m", "koers.core.typesetting_child", str(template)],
            input=json.dumps(data).encode(), capture_output=True, timeout=seconds, check=True,
        )  # fmt: skip
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise TypesettingError(_("The document could not be made. Try again later.")) from error
    return done.stdout
