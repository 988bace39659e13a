# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers that are misconfigured, or healthy, for scripts/judge-live and scripts/bench diagnose.

A case is a dict: id; cause ("none": healthy); server (a name of recorder/servers.py, "nothing": nobody listens, "says": a
program that says `text` and no more, "postgres"); want (recorder/servers.py); manner (what a device in between does,
recorder/relay.py); as_client (whose ClientHello, None: alert40's own); options of alert40-check; name (the server name that is
asked for; None: the address alone). `turns`: the wants of several servers that a relay takes in turn. `also`: other causes that are as
right. `quick`: this one is also a test's."""

GCM = "ECDHE-RSA-AES128-GCM-SHA256"
CAMELLIA = "ECDHE-RSA-CAMELLIA256-SHA384"
CERTIFICATE = ["--client-cert", "{pki}/client-{kind}.chain", "--client-key", "{pki}/client-{kind}.key"]


def with_certificate(kind):
    return [each.replace("{kind}", kind) for each in CERTIFICATE]


def case(ident, cause, server, want=None, **more):
    return {"id": ident, "cause": cause, "server": server, "want": {"versions": ["1.2", "1.3"], "key": "good"} | (want or {}),
            "manner": None, "as_client": None, "options": [], "name": "good.test", "turns": None, "text": "", "quick": False, "also": []} | more


def failing(cause, *cases):
    return [case(f"{cause}.{server}.{word}", cause, server, want, **more) for server, word, want, more in cases]


def healthy(server, word, want=None, **more):
    return case(f"healthy.{server}.{word}", "none", server, want, **more)


def tls(*versions, **more):
    return {"versions": list(versions), **more}


