# SPDX-License-Identifier: GPL-2.0-or-later
"""The bytes of a recorded ClientHello: from the packets, else composed anew from its recorded fields (RFC 8446,
section 4.1.2). Key shares are valid points: the base point of a curve, 9 of the Montgomery curves, 4 of a finite field."""

import os
import struct

# The base points of secp256r1, secp384r1, secp521r1, secp256k1 (SEC 2, version 2).
BASE_POINTS = {
    0x0016: "0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
            "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
    0x0017: "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
            "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    0x0018: "04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7"
            "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
    0x0019: "0400c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de33"
            "48b3c1856a429bf97e7e31c2e5bd66011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee7"
            "2995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
}
FINITE_FIELDS = {0x0100: 256, 0x0101: 384, 0x0102: 512, 0x0103: 768, 0x0104: 1024}  # octets (RFC 7919)
MLKEM768 = 1184  # octets of an encapsulation key; one of zeros is valid (FIPS 203, section 7.2)


def is_grease(value):
    """RFC 8701, section 2."""
    return value & 0x0F0F == 0x0A0A and value >> 8 == value & 0xFF


def numbers(text):
    return [int(each, 16) for each in (text or "").split()]


def vector(size, body):
    return len(body).to_bytes(size, "big") + body


def words(values):
    return b"".join(struct.pack(">H", value) for value in values)


def key_share(group):
    if group in BASE_POINTS:
        return bytes.fromhex(BASE_POINTS[group])
    if group in FINITE_FIELDS:
        return (4).to_bytes(FINITE_FIELDS[group], "big")
    if group == 0x11EC:  # X25519MLKEM768
        return bytes(MLKEM768) + key_share(0x001D)
    if group == 0x6399:  # X25519Kyber768Draft00
        return key_share(0x001D) + bytes(MLKEM768)
    if group == 0x11EB:  # SecP256r1MLKEM768
        return key_share(0x0017) + bytes(MLKEM768)
    if group == 0x001E:
        return b"\x05" + bytes(55)
    return b"\x09" + bytes(31) if group == 0x001D else b"\x00"


def extension_body(kind, hello):
    """What the recorded fields say of extension `kind`; where they say nothing, what clients usually send."""
    if kind == 0:
        return vector(2, b"\0" + vector(2, hello.get("sni", "").encode()))
    if kind == 10:
        return vector(2, words(numbers(hello.get("groups"))))
    if kind in (13, 50):
        return vector(2, words(numbers(hello.get("sigalgs"))))
    if kind == 16:
        return vector(2, b"".join(vector(1, each.encode()) for each in hello.get("alpn", [])))
    if kind == 43:
        return vector(1, words(numbers(hello.get("supported_versions"))))
    if kind == 51:
        shares = numbers(hello.get("key_shares"))
        return vector(2, b"".join(words([group]) + vector(2, key_share(group)) for group in shares))
    usual = {1: b"\4", 5: b"\1\0\0\0\0", 11: b"\1\0", 15: b"\1", 17: bytes.fromhex("000702000400000000"),
             27: b"\2\0\2", 28: b"\x40\1", 34: vector(2, words([0x0403, 0x0503])), 45: b"\1\1", 65281: b"\0",
             17513: vector(2, vector(1, b"h2")), 17613: vector(2, vector(1, b"h2")),
             0xFE0D: b"\0\0\1\0\1\x11" + vector(2, bytes(32)) + vector(2, bytes(144))}
    return usual.get(kind, b"\0" if is_grease(kind) else b"")


def compose(hello):
    """The ClientHello as a handshake message, from the recorded fields."""
    legacy_version = bytes.fromhex(hello["legacy_version"])
    fixed = legacy_version + os.urandom(32) + vector(1, os.urandom(hello.get("session_id_len", 0)))
    fixed += vector(2, words(numbers(hello["ciphers"]))) + b"\1\0"
    # Without pre_shared_key (41): a recorded session is not ours.
    kinds = [int(each) for each in (hello.get("exts") or "").split() if each != "41"]
    bodies = [(kind, extension_body(kind, hello)) for kind in kinds]
    missing = hello.get("hello_len", 0) - len(fixed) - 2 - sum(4 + len(body) for _, body in bodies)
    padded = [(kind, bytes(missing) if kind == 21 and missing > 0 else body) for kind, body in bodies]
    block = b"".join(words([kind]) + vector(2, body) for kind, body in padded)
    body = fixed + (vector(2, block) if kinds else b"")
    return b"\1" + vector(3, body)


def to_record(message, version):
    return b"\x16" + version + vector(2, message)


def packets(data):
    """The TCP segments of a pcap of Ethernet and IPv4: (source port, destination port, sequence, flags, payload)."""
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at = 24
    while at + 16 <= len(data):
        length = struct.unpack(order + "I", data[at + 8:at + 12])[0]
        frame = data[at + 16:at + 16 + length]
        at += 16 + length
        if frame[12:14] != b"\x08\0" or frame[23] != 6:
            continue
        ip = frame[14:]
        header = (ip[0] & 15) * 4
        tcp = ip[header:int.from_bytes(ip[2:4], "big")]
        source, destination, sequence = struct.unpack(">HHI", tcp[:8])
        yield source, destination, sequence, tcp[13], tcp[(tcp[12] >> 4) * 4:]


def sent_first(path):
    """What each client said before the server's first octets, in order of the connections: {number: octets}."""
    clients, sent, answered = [], {}, set()
    for source, destination, sequence, flags, payload in packets(path.read_bytes()):
        if flags & 0x12 == 0x02:  # SYN alone
            clients.append(source)
            sent[source] = {}
        elif source in sent and payload and source not in answered:
            sent[source].setdefault(sequence, payload)
        elif destination in sent and payload:
            answered.add(destination)
    return {number: b"".join(payload for _, payload in sorted(sent[client].items()))
            for number, client in enumerate(clients)}


def recorded(record, number, connection):
    """(octets as they went over the wire, whether they are the client's own): of connection `number`."""
    if record["pcap"]:
        octets = sent_first(record["pcap"]).get(number, b"")
        if octets[:1] == b"\x16":
            return octets, True
    version = bytes.fromhex(connection.hello.get("rec_version", "0301"))
    return to_record(compose(connection.hello["client_hello"]), version), False
