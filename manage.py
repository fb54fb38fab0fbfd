"""Django's own commands, for developers; users have the command ``koers``."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "koers.config.settings")
    execute_from_command_line(sys.argv)
