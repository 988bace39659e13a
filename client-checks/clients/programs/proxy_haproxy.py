# SPDX-License-Identifier: GPL-2.0-or-later
# HAProxy in front of a server with TLS.
import pathlib

from proxy import main

# Of its threads each would keep a session of its own.
CONFIGURATION = """\
global
    nbthread 1

defaults
    mode http
    timeout connect 60s
    timeout client 60s
    timeout server 60s
    retries 0

frontend in
    bind unix@{socket}
    log stderr format raw local0
    log-format "%ST %ts connection: %[bc_err_str] TLS: %[ssl_bc_err_str]"
    error-log-format "%ST %ts connection: %[bc_err_str] TLS: %[ssl_bc_err_str]"
    default_backend out

backend out
    server upstream {options.connect}:{options.port} ssl verify required ca-file {options.ca} verifyhost {options.name} {more}
"""


def settings(options, folder):
    if not options.no_sni:
        yield f"sni str({options.name})"
    if options.versions:
        yield f"ssl-min-ver TLSv{min(options.versions)} ssl-max-ver TLSv{max(options.versions)}"
    elif options.legacy:
        yield "ssl-min-ver TLSv1.0"
    if options.ciphers:
        yield f"ciphers {options.ciphers}"
    if options.ciphersuites:
        yield f"ciphersuites {options.ciphersuites}"
    if options.alpn:
        yield f"alpn {options.alpn}"
    if options.cert:
        file = folder / "client.pem"  # it takes both from one file
        file.write_text(pathlib.Path(options.cert).read_text() + pathlib.Path(options.key).read_text())
        yield f"crt {file}"
    if options.crl:
        yield f"crl-file {options.crl}"


def make(options, folder, socket):
    file = folder / "haproxy.cfg"
    more = " ".join(settings(options, folder))
    file.write_text(CONFIGURATION.format(options=options, socket=socket, more=more))
    request = f"GET / HTTP/1.0\r\nHost: {options.name}\r\n\r\n"
    return ["haproxy", "-db", "-f", str(file)], request


main(make, logs_late=True)  # its line comes behind the answer
