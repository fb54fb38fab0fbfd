"""How is Koers started? A web server and a worker, watched by this process."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from koers.config.commands.output import say, set_up

PAUSE_SECONDS = 0.25


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
    )
    parser.add_argument("--port", type=int, default=8000, help="port (default 8000)")
    parser.add_argument("--workers", type=int, default=1, help="web server processes (default 1)")
    parser.add_argument("--threads", type=int, default=4, help="threads per process (default 4)")


def run(args: argparse.Namespace) -> int:
    """Prepare the database, then serve until stopped."""
    set_up()
    from koers.config.commands.migrate_command import collect_static, prepare  # noqa: PLC0415 -- after set-up

    prepare()
    collect_static()
    say(f"Koers listens on http://{args.host}:{args.port}/ (stop with Ctrl+C).")
    _say_first_run(args)
    return supervise(args)


def supervise(args: argparse.Namespace) -> int:
    """Start both processes again when one dies; stop both on a signal."""
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "koers.config.wsgi:application",
        "--host", args.host, "--port", str(args.port), "--workers", str(args.workers),
        "--blocking-threads", str(args.threads), "--no-ws", "--log-level", "warning",
    ]  # fmt: skip
    worker = [sys.executable, "-m", "koers.config", "worker"]
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    commands = (web, worker)
    _share_counts()
    running = [_start(command) for command in commands]
    while not stopping:
        time.sleep(PAUSE_SECONDS)
        running = [
            _kept_alive(process, command)
            for process, command in zip(running, commands, strict=True)
        ]
    _end(running)
    return 0


def _share_counts() -> None:
    """All processes count into one folder, emptied at each start."""
    from django.conf import settings  # noqa: PLC0415 -- after set-up

    folder = Path(settings.DATA_DIR) / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    if settings.KOERS_METRICS_TOKEN:
        folder.mkdir()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _kept_alive(process: subprocess.Popen[bytes], command: list[str]) -> subprocess.Popen[bytes]:
    code = process.poll()
    if code is None:
        return process
    sys.stderr.write(f"koers serve: {command[2]} ended with code {code}; starting it again.\n")
    time.sleep(1)
    return _start(command)


def _end(running: list[subprocess.Popen[bytes]]) -> None:
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env={**os.environ}, start_new_session=True)  # noqa: S603 -- our own command line


def _say_first_run(args: argparse.Namespace) -> None:
    from koers.organisation.actions.first_run import first_run_path  # noqa: PLC0415 -- after set-up

    path = first_run_path()
    if path:
        say(
            f"Nobody can log in yet. Set up the organisation at http://{args.host}:{args.port}{path}"
        )
