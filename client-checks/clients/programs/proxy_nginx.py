# SPDX-License-Identifier: GPL-2.0-or-later
# nginx in front of an upstream with TLS.
from proxy import main

VERSIONS = {"1.0": "TLSv1", "1.1": "TLSv1.1", "1.2": "TLSv1.2", "1.3": "TLSv1.3"}

CONFIGURATION = """\
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen unix:{socket};
        location / {{
            proxy_pass https://{options.connect}:{options.port};
            proxy_set_header Host $http_host;
            proxy_ssl_verify on;
            proxy_ssl_trusted_certificate {options.ca};
            proxy_ssl_name {options.name};
            {more}
        }}
    }}
}}
"""


def directives(options):
    yield f"proxy_ssl_server_name {'off' if options.no_sni else 'on'}"
    if options.versions:
        yield "proxy_ssl_protocols " + " ".join(VERSIONS[version] for version in options.versions)
    if options.ciphers:
        yield f"proxy_ssl_ciphers {options.ciphers}"
    if options.ciphersuites:
        yield f"proxy_ssl_conf_command Ciphersuites {options.ciphersuites}"
    if options.groups:
        yield f"proxy_ssl_conf_command Groups {options.groups}"
    if options.schemes:
        yield f"proxy_ssl_conf_command SignatureAlgorithms {options.schemes}"
    if options.no_ems:
        yield "proxy_ssl_conf_command Options -ExtendedMasterSecret"
    if options.cert:
        yield f"proxy_ssl_certificate {options.cert}"
        yield f"proxy_ssl_certificate_key {options.key}"
    if options.crl:
        yield f"proxy_ssl_crl {options.crl}"


def make(options, folder, socket):
    more = "\n            ".join(directive + ";" for directive in directives(options))
    file = folder / "nginx.conf"
    file.write_text(CONFIGURATION.format(options=options, folder=folder, socket=socket, more=more))
    request = f"GET / HTTP/1.0\r\nHost: {options.name}\r\n\r\n"
    return ["nginx", "-p", str(folder), "-c", str(file), "-e", "stderr"], request


main(make)
