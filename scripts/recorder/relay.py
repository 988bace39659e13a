# SPDX-License-Identifier: GPL-2.0-or-later
"""A relay between client and server that writes down what a passive observer sees (the `wire` of a record), counts
connections, and, where asked, is the device in between: one of MANNERS."""

import socket
import struct
import threading
import time

from recorder import wire

ONE_SEGMENT = 1460  # octets of a TCP segment on Ethernet
ALERT_40 = b"\x15\x03\x03\x00\x02\x02\x28"
BLOCK_PAGE = b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>This site is blocked.</html>\r\n"
PATIENCE = 30  # seconds until a connection without a word is given up


def offers_tls13(hello):
    fields = wire.decode_client_hello(hello[5:])
    return "0304" in fields.get("supported_versions", "").split()


def server_name(hello):
    return wire.decode_client_hello(hello[5:]).get("sni")


def without_extension(hello, kind):
    """The ClientHello, one record, without one of its extensions."""
    body = hello[9:]
    at = 35 + body[34]
    at += 2 + int.from_bytes(body[at:at + 2], "big")
    at += 1 + body[at]
    kept = b"".join(struct.pack(">HH", each, len(content)) + content
                    for each, content in wire.extensions(body[at + 2:]) if each != kind)
    body = body[:at] + struct.pack(">H", len(kept)) + kept
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    return hello[:3] + struct.pack(">H", len(message)) + message


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class Refuse(Exception):
    """What the device does instead of passing the ClientHello on: "reset", "close", "drop", or octets and a close."""

    def __init__(self, how):
        super().__init__(how)
        self.how = how


def refusing(how, when=lambda hello: True):
    def act(hello):
        if when(hello):
            raise Refuse(how)
        return hello
    return act


# What a device makes of a ClientHello: it passes one on, or refuses.
MANNERS = {
    None: lambda hello: hello,
    "reset": refusing("reset"), "close": refusing("close"), "drop": refusing("drop"), "alert40": refusing(ALERT_40),
    "alert40-0301": refusing(ALERT_40[:2] + b"\x01" + ALERT_40[3:]), "block-page": refusing(BLOCK_PAGE),
    "large-reset": refusing("reset", lambda hello: len(hello) > ONE_SEGMENT),
    "large-drop": refusing("drop", lambda hello: len(hello) > ONE_SEGMENT),
    "tls13-reset": refusing("reset", offers_tls13), "tls13-close": refusing("close", offers_tls13),
    "tls13-alert40": refusing(ALERT_40, offers_tls13),
    "name-reset": refusing("reset", lambda hello: server_name(hello) == "good.test"),
    "downgrade": lambda hello: without_extension(hello, 43),
}
# What it makes of the server's answer.
ANSWERS = ("flip", "truncate", "cut")


def flip_protected(octets):
    """What comes in one piece, with another last octet in its first encrypted record, if there is one."""
    at, after_change = 0, False
    while at + 5 <= len(octets):
        end = at + 5 + int.from_bytes(octets[at + 3:at + 5], "big")
        if end <= len(octets) and (octets[at] == 23 or (after_change and octets[at] == 22)):
            return octets[:end - 1] + bytes([octets[end - 1] ^ 1]) + octets[end:]
        after_change = after_change or octets[at] == 20
        at = end
    return octets


