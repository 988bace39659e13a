# SPDX-License-Identifier: GPL-2.0-or-later
"""What scripts/record-failures records: each misconfiguration with the servers that show it, and with which wish of the client
(recorder/clients.py). Clients are dealt to the cases in turn, so that each meets many causes and each cause many clients."""

GCM = "ECDHE-RSA-AES128-GCM-SHA256"
CAMELLIA = "ECDHE-RSA-CAMELLIA256-SHA384"
DHE = "DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0"
USUAL = ["openssl", "curl", "gnutls-cli", "go", "java-urlconnection", "node-20", "python-urllib", "rustls", "nss-tstclnt", "mbedtls"]
OTHERS = ["wget", "php", "ruby", "perl", "curl-gnutls", "curl-nss", "git", "node-fetch", "erlang", "botan", "socat", "java-httpclient",
          "python-requests", "python-ssl", "mono", "mosquitto", "redis-cli", "ldapsearch", "stunnel", "haproxy", "nginx", "node-6",
          "node-24", "node-16", "node-0.12", "bouncy-castle", "bearssl", "deno", "bun", "curl"]
WITH_CERTIFICATE = ["openssl", "curl", "gnutls-cli", "go", "java-urlconnection", "node-20", "python-urllib", "rustls", "mbedtls", "wget",
                    "php", "ruby", "perl", "curl-gnutls", "git", "erlang", "socat", "python-ssl", "java-httpclient", "nginx"]


def tls(*versions, **more):
    return {"versions": list(versions), **more}


def case(cause, variant, servers, want=None, wish=None, manner=None, usual=3, others=2, clients=None, turns=None, text="", note="",
         name="good.test"):
    """`usual`, `others`: how many clients of each list; `clients`: these and no others."""
    return {"cause": cause, "variant": variant, "servers": servers, "want": tls("1.2", "1.3", key="good") | (want or {}),
            "wish": wish or {}, "manner": manner, "usual": usual, "others": others, "clients": clients, "turns": turns, "text": text,
            "note": note, "name": name}


def certificate(cause, variant, servers, key, **more):
    want = {"key": key} | more.pop("want", {})
    return case(cause, variant, servers, want, **more)


def presenting(kind, cause, servers, versions, **more):
    return case(cause, f"tls{versions[-1].replace('.', '')}", servers, tls(*versions, client_ca=True),
                {"cert": f"client-{kind}"}, **({"clients": WITH_CERTIFICATE, "usual": 5} | more))


