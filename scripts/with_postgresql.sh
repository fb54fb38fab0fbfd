#!/usr/bin/env bash
# Runs a command against a private PostgreSQL server that lives only as long as the command.
# Usage: scripts/with_postgresql.sh make test-on-this-database
set -euo pipefail
find_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }
bin=$(find_bin || true)
if [ -z "$bin" ] || [ ! -x "$bin/initdb" ]; then
  if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null
    bin=$(find_bin)
  fi
fi
if [ -z "$bin" ] || [ ! -x "$bin/initdb" ]; then
  echo "PostgreSQL (initdb) was not found; install it or set KOERS_DATABASE_URL yourself." >&2
  exit 1
fi
dir=$(mktemp -d /tmp/koers-pg.XXXXXX)
as_owner=()
if [ "$(id -u)" = 0 ]; then
  owner=$(id -un postgres 2>/dev/null || echo nobody)
  chown "$owner" "$dir"
  as_owner=(runuser -u "$owner" --)
fi
port=$((20000 + RANDOM % 20000))
stop() { (cd / && "${as_owner[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate -s stop) >/dev/null 2>&1 || true; rm -rf "$dir"; }
trap stop EXIT
(
  cd /
  "${as_owner[@]}" "$bin/initdb" -D "$dir/data" -U koers -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
  "${as_owner[@]}" "$bin/pg_ctl" -D "$dir/data" -s -w -l "$dir/log" \
    -o "-p $port -k $dir -c listen_addresses=127.0.0.1 -c max_connections=60" start
)
export KOERS_DATABASE_URL="postgresql://koers@127.0.0.1:$port/postgres"
"$@"
