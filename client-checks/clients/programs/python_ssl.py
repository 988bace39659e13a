# SPDX-License-Identifier: GPL-2.0-or-later
# The ssl module on a socket, and the mail and file protocols of the standard library with STARTTLS.
import ftplib
import imaplib
import poplib
import smtplib
import socket

from python_client import asked_name, main, make_context


def get(context, options, session=None):
    name = asked_name(options)
    with socket.create_connection((options.connect, options.port)) as plain:
        with context.wrap_socket(plain, server_hostname=name, session=session) as tls:
            tls.sendall(f"GET / HTTP/1.0\r\nHost: {name}\r\n\r\n".encode())
            answer = b""
            while received := tls.recv(4096):
                answer += received
            if not answer:
                raise EOFError("the server closed without an answer")
            print(answer.decode(errors="replace").splitlines()[0])
            return tls.session


def smtp(context, options):
    with smtplib.SMTP(options.name, options.port) as client:
        client.starttls(context=context)
        print(*client.noop())


def imap(context, options):
    with imaplib.IMAP4(options.name, options.port) as client:
        client.starttls(context)
        print(*client.noop())


def pop3(context, options):
    client = poplib.POP3(options.name, options.port)
    client.stls(context)
    print(client.quit().decode())


def ftp(context, options):
    with ftplib.FTP_TLS(context=context) as client:
        client.connect(options.name, options.port)
        client.auth()
        print(client.voidcmd("NOOP"))


def connect(options):
    context = make_context(options)
    if options.starttls:
        return {"smtp": smtp, "imap": imap, "pop3": pop3, "ftp": ftp}[options.starttls](context, options)
    session = get(context, options)
    if options.resume:
        get(context, options, session)


main(connect)
