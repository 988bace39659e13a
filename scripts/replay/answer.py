# SPDX-License-Identifier: GPL-2.0-or-later
"""A server's answer to a ClientHello, as a list that two answers are compared by: recorded, or met now."""

import socket

ALERT, HANDSHAKE, APPLICATION_DATA, CHANGE_CIPHER_SPEC = 21, 22, 23, 20
HANDSHAKE_NAMES = {2: "server_hello", 4: "new_session_ticket", 8: "encrypted_extensions", 11: "certificate",
                   12: "server_key_exchange", 13: "certificate_request", 14: "server_hello_done",
                   22: "certificate_status"}
RETRY_RANDOM = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
DHE_SUITES = {0x0033, 0x0039, 0x0067, 0x006B, 0x009E, 0x009F, 0x0016, 0x0045, 0x0088, 0xCCAA, 0x0032, 0x0038}
# An encrypted alert: 2 octets, the content type, 16 of the AEAD's tag, and up to 16 of padding.
LONGEST_ENCRYPTED_ALERT = 35


class Answer:
    """What is compared: the messages with their parameters, alerts, and how the server ended the connection."""

    def __init__(self):
        self.items = []
        self.end = None  # fin | rst; None: it waits for the client
        self.extensions = None  # of the ServerHello, in order; beside the comparison
        self.suite = None
        self.tls13 = False
        self.encrypted = []  # lengths of the encrypted records

    def alert(self, level, description, version):
        self.items.append(f"alert {level} {description} in {version}")

    def server_hello(self, version, suite, group, retry, alpn, extensions):
        self.suite, self.tls13, self.extensions = suite, version == "0304", extensions
        name = "hello_retry_request" if retry else "server_hello"
        parts = [name, version, f"{suite:04x}"] + ([f"group {group:04x}"] if group else []) + ([f"alpn {alpn}"] if alpn else [])
        self.items.append(" ".join(parts))

    def message(self, name, length):
        # Up to TLS 1.2 the length of a DHE ServerKeyExchange tells that of the prime.
        known = name == "server_key_exchange" and self.suite in DHE_SUITES and length
        self.items.append(f"{name} of {length}" if known else name)

    def finish(self, end):
        """An encrypted record is an alert where it is short, the last, and the server has ended the connection."""
        if self.encrypted:
            refused = end is not None and self.encrypted[-1] <= LONGEST_ENCRYPTED_ALERT
            before = len(self.encrypted) - (1 if refused else 0)
            self.items += ["encrypted flight"] if before else []
            self.items += [f"encrypted alert of {self.encrypted[-1]}"] if refused else []
        decided = bool(self.items) and (self.items[-1].startswith("alert") or "encrypted alert" in self.items[-1])
        self.end = end if decided or not self.items or not self.waits() else None
        return self

    def waits(self):
        """Whether the flight is complete, so that it is the client's turn."""
        return self.tls13 or self.items[-1] == "server_hello_done" or self.items[-1].startswith("hello_retry")


def is_resumed(connection):
    """The server took a session of an earlier connection, which cannot be replayed."""
    hellos = [event["server_hello"] for event in connection.answer if event.get("server_hello")]
    if any("41" in (hello.get("exts") or "").split() for hello in hellos):
        return True
    # Up to TLS 1.2 a session goes on without a certificate (RFC 5246, section 7.3).
    said = [name for event in connection.answer for name in event.get("hs") or []]
    ended = any(event.get("type") == "change_cipher_spec" for event in connection.answer)
    return bool(hellos) and hellos[0]["version"] < "0304" and ended and "certificate" not in said


def from_record(connection):
    """The recorder's view of the answer (see records.Connection)."""
    answer = Answer()
    for event in connection.answer:
        kind = event.get("type")
        hello = event.get("server_hello")
        if event.get("alert"):
            answer.alert(event["alert"]["level"], event["alert"]["desc"], event["rec_version"])
        elif hello:
            group = int(hello["group"], 16) if hello.get("group") else None
            extensions = [int(each) for each in (hello.get("exts") or "").split()]
            alpn = hello.get("alpn")
            answer.server_hello(hello["version"], int(hello["cipher"], 16), group, hello.get("hrr"),
                                alpn[0] if isinstance(alpn, list) else alpn, extensions)
            for name in event.get("hs", [])[1:]:
                answer.message(name, None)
            if hello.get("hrr"):
                break
        elif kind == "application_data":
            answer.encrypted.append(event["len"])
        elif kind == "handshake":
            names = event.get("hs") or []
            for name in names:
                answer.message(name, event["len"] if len(names) == 1 else None)
    return answer.finish(connection.end)


