# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers as processes: started, awaited until they listen, ended by their own process group."""

import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

START_LIMIT = 60  # seconds
SETTLING = 0.1  # seconds; Apache listens before it has read its keys
WORDS_KEPT = 1500  # characters of what a server said
RUNNING = set()  # servers that have not been stopped
ENVIRONMENT = os.environ | {"PATH": f"{os.environ.get('PATH', '')}:/usr/sbin"}


def end_on_terminate():
    """SIGTERM ends a script as an exception does: its servers end with it."""
    signal.signal(signal.SIGTERM, lambda *_: stop_all())


def stop_all():
    for server in list(RUNNING):
        server.kill(signal.SIGKILL)
    os._exit(143)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A running server; stop() gives what it said."""

    def __init__(self, command, port, work, end_with=signal.SIGKILL):
        self.end_with = end_with
        self.work = Path(work)
        self.output = (self.work / "output").open("w+", errors="replace")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=self.output, stderr=subprocess.STDOUT, cwd=work,
                                        start_new_session=True, env=ENVIRONMENT)
        RUNNING.add(self)
        self.listens = self.wait(port)

    def wait(self, port):
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                time.sleep(SETTLING)
                return self.process.poll() is None
            except OSError:
                time.sleep(0.02)
        return False

    def stop(self):
        """The program and what it has started, by its own process group."""
        self.kill(self.end_with)
        RUNNING.discard(self)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.kill(signal.SIGKILL)
            self.process.wait()
        self.process.stdin.close()
        self.output.seek(0)
        log = self.output.read()
        self.output.close()
        if (self.work / "error.log").exists():
            log += (self.work / "error.log").read_text(errors="replace")
        return log[-WORDS_KEPT:]

    def kill(self, how):
        try:
            os.killpg(self.process.pid, how)
        except ProcessLookupError:
            pass


class Greeter:
    """Says `text` to whoever connects, answers whatever follows with `reply`, and closes."""

    def __init__(self, text, reply=b""):
        self.text, self.reply, self.listens = text, reply, True
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        try:
            with connection:
                connection.settimeout(10)
                connection.sendall(self.text)
                connection.recv(65536)
                connection.sendall(self.reply)
        except OSError:
            pass  # whoever it was has left

    def stop(self):
        self.listener.close()
        return ""
