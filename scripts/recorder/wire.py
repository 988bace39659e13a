# SPDX-License-Identifier: GPL-2.0-or-later
"""One connection with a server, as a record's `wire` has it: records decoded as far as they are in clear, and how the
server ended it. Also as a pcap (Ethernet, IPv4, TCP of our own making)."""

import socket
import struct
import time

HANDSHAKE_NAMES = {0: "hello_request", 1: "client_hello", 2: "server_hello", 4: "new_session_ticket", 11: "certificate",
                   12: "server_key_exchange", 13: "certificate_request", 14: "server_hello_done", 15: "certificate_verify",
                   16: "client_key_exchange", 20: "finished", 22: "certificate_status"}
TYPES = {20: "change_cipher_spec", 21: "alert", 22: "handshake", 23: "application_data"}
ALERTS = {0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 40: "handshake_failure", 42: "bad_certificate",
          43: "unsupported_certificate", 44: "certificate_revoked", 45: "certificate_expired", 46: "certificate_unknown",
          47: "illegal_parameter", 48: "unknown_ca", 49: "access_denied", 50: "decode_error", 51: "decrypt_error",
          70: "protocol_version", 71: "insufficient_security", 80: "internal_error", 86: "inappropriate_fallback",
          90: "user_canceled", 100: "no_renegotiation", 109: "missing_extension", 110: "unsupported_extension",
          112: "unrecognized_name", 113: "bad_certificate_status_response", 116: "certificate_required",
          120: "no_application_protocol"}
SENTINELS = {b"DOWNGRD\x01": "1.2", b"DOWNGRD\x00": "1.1"}  # RFC 8446, section 4.1.3
RETRY_RANDOM = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")


def words(octets):
    return " ".join(octets[at:at + 2].hex() for at in range(0, len(octets), 2))


def extensions(block):
    found, at = [], 0
    while at + 4 <= len(block):
        kind, length = struct.unpack(">HH", block[at:at + 4])
        found.append((kind, block[at + 4:at + 4 + length]))
        at += 4 + length
    return found


def decode_client_hello(message):
    body = message[4:]
    at = 35 + body[34]
    suites = int.from_bytes(body[at:at + 2], "big")
    fields = {"legacy_version": body[:2].hex(), "session_id_len": body[34], "ciphers": words(body[at + 2:at + 2 + suites])}
    at += 2 + suites
    at += 1 + body[at]
    found = extensions(body[at + 2:])
    for kind, content in found:
        if kind == 0 and len(content) > 5:
            fields["sni"] = content[5:].decode()
        elif kind == 10:
            fields["groups"] = words(content[2:])
        elif kind == 13:
            fields["sigalgs"] = words(content[2:])
        elif kind == 16:
            fields["alpn"], place = [], 2
            while place < len(content):
                fields["alpn"].append(content[place + 1:place + 1 + content[place]].decode())
                place += 1 + content[place]
        elif kind == 43:
            fields["supported_versions"] = words(content[1:])
        elif kind == 51:
            shares, place = [], 2
            while place + 4 <= len(content):
                shares.append(content[place:place + 2].hex())
                place += 4 + int.from_bytes(content[place + 2:place + 4], "big")
            fields["key_shares"] = " ".join(shares)
    fields["exts"] = " ".join(str(kind) for kind, _ in found)
    fields["hello_len"] = len(message)
    fields.setdefault("groups", "")
    fields.setdefault("sigalgs", "")
    return fields


def decode_server_hello(message):
    body = message[4:]
    at = 35 + body[34]
    found = extensions(body[at + 5:])
    fields = {"version": body[:2].hex(), "hrr": body[2:34] == RETRY_RANDOM, "cipher": body[at:at + 2].hex()}
    for kind, content in found:
        if kind == 43:
            fields["version"] = content.hex()
        elif kind == 51:
            fields["group"] = content[:2].hex()
        elif kind == 16:
            fields["alpn"] = content[3:].decode()
    fields["exts"] = " ".join(str(kind) for kind, _ in found)
    if body[26:34] in SENTINELS:
        fields["downgrade_sentinel"] = SENTINELS[body[26:34]]
    return fields


def decode_certificates(body):
    """How many certificates a Certificate message of up to TLS 1.2 has, and their sizes."""
    sizes, at = [], 3
    while at + 3 <= len(body):
        sizes.append(int.from_bytes(body[at:at + 3], "big"))
        at += 3 + sizes[-1]
    return {"n_certs": len(sizes), "sizes": sizes}


def printable(octets, limit=200):
    return octets[:limit].decode("latin-1")


