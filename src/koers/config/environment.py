"""Which values did the administrator set in the environment, and are they usable?"""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SHORTEST_TOKEN = 24


def flag(name: str, *, default: bool) -> bool:
    """Read a yes/no variable; anything else stops the start instead of being guessed."""
    text = os.environ.get(name, "").strip().lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    message = f"{name} must be 1 or 0, not {text!r}."
    raise ImproperlyConfigured(message)


def whole_number(name: str, *, default: int) -> int:
    """Read a whole number; a typing error stops the start."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit():
        message = f"{name} must be a whole number, not {text!r}."
        raise ImproperlyConfigured(message)
    return int(text)


def one_of(name: str, known: tuple[str, ...]) -> str:
    """Read a word from a short list; the first is the default."""
    text = os.environ.get(name, "").strip() or known[0]
    if text not in known:
        message = f"{name} must be one of {', '.join(known)}, not {text!r}."
        raise ImproperlyConfigured(message)
    return text


def token(name: str) -> str:
    """Read a shared secret, empty when there is none; one that can be guessed stops the start."""
    text = os.environ.get(name, "").strip()
    if text and len(text) < SHORTEST_TOKEN:
        message = f"{name} must have at least {SHORTEST_TOKEN} characters; make one with: openssl rand -hex 24"
        raise ImproperlyConfigured(message)
    return text


def words(name: str, *, default: str = "") -> list[str]:
    """Read a comma-separated list."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def data_dir(base: Path) -> Path:
    """Folder for the embedded database, uploads, facts and the secret key."""
    folder = Path(os.environ.get("KOERS_DATA_DIR") or base / "var").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """Take the key from the environment, or make one once and keep it readable by the owner only."""
    from_environment = os.environ.get("KOERS_SECRET_KEY")
    if from_environment:
        return from_environment
    path = folder / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(50)
        file.write(key)
    return key


def database(folder: Path) -> dict[str, object]:
    """Embedded SQLite unless ``KOERS_DATABASE_URL`` names a PostgreSQL server.

    SQLite runs in WAL with IMMEDIATE transactions: with Django's own defaults a fifth of the
    write transactions fails as soon as eight processes write.
    """
    url = os.environ.get("KOERS_DATABASE_URL", "").strip()
    if not url:
        return _sqlite(folder / "koers.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgres", "postgresql"}:
        message = "KOERS_DATABASE_URL must begin with postgresql:// or sqlite:///."
        raise ImproperlyConfigured(message)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


def _sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
            ),
        },
        "TEST": {"NAME": path.with_name("test-koers.sqlite3")},
    }
