#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Drives alert40-server from another process: makes a listener, connects, reads what happened, applies the fix, deletes.

    alert40-server serve cipher/no-shared-cipher-tls12 --log json      prints {"event":"control","url":...,"token":...}
    drive.py URL TOKEN [SCENARIO]                                      needs nothing but Python
"""

import json
import socket
import ssl
import sys
import urllib.error
import urllib.request


class Control:
    """The control API; every refusal is a RuntimeError with the server's own words."""

    def __init__(self, url, token):
        self.url, self.token = url.rstrip("/"), token

    def raw(self, method, path, body=None):
        request = urllib.request.Request(self.url + path, method=method)
        request.add_header("Authorization", f"Bearer {self.token}")
        request.data = None if body is None else json.dumps(body).encode()
        # No proxy, whatever the environment says: the server is on this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["detail"]) from None

    def call(self, method, path, body=None):
        return json.loads(self.raw(method, path, body) or b"null")


def connect(listener, root):
    """One handshake and one request with Python's own client: (what came back, or the error)."""
    context = ssl.create_default_context(cadata=root)
    try:
        with socket.create_connection(("127.0.0.1", listener["port"]), timeout=30) as plain, \
             context.wrap_socket(plain, server_hostname=listener["server_name"]) as secured:
            secured.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return secured.recv(4096).split(b"\r\n")[0].decode()
    except (ssl.SSLError, OSError) as error:
        return f"{type(error).__name__}: {error}"


def transcript(control, listener):
    """The newest connection of the listener once it has ended: the event stream says when, nothing polls."""
    for attempt in ("ended already", "ends now"):
        newest = control.call("GET", f"/api/connections?listener={listener['name']}&limit=1")["connections"][-1]
        if newest["state"] == "ended":
            return control.call("GET", f"/api/connections/{newest['id']}")
        if attempt == "ended already":
            wait_for_end(control, newest["id"])
    raise RuntimeError("the connection did not end")


def wait_for_end(control, connection):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{control.url}/api/events?connection={connection}", timeout=30) as events:
        # It may have ended before the stream was open.
        if control.call("GET", f"/api/connections/{connection}")["state"] == "ended":
            return
        for line in events:
            if line.strip() == b"event: ended":
                return


def show(kept):
    print(f"  {kept['ended']}")
    for step in kept["steps"]:
        print(f"  {step['at_us']:>8} us  {step['from']:<8} {step['text']}")


def main(url, token, scenario="certificate/expired-tls13"):
    control = Control(url, token)
    root = control.raw("GET", "/root.pem").decode()
    listener = control.call("POST", "/api/listeners", {"scenario": scenario})
    try:
        print(f"{scenario} on port {listener['port']}: {connect(listener, root)}")
        show(transcript(control, listener))
        fixed = control.call("PATCH", f"/api/listeners/{listener['name']}", {"fixed": True})
        print(f"fixed, on the same port {fixed['port']}: {connect(fixed, root)}")
        show(transcript(control, fixed))
    finally:
        control.call("DELETE", f"/api/listeners/{listener['name']}")
    print("deleted")


if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
