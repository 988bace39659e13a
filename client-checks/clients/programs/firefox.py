# SPDX-License-Identifier: GPL-2.0-or-later
# Opens a page in Firefox, headless, with a fresh profile, and prints what its user sees: the page, or the error page with
# its code. Firefox is led through Marionette, its own remote protocol: JSON with its length before it, on a TCP socket.
#
#     firefox.py --connect ADDRESS --port N --name NAME --ca FILE [--no-sni] [--min V] [--max V] [--ciphers PREF,PREF]
#                [--http1] [--cert FILE --key FILE] [--twice]
#     firefox.py --serve        many runs in one browser: each has its own anchors, certificates and settings, and none
#                               finds a session, a connection or a name of the one before
import argparse
import atexit
import contextlib
import glob
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

VERSIONS = {"1.0": 1, "1.1": 2, "1.2": 3, "1.3": 4}
WAIT_MS = 60_000  # the checker's deadline is the shorter one

# Nothing but what a run asks for goes to the network.
PROFILE = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.aboutwelcome.enabled": False,
    "browser.chrome.site_icons": False,
    "browser.region.network.url": "",
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "browser.sessionhistory.max_total_viewers": 0,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "browser.topsites.contile.enabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.update.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "network.http.speculative-parallel-limit": 0,
    "network.prefetch-next": False,
    "network.trr.mode": 5,
    "security.OCSP.enabled": 0,  # the stapled response is looked at all the same
    "security.certerrors.mitm.priming.enabled": False,
    "security.default_personal_cert": "Select Automatically",
    "services.settings.server": "data:,",
    "signon.autofillForms": False,
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.unified": False,
    "marionette.port": 0,
    "remote.log.level": "Error",
}

# In the browser's own scripts: what one run asks for.
PREPARE = """
FORGET_CERTIFICATES
const [settings, anchors, client] = arguments;
for (const [name, value] of Object.entries(settings)) {
    if (value === null) Services.prefs.clearUserPref(name);
    else if (typeof value == "boolean") Services.prefs.setBoolPref(name, value);
    else if (typeof value == "number") Services.prefs.setIntPref(name, value);
    else Services.prefs.setStringPref(name, value);
}
for (const anchor of anchors) certificates.addCertFromBase64(anchor, "C,,");
if (client) {
    const file = Cc["@mozilla.org/file/local;1"].createInstance(Ci.nsIFile);
    file.initWithPath(client);
    const status = certificates.importPKCS12File(file, "alert40");
    if (status) throw new Error("importPKCS12File: " + status);
}
"""

# Firefox keeps the intermediates that it has met, in its own time: so this is done before a run and behind it.
FORGET_CERTIFICATES = """
const certificates = Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB);
for (const certificate of certificates.getCerts())
    if (!certificate.tokenName.startsWith("Builtin")) certificates.deleteCertificate(certificate);
"""
PREPARE = PREPARE.replace("FORGET_CERTIFICATES", FORGET_CERTIFICATES)

FORGET = FORGET_CERTIFICATES + """
Cc["@mozilla.org/security/sdr;1"].getService(Ci.nsISecretDecoderRing).logoutAndTeardown();
Services.obs.notifyObservers(null, "net:cancel-all-connections");
Services.dns.clearCache(true);
Services.cache2.clear();
Cu.forceGC();
Cu.forceCC(); // NSS keeps a certificate as long as anybody does
"""

# In the page, with the rights of the browser.
READ = """
const page = document.documentURI;
if (!page.startsWith("about:"))
    return {status: performance.getEntriesByType("navigation")[0].responseStatus, text: document.body.innerText};
const read = what => { try { return what().errorCodeString; } catch (error) { return ""; } };
let code = page.startsWith("about:certerror") ? read(() => document.getFailedCertSecurityInfo())
                                              : read(() => document.getNetErrorInfo());
// Of a signature in the handshake the page has none: then NSS's number, or the network's word, from the channel.
const status = window.docShell?.failedChannel?.status ?? 0;
if (!code && (status >>> 16) == 0x805a) code = `NSS error ${-(status & 0xffff)}`;
if (!code && status) code = Object.keys(Cr).find(name => Cr[name] == status) ?? `error 0x${(status >>> 0).toString(16)}`;
return {page, code, text: document.title};
"""


