#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One page in Chromium, headless, over the DevTools protocol. Prints the status line, or Chromium's error.

    chromium_page.py --connect ADDRESS --port N --name NAME --ca FILE [--min V --max V] [--resume]
    chromium_page.py --serve       one job a line, {"id", "arguments"}; one result a line

A browser stays for the runs that trust, map and offer the same; each run has a browser context of its own, which shares
neither connections nor sessions with another. What it trusts is in the nssdb of a home of its own.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile

BROWSERS = 3  # at once
HOMES = "alert40-chromium-"
FLAGS = ["--headless=new", "--no-sandbox", "--remote-debugging-pipe", "--no-first-run", "--no-default-browser-check", "--disable-gpu",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
         "--disable-extensions", "--disable-domain-reliability", "--disable-dev-shm-usage", "--no-proxy-server", "--no-pings",
         "--disable-features=Translate,OptimizationHints,MediaRouter,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,NetworkTimeServiceQuerying"]


class Browser:
    def __init__(self, ca, address, least, most):
        self.home = tempfile.mkdtemp(prefix=f"{HOMES}{os.getpid()}-")
        database = os.path.join(self.home, ".pki", "nssdb")
        os.makedirs(database)
        run = lambda *words: subprocess.run(["certutil", "-d", "sql:" + database, *words], check=True, capture_output=True)
        run("-N", "--empty-password")
        for number, certificate in enumerate(pem_blocks(ca)):
            path = os.path.join(self.home, "anchor.pem")
            with open(path, "w", encoding="ascii") as file:
                file.write(certificate)
            run("-A", "-n", f"anchor {number}", "-t", "C,,", "-i", path)
        flags = FLAGS + ["--user-data-dir=" + os.path.join(self.home, "profile"),
                         f"--host-resolver-rules=MAP * {address}"]
        if least:
            flags += ["--ssl-version-min=" + least, "--ssl-version-max=" + most]
        # It reads commands from descriptor 3 and writes answers to 4.
        command_read, self.commands = os.pipe()
        answers, answer_write = os.pipe()

        def arrange():
            read, write = os.dup(command_read), os.dup(answer_write)
            os.dup2(read, 3)
            os.dup2(write, 4)
        self.process = subprocess.Popen(["chromium", *flags, "about:blank"], preexec_fn=arrange, close_fds=False,
                                        env=dict(os.environ, HOME=self.home), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(command_read)
        os.close(answer_write)
        self.answers = os.fdopen(answers, "rb", buffering=0)
        self.buffer = b""
        self.last = 0
        self.events = []

    def read(self):
        while b"\0" not in self.buffer:
            octets = self.answers.read(65536)
            if not octets:
                raise RuntimeError("Chromium ended")
            self.buffer += octets
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def ask(self, method, session=None, **parameters):
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise RuntimeError(answer["error"]["message"])
                return answer["result"]
            self.events.append(answer)

    def wait(self, *methods):
        while True:
            event = self.events.pop(0) if self.events else self.read()
            if event.get("method") in methods:
                return event

    def load(self, url, times):
        context = self.ask("Target.createBrowserContext")["browserContextId"]
        try:
            target = self.ask("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
            session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            self.ask("Network.enable", session)
            lines = []
            for _ in range(times):
                self.events.clear()
                error = self.ask("Page.navigate", session, url=url).get("errorText")
                if error:
                    return lines, error
                event = self.wait("Network.responseReceived", "Network.loadingFailed")
                if event["method"] == "Network.loadingFailed":
                    return lines, event["params"]["errorText"]
                response = event["params"]["response"]
                lines.append(f"HTTP/1.1 {response['status']} {response['statusText']}")
                event = self.wait("Network.loadingFinished", "Network.loadingFailed")
                if event["method"] == "Network.loadingFailed":
                    return lines, event["params"]["errorText"]
            return lines, None
        finally:
            self.ask("Target.disposeBrowserContext", browserContextId=context)

    def close(self):
        self.process.kill() # its children follow
        self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)


def pem_blocks(path):
    end = "-----END CERTIFICATE-----"
    with open(path, encoding="ascii") as file:
        return [block + end + "\n" for block in file.read().split(end)[:-1]]


def parse(words):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for name in ("connect", "port", "name", "ca"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--min")
    parser.add_argument("--max")
    parser.add_argument("--resume", action="store_true")
    return parser.parse_args(words)


browsers = {}  # by what they trust, map and offer; the one used last stands last


def browser_for(wishes):
    key = (tuple(pem_blocks(wishes.ca)), wishes.connect, wishes.min, wishes.max)
    browser = browsers.pop(key, None)
    if browser is None:
        while len(browsers) >= BROWSERS:
            browsers.pop(next(iter(browsers))).close()
        browser = Browser(wishes.ca, wishes.connect, wishes.min, wishes.max)
    browsers[key] = browser
    return browser


def run(words):
    result = {"output": "", "errors": "", "exit_code": 0}
    try:
        wishes = parse(words)
    except SystemExit as usage:
        return dict(result, errors="usage: see the head of chromium_page.py\n", exit_code=usage.code)
    lines, error = browser_for(wishes).load(f"https://{wishes.name}:{wishes.port}/", 2 if wishes.resume else 1)
    result["output"] = "".join(line + "\n" for line in lines)
    if error:
        result.update(errors=error + "\n", exit_code=1)
    return result


def sweep():
    """Removes the homes of processes that were killed."""
    for name in os.listdir(tempfile.gettempdir()):
        owner = name.removeprefix(HOMES).partition("-")[0]
        if name.startswith(HOMES) and owner.isdigit() and not os.path.exists("/proc/" + owner):
            shutil.rmtree(os.path.join(tempfile.gettempdir(), name), ignore_errors=True)


def main():
    sweep()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if sys.argv[1:] == ["--serve"]:
            for line in sys.stdin:
                job = json.loads(line)
                print(json.dumps(dict(run(job["arguments"]), id=job["id"])), flush=True)
            return 0
        result = run(sys.argv[1:])
        sys.stdout.write(result["output"])
        sys.stderr.write(result["errors"])
        return result["exit_code"]
    finally:
        for browser in browsers.values():
            browser.close()


sys.exit(main())
