#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the captures of encrypted protocols in this folder, with their keys.

    tests/captures/record_encrypted.py [FOLDER]     (default: where it is)

TLS, DTLS and SSH are spoken by real programs through a relay that notes the
bytes; computed_captures.py, ipsec_captures.py, radio_captures.py and
snmp_captures.py compute others. Needs openssl, and the Python
packages `cryptography` and `paramiko`. All keys are made for this, and protect
nothing.
"""

import os
import pathlib
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
import typing

import computed_captures
import ipsec_captures
import paramiko
import radio_captures
import snmp_captures
from packet_bytes import Message, tcp_packets, udp_packet, write_capture
from paramiko.kex_curve25519 import KexCurve25519


def free_port(kind: int) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class TcpRelay(threading.Thread):
    """Passes one connection on, and notes what is said."""

    def __init__(self, server_port: int) -> None:
        super().__init__(daemon=True)
        self._server_port = server_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.messages: list[Message] = []
        self.start()

    def run(self) -> None:
        client, _ = self._listener.accept()
        server = socket.create_connection(("127.0.0.1", self._server_port))
        ends = {client: server, server: client}
        while len(ends) == 2:
            for end in select.select(list(ends), [], [])[0]:
                data = end.recv(65536)
                if not data:
                    ends.pop(end)
                    break
                self.messages.append((end is client, data))
                ends[end].sendall(data)
        client.close()
        server.close()


class UdpRelay(threading.Thread):
    """Passes datagrams on, and notes them."""

    def __init__(self, server_port: int) -> None:
        super().__init__(daemon=True)
        self._server = ("127.0.0.1", server_port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.messages: list[Message] = []
        self.start()

    def run(self) -> None:
        client: typing.Any = None
        while True:
            data, source = self._socket.recvfrom(65536)
            from_client = source != self._server
            if from_client:
                client = source
            self.messages.append((from_client, data))
            target = self._server if from_client else client
            if target is not None:
                self._socket.sendto(data, target)


def talk_openssl(
    relay_class: type[TcpRelay] | type[UdpRelay],
    server_options: list[str],
    client_options: list[str],
) -> list[Message]:
    """Returns what openssl's client and server say to each other."""
    udp = relay_class is UdpRelay
    port = free_port(socket.SOCK_DGRAM if udp else socket.SOCK_STREAM)
    server = subprocess.Popen(
        [
            *("openssl", "s_server", "-quiet"),
            *("-accept", f"127.0.0.1:{port}", *server_options),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    time.sleep(0.5)
    relay = relay_class(port)
    client = subprocess.Popen(
        [
            *("openssl", "s_client", "-quiet"),
            *("-connect", f"127.0.0.1:{relay.port}", *client_options),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert client.stdin is not None and server.stdin is not None
    time.sleep(0.5)
    client.stdin.write(b"GET /hidden HTTP/1.1\r\nHost: example.org\r\n\r\n")
    client.stdin.flush()
    time.sleep(0.3)
    server.stdin.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhidden")
    server.stdin.flush()
    time.sleep(0.3)
    client.kill()
    client.wait()
    time.sleep(0.2)
    server.kill()
    server.wait()
    return list(relay.messages)


def make_certificate(folder: pathlib.Path) -> list[str]:
    """Makes a key in key.pem, and returns the options of a server with it."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes"),
            *("-days", "36500", "-subj", "/CN=example.org"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    return ["-key", str(key), "-cert", str(certificate)]


PSK = "0123456789abcdef0123456789abcdef"


def record_tls(out: pathlib.Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        keys = make_certificate(pathlib.Path(folder))
        rsa = ["-cipher", "AES128-SHA:@SECLEVEL=0"]
        pem = (pathlib.Path(folder) / "key.pem").read_bytes()
        certificate = (pathlib.Path(folder) / "certificate.pem").read_bytes()
        messages = talk_openssl(TcpRelay, [*keys, *rsa, "-tls1_2"], rsa)
        write_capture(out / "tls-rsa.pcap", tcp_packets(messages, 40001, 443))
        (out / "tls-rsa.pem").write_bytes(pem)
        (out / "tls-rsa-certificate.pem").write_bytes(certificate)
        messages = talk_openssl(
            UdpRelay, [*keys, *rsa, "-dtls1_2"], [*rsa, "-dtls1_2"]
        )
        write_capture(
            out / "dtls-rsa.pcap",
            [udp_packet(message, 40002, 4433) for message in messages],
        )
        # A key that fits no capture.
        make_certificate(pathlib.Path(folder))
        (out / "other.pem").write_bytes(
            (pathlib.Path(folder) / "key.pem").read_bytes()
        )
    psk = ["-psk", PSK, "-cipher", "PSK-AES128-CBC-SHA:@SECLEVEL=0"]
    messages = talk_openssl(TcpRelay, ["-nocert", "-tls1_2", *psk], psk)
    write_capture(out / "tls-psk.pcap", tcp_packets(messages, 40003, 443))


class Server(paramiko.ServerInterface):  # type: ignore[misc]
    """Lets everybody in, and runs nothing."""

    def check_auth_password(self, *_: str) -> typing.Any:
        return paramiko.AUTH_SUCCESSFUL

    def check_channel_request(self, *_: object) -> typing.Any:
        return paramiko.OPEN_SUCCEEDED

    def check_channel_exec_request(self, *_: object) -> bool:
        return True


def record_ssh(out: pathlib.Path) -> None:
    keys: list[bytes] = []
    exchange = KexCurve25519._perform_exchange

    def noting_exchange(kex: typing.Any, peer_key: typing.Any) -> typing.Any:
        if not kex.transport.server_mode:
            keys.append(kex.key.private_bytes_raw())
        return exchange(kex, peer_key)

    KexCurve25519._perform_exchange = noting_exchange

    listener = socket.create_server(("127.0.0.1", 0))
    relay = TcpRelay(listener.getsockname()[1])
    # libwireshark 4.0 checks MACs as without "strict key exchange".
    client = paramiko.Transport(
        socket.create_connection(("127.0.0.1", relay.port)), strict_kex=False
    )
    server = paramiko.Transport(listener.accept()[0], strict_kex=False)
    server.add_server_key(paramiko.ECDSAKey.generate())
    for transport in (client, server):
        options = transport.get_security_options()
        options.kex = ("curve25519-sha256@libssh.org",)
        options.ciphers = ("aes128-ctr",)
        options.digests = ("hmac-sha2-256",)
    # With an event it does not wait for the client.
    server.start_server(threading.Event(), server=Server())
    client.connect(username="somebody", password="hidden")
    channel = client.open_session()
    server_channel = server.accept(5)
    channel.exec_command("cat /hidden")
    time.sleep(0.2)
    server_channel.sendall(b"hidden\n")
    time.sleep(0.2)
    client.close()
    server.close()
    messages = relay.messages
    # The cookie is in the client's KEXINIT, after the line with the version and
    # six bytes of the packet's header.
    said = b"".join(data for from_client, data in messages if from_client)
    start = said.index(b"\r\n") + 2 + 6
    cookie = said[start : start + 16]
    (out / "ssh.keys").write_text(
        f"{cookie.hex()} {keys[0].hex()}\n", encoding="ascii"
    )
    write_capture(out / "ssh.pcap", tcp_packets(messages, 40004, 22))


def main() -> None:
    here = pathlib.Path(__file__).resolve().parent
    out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here
    os.umask(0o022)
    record_tls(out)
    record_ssh(out)
    computed_captures.make_wireguard(out)
    computed_captures.make_kerberos(out)
    ipsec_captures.make_all(out)
    radio_captures.make_all(out)
    snmp_captures.make_snmp(out)


if __name__ == "__main__":
    main()
