# SPDX-License-Identifier: GPL-2.0-or-later
"""A recorded server's name and version -> the persona in server/personas that plays it."""

import re


def numbers(text, pattern):
    """The version numbers that `pattern` finds in `text`, as a tuple; () where it does not."""
    found = re.search(pattern, text)
    return tuple(int(each) for each in found.group(1).split(".")) if found else ()


def openssl(text):
    """By the library: 1.0 knows neither TLS 1.3 nor extended_master_secret; 3.5 prefers post-quantum groups."""
    version = numbers(text, r"(?:openssl|library: openssl)[ /]+(\d+\.\d+)")
    if version and version < (1, 1):
        return "openssl-1.0"
    return "openssl"


def node(text):
    major = (numbers(text, r"v(\d+(?:\.\d+)*)") or numbers(text, r"node(?:\.?js)?[ /v]*(\d+(?:\.\d+)*)") or (20,))[0]
    for first, name in ((24, "nodejs-24"), (19, "nodejs-20"), (10, "nodejs-16"), (1, "nodejs-6")):
        if major >= first:
            return name
    return "nodejs-0.12"


def apache(text):
    version = numbers(text, r"apache/(\d+\.\d+)")
    return "apache-2.2" if version and version < (2, 4) else "apache"


# By the server's name, first hit; a function decides by the whole text.
BY_NAME = (
    (r"lighttpd.*gnutls", "lighttpd-gnutls"),
    (r"lighttpd.*mbed", "lighttpd-mbedtls"),
    (r"lighttpd.*\bnss", "lighttpd-nss"),
    (r"lighttpd.*wolfssl|wolfssl", "wolfssl"),
    (r"lighttpd", "lighttpd"),
    (r"nginx|openresty|angie|tengine", "nginx"),
    (r"apache|httpd", apache),
    (r"haproxy", "haproxy"),
    (r"stunnel", "stunnel"),
    (r"hitch", "hitch"),
    (r"node", node),
    (r"python|gunicorn|uvicorn", "python"),
    (r"gnutls", "gnutls"),
    (r"\bnss|selfserv", "nss"),
    (r"^go\b|golang|caddy|traefik", "go"),
    (r"java|jsse|tomcat|jetty|netty|jdk", "jsse"),
    (r"erlang|rabbitmq|emqx|couchdb|elixir", "erlang"),
    (r"botan", "botan"),
    (r"mbed", "mbedtls"),
    (r"schannel|iis|windows", "schannel"),
    (r"bun|boringssl|envoy", "boringssl"),
    (r"deno|rustls", "rustls"),
    (r"openssl|s_server|perl|ruby|php|redis|mosquitto|postfix|dovecot", openssl),
)


def persona_of(server):
    """The name of the persona; None for a server that none plays."""
    name = server.get("name", "").lower()
    text = f"{name} {server.get('version') or ''}".lower()
    for pattern, persona in BY_NAME:
        if re.search(pattern, name):
            return persona(text) if callable(persona) else persona
    return openssl(text) if "openssl" in text else None
