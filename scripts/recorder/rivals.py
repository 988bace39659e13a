# SPDX-License-Identifier: GPL-2.0-or-later
"""Other tools beside `alert40-check diagnose`, at the same misconfigured server: do they say in plain words what is wrong, and how
long do they take? Judged generously: a tool has named the cause where its output has one of PLAIN's words for it."""

import re
import shutil
import subprocess
import time

# A spread of recorder/live.py: the other tools take some 20 s for each.
SPREAD = ["version-mismatch.nginx.tls13-only", "version-mismatch.apache2.tls11-only", "cipher-mismatch.nginx.camellia",
          "group-mismatch.nginx.x448", "signature-scheme-mismatch.nginx.ed25519", "alpn-mismatch.openssl-s_server.x-proto",
          "server-certificate-missing.openssl-s_server.no-certificate", "server-not-listening.nothing.closed-port",
          "certificate-expired.nginx.leaf", "certificate-self-signed.haproxy.leaf", "certificate-chain-incomplete.nginx.leaf-only",
          "certificate-wrong-name.apache2.other-name", "intermediate-expired.nginx.intermediate", "client-certificate-required.haproxy.both",
          "sni-unknown-name.nginx.strict", "middlebox-reset.nginx.after-client-hello", "middlebox-injected-alert.nginx.rec0303",
          "large-client-hello-intolerance.nginx.reset", "not-tls.nginx.http", "proxy-protocol-expected.haproxy.accept-proxy", "healthy.nginx.default"]

PLAIN = {
    "version-mismatch": r"TLSv?1\.2\s+(not offered|disabled)", "cipher-mismatch": r"no (shared|matching|common) cipher|no cipher in common",
    "group-mismatch": r"no (shared|common) (group|curve)", "signature-scheme-mismatch": r"signature (scheme|algorithm)s? (mismatch|not)|no shared signature",
    "alpn-mismatch": r"ALPN/HTTP2\s+not|no application protocol|ALPN.*mismatch", "server-certificate-missing": r"no (server )?certificate (configured|sent|presented)|certificate missing",
    "server-not-listening": r"refused|not reachable|can't connect|could not open a connection|unable to open a (socket|TCP)",
    "certificate-expired": r"expired", "certificate-self-signed": r"self.signed", "certificate-chain-incomplete": r"chain incomplete|incomplete",
    "certificate-wrong-name": r"does not match|doesn't match|name mismatch", "intermediate-expired": r"intermediate.*expired|expired.*intermediate",
    "client-certificate-required": r"client (certificate|auth)\w*.*(requ|mandatory|need)|mutual|requires client", "sni-unknown-name": r"unrecognized.name|unknown (server )?name|SNI",
    "middlebox-reset": r"reset by|connection reset|TCP reset", "middlebox-injected-alert": r"inject|middlebox|device in between", "large-client-hello-intolerance": r"size limit|too large|ClientHello.*(size|large)|intoleran",
    "not-tls": r"doesn't seem to be a TLS|not (a )?TLS|not.*SSL enabled|plain.*HTTP", "proxy-protocol-expected": r"PROXY",
}
LIMIT = 180  # seconds
# Among these the words that are asked for mean nothing: what they print for any server.
NOISE = re.compile(r"^\s*(Version:|OpenSSL |Using \"|Further IP|rDNS|Start |Done |Testing |Connected to).*", re.IGNORECASE)

TOOLS = {
    "testssl.sh": ["testssl", "--quiet", "--color", "0", "--warnings", "batch", "--ip", "127.0.0.1", "--add-ca", "{ca}",
                   "--protocols", "--server-defaults", "--server-preference", "{name}:{port}"],
    "sslscan": ["sslscan", "--no-colour", "--sni-name={name}", "127.0.0.1:{port}"],
}


def present():
    return {name: command for name, command in TOOLS.items() if shutil.which(command[0])}


def ask(command, case, port, ca):
    """(whether it named the cause, seconds) of one tool."""
    words = [each.format(ca=ca, name=case["name"] or "127.0.0.1", port=port) for each in command]
    began = time.monotonic()
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                              timeout=LIMIT, check=False)
        output = done.stdout
    except subprocess.TimeoutExpired as ended:
        output = (ended.stdout or b"").decode(errors="replace") if isinstance(ended.stdout, bytes) else ended.stdout or ""
    seconds = time.monotonic() - began
    lines = [line for line in output.splitlines() if not NOISE.match(line)]
    pattern = PLAIN.get(case["cause"])
    return bool(pattern and re.search(pattern, "\n".join(lines), re.IGNORECASE)), seconds, output
