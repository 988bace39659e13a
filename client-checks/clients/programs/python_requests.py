# SPDX-License-Identifier: GPL-2.0-or-later
# requests.get; an adapter with a context of urllib3's where versions, suites or CRLs are asked for, as its
# documentation has it.
import requests
from requests.adapters import HTTPAdapter
from urllib3.util.ssl_ import create_urllib3_context

from python_client import asked_url, main, make_context


class Adapter(HTTPAdapter):
    def __init__(self, context):
        self.context = context
        super().__init__()

    def init_poolmanager(self, *arguments, **keywords):
        super().init_poolmanager(*arguments, ssl_context=self.context, **keywords)


def connect(options):
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", Adapter(make_context(options, create_urllib3_context())))
        response = session.get(asked_url(options), verify=options.ca, headers={"Connection": "close"})
        response.raise_for_status()
        print(f"HTTP {response.status_code} {response.reason}")


main(connect)
