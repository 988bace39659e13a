# SPDX-License-Identifier: GPL-2.0-or-later
"""The clients of client-checks/clients, run against any server: the same files, and of their options those that a recording
needs.

A wish is a dict: versions ["1.2"], ciphers (OpenSSL's names, for clients that take those), groups, schemes (our names), alpn,
no_sni, cert (NAME.chain and NAME.key), clock (seconds), pin ("wrong"), revocation ("staple", "crl"), misconfigured (a word),
no_ems, fallback_scsv, resume."""

import json
import os
import re
import shlex
import shutil
import subprocess
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "client-checks" / "clients"
BIN = ROOT / ".third-party" / "bin"  # where scripts/get-npm-clients puts clients that are no packages
PATH = f"{BIN}:{os.environ.get('PATH', '')}:/usr/sbin"
COMPILE_LIMIT = 300  # seconds
LEGACY = {"1.0", "1.1"}
SINGLE_PLACEHOLDER = re.compile(r"\{([a-z_0-9]+|file:[a-z-]+)\}")
# What a record calls the library of a client; the version is that of Debian 12.
LIBRARIES = {"openssl": "OpenSSL 3.0", "gnutls": "GnuTLS 3.7", "nss": "NSS 3.87", "jsse": "JSSE 17", "go": "Go crypto/tls 1.19",
             "rustls": "rustls 0.20.8", "mbedtls": "mbedTLS 2.28 (TLS 1.2 only)", "botan": "Botan 2.19 (TLS 1.2 only)",
             "erlang": "Erlang ssl (OTP 25)", "mono": "BoringSSL (mono btls)", "node-openssl-3.0": "OpenSSL 3.0 (bundled)",
             "node-openssl-1.0": "OpenSSL 1.0", "node-openssl-1.1": "OpenSSL 1.1.1", "node-openssl": "OpenSSL 3.5",
             "chromium": "BoringSSL (Chromium)", "firefox": "NSS (Firefox)", "bearssl": "BearSSL 0.6",
             "bouncy-castle": "Bouncy Castle", "wolfssl": "wolfSSL", "bun": "BoringSSL (bun)", "deno": "rustls (deno)"}


class CannotAsk(Exception):
    """This client has no option for the wish, or lacks what it needs here."""


def faketime_library():
    for path in Path("/usr/lib").glob("*/faketime/libfaketime.so.1"):
        return str(path)
    raise CannotAsk("libfaketime is not here")


class Client:
    def __init__(self, name, work):
        self.name = name
        self.settings = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
        self.library = LIBRARIES.get(self.settings.get("library"), self.settings.get("library", ""))
        self.build = Path(work) / "clients" / name
        self.source = FOLDER / "programs" / self.settings.get("program", {}).get("source", "")

    def prepare(self):
        """Compiles what is to be compiled. Throws CannotAsk where something is missing."""
        first = self.settings["argv"][0]
        for each in [first] * ("{" not in first) + self.settings.get("requires", []):
            if not (Path(each).exists() if each.startswith("/") else shutil.which(each, path=PATH)):
                raise CannotAsk(f"{each} is not here")
        if first.startswith("{bin}") and not Path(first.replace("{bin}", str(BIN))).exists():
            raise CannotAsk(f"{first} is not here")
        self.build.mkdir(parents=True, exist_ok=True)
        command = [self.plain(each) for each in self.settings.get("program", {}).get("compile", [])]
        if command:
            done = subprocess.run(command, capture_output=True, text=True, timeout=COMPILE_LIMIT, check=False,
                                  env=os.environ | {"PATH": PATH})
            if done.returncode != 0:
                raise CannotAsk(f"{self.name} does not compile: {done.stderr[-300:]}")

    def plain(self, word):
        return word.replace("{source}", str(self.source)).replace("{build}", str(self.build)).replace("{bin}", str(BIN))

    def version(self):
        asked = self.settings.get("version", {})
        command = [self.plain(each) for each in asked.get("argv", [])]
        if not command:
            return ""
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=30, check=False,
                              env=os.environ | {"PATH": PATH})
        found = re.search(asked["pattern"], done.stdout + done.stderr, re.MULTILINE)
        return found.group(0).strip() if found else ""

    def run(self, target, wish, limit):
        """`target`: host, port, name, ca, pki, run (a folder). Gives (command as a record quotes it, exit status, stdout,
        stderr, milliseconds); exit status 124 where `limit` (seconds) ended it."""
        command = Command(self, target, wish)
        began = time.monotonic()
        process = subprocess.Popen(command.argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=os.environ | {"PATH": PATH} | command.environment, cwd=target["run"], start_new_session=True)
        out, said = communicate(process, command.input, self.settings.get("input_closes", "when-written"), limit, self.done)
        status = 124 if said is None else process.returncode
        return command.quoted(), status, *out, int((time.monotonic() - began) * 1000)

    def done(self, output):
        pattern = self.settings.get("connected", {}).get("output")
        return bool(pattern and re.search(pattern, output, re.MULTILINE))


