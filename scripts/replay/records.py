# SPDX-License-Identifier: GPL-2.0-or-later
"""Records of real clients at real servers: which of them end with the server's answer to the first flight, and what
that answer was. A record is a JSON object a line, of any *.jsonl in the folder; packets lie in pcaps/<id>.pcap."""

import json
from pathlib import Path

# What was misconfigured, in a recorder's words or by the cause ids of scenarios/causes: the server answers it to the
# client's first flight.
FIRST_FLIGHT = {
    "protocol-version": "version-mismatch",
    "version-mismatch": "version-mismatch",
    "cipher-mismatch": "cipher-mismatch",
    "curve-mismatch": "group-mismatch",
    "group-mismatch": "group-mismatch",
    "sigalg-mismatch": "signature-scheme-mismatch",
    "signature-scheme-mismatch": "signature-scheme-mismatch",
    "alpn-mismatch": "alpn-mismatch",
    "sni-missing": "sni-missing",
    "sni-unknown-name": "sni-unknown-name",
    "no-server-certificate": "server-certificate-missing",
    "server-certificate-missing": "server-certificate-missing",
    "inappropriate-fallback": "inappropriate-fallback",
    "weak-dh": "weak-dh",
    "ems-required": "extended-master-secret-missing",
    "extended-master-secret-missing": "extended-master-secret-missing",
}


def read(folder):
    """Every record under `folder`, with the path of its packets where there are some."""
    folder = Path(folder)
    for path in sorted(folder.rglob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if not line.strip():
                    continue
                record = json.loads(line)
                packets = path.parent / "pcaps" / (str(record.get("id")) + ".pcap")
                record["pcap"] = packets if packets.exists() else None
                yield record


def is_first_flight(record):
    """Whether the server's answer to a ClientHello decided it: by what was configured, or by what it really shows."""
    return record.get("configured") in FIRST_FLIGHT or record.get("cause") in FIRST_FLIGHT


class Connection:
    """One recorded connection: its first ClientHello, and what the server answered before the client spoke again."""

    def __init__(self, events):
        self.hello = None  # the record with it, as decoded by the recorder
        self.answer = []  # the server's records
        self.end = None  # fin | rst of the server
        self.client_first = False  # the client had ended it, or gone on, before
        self.retried = False  # the client had answered a HelloRetryRequest
        for event in events:
            self.take(event)

    def take(self, event):
        sent_by = event.get("dir")
        if self.hello is None:
            if event.get("client_hello"):
                self.hello = event
            return
        if sent_by == "c2s":
            self.client_first = self.client_first or self.end is None
        elif sent_by == "s2c" and "event" in event:
            self.end = self.end or event["event"]
        elif sent_by == "s2c" and not self.client_first:
            self.answer.append(event)


def connections(record):
    """The connections that carried a ClientHello, in order, each with its number."""
    events = {}
    for event in record.get("wire") or []:
        events.setdefault(event.get("conn", 0), []).append(event)
    found = [(number, Connection(own)) for number, own in sorted(events.items())]
    return [(number, connection) for number, connection in found if connection.hello]
