"""Where does Koers call to when somebody types an address, and where does it never?"""

import http.server
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from koers.core import outbound
from koers.core.outbound import (
    Failure,
    OutboundRefusedError,
    checked_address,
    destination,
    is_public,
    post,
)


class Receiver(http.server.BaseHTTPRequestHandler):
    """Remembers what it was sent; answers what it was told to."""

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.heard.append((self.path, dict(self.headers), self.rfile.read(length)))
        self.send_response(self.server.status)
        if self.server.status in (301, 307):
            self.send_header("Location", self.server.leads_to)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Tests are quiet."""


@pytest.fixture
def receiver() -> Iterator[http.server.ThreadingHTTPServer]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.heard, server.status, server.leads_to = [], 200, ""
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def listed(settings, server, host="127.0.0.1"):
    settings.KOERS_OUTBOUND_ALLOW = [f"{host}:{server.server_port}"]
    return f"http://{host}:{server.server_port}"


ANY = str(ipaddress.IPv4Address(0))
INTERNAL = [
    "127.0.0.1", "0177.0.0.1", "2130706433", "0x7f.1", "127.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.8", "192.168.1.1",
    "172.16.9.9", "169.254.169.254", "100.64.0.1", ANY, "[64:ff9b::7f00:1]", "[fe80::1]", "[fd00::1]", "[2002:7f00:1::]", "224.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("host", INTERNAL)
def test_an_internal_machine_is_refused_however_it_is_spelled(host):
    with pytest.raises(OutboundRefusedError):
        checked_address(destination(f"https://{host}/hook"))
    answer = post(f"https://{host}/hook", b"{}", {})
    assert (answer.status, answer.failure) == (None, Failure.REFUSED)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "8.8.8.8"])  # fmt: skip
def test_an_address_of_the_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    ["", "example.org", "ftp://example.org/", "http://example.org/", "https://", "https://a:b@example.org/", "https://example.org/#x",
     "https://exa mple.org/", "https://example.org:99999/", "https://[::1/", "file:///etc/passwd", "https://exämple.org/", "https://example.org/" + "x" * 500],
)  # fmt: skip
def test_what_is_no_address_of_a_receiver_is_refused_with_a_remedy(url):
    with pytest.raises(OutboundRefusedError, match=r"\w{3}"):
        destination(url)


def test_one_internal_answer_among_public_ones_refuses_the_name(monkeypatch):
    answers = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: answers)
    with pytest.raises(OutboundRefusedError):
        checked_address(destination("https://two-faced.example/"))


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    """A name that turns to an internal machine after the check is asked only once."""
    asked, called = [], []

    def lookup(host, *_args, **_more):
        asked.append(host)
        ip = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(2, 1, 6, "", (ip, 443))]

    def connect(address, *_args, **_more):
        called.append(address)
        raise TimeoutError

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(outbound.urllib3.util.connection, "create_connection", connect)
    answer = post("https://turncoat.example/hook", b"{}", {})
    assert (asked, called, answer.failure) == (
        ["turncoat.example"],
        [("93.184.216.34", 443)],
        Failure.TIMEOUT,
    )


def test_a_listed_machine_receives_body_and_headers(settings, receiver):
    answer = post(listed(settings, receiver) + "/in?x=1", b'{"a":1}', {"webhook-id": "7"})
    path, headers, body = receiver.heard[0]
    assert (answer.status, answer.failure, answer.is_taken) == (200, None, True)
    assert (path, body, headers["webhook-id"]) == ("/in?x=1", b'{"a":1}', "7")
    assert headers["Host"] == f"127.0.0.1:{receiver.server_port}"


def test_a_redirect_is_an_answer_and_not_followed(settings, receiver):
    receiver.status, receiver.leads_to = 307, f"http://127.0.0.1:{receiver.server_port}/other"
    answer = post(listed(settings, receiver) + "/in", b"{}", {})
    assert (answer.status, answer.is_taken) == (307, False)
    assert [path for path, _headers, _body in receiver.heard] == ["/in"]


def test_a_port_that_is_not_listed_is_refused(settings, receiver):
    settings.KOERS_OUTBOUND_ALLOW = ["127.0.0.1:1"]
    answer = post(f"https://127.0.0.1:{receiver.server_port}/", b"{}", {})
    assert (answer.failure, receiver.heard) == (Failure.REFUSED, [])


def test_nobody_listening_is_told_as_no_connection(settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.KOERS_OUTBOUND_ALLOW = [f"127.0.0.1:{port}"]
    assert post(f"http://127.0.0.1:{port}/", b"{}", {}).failure is Failure.UNREACHABLE


def certificate(folder: Path, name: str) -> Path:
    """A key with a certificate that nobody signed, for one name."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(own, own, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
    )
    (folder / "cert.pem").write_bytes(made)
    file = folder / "both.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made)
    return file


@pytest.mark.parametrize(
    ("trusted", "name", "failure"),
    [(False, "localhost", Failure.CERTIFICATE), (True, "elsewhere.example", Failure.CERTIFICATE), (True, "localhost", None)],
)  # fmt: skip
def test_a_certificate_must_be_trusted_and_bear_the_name(
    settings, receiver, tmp_path, monkeypatch, trusted, name, failure
):
    file = certificate(tmp_path, name)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(file)
    receiver.socket = tls.wrap_socket(receiver.socket, server_side=True)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    settings.KOERS_OUTBOUND_ALLOW = [f"localhost:{receiver.server_port}"]
    monkeypatch.setattr(receiver, "handle_error", lambda *_args: None)
    answer = post(f"https://localhost:{receiver.server_port}/", b"{}", {})
    assert (answer.failure, len(receiver.heard)) == (failure, 0 if failure else 1)
