# SPDX-License-Identifier: GPL-2.0-or-later
"""What is misconfigured, and with which ClientHellos each is asked."""

CAMELLIA = "ECDHE-RSA-CAMELLIA256-SHA384"
GCM = "ECDHE-RSA-AES128-GCM-SHA256"
USUAL = ["curl-tls12", "chromium", "gnutls", "java"]

# (configured, variant, what the server wants, the hellos)
VARIANTS = [
    ("none", "baseline", {}, ["openssl"]),
    ("protocol-version", "server13only-client12", {"versions": ["1.3"]}, ["openssl-1.2", "openssl-tls10", "gnutls-1.2"]),
    ("protocol-version", "server12only-client13", {"versions": ["1.2"]}, ["openssl-1.3", "gnutls-1.3", "socat"]),
    ("protocol-version", "server11only", {"versions": ["1.0", "1.1"]}, ["openssl-1.3", "node", "openssl-tls10", "openssl"]),
    ("cipher-mismatch", "tls12-camellia", {"versions": ["1.2"], "suites": CAMELLIA}, USUAL),
    ("cipher-mismatch", "tls13-ccm8", {"versions": ["1.3"], "suites13": "TLS_AES_128_CCM_8_SHA256"}, USUAL + ["openssl-1.2"]),
    ("curve-mismatch", "tls12-p521", {"versions": ["1.2"], "suites": GCM, "group": "P-521"}, ["chromium", "openssl-p256"]),
    ("curve-mismatch", "tls13-x448", {"versions": ["1.3"], "group": "x448"}, ["chromium", "firefox", "openssl-p256"]),
    ("curve-mismatch", "tls13-x25519", {"versions": ["1.3"], "group": "X25519"}, ["openssl-p256", "java"]),
    ("sigalg-mismatch", "ecdsa-cert-rsa-client-tls12", {"versions": ["1.2"], "key": "ecdsa"}, ["openssl-rsa", "gnutls-rsa", "java-rsa"]),
    ("sigalg-mismatch", "ecdsa-cert-rsa-client-tls13", {"versions": ["1.3"], "key": "ecdsa"}, ["openssl-rsa", "gnutls-rsa", "java-rsa"]),
    ("sigalg-mismatch", "ed25519-cert-tls12", {"versions": ["1.2"], "key": "ed25519"}, ["chromium", "firefox", "openssl-rsa"]),
    ("sigalg-mismatch", "ed25519-cert-tls13", {"versions": ["1.3"], "key": "ed25519"}, ["chromium", "firefox", "openssl-rsa"]),
    ("sigalg-mismatch", "p521-ecdsa-cert", {"key": "p521"}, ["chromium", "openssl-rsa"]),
    ("alpn-mismatch", "tls12", {"versions": ["1.2"], "alpn": "x-proto"}, ["chromium", "curl-tls12"]),
    ("alpn-mismatch", "tls13", {"alpn": "x-proto"}, ["chromium", "curl-tls13"]),
    ("sni-unknown-name", "strict-tls12", {"versions": ["1.2"], "strict": "good.test"}, ["chromium", "openssl-1.2"]),
    ("sni-unknown-name", "strict-tls13", {"strict": "good.test"}, ["curl-tls13", "gnutls", "openssl-1.2"]),
    ("sni-missing", "strict-tls12", {"versions": ["1.2"], "strict": "good.test"}, ["openssl-without-sni"]),
    ("sni-missing", "strict-tls13", {"strict": "good.test"}, ["openssl-without-sni"]),
    ("no-server-certificate", "", {"key": None}, ["chromium", "openssl-1.2", "openssl-1.3"]),
    ("inappropriate-fallback", "", {}, ["openssl-fallback-scsv"]),
    ("weak-dh", "dh1024", {"versions": ["1.2"], "suites": "DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0", "dh": 1024}, ["openssl", "chromium"]),
]

# Clients whose ClientHello is taken where it leaves them; the others lie in tests/data/client_hello.
S_CLIENT = ["openssl", "s_client", "-connect", "127.0.0.1:{port}", "-servername", "www.alert40.test"]
GNUTLS_CLI = ["gnutls-cli", "--no-ca-verification", "--sni-hostname", "www.alert40.test", "-p", "{port}", "127.0.0.1"]
RSA_SCHEMES = "-SIGN-ALL:+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-RSA-SHA256"
LIVE_CLIENTS = {
    "openssl": S_CLIENT,
    "openssl-1.2": S_CLIENT + ["-tls1_2"],
    "openssl-1.3": S_CLIENT + ["-tls1_3"],
    "openssl-p256": S_CLIENT + ["-groups", "P-256"],
    "openssl-rsa": S_CLIENT + ["-sigalgs", "rsa_pss_rsae_sha256:RSA+SHA256"],
    "gnutls-1.2": GNUTLS_CLI + ["--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2"],
    "gnutls-1.3": GNUTLS_CLI + ["--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3"],
    "gnutls-rsa": GNUTLS_CLI + ["--priority", "NORMAL:" + RSA_SCHEMES],
}