OLD, NEW = ["1.2"], ["1.3"]
CASES = [
    case("none", "baseline", ["nginx", "java", "gnutls-serv"], usual=4, others=3),
    case("none", "client-certificate", ["apache2", "go"], {"client_ca": True}, {"cert": "client-good"}, clients=WITH_CERTIFICATE, usual=4),
    case("none", "ecdsa", ["haproxy", "stunnel"], {"key": "ecdsa"}),
    case("none", "extra-root", ["hitch", "node20"], {"key": "root-too"}),
    # negotiation
    case("version-mismatch", "server13only-client12", ["apache2", "haproxy", "stunnel", "gnutls-serv"], tls("1.3"), {"versions": OLD}),
    case("version-mismatch", "server12only-client13", ["hitch", "lighttpd-openssl", "java"], tls("1.2"), {"versions": NEW}),
    case("version-mismatch", "server11only", ["lighttpd-openssl", "apache2", "python-ssl"], tls("1.0", "1.1")),
    case("cipher-mismatch", "tls12-camellia", ["hitch", "lighttpd-openssl", "gnutls-serv"], tls("1.2", suites=CAMELLIA)),
    case("cipher-mismatch", "tls12-cbc-server", ["apache2", "haproxy"], tls("1.2", suites="ECDHE-RSA-AES128-SHA"),
         {"ciphers": ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"]}, others=1),
    case("cipher-mismatch", "tls13-ccm8", ["stunnel", "lighttpd-openssl", "node20"], tls("1.3", suites13="TLS_AES_128_CCM_8_SHA256")),
    case("cipher-mismatch", "static-rsa-only", ["node20"], tls("1.2", suites="AES128-GCM-SHA256"), clients=["rustls", "erlang", "java-urlconnection", "botan"], usual=4),
    case("group-mismatch", "tls13-x448", ["apache2", "haproxy", "gnutls-serv"], tls("1.3", group="X448"), clients=["go", "rustls", "nss-tstclnt", "curl-nss", "bun", "deno"], usual=3),
    case("group-mismatch", "tls12-x448", ["stunnel", "hitch"], tls("1.2", suites=GCM, group="X448"), clients=["go", "rustls", "nss-tstclnt", "mbedtls", "mono", "deno", "bearssl"], usual=4),
    case("group-mismatch", "tls13-x25519", ["java", "python-ssl", "go"], tls("1.3", group="X25519"), {"groups": ["secp256r1"]}),
    case("group-mismatch", "tls12-brainpool", ["apache2", "lighttpd-openssl"], tls("1.2", suites=GCM, group="brainpoolP256r1")),
    case("signature-scheme-mismatch", "ecdsa-cert-rsa-client-tls13", ["haproxy", "stunnel", "go"], tls("1.3", key="ecdsa"),
         {"schemes": ["rsa_pss_rsae_sha256", "rsa_pkcs1_sha256"]}),
    case("signature-scheme-mismatch", "ecdsa-cert-rsa-client-tls12", ["apache2", "gnutls-serv", "python-ssl"], tls("1.2", key="ecdsa"),
         {"schemes": ["rsa_pss_rsae_sha256", "rsa_pkcs1_sha256"]}),
    case("signature-scheme-mismatch", "ed25519-cert", ["hitch", "java"], {"key": "ed25519"}, clients=["nss-tstclnt", "curl-nss", "mbedtls", "botan", "node-6", "node-0.12", "mono", "bearssl"], usual=4),
    case("signature-scheme-mismatch", "p521-cert", ["haproxy", "lighttpd-openssl"], {"key": "p521"}, clients=["rustls", "deno"], usual=2),
    case("alpn-mismatch", "x-proto", ["openssl-s_server", "go", "java", "gnutls-serv", "node20"], {"alpn": "x-proto"}, {"alpn": ["h2"]}, others=1),
    case("weak-dh", "dh1024", ["apache2", "lighttpd-openssl", "openssl-s_server"], tls("1.2", suites=DHE, dh=1024)),
    case("secure-renegotiation-missing", "no-renegotiation-info", ["gnutls-serv"], tls("1.2", no_renegotiation_info=True), usual=4, others=6),
    case("extended-master-secret-missing", "server-requires", ["java"], tls("1.2", ems=True), {"no_ems": True}, usual=5, others=5),
    case("extended-master-secret-missing", "server-requires-old-clients", ["java"], tls("1.2", ems=True), clients=["go", "erlang", "node-6", "node-0.12", "bearssl"], usual=5),
    case("inappropriate-fallback", "", ["apache2", "go", "lighttpd-openssl"], {}, {"versions": OLD, "fallback_scsv": True}, usual=10, others=1),
    case("downgrade-tampering", "versions-stripped", ["stunnel", "haproxy"], {}, manner="downgrade", usual=4),
    case("version-intolerance", "reset", ["nginx", "apache2"], {}, manner="tls13-reset"),
    case("version-intolerance", "close", ["haproxy", "stunnel"], {}, manner="tls13-close"),
    case("version-intolerance", "alert40", ["go", "java"], {}, manner="tls13-alert40"),
    # the server's own identity
    case("server-not-listening", "closed-port", ["nothing"], usual=8, others=12),
    case("server-certificate-missing", "", ["openssl-s_server", "go", "java", "node20", "python-ssl", "gnutls-serv"], {"key": None}),
    case("server-key-mismatch", "other-key", ["java"], {"key": "mismatched"}, usual=5, others=4),
    case("server-key-mismatch", "other-key-tls12", ["java"], tls("1.2", key="mismatched"), usual=4, others=4),
    case("server-key-mismatch", "refuses-to-start", ["nginx", "apache2", "haproxy", "stunnel", "openssl-s_server", "go", "node20", "python-ssl", "gnutls-serv", "hitch"],
         {"key": "mismatched"}, usual=1, others=0),
    case("server-certificate-corrupt", "refuses-to-start", ["nginx", "apache2", "stunnel", "openssl-s_server", "go", "node20", "gnutls-serv"], {"key": "garbled-key"}, usual=1, others=0),
    # the server's certificate
    certificate("certificate-expired", "leaf", ["apache2", "haproxy", "gnutls-serv"], "expired"),
    certificate("certificate-expired", "leaf-tls12", ["java", "stunnel"], "expired", want=tls("1.2")),
    certificate("certificate-not-yet-valid", "leaf", ["hitch", "stunnel"], "not-yet"),
    certificate("certificate-self-signed", "leaf", ["python-ssl", "lighttpd-openssl"], "self-signed"),
    certificate("certificate-untrusted-root", "leaf-only", ["apache2"], "untrusted"),
    certificate("certificate-untrusted-root", "root-sent", ["haproxy", "java"], "untrusted-root-sent"),
    certificate("certificate-chain-incomplete", "leaf-only", ["apache2", "stunnel"], "incomplete"),
    certificate("certificate-chain-incomplete", "leaf-only-tls12", ["java", "hitch"], "incomplete", want=tls("1.2")),
    certificate("certificate-wrong-name", "other-name", ["haproxy", "gnutls-serv"], "wrong-name"),
    certificate("certificate-wrong-name", "other-name-tls12", ["apache2", "lighttpd-openssl"], "wrong-name", want=tls("1.2")),
    certificate("certificate-wrong-usage", "client-only", ["stunnel", "node20"], "wrong-usage"),
    certificate("certificate-weak-signature", "sha1", ["apache2", "lighttpd-openssl"], "sha1", want={"level": 0}),
    certificate("certificate-weak-key", "rsa1024", ["haproxy", "go"], "weak1024", want={"level": 0}),
    certificate("intermediate-expired", "", ["stunnel", "apache2"], "inter-expired"),
    certificate("intermediate-expired", "tls12", ["gnutls-serv"], "inter-expired", want=tls("1.2")),
    certificate("root-expired", "", ["nginx", "haproxy"], "root-expired"),
    certificate("certificate-constraint", "not-a-ca", ["nginx", "stunnel"], "not-ca", usual=4),
    certificate("certificate-constraint", "path-length-tls12", ["apache2"], "path", want=tls("1.2"), usual=4),
    certificate("certificate-constraint", "name-constraint", ["haproxy"], "constrained", usual=4),
    certificate("certificate-malformed", "names", ["nginx", "apache2"], "bad-names", usual=5, others=3),
    certificate("certificate-chain-too-large", "six-thousand-names", ["nginx"], "huge", usual=5, others=3),
    certificate("certificate-revoked", "stapled", ["nginx", "haproxy"], "revoked", want={"staple": "revoked"}, wish={"revocation": "staple"}, usual=9, others=6),
    certificate("certificate-revoked", "crl", ["apache2"], "revoked", wish={"revocation": "crl"}, usual=9, others=8),
    certificate("staple-missing", "client-insists", ["nginx", "haproxy"], "good", wish={"revocation": "staple"}, clients=["curl", "java-urlconnection", "java-httpclient", "curl-gnutls"], usual=4),
    certificate("staple-missing", "must-staple", ["apache2"], "must-staple", clients=["gnutls-cli", "wget", "curl-gnutls", "git", "ldapsearch"], usual=5),
    certificate("staple-invalid", "stale", ["nginx", "openssl-s_server"], "stale", want={"staple": "stale"}, wish={"revocation": "staple"},
                clients=["curl", "java-urlconnection", "gnutls-cli", "wget", "curl-gnutls"], usual=5),
    case("certificate-pin-mismatch", "another-key", ["nginx", "go", "java"], {}, {"pin": "wrong"}, usual=7, others=8),
    case("client-clock-wrong", "ahead", ["nginx", "apache2"], {}, {"clock": 20 * 365 * 86400}, usual=4, others=3),
    case("client-clock-wrong", "behind", ["haproxy"], {}, {"clock": -10 * 365 * 86400}, usual=4, others=3),
    # the client's certificate
    case("client-certificate-required", "tls12", ["apache2", "haproxy", "java", "nginx"], tls("1.2", client_ca=True)),
    case("client-certificate-required", "tls13", ["stunnel", "go", "gnutls-serv", "nginx"], tls("1.3", client_ca=True)),
    presenting("expired", "client-certificate-expired", ["apache2", "go", "nginx"], OLD),
    presenting("expired", "client-certificate-expired", ["haproxy", "stunnel"], NEW),
    presenting("not-yet", "client-certificate-not-yet-valid", ["apache2", "openssl-s_server"], OLD),
    presenting("untrusted", "client-certificate-untrusted", ["haproxy", "gnutls-serv"], OLD),
    presenting("untrusted", "client-certificate-untrusted", ["java", "go"], NEW),
    presenting("wrong-usage", "client-certificate-wrong-usage", ["openssl-s_server", "go", "python-ssl"], OLD),
    presenting("wrong-usage", "client-certificate-wrong-usage", ["apache2"], NEW),
    presenting("mismatched", "client-certificate-key-mismatch", ["nginx"], OLD, usual=14),
    presenting("mismatched", "client-certificate-key-mismatch", ["go"], NEW, usual=10),
    # routing
    case("sni-unknown-name", "strict", ["nginx", "go", "java", "node20", "gnutls-serv"], {"strict": "elsewhere.test"}),
    case("sni-unknown-name", "strict-tls12", ["python-ssl", "nginx"], tls("1.2", strict="elsewhere.test")),
    case("sni-missing", "strict", ["nginx", "go"], {"strict": "good.test"}, {"no_sni": True}),
    case("sni-missing", "strict-tls12", ["haproxy", "python-ssl"], tls("1.2", strict="good.test"), {"no_sni": True}),
    case("backend-differs", "one-expired", ["nginx"], {}, {"resume": True}, turns=[{}, {"key": "expired"}], usual=10, others=8,
         note="the client connects twice; every second connection goes to another server"),
    case("backend-differs", "one-without-certificate", ["openssl-s_server"], {}, {"resume": True}, turns=[{}, {"key": None}], usual=10, others=4,
         note="the client connects twice; every second connection goes to another server"),
    # in the middle
    certificate("tls-inspection", "gateway", ["haproxy", "apache2"], "gateway"),
    case("middlebox-reset", "after-client-hello", ["apache2"], {}, manner="reset", others=3),
    case("middlebox-close", "after-client-hello", ["go"], {}, manner="close", others=3),
    case("middlebox-drop", "after-client-hello", ["haproxy"], {}, manner="drop", usual=3, others=3),
    case("middlebox-drop", "server-flight-cut", ["nginx"], {}, manner="truncate", usual=2, others=2),
    case("middlebox-injected-alert", "rec0303", ["go"], {}, manner="alert40", others=3),
    case("middlebox-injected-alert", "rec0301", ["java"], {}, manner="alert40-0301", others=3),
    case("large-client-hello-intolerance", "reset", ["apache2", "go"], {}, manner="large-reset", clients=["node-24", "bun"], usual=2),
    case("large-client-hello-intolerance", "dropped", ["nginx"], {}, manner="large-drop", clients=["node-24", "bun"], usual=2),
    case("record-tampering", "bit-tls13", ["nginx", "go"], tls("1.3"), manner="flip", usual=4, others=4),
    case("record-tampering", "bit-tls12", ["haproxy"], tls("1.2"), manner="flip", usual=4, others=4),
    # the client's own set-up, the protocol
    case("client-misconfigured", "unknown-ciphers", ["nginx"], {}, {"misconfigured": "unknown-ciphers"}, usual=10, others=20),
    case("client-misconfigured", "empty-version-range", ["nginx"], {}, {"misconfigured": "empty-version-range"}, usual=10, others=8),
    case("not-tls", "http", ["apache2", "haproxy", "go"], {"plain": True}),
    case("not-tls", "block-page", ["nginx"], {}, manner="block-page"),
    case("not-tls", "ssh", ["says"], text="SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
    case("starttls-expected", "imap", ["says"], text="* OK [CAPABILITY IMAP4rev1 LITERAL+ STARTTLS LOGINDISABLED] Dovecot (Debian) ready.\r\n", usual=4, others=4,
         note="no mail server is installed here: a program says Dovecot's greeting"),
    case("starttls-expected", "pop3", ["says"], text="+OK Dovecot (Debian) ready. <1a2b.1.6740@mail.good.test>\r\n", others=3,
         note="no mail server is installed here: a program says Dovecot's greeting"),
    case("starttls-expected", "postgres", ["postgres"], usual=4, others=4),
    case("proxy-protocol-expected", "haproxy", ["haproxy"], {"proxy": True}, usual=4, others=3),
    case("proxy-protocol-expected", "nginx", ["nginx"], {"proxy": True}, usual=4, others=3),
    # what no real server here does: alert40-server does it
    case("resumption-broken", "", ["alert40:resumption/ticket-rejected-alert40-tls12", "alert40:resumption/ticket-rejected-alert80-tls13",
                                   "alert40:resumption/ticket-rejected-alert20-tls12"], {}, {"resume": True}, usual=10, others=4, note="by alert40-server"),
    case("protocol-violation", "", ["alert40:protocol/unexpected-message-tls12", "alert40:protocol/unsupported-extension-tls13",
                                    "alert40:protocol/decode-error-server-hello-tls12", "alert40:protocol/wrong-finished-tls13"], {}, note="by alert40-server"),
    case("certificate-chain-misordered", "leaf-last", ["alert40:certificate/leaf-last-tls12", "alert40:certificate/leaf-last-tls13"], {}, usual=4, others=3, note="by alert40-server"),
    case("server-certificate-corrupt", "garbled", ["alert40:server-key/corrupted-certificate-tls12", "alert40:server-key/truncated-certificate-tls13"], {}, usual=4, note="by alert40-server"),
]