FAILING = [
    *failing("version-mismatch",
             ("nginx", "tls13-only", tls("1.3"), {"as_client": "mbedtls", "quick": True}),
             ("apache2", "tls11-only", tls("1.0", "1.1"), {"as_client": "go"}),
             ("haproxy", "tls13-only", tls("1.3"), {"as_client": "node-6"}),
             ("stunnel", "tls13-only", tls("1.3"), {"as_client": "mono"}),
             ("go", "tls13-only", tls("1.3"), {"as_client": "nginx"}),
             ("java", "tls13-only", tls("1.3"), {"as_client": "botan"}),
             ("gnutls-serv", "tls13-only", tls("1.3"), {"as_client": "mbedtls"}),
             ("java", "tls11-only", tls("1.0", "1.1"), {"as_client": "firefox"})),
    *failing("cipher-mismatch",
             ("nginx", "camellia", tls("1.2", suites=CAMELLIA), {"as_client": "curl", "quick": True}),
             ("haproxy", "camellia", tls("1.2", suites=CAMELLIA), {"as_client": "go"}),
             ("stunnel", "camellia", tls("1.2", suites=CAMELLIA), {"as_client": "openssl"}),
             ("nginx", "tls13-ccm8", tls("1.3", suites13="TLS_AES_128_CCM_8_SHA256"), {"as_client": "curl"}),
             ("apache2", "dhe-only", tls("1.2", suites="DHE-RSA-AES128-GCM-SHA256"), {"as_client": "go"}),
             ("node20", "static-rsa", tls("1.2", suites="AES128-GCM-SHA256"), {"as_client": "java-urlconnection"}),
             ("apache2", "cbc-only", tls("1.2", suites="ECDHE-RSA-AES128-SHA"), {"as_client": "rustls"}),
             ("haproxy", "tls13-ccm8", tls("1.3", suites13="TLS_AES_128_CCM_8_SHA256"), {"as_client": "firefox"})),
    *failing("group-mismatch",
             ("nginx", "x448", tls("1.3", group="X448"), {"as_client": "go", "quick": True}),
             ("haproxy", "p521", tls("1.3", group="P-521"), {"as_client": "rustls"}),
             ("stunnel", "p521-tls12", tls("1.2", suites=GCM, group="P-521"), {"as_client": "rustls"}),
             ("nginx", "x448-tls12", tls("1.2", suites=GCM, group="X448"), {"as_client": "firefox"}),
             ("go", "x25519", tls("1.3", group="X25519"), {"as_client": "socat"}),
             ("apache2", "brainpool", tls("1.2", suites=GCM, group="brainpoolP256r1"), {"as_client": "curl"}),
             ("java", "x448", tls("1.3", group="x448"), {"as_client": "go"})),
    *failing("signature-scheme-mismatch",
             ("nginx", "ed25519", {"key": "ed25519"}, {"as_client": "firefox"}),
             ("haproxy", "ed25519-tls12", tls("1.2", key="ed25519"), {"as_client": "nss-tstclnt"}),
             ("apache2", "ed25519", {"key": "ed25519"}, {"as_client": "nss-tstclnt"}),
             ("go", "ed25519", {"key": "ed25519"}, {"as_client": "node-6"}),
             ("java", "p521", {"key": "p521"}, {"as_client": "rustls"}),
             ("stunnel", "p521", {"key": "p521"}, {"as_client": "rustls"})),
    *failing("alpn-mismatch",
             ("openssl-s_server", "x-proto", {"alpn": "x-proto"}, {"as_client": "curl", "quick": True}),
             ("go", "x-proto", {"alpn": "x-proto"}, {"as_client": "deno"}),
             ("java", "x-proto", {"alpn": "x-proto"}, {"as_client": "firefox"}),
             ("node20", "h2", {"alpn": "h2"}, {"as_client": "node-fetch"}),
             ("gnutls-serv", "x-proto", {"alpn": "x-proto"}, {"as_client": "git"})),
    *failing("server-certificate-missing",
             ("openssl-s_server", "no-certificate", {"key": None}, {"quick": True}),
             ("go", "no-certificate", {"key": None}, {}), ("java", "no-certificate", {"key": None}, {}),
             ("node20", "no-certificate", {"key": None}, {}), ("python-ssl", "no-certificate", {"key": None}, {}),
             ("gnutls-serv", "no-certificate", {"key": None}, {})),
    *failing("server-key-mismatch", ("java", "other-key", {"key": "mismatched"}, {}),
             ("java", "other-key-tls12", tls("1.2", key="mismatched"), {})),
    *failing("server-not-listening", ("nothing", "closed-port", {}, {"quick": True})),
    *failing("certificate-expired", ("nginx", "leaf", {"key": "expired"}, {"quick": True}), ("java", "leaf", {"key": "expired"}, {})),
    *failing("certificate-not-yet-valid", ("apache2", "leaf", {"key": "not-yet"}, {})),
    *failing("certificate-self-signed", ("haproxy", "leaf", {"key": "self-signed"}, {"quick": True})),
    *failing("certificate-untrusted-root", ("stunnel", "leaf", {"key": "untrusted-root-sent"}, {})),
    *failing("certificate-chain-incomplete", ("nginx", "leaf-only", {"key": "incomplete"}, {"quick": True}),
             ("go", "leaf-only", {"key": "incomplete"}, {}), ("apache2", "another-intermediate", {"key": "wrong-intermediate"}, {})),
    *failing("certificate-wrong-name", ("apache2", "other-name", {"key": "wrong-name"}, {"quick": True}),
             ("nginx", "name-in-cn", {"key": "name-in-cn"}, {}), ("go", "too-deep", {"key": "too-deep"}, {"name": "www.good.test"})),
    *failing("certificate-wrong-usage", ("go", "client-only", {"key": "wrong-usage"}, {})),
    *failing("certificate-weak-signature", ("nginx", "sha1", {"key": "sha1", "level": 0}, {})),
    *failing("certificate-weak-key", ("node20", "rsa1024", {"key": "weak1024", "suites": "DEFAULT:@SECLEVEL=0"}, {}),
             ("go", "rsa1024", {"key": "weak1024"}, {})),
    *failing("intermediate-expired", ("java", "intermediate", {"key": "inter-expired"}, {}), ("nginx", "intermediate", {"key": "inter-expired"}, {})),
    *failing("root-expired", ("nginx", "root", {"key": "root-expired"}, {})),
    *failing("certificate-constraint", ("haproxy", "not-a-ca", {"key": "not-ca"}, {}), ("openssl-s_server", "path-length", {"key": "path"}, {}),
             ("nginx", "name-constraint", {"key": "constrained"}, {})),
    *failing("certificate-malformed", ("nginx", "names", {"key": "bad-names"}, {})),
    *failing("certificate-revoked", ("nginx", "stapled", {"key": "revoked", "staple": "revoked"}, {}),
             ("openssl-s_server", "stapled", {"key": "revoked", "staple": "revoked"}, {})),
    *failing("staple-missing", ("nginx", "must-staple", {"key": "must-staple"}, {})),
    *failing("staple-invalid", ("openssl-s_server", "stale", {"key": "stale", "staple": "stale"}, {})),
    *failing("certificate-chain-too-large", ("nginx", "names", {"key": "huge"}, {})),
    *failing("tls-inspection", ("nginx", "gateway", {"key": "gateway"}, {})),
    *failing("client-certificate-required",
             ("nginx", "http-400", {"client_ca": True}, {"quick": True}), ("apache2", "tls12", tls("1.2", client_ca=True), {}),
             ("haproxy", "both", {"client_ca": True}, {}), ("stunnel", "both", {"client_ca": True}, {}),
             ("go", "both", {"client_ca": True}, {}), ("java", "both", {"client_ca": True}, {}), ("node20", "both", {"client_ca": True}, {}),
             ("gnutls-serv", "tls12", tls("1.2", client_ca=True), {}), ("openssl-s_server", "tls13", tls("1.3", client_ca=True), {})),
    *failing("client-certificate-expired", ("apache2", "tls12", tls("1.2", client_ca=True), {"options": with_certificate("expired")}),
             ("go", "tls13", {"client_ca": True}, {"options": with_certificate("expired")}),
             ("nginx", "http-400", {"client_ca": True}, {"options": with_certificate("expired")})),
    *failing("client-certificate-not-yet-valid", ("haproxy", "both", {"client_ca": True}, {"options": with_certificate("not-yet")})),
    *failing("client-certificate-untrusted", ("haproxy", "both", {"client_ca": True}, {"options": with_certificate("untrusted"), "quick": True}),
             ("go", "both", {"client_ca": True}, {"options": with_certificate("untrusted")}),
             ("nginx", "both", {"client_ca": True}, {"options": with_certificate("untrusted")}),
             ("java", "both", {"client_ca": True}, {"options": with_certificate("untrusted")})),
    *failing("client-certificate-wrong-usage", ("openssl-s_server", "tls12", tls("1.2", client_ca=True), {"options": with_certificate("wrong-usage")}),
             ("go", "both", {"client_ca": True}, {"options": with_certificate("wrong-usage")})),
    *failing("client-certificate-key-mismatch", ("nginx", "both", {"client_ca": True}, {"options": with_certificate("mismatched")})),
    *failing("sni-unknown-name",
             ("nginx", "strict", {"strict": "elsewhere.test"}, {"quick": True}), ("haproxy", "strict", {"strict": "elsewhere.test", "key": "wrong-name"}, {"name": "good.test"}),
             ("go", "strict", {"strict": "elsewhere.test"}, {}), ("java", "strict", {"strict": "elsewhere.test"}, {}),
             ("python-ssl", "strict", {"strict": "elsewhere.test"}, {}), ("node20", "strict", {"strict": "elsewhere.test"}, {}),
             ("gnutls-serv", "strict", {"strict": "elsewhere.test"}, {})),
    *failing("sni-missing", ("nginx", "by-address", {"strict": "good.test"}, {"name": None}),
             ("haproxy", "by-address", {"strict": "good.test"}, {"name": None}), ("go", "by-address", {"strict": "good.test"}, {"name": None})),
    *failing("middlebox-reset", ("nginx", "after-client-hello", {}, {"manner": "reset", "quick": True}), ("go", "by-name", {}, {"manner": "name-reset"})),
    *failing("middlebox-close", ("nginx", "after-client-hello", {}, {"manner": "close"})),
    *failing("middlebox-drop", ("nginx", "after-client-hello", {}, {"manner": "drop"})),
    *failing("middlebox-injected-alert", ("nginx", "rec0303", {}, {"manner": "alert40"}), ("haproxy", "rec0301", {}, {"manner": "alert40-0301"})),
    *failing("large-client-hello-intolerance", ("nginx", "reset", {}, {"manner": "large-reset", "as_client": "node-24"}),
             ("haproxy", "drop", {}, {"manner": "large-drop", "as_client": "firefox"})),
    *failing("version-intolerance", ("nginx", "reset", {}, {"manner": "tls13-reset", "as_client": "curl"}),
             ("apache2", "close", {}, {"manner": "tls13-close", "as_client": "openssl"}), ("go", "alert40", {}, {"manner": "tls13-alert40", "as_client": "go"})),
    *failing("downgrade-tampering", ("nginx", "versions-stripped", {}, {"manner": "downgrade", "as_client": "openssl"})),
    *failing("record-tampering", ("nginx", "bit", tls("1.2"), {"manner": "flip"}), ("go", "bit", tls("1.3"), {"manner": "flip"})),
    *failing("not-tls", ("nginx", "http", {"plain": True}, {"quick": True}), ("apache2", "http", {"plain": True}, {}), ("haproxy", "http", {"plain": True}, {}),
             ("go", "http", {"plain": True}, {}), ("says", "ssh", {}, {"text": "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"}),
             ("nginx", "block-page", {}, {"manner": "block-page"})),
    *failing("starttls-expected", ("says", "smtp", {}, {"text": "220 mail.good.test ESMTP Postfix\r\n", "also": ["not-tls"]}),
             ("says", "imap", {}, {"text": "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] Dovecot ready.\r\n"}), ("postgres", "at-once", {}, {})),
    *failing("proxy-protocol-expected", ("haproxy", "accept-proxy", {"proxy": True}, {"quick": True}), ("nginx", "listen", {"proxy": True}, {})),
    *failing("secure-renegotiation-missing", ("gnutls-serv", "tls12", tls("1.2", no_renegotiation_info=True), {"as_client": "openssl"})),
    *failing("extended-master-secret-missing", ("java", "required", tls("1.2", ems=True), {"as_client": "go"})),
    *failing("weak-dh", ("nginx", "1024", tls("1.2", suites="DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0", dh=1024), {"as_client": "openssl"})),
    *failing("backend-differs", ("nginx", "one-expired", {}, {"turns": [{}, {"key": "expired"}], "options": ["--repeat", "6"]}),
             ("nginx", "one-old", {}, {"turns": [{}, {}, tls("1.0", "1.1")], "options": ["--repeat", "9"]})),
]

