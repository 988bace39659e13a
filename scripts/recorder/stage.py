# SPDX-License-Identifier: GPL-2.0-or-later
"""One case of recorder/live.py set up: its servers, and the relay in front where there is one."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

from recorder import servers
from recorder.relay import Relay
from recorder.running import START_LIMIT, Greeter, Server, free_port

BUILDERS = {name: (programs, version, build) for name, programs, version, build in servers.SERVERS}
POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))

PROXIES = ("stunnel", "hitch")  # answer nothing themselves
COLD = ("java",)
WARMING = Path(__file__).resolve().parent.parent.parent / "tests/data/client_hello/curl-tls13.hex"
HTTP_ANSWER = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n"


class CannotStage(Exception):
    """The server is not installed, cannot be told this, or refused to start."""


class Stage:
    """`port`: where the case is, on 127.0.0.1. Everything it started ends with it."""

    def __init__(self, case, pki, alert40_server=None):
        self.case, self.pki, self.alert40_server = case, pki, alert40_server
        self.name, self.ca = case["name"], Path(pki) / "ca.pem"
        self.stack, self.relay, self.counter, self.config, self.servers = ExitStack(), None, None, "", []

    def __enter__(self):
        try:
            ports = [self.start(self.case["want"] | (turn or {})) for turn in self.case["turns"] or [{}]]
            self.port = ports[0]
            if self.case["manner"] or len(ports) > 1:
                self.relay = self.stack.enter_context(Relaying(ports, self.case["manner"])).relay
                self.port = self.relay.port
            return self
        except BaseException:
            self.stack.close()
            raise

    def __exit__(self, *_):
        self.stack.close()

    def counted_port(self):
        """A port that leads to the same, through a relay that counts."""
        if self.case["server"] == "nothing":
            return self.port
        if self.relay:
            self.relay.begin()
            self.counter = self.relay
        else:
            self.counter = self.stack.enter_context(Relaying([self.port])).relay
        return self.counter.port

    def connections(self):
        return self.counter.connections if self.counter else None

    def log(self):
        """What the servers said; they end with this."""
        return "".join(each.stop() for each in self.servers)

    def start(self, want):
        kind = self.case["server"]
        if kind == "nothing":
            return free_port()
        if kind == "says":
            server = Greeter(self.case["text"].encode())
            self.stack.callback(server.stop)
            return server.port
        if kind == "postgres":
            return self.start_postgres()
        if kind.startswith("alert40:"):
            return self.start_alert40(kind.removeprefix("alert40:"))
        programs, _, build = BUILDERS[kind]
        if not servers.present(*programs):
            raise CannotStage(f"{' '.join(programs)}: not installed")
        work = self.folder()
        port = free_port()
        if kind in PROXIES:
            behind = Greeter(b"", HTTP_ANSWER)
            self.stack.callback(behind.stop)
            want = want | {"backend": behind.port}
        built = build(want, port, self.pki, work)
        if built is None:
            raise CannotStage(f"{kind} cannot be told this")
        command, quoted = built
        self.config = quoted.replace(str(work), "{work}").replace(str(self.pki), "pki").replace(str(port), "{port}")
        for behind in ([str(want["backend"])] if "backend" in want else []):
            self.config = self.config.replace(behind, "{backend}")
        self.run(command, port, work)
        return port

    def folder(self):
        work = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="alert40-stage-", ignore_cleanup_errors=True))
        Path(work).chmod(0o755)
        return work

    def run(self, command, port, work, end_with=signal.SIGKILL):
        server = Server(command, port, work, end_with)
        stopping = Once(server.stop)
        self.servers.append(stopping)
        self.stack.callback(stopping.stop)
        if server.listens and self.case["server"] in COLD:
            warm(port)
        if not server.listens:
            raise CannotStage(f"refused to start: {' '.join(stopping.stop().split())[-300:].replace(str(work), '{work}').replace(str(self.pki), 'pki')}")

    def start_alert40(self, scenario):
        """A scenario of alert40-server; its name and its root are its own."""
        if not self.alert40_server:
            raise CannotStage("no alert40-server was named")
        work = self.folder()
        process = subprocess.Popen([str(self.alert40_server), "serve", scenario, "--log", "json", "--state-dir", f"{work}/state"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.stack.callback(process.wait)
        self.stack.callback(process.terminate)
        for line in process.stdout:
            event = json.loads(line)
            if event.get("scenario") == scenario:
                self.name, self.ca, port = event["server_name"], Path(event["root"]), event["port"]
            if event.get("event") == "ready":
                threading.Thread(target=process.stdout.read, daemon=True).start()
                self.config = f"alert40-server serve {scenario}"
                return port
        raise CannotStage(f"alert40-server does not serve {scenario}")

    def start_postgres(self):
        if not POSTGRES or not shutil.which("runuser"):
            raise CannotStage("postgres: not installed")
        if os.geteuid() != 0:
            raise CannotStage("postgres is started as another user, which takes root")
        work = self.folder()
        shutil.chown(work, "postgres")
        programs, port = POSTGRES[-1], free_port()
        as_user = ["runuser", "-u", "postgres", "--"]
        subprocess.run([*as_user, str(programs / "initdb"), "-D", f"{work}/data", "-A", "trust", "-N"], check=True, capture_output=True)
        self.config = "postgres, listen_addresses = 127.0.0.1, ssl = off"
        self.run([*as_user, str(programs / "postgres"), "-D", f"{work}/data", "-p", str(port), "-k", work,
                  "-c", "listen_addresses=127.0.0.1"], port, work, signal.SIGQUIT)  # killed, it would leave shared memory behind
        return port


def warm(port):
    """One ClientHello and its answer: a virtual machine's first handshake takes seconds, which is no trait of its settings."""
    hello = bytes.fromhex("".join(WARMING.read_text().split()))
    with socket.create_connection(("127.0.0.1", port), timeout=START_LIMIT) as connection:
        try:
            connection.sendall(hello)
            connection.recv(4096)
        except OSError:
            pass  # however it answers


class Once:
    def __init__(self, act):
        self.act, self.said = act, None

    def stop(self):
        if self.said is None:
            self.said = self.act()
        return self.said


class Relaying:
    def __init__(self, ports, manner=None):
        self.relay = Relay(ports, manner)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.relay.stop()
