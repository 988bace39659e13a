# SPDX-License-Identifier: GPL-2.0-or-later
# urllib.request.urlopen, as scripts call it.
import urllib.request

from python_client import asked_url, main, make_context


def connect(options):
    with urllib.request.urlopen(asked_url(options), context=make_context(options)) as response:
        print(f"HTTP {response.status} {response.reason}")


main(connect)
