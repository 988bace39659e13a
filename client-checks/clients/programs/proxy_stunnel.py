# SPDX-License-Identifier: GPL-2.0-or-later
# stunnel as the client's side of a tunnel.
from proxy import main

CONFIGURATION = """\
foreground = yes
pid =
debug = notice

[tunnel]
client = yes
accept = {socket}
connect = {connect}:{options.port}
CAfile = {options.ca}
verifyChain = yes
checkHost = {options.name}
sni = {sni}
{more}
"""

REQUESTS = {None: "GET / HTTP/1.0\r\nHost: {name}\r\n\r\n", "smtp": "QUIT\r\n", "imap": "a LOGOUT\r\n",
            "pop3": "STAT\r\nQUIT\r\n"}


def settings(options):
    if options.versions:
        yield "sslVersionMin = TLSv" + min(options.versions).removesuffix(".0")
        yield "sslVersionMax = TLSv" + max(options.versions).removesuffix(".0")
    elif options.legacy:
        yield "sslVersionMin = TLSv1"
    if options.legacy:
        yield "securityLevel = 0"
    if options.ciphers:
        yield f"ciphers = {options.ciphers}"
    if options.ciphersuites:
        yield f"ciphersuites = {options.ciphersuites}"
    if options.groups:
        yield f"curves = {options.groups}"
    if options.schemes:
        yield f"config = SignatureAlgorithms:{options.schemes}"
    if options.no_ems:
        yield "config = Options:-ExtendedMasterSecret"
    if options.cert:
        yield f"cert = {options.cert}"
        yield f"key = {options.key}"
    if options.crl:
        yield f"CRLfile = {options.crl}"
    if options.starttls:
        yield f"protocol = {options.starttls}"


def make(options, folder, socket):
    file = folder / "stunnel.conf"
    connect = options.connect.strip("[]")  # "::1:443": the last colon is the port's
    file.write_text(CONFIGURATION.format(options=options, socket=socket, connect=connect,
                                         sni="" if options.no_sni else options.name,
                                         more="\n".join(settings(options))))
    return ["stunnel", str(file)], REQUESTS[options.starttls].format(name=options.name)


main(make)