MODERN = tls("1.3")
INTERMEDIATE = tls("1.2", "1.3", suites="ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
                   "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305")
HEALTHY = [
    healthy("nginx", "default", quick=True), healthy("nginx", "modern", MODERN), healthy("nginx", "intermediate", INTERMEDIATE),
    healthy("apache2", "default"), healthy("apache2", "intermediate", INTERMEDIATE, as_client="openssl"), healthy("haproxy", "default"),
    healthy("haproxy", "modern", MODERN, as_client="firefox"), healthy("stunnel", "default"), healthy("openssl-s_server", "default"),
    healthy("gnutls-serv", "default"), healthy("go", "default", as_client="curl"), healthy("java", "default"), healthy("node20", "default"),
    healthy("python-ssl", "default"), healthy("nginx", "rsa4096", {"key": "rsa4096"}), healthy("haproxy", "rsa3072", {"key": "rsa3072"}),
    healthy("nginx", "p256", {"key": "ecdsa"}), healthy("apache2", "p384", {"key": "p384"}), healthy("haproxy", "p521", {"key": "p521"}, as_client="openssl"),
    healthy("nginx", "ed25519", {"key": "ed25519"}, as_client="curl"), healthy("nginx", "tls12-only", tls("1.2"), as_client="mbedtls"),
    healthy("nginx", "mutual", {"client_ca": True}, options=with_certificate("good"), quick=True),
    healthy("haproxy", "mutual", {"client_ca": True}, options=with_certificate("good")),
    healthy("apache2", "mutual-tls12", tls("1.2", client_ca=True), options=with_certificate("good")),
    healthy("go", "mutual", {"client_ca": True}, options=with_certificate("good")),
    healthy("java", "mutual", {"client_ca": True}, options=with_certificate("good")),
    healthy("haproxy", "h2-only", {"alpn": "h2"}, as_client="curl"), healthy("go", "h2", {"alpn": "h2"}, as_client="firefox"),
    healthy("nginx", "strict-name", {"strict": "good.test"}), healthy("haproxy", "strict-name", {"strict": "good.test"}),
    healthy("nginx", "stapled", {"key": "stapled", "staple": "stapled"}), healthy("nginx", "root-sent-too", {"key": "root-too"}),
    healthy("nginx", "p384-group", tls("1.3", group="P-384")), healthy("nginx", "chacha", tls("1.3", suites13="TLS_CHACHA20_POLY1305_SHA256")),
    healthy("nginx", "through-relay", manner=None, turns=[{}, {}]), healthy("apache2", "by-address", name=None),
    healthy("node20", "large-hello", as_client="node-24"), healthy("openssl-s_server", "dhe", tls("1.2", suites="DHE-RSA-AES128-GCM-SHA256"), as_client="openssl"),
    healthy("nginx", "repeat", options=["--repeat", "5"]), healthy("go", "x25519", tls("1.3", group="X25519"), as_client="go"),
]
CASES = FAILING + HEALTHY
