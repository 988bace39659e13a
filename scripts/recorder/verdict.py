# SPDX-License-Identifier: GPL-2.0-or-later
"""The checker asked about a live server, and whether it was right."""

import json
import subprocess
import time

LIMIT = 60  # seconds for one answer
EXPECTED_STATUS = {"none": 0}


class Verdict:
    """What the checker said of a case of recorder/live.py."""

    def __init__(self, done, seconds):
        self.status, self.seconds, self.said = done.returncode, seconds, done.stderr.strip()[-300:]
        try:
            diagnoses = json.loads(done.stdout)["diagnoses"]
        except (ValueError, KeyError):
            diagnoses = []
        self.state = diagnoses[0]["state"] if diagnoses else "no answer"
        findings = diagnoses[0]["findings"] if diagnoses else []
        self.causes = [each["cause"] for each in findings]
        self.certain = bool(findings) and findings[0]["confidence"] == "certain"
        self.proof = diagnoses[0]["proof"] if diagnoses else []

    def cause(self):
        if self.causes and self.state != "healthy":
            return self.causes[0]
        return "none" if self.state == "healthy" else self.state

    def right(self, case):
        return self.cause() in [case["cause"], *case["also"]] and self.status == EXPECTED_STATUS.get(case["cause"], 1)


def ask(checker, case, port, folder):
    """(Verdict, command) of `alert40-check diagnose` at 127.0.0.1:port; `folder` has the keys and certificates."""
    command = [str(checker), "diagnose", f"127.0.0.1:{port}", "--ca", f"{folder}/ca.pem", "--json"]
    command += ["--server-name", case["name"]] if case["name"] else []
    command += ["--as", case["as_client"]] if case["as_client"] else []
    command += [each.replace("{pki}", str(folder)) for each in case["options"]]
    began = time.monotonic()
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        done = subprocess.CompletedProcess(command, 124, "", f"no answer within {LIMIT} s")
    return Verdict(done, time.monotonic() - began), command
