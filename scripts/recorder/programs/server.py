# SPDX-License-Identifier: GPL-2.0-or-later
"""A TLS server of the module ssl; its settings are the one argument, as JSON."""

import json
import socket
import ssl
import sys

settings = json.loads(sys.argv[1])
versions = {"1.0": ssl.TLSVersion.TLSv1, "1.1": ssl.TLSVersion.TLSv1_1, "1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
if "c12" in settings:
    context.set_ciphers(settings["c12"])
context.minimum_version, context.maximum_version = versions[settings["min"]], versions[settings["max"]]
if "cert" in settings:
    context.load_cert_chain(settings["cert"], settings["key"])
if "clientca" in settings:
    context.load_verify_locations(settings["clientca"])
    context.verify_mode = ssl.CERT_REQUIRED
if "alpn" in settings:
    context.set_alpn_protocols([settings["alpn"]])
if "strict" in settings:
    context.sni_callback = lambda _, name, __: None if name == settings["strict"] else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

listener = socket.create_server(("127.0.0.1", settings["port"]))
while True:
    connection = listener.accept()[0]
    connection.settimeout(10)
    try:
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1024)
            secured.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
    except OSError:
        connection.close()
