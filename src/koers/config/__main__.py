"""Lets ``python -m koers.config`` do what the command ``koers`` does."""

import sys

from koers.config.console import main

sys.exit(main())
