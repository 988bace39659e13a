# SPDX-License-Identifier: GPL-2.0-or-later
# What the clients in Python share: options, a context from the ssl module, one run or many.
import argparse
import contextlib
import gc
import io
import json
import socket
import ssl
import sys
import traceback

VERSIONS = {"1.0": ssl.TLSVersion.TLSv1, "1.1": ssl.TLSVersion.TLSv1_1, "1.2": ssl.TLSVersion.TLSv1_2,
            "1.3": ssl.TLSVersion.TLSv1_3}


def parse(arguments):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--connect", metavar="ADDRESS", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--ca", metavar="FILE", required=True)
    parser.add_argument("--crl", metavar="FILE")
    parser.add_argument("--no-sni", action="store_true", help="ask for the address, which is never sent as SNI")
    parser.add_argument("--min", choices=VERSIONS)
    parser.add_argument("--max", choices=VERSIONS)
    parser.add_argument("--legacy", action="store_true", help="security level 0")
    parser.add_argument("--ciphers")
    parser.add_argument("--alpn", metavar="NAME", action="append")
    parser.add_argument("--cert", metavar="FILE")
    parser.add_argument("--key", metavar="FILE")
    parser.add_argument("--starttls", choices=["smtp", "imap", "pop3", "ftp"])
    parser.add_argument("--resume", action="store_true")
    return parser.parse_args(arguments)


def asked_name(options):
    return options.connect if options.no_sni else options.name


def asked_url(options):
    name = asked_name(options)
    return f"https://{f'[{name}]' if ':' in name else name}:{options.port}/"


def make_context(options, context=None):
    """A new context that verifies chain and name: ssl's own defaults where none is given."""
    context = context or ssl.create_default_context(cafile=options.ca)
    if options.legacy:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
    if options.min:
        context.minimum_version = VERSIONS[options.min]
    if options.max:
        context.maximum_version = VERSIONS[options.max]
    if options.ciphers:
        context.set_ciphers(options.ciphers)
    if options.alpn:
        context.set_alpn_protocols(options.alpn)
    if options.cert:
        context.load_cert_chain(options.cert, options.key)
    if options.crl:
        context.load_verify_locations(options.crl)
        context.verify_flags |= ssl.VerifyFlags.VERIFY_CRL_CHECK_LEAF
    return context


@contextlib.contextmanager
def resolving(name, address):
    """The name has this address for whatever asks Python for it."""
    real = socket.getaddrinfo

    def resolve(host, *rest, **more):
        return real(address if host == name else host, *rest, **more)

    socket.getaddrinfo = resolve
    try:
        yield
    finally:
        socket.getaddrinfo = real


def run_once(connect, arguments):
    try:
        options = parse(arguments)
        with resolving(options.name, options.connect):
            connect(options)
        return 0
    except SystemExit as end:
        return end.code
    except Exception as error:
        while error:  # the last line of each traceback in the chain
            print("".join(traceback.format_exception_only(error)), end="", file=sys.stderr)
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return 1


def serve(connect):
    """One job a line: {"id", "arguments"}; its answer: {"id", "output", "errors", "exit_code"}."""
    gc.freeze()
    for line in sys.stdin:
        job = json.loads(line)
        output, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            exit_code = run_once(connect, job["arguments"])
        gc.collect()  # closes what an exception's traceback still held
        print(json.dumps({"id": job["id"], "output": output.getvalue(), "errors": errors.getvalue(),
                          "exit_code": exit_code}), flush=True)


def main(connect):
    if sys.argv[1:] == ["--serve"]:
        serve(connect)
    else:
        sys.exit(run_once(connect, sys.argv[1:]))
