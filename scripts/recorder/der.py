# SPDX-License-Identifier: GPL-2.0-or-later
"""As much of DER (X.690) and X.509 (RFC 5280) as a certificate needs that may be wrong in any way: unlike `openssl ca` it
takes any date, any extension and any octets in it."""

import datetime

OIDS = {"CN": "2.5.4.3", "O": "2.5.4.10", "subject-key": "2.5.29.14", "key-usage": "2.5.29.15", "names": "2.5.29.17",
        "basic-constraints": "2.5.29.19", "name-constraints": "2.5.29.30", "authority-key": "2.5.29.35",
        "extended-usage": "2.5.29.37", "must-staple": "1.3.6.1.5.5.7.1.24", "unheard-of": "1.3.6.1.4.1.99999.40",
        "serverAuth": "1.3.6.1.5.5.7.3.1", "clientAuth": "1.3.6.1.5.5.7.3.2"}
SIGNATURES = {("rsa", "sha256"): "1.2.840.113549.1.1.11", ("rsa", "sha1"): "1.2.840.113549.1.1.5",
              ("rsa", "md5"): "1.2.840.113549.1.1.4", ("ec", "sha256"): "1.2.840.10045.4.3.2", ("ed25519", "sha256"): "1.3.101.112"}


def tlv(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def sequence(*parts):
    return tlv(0x30, *parts)


def octets(content):
    return tlv(0x04, content)


def bits(content, unused=0):
    return tlv(0x03, bytes([unused]), content)


def integer(value):
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(name):
    first, second, *rest = (int(each) for each in OIDS.get(name, name).split("."))
    content = bytes([40 * first + second])
    for number in rest:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(0x80 | number & 0x7F)
        content += bytes(reversed(groups))
    return tlv(0x06, content)


def time(moment):
    """UTCTime up to 2049, GeneralizedTime from then on (RFC 5280, section 4.1.2.5)."""
    if moment.year < 2050:
        return tlv(0x17, moment.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(0x18, moment.strftime("%Y%m%d%H%M%SZ").encode())


def name(common, organisation="alert40 recorder"):
    parts = [("O", organisation)] + ([("CN", common)] if common else [])
    return sequence(*(tlv(0x31, sequence(oid(key), tlv(0x0C, value.encode()))) for key, value in parts))


def extension(key, content, critical=False):
    return sequence(oid(key), tlv(0x01, b"\xff") if critical else b"", octets(content))


def alternative_names(names):
    """DNS names, and addresses where they are bytes."""
    return sequence(*(tlv(0x87, each) if isinstance(each, bytes) else tlv(0x82, each.encode()) for each in names))


def algorithm(kind, digest):
    return sequence(oid(SIGNATURES[kind, digest]), tlv(0x05) if kind == "rsa" else b"")


def to_be_signed(serial, kind, digest, issuer, subject, days, public_key, extensions):
    """`days`: (from, to) beside now; `public_key`: a SubjectPublicKeyInfo; `kind` and `digest` of the signature."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    validity = sequence(*(time(now + datetime.timedelta(days=each)) for each in days))
    return sequence(tlv(0xA0, integer(2)), integer(serial), algorithm(kind, digest), issuer, validity, subject, public_key,
                    tlv(0xA3, sequence(*extensions)))


def signed(content, kind, digest, signature):
    return sequence(content, algorithm(kind, digest), bits(signature))