class Decoder:
    """The records of one direction, as events; handshake messages that span records are named where they begin.
    `protected`: from now on the contents of records (of up to TLS 1.2) are encrypted."""

    def __init__(self, direction, connection=0, observer=None):
        self.direction = direction
        self.connection = connection
        self.observer = observer
        self.octets = b""
        self.handshake = b""
        self.protected = False
        self.foreign = False  # this is not TLS
        self.seen = 0

    def feed(self, octets, at_ms):
        self.octets += octets
        self.seen += len(octets)
        events = []
        if self.seen == len(self.octets):  # no record yet
            self.foreign = self.octets[0] not in TYPES or (len(self.octets) > 1 and self.octets[1] != 3)
        if self.foreign:
            events.append({"dir": self.direction, "type": "non-tls", "len": len(self.octets), "text": printable(self.octets),
                           "conn": self.connection, "t_ms": at_ms})
            self.octets = b""
            return events
        while len(self.octets) >= 5:
            length = int.from_bytes(self.octets[3:5], "big")
            if len(self.octets) < 5 + length:
                break
            events.append(self.event(self.octets[0], self.octets[1:3], self.octets[5:5 + length], at_ms))
            self.octets = self.octets[5 + length:]
        return events

    def rest(self, at_ms):
        """The record that was begun and not completed, if there is one."""
        if not self.octets:
            return []
        return [{"dir": self.direction, "type": "partial-record", "bytes_have": len(self.octets),
                 "record_header": self.octets[:5].hex(), "conn": self.connection, "t_ms": at_ms}]

    def event(self, kind, version, body, at_ms):
        event = {"dir": self.direction, "type": TYPES.get(kind, str(kind)), "rec_version": version.hex(), "len": len(body),
                 "conn": self.connection, "t_ms": at_ms}
        if kind == 21 and len(body) == 2:
            event["alert"] = {"level": "fatal" if body[0] == 2 else "warning", "desc": body[1],
                              "name": ALERTS.get(body[1], str(body[1]))}
        elif kind == 20 and self.observer and not self.observer.tls13:
            self.protected = True
        elif kind in (21, 22) and self.protected:
            event["encrypted"] = True
        elif kind == 22:
            self.handshake += body
            event["hs"] = []
            while len(self.handshake) >= 4:
                length = int.from_bytes(self.handshake[1:4], "big")
                message = self.handshake[:4 + length]
                if len(self.handshake) < 4 + length:
                    break
                self.handshake = self.handshake[4 + length:]
                event["hs"].append(HANDSHAKE_NAMES.get(message[0], str(message[0])))
                self.decode(message, event)
        return event

    def decode(self, message, event):
        if message[0] == 1:
            event["client_hello"] = decode_client_hello(message)
        elif message[0] == 2:
            event["server_hello"] = decode_server_hello(message)
            if self.observer:
                self.observer.tls13 = event["server_hello"]["version"] == "0304"
        elif message[0] == 11:
            event["certificate"] = decode_certificates(message[4:])


class Observer:
    """Both directions of one connection. What follows a ChangeCipherSpec of up to TLS 1.2 is encrypted; that of TLS 1.3
    means nothing (RFC 8446, appendix D.4)."""

    def __init__(self, connection):
        self.sides = {each: Decoder(each, connection, self) for each in ("c2s", "s2c")}
        self.tls13 = False

    def feed(self, direction, octets, at_ms=0):
        return self.sides[direction].feed(octets, at_ms)

    def rest(self, direction, at_ms=0):
        return self.sides[direction].rest(at_ms)


class Exchange:
    """A ClientHello sent to a server, and its answer."""

    def __init__(self, hello):
        self.hello = hello
        self.answer = b""
        self.wire = []

    def run(self, port, patience=0.3, limit=10):
        """`patience`: seconds without a word after which an answer that has begun is complete; `limit`: until silence
        is one."""
        started = time.monotonic()
        elapsed = lambda: int((time.monotonic() - started) * 1000)
        server = Decoder("s2c")
        with socket.create_connection(("127.0.0.1", port), timeout=limit) as connection:
            self.wire = [{"event": "connect", "conn": 0, "t_ms": 0}]
            self.wire += Decoder("c2s").feed(self.hello, elapsed())
            connection.sendall(self.hello)
            while True:
                connection.settimeout(patience if self.answer else limit)
                try:
                    octets = connection.recv(65536)
                except socket.timeout:
                    break
                except ConnectionResetError:
                    self.wire.append({"dir": "s2c", "event": "rst", "conn": 0, "t_ms": elapsed()})
                    return self
                if not octets:
                    self.wire.append({"dir": "s2c", "event": "fin", "conn": 0, "t_ms": elapsed()})
                    break
                self.answer += octets
                self.wire += server.feed(octets, elapsed())
        self.wire.append({"dir": "c2s", "event": "fin", "conn": 0, "t_ms": elapsed()})
        return self

    def signal(self):
        """The first decisive thing on the wire."""
        for event in self.wire:
            if event.get("alert"):
                return f"server {event['alert']['level']} alert {event['alert']['desc']} {event['alert']['name']}"
            if event.get("server_hello"):
                return "server hello"
            if event.get("event") in ("fin", "rst") and event.get("dir") == "s2c":
                return f"server {event['event']} before ServerHello"
        return "silence"


def checksum(octets):
    octets += b"\0" * (len(octets) % 2)
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def pcap(hello, answer):
    """Handshake, the client's octets, the server's, FIN; from port 50000 to 443."""
    address = socket.inet_aton("127.0.0.1")
    file = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)

    def segment(from_client, sequence, acknowledged, flags, payload=b""):
        ports = (50000, 443) if from_client else (443, 50000)
        tcp = struct.pack(">HHIIBBHHH", *ports, sequence, acknowledged, 0x50, flags, 65535, 0, 0) + payload
        pseudo = address + address + struct.pack(">BBH", 0, 6, len(tcp))
        tcp = tcp[:16] + struct.pack(">H", checksum(pseudo + tcp)) + tcp[18:]
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0, address, address)
        ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
        frame = bytes(12) + b"\x08\0" + ip + tcp
        return struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame

    file += segment(True, 0, 0, 0x02) + segment(False, 0, 1, 0x12) + segment(True, 1, 1, 0x10)
    file += segment(True, 1, 1, 0x18, hello)
    if answer:
        file += segment(False, 1, 1 + len(hello), 0x18, answer)
    return file + segment(False, 1 + len(answer), 1 + len(hello), 0x11)