def communicate(process, text, closes, limit, done):
    """Writes the input; where it never closes, ends the client once it has what it came for, or there is nothing more."""
    import selectors
    import signal
    try:
        process.stdin.write(text.encode())
        process.stdin.flush()
        if closes != "never":
            process.stdin.close()
    except BrokenPipeError:
        pass
    parts = {process.stdout: b"", process.stderr: b""}
    selector = selectors.DefaultSelector()
    for each in parts:
        selector.register(each, selectors.EVENT_READ)
    end, ended = time.monotonic() + limit, True
    while selector.get_map():
        events = selector.select(max(0.0, end - time.monotonic()))
        if not events:
            ended = False
            break
        for key, _ in events:
            octets = os.read(key.fd, 65536)
            if octets:
                parts[key.fileobj] += octets
            else:
                selector.unregister(key.fileobj)
        if closes == "never" and done(parts[process.stdout].decode(errors="replace")):
            end = min(end, time.monotonic() + 1.0)
            try:
                process.stdin.close()
            except OSError:
                pass
            closes = "when-written"
    if not ended or process.poll() is None:
        try:
            process.wait(max(0.0, min(1.0, end - time.monotonic())) if ended else 0.0)
        except subprocess.TimeoutExpired:
            ended = False
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    for each in (process.stdin, process.stdout, process.stderr):
        try:
            each.close()
        except OSError:
            pass
    texts = [parts[each].decode(errors="replace") for each in (process.stdout, process.stderr)]
    return texts, (True if ended else None)


