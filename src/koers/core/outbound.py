"""How does Koers call another machine? One client, for addresses that somebody typed in.

The address is looked up once, every answer must be a public one, and the connection goes to the
address that was checked: a name that answers differently the next time, a redirect or an odd
spelling of 127.0.0.1 leads nowhere. What the operator lists in ``KOERS_OUTBOUND_ALLOW`` is called
as it is, so that a receiver in one's own network is possible.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

import urllib3
from django.conf import settings
from django.utils.translation import gettext as _

from koers.core.errors import RuleError

CONNECT_SECONDS = 5
READ_SECONDS = 10
LONGEST_URL = 500
NAT64 = ipaddress.ip_network("64:ff9b::/96")
PORTS = {"https": 443, "http": 80}


class Failure(StrEnum):
    """Why there was no answer."""

    REFUSED = "refused"
    UNKNOWN_NAME = "unknown_name"
    TIMEOUT = "timeout"
    CERTIFICATE = "certificate"
    UNREACHABLE = "unreachable"


class OutboundRefusedError(RuleError):
    """Koers does not call this address."""


class UnknownNameError(OutboundRefusedError):
    """No machine has this name."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said: the status, or why there is none; never its text."""

    status: int | None
    failure: Failure | None
    milliseconds: int

    @property
    def is_taken(self) -> bool:
        """Whether the other side took it."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Destination:
    """A checked address: the parts of the URL and whether the operator listed it."""

    parts: SplitResult
    host: str
    port: int
    listed: bool


def destination(url: str) -> Destination:
    """Read an address; nothing is looked up yet. Refuses what no receiver can be at."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise OutboundRefusedError(_("This is not an address.")) from None
    host = (parts.hostname or "").rstrip(".")
    if len(url) > LONGEST_URL or not host or parts.scheme not in PORTS or not url.isascii():
        raise OutboundRefusedError(_("Give an address such as https://example.org/path."))
    if parts.username or parts.password or parts.fragment or any(each.isspace() for each in url):
        raise OutboundRefusedError(_("Give the address without a name, password, space or #."))
    listed = f"{host}:{port}" in settings.KOERS_OUTBOUND_ALLOW
    if parts.scheme != "https" and not listed:
        raise OutboundRefusedError(_("The address must begin with https://."))
    return Destination(parts, host, port, listed)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet, by every way in which it may be wrapped."""
    found = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in NAT64 or (inner is not None and not inner.is_global):
            return False
    return found.is_global and not found.is_multicast


def checked_address(target: Destination) -> str:
    """Look a name up and return the address to connect to; every answer must be public."""
    try:
        answers = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnknownNameError(_("No machine is known as “%s”.") % target.host) from None
    addresses = [str(answer[4][0]) for answer in answers]
    if not target.listed and not all(is_public(each) for each in addresses):
        raise OutboundRefusedError(
            _("“%s” is a machine of an internal network; whoever runs Koers can allow it.")
            % target.host
        )
    return addresses[0]


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send once, without following redirects; a refusal or failure is an answer without a status."""
    began = time.monotonic()
    status, failure = None, None
    try:
        status = _sent(destination(url), body, headers)
    except UnknownNameError:
        failure = Failure.UNKNOWN_NAME
    except OutboundRefusedError:
        failure = Failure.REFUSED
    except urllib3.exceptions.NewConnectionError:  # before the timeouts, for it is one to urllib3
        failure = Failure.UNREACHABLE
    except (urllib3.exceptions.TimeoutError, TimeoutError):
        failure = Failure.TIMEOUT
    except (urllib3.exceptions.SSLError, ssl.SSLError):
        failure = Failure.CERTIFICATE
    except (urllib3.exceptions.HTTPError, OSError):
        failure = Failure.UNREACHABLE
    return Answer(status, failure, round((time.monotonic() - began) * 1000))


def _sent(target: Destination, body: bytes, headers: Mapping[str, str]) -> int:
    address = checked_address(target)
    limits = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    pool: urllib3.HTTPConnectionPool
    if target.parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            address,
            target.port,
            timeout=limits,
            retries=False,
            ssl_context=ssl.create_default_context(),
            server_hostname=target.host,
            assert_hostname=target.host,
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, target.port, timeout=limits, retries=False)
    path = target.parts.path or "/"
    with pool:
        answer = pool.urlopen(
            "POST",
            f"{path}?{target.parts.query}" if target.parts.query else path,
            body=body,
            headers={**headers, "Host": target.parts.netloc, "User-Agent": "Koers"},
            redirect=False,
            preload_content=False,
        )
        answer.close()
        return answer.status
