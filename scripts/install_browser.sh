#!/bin/sh
# Finds or installs a browser for the tests: Debian's chromium where possible, else Playwright's own.
set -eu
for candidate in "${KOERS_CHROMIUM:-}" /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
  if [ -n "$candidate" ] && [ -x "$candidate" ]; then exit 0; fi
done
if command -v apt-get >/dev/null 2>&1; then
  as_root=""
  if [ "$(id -u)" != 0 ]; then as_root="sudo"; fi
  if $as_root apt-get update -qq >/dev/null 2>&1 && $as_root apt-get install -y -qq chromium >/dev/null 2>&1; then exit 0; fi
fi
if .venv/bin/playwright install chromium >/dev/null 2>&1; then exit 0; fi
echo "No browser could be installed; set KOERS_CHROMIUM to a Chromium or Chrome." >&2
[ "${CI:-}" = true ] && exit 1
exit 0