class Reader:
    """The same from octets."""

    def __init__(self):
        self.answer = Answer()
        self.octets = b""
        self.handshake = b""
        self.done = False

    def feed(self, octets):
        self.octets += octets
        while len(self.octets) >= 5 and not self.done:
            length = int.from_bytes(self.octets[3:5], "big")
            if len(self.octets) < 5 + length:
                return
            kind, version, body = self.octets[0], self.octets[1:3].hex(), self.octets[5:5 + length]
            self.octets = self.octets[5 + length:]
            self.record(kind, version, body)

    def record(self, kind, version, body):
        if kind == ALERT and len(body) == 2:
            self.answer.alert({1: "warning", 2: "fatal"}.get(body[0], body[0]), body[1], version)
        elif kind == APPLICATION_DATA:
            self.answer.encrypted.append(len(body))
        elif kind == HANDSHAKE:
            self.handshake += body
            while len(self.handshake) >= 4:
                length = int.from_bytes(self.handshake[1:4], "big")
                if len(self.handshake) < 4 + length:
                    return
                message, self.handshake = self.handshake[:4 + length], self.handshake[4 + length:]
                self.message(message)

    def message(self, message):
        if message[0] == 2:
            return self.server_hello(message[4:])
        name = HANDSHAKE_NAMES.get(message[0], str(message[0]))
        self.answer.message(name, len(message))
        self.done = self.done or name == "server_hello_done"

    def server_hello(self, body):
        at = 34 + 1 + body[34]
        version, suite = body[:2].hex(), int.from_bytes(body[at:at + 2], "big")
        extensions, group, alpn = [], None, None
        at += 5
        while at + 4 <= len(body):
            kind, length = int.from_bytes(body[at:at + 2], "big"), int.from_bytes(body[at + 2:at + 4], "big")
            content = body[at + 4:at + 4 + length]
            at += 4 + length
            extensions.append(kind)
            if kind == 43:
                version = content.hex()
            elif kind == 51:
                group = int.from_bytes(content[:2], "big")
            elif kind == 16:
                alpn = content[3:].decode("latin-1")
        retry = body[2:34] == RETRY_RANDOM
        self.answer.server_hello(version, suite, group, retry, alpn, extensions)
        self.done = self.done or retry


def of_server(port, hello, patience=0.15, limit=10):
    """Sends `hello` to 127.0.0.1:`port` and reads the answer; `patience`: seconds without a word after a TLS 1.3
    flight until it counts as waiting, `limit`: until a server counts as silent."""
    reader, end = Reader(), None
    with socket.create_connection(("127.0.0.1", port), timeout=limit) as connection:
        connection.sendall(hello)
        while not reader.done:
            connection.settimeout(patience if reader.answer.encrypted else limit)
            try:
                octets = connection.recv(65536)
            except socket.timeout:
                break
            except ConnectionResetError:
                end = "rst"
                break
            if not octets:
                end = "fin"
                break
            reader.feed(octets)
    return reader.answer.finish(end)


def differences(recorded, met, client_first):
    """What of `met` is not as `recorded`; empty where a client cannot tell them apart. Whether FIN or RST follows is
    compared where the server ended the connection first: after the client's own end it says nothing."""
    found = []
    left_midway = client_first and recorded.items and met.items[:len(recorded.items)] == recorded.items
    if left_midway:
        return found
    if recorded.items != met.items:
        found.append(f"recorded {', '.join(recorded.items) or 'nothing'}; met {', '.join(met.items) or 'nothing'}")
    if recorded.end != met.end and not client_first:
        found.append(f"recorded end {recorded.end}; met {met.end}")
    return found