class Command:
    def __init__(self, client, target, wish):
        self.client, self.target, self.wish = client, target, wish
        self.arguments, self.fragments, self.environment, self.lines = [], "", {}, ""
        settings = client.settings
        self.add(settings["server_name"]["absent" if wish.get("no_sni") else "sent"])
        self.add_lists(settings)
        self.add_rest(settings)
        self.write_settings(settings)
        for key, value in settings.get("environment", {}).items():
            self.environment.setdefault(key, self.fill(value))
        self.argv = []
        for word in settings["argv"]:
            self.argv += self.arguments if word == "{wishes}" else [self.fill(word)]
        self.input = self.fill(settings.get("input", ""))

    def add_lists(self, settings):
        for key, table, option in (("versions", "versions", "option"), ("ciphers", "ciphers", "tls12"),
                                   ("groups", "groups", "option"), ("schemes", "signature_schemes", "option"), ("alpn", "alpn", "option")):
            if key in self.wish:
                self.add_list(settings.get(table, {}), option, self.wish[key])
        if LEGACY & set(self.wish.get("versions", ())) and "legacy" in settings:
            self.add(settings["legacy"])

    def add_list(self, table, option, items):
        exact = table.get("exact", {}).get(",".join(items))
        if exact is not None:
            self.add(exact)
            return
        if option not in table or (option == "tls12" and table.get("names") != "openssl"):
            raise CannotAsk(f"{self.client.name} cannot be asked for {items}")
        names = table.get("names", {}) if option != "tls12" else {}
        for item in items:
            if any(item == each or (each.startswith("*") and each.strip("*") in item) for each in table.get("unknown", ())):
                raise CannotAsk(f"{self.client.name} does not have {item}")
        named = [table.get("prefix", "") + names.get(each, each) for each in items]
        if table.get("each"):
            for each in named:
                self.add(table[option], {"list": each})
            return
        values = {"list": table.get("separator", ":").join(named), "least": named[0], "most": named[-1]}
        self.add(table[option], values)

    def add_rest(self, settings):
        wish = self.wish
        for key in ("cert", "clock", "pin", "no_ems", "fallback_scsv"):
            if key in wish:
                self.add(self.option(settings, {"cert": "certificate"}.get(key, key)))
        for key, table in (("revocation", "revocation"), ("misconfigured", "misconfigured")):
            if key in wish:
                self.add(self.option(settings.get(table, {}), wish[key]))
        if wish.get("resume"):
            self.add(self.option(settings.get("resume", {}), "within"))

    def option(self, table, key):
        if key not in table:
            raise CannotAsk(f"{self.client.name} cannot be asked for {key}")
        return table[key]

    def add(self, option, values=None):
        option = {"arguments": option} if isinstance(option, list) else option
        self.arguments += [self.fill(each, values) for each in option.get("arguments", [])]
        self.fragments += self.fill(option.get("fragment", ""), values)
        self.environment |= {key: self.fill(text, values) for key, text in option.get("environment", {}).items()}
        for name, text in option.get("files", {}).items():
            path = self.path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.fill(text, values), encoding="utf-8")
        self.lines += "".join(self.fill(each, values) + "\n" for each in option.get("settings", []))

    def path(self, name):
        return Path(self.target["run"]) / name

    def fill(self, text, values=None):
        return SINGLE_PLACEHOLDER.sub(lambda found: self.value(found.group(1), values or {}, found.group(0)), text)

    def value(self, key, values, whole):
        target, pki = self.target, Path(self.target["pki"])
        known = {"host": target["host"], "address": target["host"], "port": str(target["port"]), "name": target["name"],
                 "ca": str(target["ca"]), "bin": str(BIN), "source": str(self.client.source), "build": str(self.client.build),
                 "run": str(target["run"]), "scheme": "https", "fragments": self.fragments, "crl": str(pki / "crl.pem"),
                 "client_chain": f"{pki}/{self.wish.get('cert')}.chain", "client_key": f"{pki}/{self.wish.get('cert')}.key",
                 "clock": f"{self.wish.get('clock', 0):+}", "pin": "A" * 43 + "=", "pin_hex": "0" * 64,
                 "pin_key": "A" * 88} | values
        if key in known:
            return known[key]
        if key == "faketime":
            return faketime_library()
        if key == "hosts":
            self.path("hosts").write_text(f"{target['host']} {target['name']}\n")
            return str(self.path("hosts"))
        return str(self.path(key[5:])) if key.startswith("file:") else whole

    def write_settings(self, settings):
        if not self.lines:
            return
        if "settings" not in settings:
            raise CannotAsk(f"{self.client.name} has no file of settings")
        table = settings["settings"]
        self.path(table["file"]).write_text(table["text"].replace("{settings}", self.lines))
        self.environment[table["environment"]] = str(self.path(table["file"]))

    def quoted(self):
        variables = [f"{key}={value}" for key, value in sorted(self.environment.items())]
        words = shlex.join(["env", *variables, *self.argv] if variables else self.argv)
        return f"printf {json.dumps(self.input)} | {words}" if self.input else words


def load(names, work, tell):
    """{name: Client} of those that can be run here; `tell` gets a line for each that cannot."""
    found = {}
    for name in names:
        client = Client(name, work)
        try:
            client.prepare()
            found[name] = client
        except (CannotAsk, subprocess.TimeoutExpired) as reason:
            tell(f"{name}: left out: {reason}")
    return found
