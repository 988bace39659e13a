# SPDX-License-Identifier: GPL-2.0-or-later
# What the reverse proxies as clients share: options, a proxy that is started on a socket of its own, one request
# through it, its answer and its log.
import argparse
import contextlib
import io
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time


def parse(arguments):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--directory", metavar="FOLDER", required=True, help="where its files go")
    parser.add_argument("--connect", metavar="ADDRESS", required=True, help="[ADDRESS] where it is IPv6")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--ca", metavar="FILE", required=True)
    parser.add_argument("--crl", metavar="FILE")
    parser.add_argument("--no-sni", action="store_true")
    parser.add_argument("--versions", type=lambda text: text.split(","))
    parser.add_argument("--legacy", action="store_true", help="security level 0")
    parser.add_argument("--ciphers")
    parser.add_argument("--ciphersuites")
    parser.add_argument("--groups")
    parser.add_argument("--schemes")
    parser.add_argument("--alpn")
    parser.add_argument("--no-ems", action="store_true")
    parser.add_argument("--cert", metavar="FILE")
    parser.add_argument("--key", metavar="FILE")
    parser.add_argument("--clock", metavar="SECONDS", help="by which the proxy's clock is wrong")
    parser.add_argument("--faketime", metavar="FILE", help="the library that does it")
    parser.add_argument("--starttls")
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args(arguments)
    if options.legacy:
        options.ciphers = f"{options.ciphers or 'DEFAULT'}:@SECLEVEL=0"
    return options


def environment(options):
    if not options.clock:
        return None
    return os.environ | {"LD_PRELOAD": options.faketime, "FAKETIME": options.clock, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def connect(path, process):
    """A connection to the proxy; it has no other way to say that it is there."""
    while process.poll() is None:
        client = socket.socket(socket.AF_UNIX)
        try:
            client.connect(str(path))
            return client
        except OSError:
            client.close()
            time.sleep(0.002)
    return None


def ask(client, request):
    with client:
        client.sendall(request.encode())
        answer = b""
        with contextlib.suppress(ConnectionError):
            while received := client.recv(4096):
                answer += received
    return answer.decode(errors="replace")


def exchange(options, make, logs_late):
    """Starts the proxy that make(options, folder, socket) gives a command for; returns its answers and its log."""
    with tempfile.TemporaryDirectory(dir=options.directory) as name:
        folder = pathlib.Path(name)
        command, request = make(options, folder, folder / "socket")
        with open(folder / "log", "w+") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       env=environment(options))
            answers = []
            try:
                for _ in range(2 if options.resume else 1):
                    if client := connect(folder / "socket", process):
                        answers.append(ask(client, request))
                        while logs_late and len((folder / "log").read_text().splitlines()) < len(answers):
                            time.sleep(0.002)
            finally:
                process.terminate()
                process.wait()
            log.seek(0)
            return answers, log.read()


def run_once(make, arguments, logs_late):
    try:
        options = parse(arguments)
        answers, log = exchange(options, make, logs_late)
    except SystemExit as end:
        return end.code
    last = answers[-1] if answers else ""
    for line in last.splitlines()[:None if options.starttls else 1]:
        print("<", line)  # as curl shows it: this is the proxy's answer, and its own where it has none of the server's
    print(log, end="", file=sys.stderr)
    return 0 if last else 1


def main(make, logs_late=False):
    if sys.argv[1:] != ["--serve"]:
        sys.exit(run_once(make, sys.argv[1:], logs_late))
    for line in sys.stdin:  # one job a line, one answer a line
        job = json.loads(line)
        output, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            exit_code = run_once(make, job["arguments"], logs_late)
        print(json.dumps({"id": job["id"], "output": output.getvalue(), "errors": errors.getvalue(),
                          "exit_code": exit_code}), flush=True)
