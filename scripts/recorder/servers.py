# SPDX-License-Identifier: GPL-2.0-or-later
"""How each server software is told a set of settings: the command to run, and the configuration as a record quotes it.

A want is a dict: versions ["1.2", "1.3"], key ("good" is RSA of 2048 bits, "ecdsa", "ed25519", "p521"; None: no
certificate), and where asked for suites (legacy, one name of OpenSSL's), suites13, group, alpn, strict (the name it knows), dh
(bits), client_ca (a client certificate of clientca.pem is required), staple (the response that is stapled), proxy (a PROXY header
is expected), plain (HTTP without TLS), ems (extended_master_secret is required), no_renegotiation_info, level (OpenSSL's security
level). A builder gives (command, quoted configuration), or None where the software cannot be told."""

import atexit
import functools
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

GNUTLS_GROUPS = {"x448": "X448", "P-521": "SECP521R1", "P-256": "SECP256R1", "X25519": "X25519"}


def present(*programs):
    return all(shutil.which(each, path="/usr/sbin:/usr/bin:/bin:/usr/local/bin:/sbin") or shutil.which(each) for each in programs)


def version_text(command):
    """The line in which a program says its version: the first with a number in it."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    lines = [each.strip() for each in done.stdout.splitlines() if re.search(r"\d\.\d", each)]
    return lines[0] if lines else ""


def span(want):
    return want["versions"][0], want["versions"][-1]


def write(work, name, text):
    path = Path(work) / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def combined(pki, want, work):
    chain, key = (Path(pki) / f"{want['key']}.{kind}" for kind in ("chain", "key"))
    return write(work, "combined.pem", chain.read_text() + key.read_text())


EXTRA = {"client_ca", "staple", "proxy", "plain", "ems", "no_renegotiation_info"}


def told(*extra):
    """For a builder: None where something of EXTRA is wanted that its software has no setting for."""
    def decorate(builder):
        def build(want, port, pki, work):
            if EXTRA & {key for key, value in want.items() if value} - set(extra):
                return None
            return builder(want, port, pki, work)
        return build
    return decorate


def split_chain(pki, want, work):
    """The leaf and the rest of its chain as files: s_server takes them apart."""
    parts = [each + "-----END CERTIFICATE-----\n" for each in
             Path(f"{pki}/{want['key']}.chain").read_text().split("-----END CERTIFICATE-----\n") if each.strip()]
    return [write(work, "leaf.pem", parts[0])] + ([write(work, "rest.pem", "".join(parts[1:]))] if parts[1:] else [])


@told("client_ca", "staple")
def openssl(want, port, pki, work):
    words = ["-accept", f"127.0.0.1:{port}", "-www"]
    if want["key"] is None:
        words += ["-nocert"]
    else:
        leaf, *rest = split_chain(pki, want, work)
        words += ["-cert", leaf, "-key", f"{pki}/{want['key']}.key"] + [word for each in rest for word in ("-cert_chain", each)]
    flags = {"1.0": "-no_tls1", "1.1": "-no_tls1_1", "1.2": "-no_tls1_2", "1.3": "-no_tls1_3"}
    words += [flag for version, flag in flags.items() if version not in want["versions"]]
    if "1.1" in want["versions"]:
        words += ["-cipher", "ALL:@SECLEVEL=0"]
    for key, flag in (("suites", "-cipher"), ("suites13", "-ciphersuites"), ("group", "-groups"), ("alpn", "-alpn")):
        words += [flag, want[key]] if key in want else []
    if "strict" in want:
        words += ["-servername", want["strict"], "-servername_fatal", "-cert2", f"{pki}/good.chain", "-key2", f"{pki}/good.key"]
    words += ["-dhparam", f"{pki}/dh{want['dh']}.pem"] if "dh" in want else []
    words += ["-Verify", "3", "-verify_return_error", "-CAfile", f"{pki}/clientca.pem"] if "client_ca" in want else []
    words += ["-status_file", f"{pki}/{want['staple']}.ocsp"] if "staple" in want else []
    if "level" in want and "suites" not in want and "1.1" not in want["versions"]:
        words += ["-cipher", f"DEFAULT:@SECLEVEL={want['level']}"]
    return ["openssl", "s_server"] + words, "openssl s_server " + " ".join(words)


def default_suites(want):
    if "1.1" in want["versions"]:
        return "ALL:@SECLEVEL=0"
    return f"DEFAULT:@SECLEVEL={want['level']}" if "level" in want else None


@told("client_ca", "staple", "proxy", "plain")
def nginx(want, port, pki, work):
    if want["key"] is None or "alpn" in want:
        return None
    names = {"1.0": "TLSv1", "1.1": "TLSv1.1", "1.2": "TLSv1.2", "1.3": "TLSv1.3"}
    how = ("" if "plain" in want else " ssl") + (" proxy_protocol" if "proxy" in want else "")
    lines = [f"listen 127.0.0.1:{port}{how};", f"server_name {want.get('strict', 'good.test')};",
             f"ssl_certificate {pki}/{want['key']}.chain;", f"ssl_certificate_key {pki}/{want['key']}.key;",
             f"ssl_protocols {' '.join(names[each] for each in want['versions'])};"]
    suites = want.get("suites") or default_suites(want)
    lines += ["ssl_verify_client on;", "ssl_verify_depth 3;", f"ssl_client_certificate {pki}/clientca.pem;"] if "client_ca" in want else []
    lines += ["ssl_stapling on;", f"ssl_stapling_file {pki}/{want['staple']}.ocsp;"] if "staple" in want else []
    lines += [f'ssl_ciphers "{suites}";'] if suites else []
    lines += [f"ssl_conf_command Ciphersuites {want['suites13']};"] if "suites13" in want else []
    lines += [f"ssl_ecdh_curve {want['group']};"] if "group" in want else []
    lines += [f"ssl_dhparam {pki}/dh{want['dh']}.pem;"] if "dh" in want else []
    text = "server { " + " ".join(lines) + ' location / { return 200 "hello\\n"; } }'
    if "strict" in want:
        text = f"server {{ listen 127.0.0.1:{port} ssl default_server; ssl_reject_handshake on; }}\n" + text
    whole = (f"daemon off; master_process off; pid {work}/pid; error_log {work}/error.log;\nevents {{}}\n"
             f"http {{ access_log off; client_body_temp_path {work}/b; proxy_temp_path {work}/p; fastcgi_temp_path {work}/f; "
             f"uwsgi_temp_path {work}/u; scgi_temp_path {work}/s;\n{text}\n}}\n")
    return ["nginx", "-c", write(work, "nginx.conf", whole), "-p", str(work)], text


@told("client_ca", "plain")
def apache(want, port, pki, work):
    if want["key"] is None or "alpn" in want:
        return None
    names = {"1.0": "+TLSv1", "1.1": "+TLSv1.1", "1.2": "+TLSv1.2", "1.3": "+TLSv1.3"}
    body = (f"SSLEngine {'off' if 'plain' in want else 'on'}\nSSLCertificateFile {pki}/{want['key']}.chain\nSSLCertificateKeyFile {pki}/{want['key']}.key\n"
            f"SSLProtocol -all {' '.join(names[each] for each in want['versions'])}\n")
    suites = want.get("suites") or default_suites(want)
    body += f"SSLVerifyClient require\nSSLVerifyDepth 3\nSSLCACertificateFile {pki}/clientca.pem\n" if "client_ca" in want else ""
    body += f"SSLCipherSuite {suites}\n" if suites else ""
    body += f"SSLCipherSuite TLSv1.3 {want['suites13']}\n" if "suites13" in want else ""
    body += f"SSLOpenSSLConfCmd Groups {want['group']}\n" if "group" in want else ""
    body += f"SSLOpenSSLConfCmd DHParameters {pki}/dh{want['dh']}.pem\n" if "dh" in want else ""
    text = f"<VirtualHost 127.0.0.1:{port}>\nServerName {want.get('strict', 'good.test')}\n{body}</VirtualHost>\n"
    if "strict" in want:
        text = "SSLStrictSNIVHostCheck on\n" + text + text.replace(want["strict"], "second.test")
    modules = "".join(f"LoadModule {each}_module /usr/lib/apache2/modules/mod_{each}.so\n"
                      for each in ("mpm_event", "authz_core", "socache_shmcb", "ssl"))
    whole = (f"ServerRoot {work}\nPidFile {work}/pid\nDefaultRuntimeDir {work}\nUser www-data\nGroup www-data\nServerName good.test\nErrorLog {work}/error.log\n"
             f"Listen 127.0.0.1:{port}\n{modules}DocumentRoot {work}\n{text}")
    return ["apache2", "-DFOREGROUND", "-f", write(work, "apache.conf", whole)], text


@told("client_ca", "staple", "proxy", "plain")
def haproxy(want, port, pki, work):
    if want["key"] is None:
        return None
    least, most = span(want)
    if "staple" in want:
        Path(f"{combined(pki, want, work)}.ocsp").write_bytes(Path(f"{pki}/{want['staple']}.ocsp").read_bytes())
    bind = f"bind 127.0.0.1:{port} ssl crt {combined(pki, want, work)} ssl-min-ver TLSv{least} ssl-max-ver TLSv{most}"
    bind = f"bind 127.0.0.1:{port}" if "plain" in want else bind
    suites = None if "plain" in want else want.get("suites") or default_suites(want)
    bind += f" verify required ca-file {pki}/clientca.pem" if "client_ca" in want else ""
    bind += " accept-proxy" if "proxy" in want else ""
    bind += f" ciphers {suites}" if suites else ""
    for key, word in (("suites13", "ciphersuites"), ("group", "curves"), ("alpn", "alpn")):
        bind += f" {word} {want[key]}" if key in want else ""
    bind += " strict-sni" if "strict" in want else ""
    whole = ("global\n  maxconn 100\ndefaults\n  mode http\n  timeout client 10s\n  timeout server 10s\n  timeout connect 10s\n"
             f"frontend f\n  {bind}\n  http-request return status 200\n")
    return ["haproxy", "-db", "-f", write(work, "haproxy.cfg", whole)], bind


@told("client_ca")
def stunnel(want, port, pki, work):
    if want["key"] is None or "alpn" in want or "strict" in want:
        return None
    least, most = ("TLSv" + each.replace("1.0", "1") for each in span(want))
    text = f"cert = {combined(pki, want, work)}\nsslVersionMin = {least}\nsslVersionMax = {most}\n"
    suites = want.get("suites") or ("ALL:@SECLEVEL=0\nsecurityLevel = 0" if "1.1" in want["versions"] else None)
    text += f"verifyChain = yes\nrequireCert = yes\nCAfile = {pki}/clientca.pem\n" if "client_ca" in want else ""
    text += f"ciphers = {suites}\n" if suites else ""
    text += f"ciphersuites = {want['suites13']}\n" if "suites13" in want else ""
    text += f"curves = {want['group']}\n" if "group" in want else ""
    whole = f"foreground = yes\npid =\nsyslog = no\n[s]\naccept = 127.0.0.1:{port}\nconnect = 127.0.0.1:9\n{text}"
    return ["stunnel4", write(work, "stunnel.conf", whole)], text


@told()
def hitch(want, port, pki, work):
    if want["key"] is None or "1.1" in want["versions"]:
        return None
    text = f'frontend = "[127.0.0.1]:{port}"\nbackend = "[127.0.0.1]:9"\npem-file = "{combined(pki, want, work)}"\n'
    text += f"tls-protos = {' '.join('TLSv' + each for each in want['versions'])}\nworkers = 1\n"
    for key, word in (("suites", "ciphers"), ("suites13", "ciphersuites"), ("group", "ecdh-curve"), ("alpn", "alpn-protos")):
        text += f'{word} = "{want[key]}"\n' if key in want else ""
    text += "sni-nomatch-abort = on\n" if "strict" in want else ""
    return ["hitch", "--config=" + write(work, "hitch.conf", text + 'user = "root"\n')], text


def lighttpd(module):
    @told()
    def build(want, port, pki, work):
        if want["key"] is None or "alpn" in want or "strict" in want or "suites13" in want:
            return None
        if module != "openssl" and ("suites" in want or "group" in want or "dh" in want):
            return None
        least, most = ("TLSv" + each.replace("1.0", "1") for each in span(want))
        commands = [("MinProtocol", least), ("MaxProtocol", most)]
        suites = want.get("suites") or ("ALL:@SECLEVEL=0" if module == "openssl" and "1.1" in want["versions"] else None)
        commands += [("CipherString", suites)] if suites else []
        commands += [("Curves", want["group"])] if "group" in want else []
        listed = ", ".join(f'"{key}" => "{value}"' for key, value in commands)
        text = (f'server.modules = ("mod_{module}")\nssl.engine = "enable"\nssl.pemfile = "{pki}/{want["key"]}.chain"\n'
                f'ssl.privkey = "{pki}/{want["key"]}.key"\nssl.openssl.ssl-conf-cmd = ({listed})\n')
        text += f'ssl.dh-file = "{pki}/dh{want["dh"]}.pem"\n' if "dh" in want else ""
        whole = f'server.document-root = "{work}"\nserver.port = {port}\nserver.bind = "127.0.0.1"\n{text}'
        return ["lighttpd", "-D", "-f", write(work, "lighttpd.conf", whole)], text
    return build


@told("client_ca", "staple", "no_renegotiation_info")
def gnutls(want, port, pki, work):
    words = ["NORMAL", "-VERS-ALL"] + ["+VERS-TLS" + each for each in reversed(want["versions"])]
    if "suites" in want:
        if "CAMELLIA" not in want["suites"]:
            return None
        words += ["-CIPHER-ALL", "+CAMELLIA-256-GCM"]
    words += ["-CIPHER-ALL", "+AES-128-CCM-8"] if "suites13" in want else []
    if "group" in want:
        if want["group"] not in GNUTLS_GROUPS:
            return None
        words += ["-GROUP-ALL", "+GROUP-" + GNUTLS_GROUPS[want["group"]]]
    if "dh" in want:
        words = ["LEGACY", "-VERS-ALL", "+VERS-TLS1.2", "-KX-ALL", "+DHE-RSA"]
    command = ["gnutls-serv", "--http", "-p", str(port)]
    if want["key"] is not None:
        command += ["--x509certfile", f"{pki}/{want['key']}.chain", "--x509keyfile", f"{pki}/{want['key']}.key"]
    words += ["%DISABLE_SAFE_RENEGOTIATION"] if want.get("no_renegotiation_info") else []
    command += ["--priority", ":".join(words)]
    command += ["-r", "--verify-client-cert", "--x509cafile", f"{pki}/clientca.pem"] if "client_ca" in want else ["-a"]
    command += ["--ocsp-response", f"{pki}/{want['staple']}.ocsp", "--ignore-ocsp-response-errors"] if "staple" in want else []
    command += ["--alpn", want["alpn"], "--alpn-fatal"] if "alpn" in want else []
    command += ["--sni-hostname", want["strict"], "--sni-hostname-fatal"] if "strict" in want else []
    command += ["--dhparams", f"{pki}/dh{want['dh']}.pem"] if "dh" in want else []
    return command, " ".join(command)


PROGRAMS = Path(__file__).resolve().parent / "programs"


@functools.cache
def built():
    """A folder for what is compiled, once in a process."""
    folder = tempfile.TemporaryDirectory(prefix="alert40-programs-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


@functools.cache
def go_program():
    command = ["go", "build", "-o", str(built() / "server"), str(PROGRAMS / "server.go")]
    subprocess.run(command, check=True, env=os.environ | {"GO111MODULE": "off", "CGO_ENABLED": "0"})
    return [str(built() / "server")]


@functools.cache
def java_program():
    subprocess.run(["javac", "-d", str(built()), str(PROGRAMS / "Server.java")], check=True)
    return ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", str(built()), "Server"]


def program(start, head):
    """A program of ours, told its settings as key=value words."""
    @told(*start.get("extra", ("client_ca",)))
    def build(want, port, pki, work):
        words = {"min": want["versions"][0], "max": want["versions"][-1]}
        if want["key"] is not None:
            words |= {"cert": f"{pki}/{want['key']}.chain", "key": f"{pki}/{want['key']}.key"}
        suites = want.get("suites") or ("ALL:@SECLEVEL=0" if "1.1" in want["versions"] and "c12" in start.get("able", ()) else None)
        words |= {"c12": suites} if suites else {}
        words |= {"c13": want["suites13"]} if "suites13" in want else {}
        words |= {"groups": want["group"]} if "group" in want else {}
        words |= {key: want[key] for key in ("alpn", "strict") if key in want}
        words |= {"dh": f"{pki}/dh{want['dh']}.pem"} if "dh" in want else {}
        words |= {"clientca": f"{pki}/clientca.pem"} if "client_ca" in want else {}
        words |= {"ems": "required"} if "ems" in want else {}
        words |= {"plain": "yes"} if "plain" in want else {}
        able = start.get("able", ())
        if any(key in words and key not in able for key in ("c12", "c13", "groups", "alpn", "strict", "dh")):
            return None
        settings = {"port": port, **words}
        quoted = head + " " + " ".join(f"{key}={value}" for key, value in words.items())
        quoted += " nocert=1" if want["key"] is None else ""
        return start["command"]() + [json.dumps(settings)], quoted
    return build


# name, the programs it needs, the command that says its version, builder
SERVERS = [
    ("openssl-s_server", ["openssl"], ["openssl", "version"], openssl),
    ("nginx", ["nginx"], ["nginx", "-v"], nginx),
    ("apache2", ["apache2"], ["apache2", "-v"], apache),
    ("haproxy", ["haproxy"], ["haproxy", "-v"], haproxy),
    ("stunnel", ["stunnel4"], ["stunnel4", "-version"], stunnel),
    ("hitch", ["hitch"], ["hitch", "--version"], hitch),
    ("lighttpd-openssl", ["lighttpd"], ["lighttpd", "-v"], lighttpd("openssl")),
    ("lighttpd-gnutls", ["lighttpd"], ["lighttpd", "-v"], lighttpd("gnutls")),
    ("lighttpd-mbedtls", ["lighttpd"], ["lighttpd", "-v"], lighttpd("mbedtls")),
    ("lighttpd-nss", ["lighttpd"], ["lighttpd", "-v"], lighttpd("nss")),
    ("gnutls-serv", ["gnutls-serv"], ["gnutls-serv", "--version"], gnutls),
    ("python-ssl", ["python3"], ["/usr/bin/python3", "--version"],
     program({"command": lambda: ["/usr/bin/python3", str(PROGRAMS / "server.py")], "able": ("c12", "alpn", "strict")}, "python ssl:")),
    ("node20", ["node"], ["node", "--version"],
     program({"command": lambda: ["node", str(PROGRAMS / "server.js")], "able": ("c12", "c13", "groups", "alpn", "strict", "dh"),
              "extra": ("client_ca", "plain")}, "node https:")),
    ("go", ["go"], ["go", "version"],
     program({"command": go_program, "able": ("groups", "alpn", "strict"),
              "extra": ("client_ca", "plain")}, "Go crypto/tls server:")),
    ("java", ["java", "javac"], ["java", "-version"],
     program({"command": java_program, "able": ("groups", "alpn", "strict"), "extra": ("client_ca", "ems")},
             "Java SSLServerSocket:")),
]