PREFIX = "alert40-firefox-"


def remove_left_profiles():
    """Of programs that were killed at a deadline."""
    for path in glob.glob(f"{tempfile.gettempdir()}/{PREFIX}*"):
        if not os.path.exists(f"/proc/{path.split('-')[-2]}"):
            shutil.rmtree(path, ignore_errors=True)


class Firefox:
    def __init__(self):
        remove_left_profiles()
        self.folder = tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-")
        atexit.register(self.close)
        with open(f"{self.folder}/user.js", "w") as file:
            for name, value in PROFILE.items():
                file.write(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n")
        environment = {**os.environ, "HOME": self.folder, "MOZ_HEADLESS": "1", "MOZ_CRASHREPORTER_DISABLE": "1"}
        self.process = subprocess.Popen(
            ["firefox-esr", "--marionette", "--remote-allow-system-access", "--headless", "--no-remote",
             "--profile", self.folder],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.socket = socket.create_connection(("127.0.0.1", self.marionette_port()))
        self.unread = b""
        self.number = 0
        self.receive()  # who it is
        self.ask("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": False}}})
        self.ask("WebDriver:SetTimeouts", {"pageLoad": WAIT_MS, "script": WAIT_MS})
        self.script(FORGET, context="chrome")  # the first time it loads the built-in roots, which takes seconds

    def marionette_port(self):
        while True:
            try:
                with open(f"{self.folder}/MarionetteActivePort") as file:
                    return int(file.read())
            except (OSError, ValueError):
                if self.process.poll() is not None:
                    sys.exit(f"firefox-esr ended with status {self.process.returncode}")
                time.sleep(0.02)

    def receive(self):
        while b":" not in self.unread:
            self.more()
        length, _, self.unread = self.unread.partition(b":")
        while len(self.unread) < int(length):
            self.more()
        message, self.unread = self.unread[:int(length)], self.unread[int(length):]
        return json.loads(message)

    def more(self):
        got = self.socket.recv(65536)
        if not got:
            sys.exit("firefox-esr closed its connection")
        self.unread += got

    def ask(self, command, parameters=None):
        """Raises RuntimeError with Firefox's own words."""
        self.number += 1
        message = json.dumps([0, self.number, command, parameters or {}]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self.receive()
        if error:
            raise RuntimeError(f"{error['error']}: {error['message']}")
        return result

    def script(self, text, *values, context="content"):
        self.ask("Marionette:SetContext", {"value": context})
        try:
            return self.ask("WebDriver:ExecuteScript", {"script": text, "args": values, "sandbox": "system"})["value"]
        finally:
            self.ask("Marionette:SetContext", {"value": "content"})

    def open(self, url):
        """What is on the page, or on the error page."""
        try:
            self.ask("WebDriver:Navigate", {"url": url})
        except RuntimeError as error:
            if not re.match("insecure certificate|unknown error: Reached error page", str(error)):
                raise
        return self.script(READ)

    def close(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def parse(arguments):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--connect", metavar="ADDRESS", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--ca", metavar="FILE", required=True)
    parser.add_argument("--no-sni", action="store_true", help="ask for the address, which is never sent as SNI")
    parser.add_argument("--min", choices=VERSIONS)
    parser.add_argument("--max", choices=VERSIONS)
    parser.add_argument("--ciphers", metavar="PREFERENCES", help="the names of Firefox's settings for them")
    parser.add_argument("--http1", action="store_true", help="offer http/1.1 alone")
    parser.add_argument("--cert", metavar="FILE")
    parser.add_argument("--key", metavar="FILE")
    parser.add_argument("--twice", action="store_true", help="the second time with what the first has left")
    return parser.parse_args(arguments)


# Firefox 153's suites: security.ssl3.* and security.tls13.* (security/manager/ssl/nsNSSComponent.cpp).
SUITES = [
    "security.tls13.aes_128_gcm_sha256", "security.tls13.chacha20_poly1305_sha256", "security.tls13.aes_256_gcm_sha384",
    "security.ssl3.ecdhe_ecdsa_aes_128_gcm_sha256", "security.ssl3.ecdhe_rsa_aes_128_gcm_sha256",
    "security.ssl3.ecdhe_ecdsa_chacha20_poly1305_sha256", "security.ssl3.ecdhe_rsa_chacha20_poly1305_sha256",
    "security.ssl3.ecdhe_ecdsa_aes_256_gcm_sha384", "security.ssl3.ecdhe_rsa_aes_256_gcm_sha384",
    "security.ssl3.ecdhe_ecdsa_aes_256_sha", "security.ssl3.ecdhe_ecdsa_aes_128_sha",
    "security.ssl3.ecdhe_rsa_aes_128_sha", "security.ssl3.ecdhe_rsa_aes_256_sha", "security.ssl3.rsa_aes_128_gcm_sha256",
    "security.ssl3.rsa_aes_256_gcm_sha384", "security.ssl3.rsa_aes_128_sha", "security.ssl3.rsa_aes_256_sha",
]


def settings(options):
    """Firefox's preferences; null is its default."""
    asked = options.ciphers.split(",") if options.ciphers else []
    return {
        "network.dns.forceResolve": options.connect,
        "network.http.http2.enabled": False if options.http1 else None,
        "security.tls.version.min": VERSIONS.get(options.min),
        "security.tls.version.max": VERSIONS.get(options.max),
        **{suite: suite in asked if asked else None for suite in SUITES},
    }


def pem_blocks(path):
    with open(path) as file:
        return ["".join(block.split()) for block in
                re.findall("-----BEGIN CERTIFICATE-----(.*?)-----END", file.read(), re.DOTALL)]


def pkcs12(firefox, options):
    path = f"{firefox.folder}/client.p12"
    subprocess.run(["openssl", "pkcs12", "-export", "-in", options.cert, "-inkey", options.key, "-name", "client",
                    "-passout", "pass:alert40", "-out", path], check=True, capture_output=True, text=True)
    return path


def run(firefox, options):
    """What is printed to the standard output and to that of errors, and the exit status."""
    client = pkcs12(firefox, options) if options.cert else None
    firefox.script(PREPARE, settings(options), pem_blocks(options.ca), client, context="chrome")
    name = options.connect if options.no_sni else options.name
    url = f"https://{f'[{name}]' if ':' in name else name}:{options.port}/"
    page = firefox.open(url)
    if options.twice and "status" in page:
        page = firefox.open(url)
    if "status" in page:
        return f"HTTP {page['status']}\n{page['text']}\n", "", 0 if page["status"] < 400 else 1
    return "", f"{page['code'] or re.sub('&u=.*', '', page['page'])}\n{page['text']}\n", 1


def run_once(firefox, options):
    try:
        return run(firefox, options)
    except subprocess.CalledProcessError as error:
        return "", error.stderr, 1
    except RuntimeError as error:
        return "", f"{error}\n", 1


def serve():
    """One job a line: {"id", "arguments"}; its answer: {"id", "output", "errors", "exit_code"}."""
    firefox = Firefox()
    for line in sys.stdin:
        job = json.loads(line)
        options, usage = None, io.StringIO()
        with contextlib.suppress(SystemExit), contextlib.redirect_stderr(usage):
            options = parse(job["arguments"])
        output, errors, status = run_once(firefox, options) if options else ("", usage.getvalue(), 2)
        print(json.dumps({"id": job["id"], "output": output, "errors": errors, "exit_code": status}), flush=True)
        if options:
            with contextlib.suppress(RuntimeError):
                firefox.ask("WebDriver:Navigate", {"url": "about:blank"})
            firefox.script(FORGET, context="chrome")


def main():
    if sys.argv[1:] == ["--serve"]:
        serve()
    else:
        options = parse(sys.argv[1:])
        output, errors, status = run_once(Firefox(), options)
        print(output, end="")
        print(errors, end="", file=sys.stderr)
        sys.exit(status)


main()