class Relay:
    """Listens on a free port of `address` until stop(). `backends`: ports of the server, taken in turn. `wire` is what
    was seen; `connections` how many there were."""

    def __init__(self, backends, manner=None, address="127.0.0.1", to="127.0.0.1"):
        self.backends, self.to = list(backends), to
        self.answer = manner if manner in ANSWERS else None
        self.act = MANNERS[None if self.answer else manner]
        self.wire, self.connections, self.lock = [], 0, threading.Lock()
        self.listener = socket.create_server((address, 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.started = time.monotonic()
        self.threads, self.open = [], set()
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def begin(self):
        """Another record begins: what was seen so far is forgotten."""
        with self.lock:
            self.wire, self.connections = [], 0
            self.started = time.monotonic()

    def now(self):
        return int((time.monotonic() - self.started) * 1000)

    def note(self, **event):
        with self.lock:
            self.wire.append({**event, "t_ms": self.now()})

    def accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
            except OSError:
                return
            with self.lock:
                number = self.connections
                self.connections += 1
            thread = threading.Thread(target=self.serve, args=(client, number), daemon=True)
            self.threads.append(thread)
            thread.start()

    def stop(self):
        self.listener.close()
        for connection in list(self.open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def settle(self, limit=1.0):
        """Waits until the connections have ended, so that their ends are in `wire`."""
        end = time.monotonic() + limit
        for thread in self.threads:
            thread.join(max(0.0, end - time.monotonic()))

    def serve(self, client, number):
        self.note(event="connect", conn=number)
        self.open.add(client)
        try:
            Connection(self, client, number).run()
        except OSError:
            pass
        finally:
            self.open.discard(client)
            client.close()


class Connection:
    def __init__(self, relay, client, number):
        self.relay, self.client, self.number = relay, client, number
        self.seen = wire.Observer(number)
        self.flipped = False
        self.sent = 0  # octets of the server's answer that were passed on

    def see(self, direction, octets):
        for event in self.seen.feed(direction, octets):
            self.relay.note(**event)

    def end(self, direction, how):
        for event in self.seen.rest(direction):
            self.relay.note(**event)
        self.relay.note(dir=direction, event=how, conn=self.number)

    def run(self):
        backend = self.relay.backends[self.number % len(self.relay.backends)]
        server = socket.create_connection((self.relay.to, backend), timeout=PATIENCE)
        self.relay.open.add(server)
        for each in (self.client, server):
            each.settimeout(PATIENCE)
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            back = threading.Thread(target=self.pump, args=(server, self.client, "s2c", self.answer_part), daemon=True)
            back.start()
            first = self.first_flight(server)
            if first:
                self.pump(self.client, server, "c2s", lambda octets: octets)
                back.join(PATIENCE)
        finally:
            self.relay.open.discard(server)
            server.close()

    def first_flight(self, server):
        """Passes the ClientHello on as the device does; False where nothing follows."""
        hello = b""
        try:
            while len(hello) < 5 or (hello[0] == 22 and len(hello) < 5 + int.from_bytes(hello[3:5], "big")):
                octets = self.client.recv(65536)
                if not octets:
                    self.end("c2s", "fin")
                    server.shutdown(socket.SHUT_WR)
                    return True
                hello += octets
        except ConnectionResetError:
            self.end("c2s", "rst")
            reset(server)
            return False
        self.see("c2s", hello)
        try:
            server.sendall(self.relay.act(hello) if hello[0] == 22 else hello)
        except Refuse as refused:
            self.refuse(refused.how)
            return False
        return True

    def refuse(self, how):
        if how == "reset":
            self.end("s2c", "rst")
            return reset(self.client)
        if how == "drop":
            return self.await_end()
        if how != "close":
            self.see("s2c", how)
            self.client.sendall(how)
        self.end("s2c", "fin")
        self.client.shutdown(socket.SHUT_WR)
        self.await_end()

    def await_end(self):
        try:
            while octets := self.client.recv(65536):
                self.see("c2s", octets)
            self.end("c2s", "fin")
        except ConnectionResetError:
            self.end("c2s", "rst")

    def answer_part(self, octets):
        """What the device lets through of the server's answer; None: nothing any more."""
        if self.relay.answer == "flip" and not self.flipped:
            changed = flip_protected(octets)
            self.flipped, octets = changed != octets, changed
        self.sent += len(octets)
        if self.relay.answer in ("truncate", "cut") and self.sent > 900:
            octets = octets[:max(0, 900 - self.sent + len(octets))]
            return octets
        return octets

    def pump(self, source, target, direction, change):
        how = "fin"
        try:
            while octets := source.recv(65536):
                octets = change(octets)
                if octets:
                    self.see(direction, octets)
                    target.sendall(octets)
                if self.relay.answer == "cut" and self.sent > 900 and direction == "s2c":
                    break
        except ConnectionResetError:
            how = "rst"
        except (OSError, ValueError):
            return
        self.end(direction, how)
        try:
            if how == "rst":
                reset(target)
            else:
                target.shutdown(socket.SHUT_WR)
        except OSError:
            pass
