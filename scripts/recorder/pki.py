# SPDX-License-Identifier: GPL-2.0-or-later
"""The keys and certificates of the recorded servers and clients: one sound set, and one for each way to be wrong.

make(folder) writes, for each name NAME of SERVERS and CLIENTS, NAME.chain (leaf first) and NAME.key; ca.pem (what clients
trust), clientca.pem (what servers trust), NAME.ocsp for those that are stapled, crl.pem, and dh1024.pem. The names of the sound
server certificate are NAMES. Needs the program openssl."""

import base64
import hashlib
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from recorder import der

NAMES = ["good.test", "localhost", bytes([127, 0, 0, 1])]
KEYS = {
    "rsa": ["RSA", "rsa_keygen_bits:2048"], "other": ["RSA", "rsa_keygen_bits:2048"], "root": ["RSA", "rsa_keygen_bits:2048"],
    "inter": ["RSA", "rsa_keygen_bits:2048"], "rsa3072": ["RSA", "rsa_keygen_bits:3072"], "rsa4096": ["RSA", "rsa_keygen_bits:4096"],
    "rsa1024": ["RSA", "rsa_keygen_bits:1024"], "rsa512": ["RSA", "rsa_keygen_bits:512"],
    "p256": ["EC", "ec_paramgen_curve:P-256"], "p384": ["EC", "ec_paramgen_curve:P-384"], "p521": ["EC", "ec_paramgen_curve:P-521"],
    "secp256k1": ["EC", "ec_paramgen_curve:secp256k1"], "brainpool": ["EC", "ec_paramgen_curve:brainpoolP256r1"],
    "ed25519": ["ED25519"],
}
VALID = (-30, 300)  # days

# Issuers: name, key, issuer ("" is itself), and what is special about it.
AUTHORITIES = {
    "root": dict(common="Recorder Root CA", key="root", issuer=""),
    "inter": dict(common="Recorder Intermediate CA", key="inter", issuer="root"),
    "inter-expired": dict(common="Recorder Old Intermediate CA", key="inter", issuer="root", days=(-700, -3)),
    "inter-not-ca": dict(common="Recorder Shop", key="inter", issuer="root", authority=False),
    "inter-path": dict(common="Recorder Limited CA", key="inter", issuer="root", path=0),
    "inter-below": dict(common="Recorder Sub CA", key="other", issuer="inter-path"),
    "inter-constrained": dict(common="Recorder Department CA", key="inter", issuer="root", permitted="elsewhere.test"),
    "strange-root": dict(common="Strange Root CA", key="other", issuer="", organisation="Somebody else"),
    "gateway-root": dict(common="Example Web Gateway CA", key="other", issuer="", organisation="Example Security Appliance"),
    "client-root": dict(common="Recorder Client CA", key="root", issuer="", organisation="alert40 recorder clients"),
    "root-expired": dict(common="Recorder Expired Root CA", key="other", issuer="", days=(-700, -5)),
}

# Certificates of servers: the key, the issuer, and what is special. `chain`: the authorities that are sent.
SERVERS = {
    "good": dict(key="rsa"), "ecdsa": dict(key="p256"), "p384": dict(key="p384"), "p521": dict(key="p521"),
    "ed25519": dict(key="ed25519"), "secp256k1": dict(key="secp256k1"), "brainpool": dict(key="brainpool"),
    "rsa3072": dict(key="rsa3072"), "rsa4096": dict(key="rsa4096"), "weak1024": dict(key="rsa1024"), "weak512": dict(key="rsa512"),
    "expired": dict(key="rsa", days=(-400, -2)), "not-yet": dict(key="rsa", days=(2, 400)),
    "self-signed": dict(key="rsa", issuer="", chain=[]), "untrusted": dict(key="rsa", issuer="strange-root", chain=[]),
    "untrusted-root-sent": dict(key="rsa", issuer="strange-root", chain=["strange-root"]),
    "incomplete": dict(key="rsa", chain=[]), "wrong-intermediate": dict(key="rsa", chain=["inter-path"]),
    "wrong-name": dict(key="rsa", names=["other.test", "www.other.test"]), "name-in-cn": dict(key="rsa", names=[]),
    "too-deep": dict(key="rsa", names=["*.test"]),
    "wrong-usage": dict(key="rsa", usage="clientAuth"), "sha1": dict(key="rsa", digest="sha1"), "md5": dict(key="rsa", digest="md5"),
    "inter-expired": dict(key="rsa", issuer="inter-expired"), "not-ca": dict(key="rsa", issuer="inter-not-ca"),
    "root-expired": dict(key="rsa", issuer="root-expired", chain=[]),
    "path": dict(key="rsa", issuer="inter-below", chain=["inter-below", "inter-path"]),
    "constrained": dict(key="rsa", issuer="inter-constrained"),
    "critical": dict(key="rsa", extra=[der.extension("unheard-of", b"\x05\x00", critical=True)]),
    "gateway": dict(key="rsa", issuer="gateway-root", chain=["gateway-root"]),
    "must-staple": dict(key="rsa", extra=[der.extension("must-staple", der.sequence(der.integer(5)))]),
    "revoked": dict(key="rsa"), "stapled": dict(key="rsa"), "stale": dict(key="rsa"),
    "root-too": dict(key="rsa", chain=["root", "inter"]), "huge": dict(key="rsa", names=NAMES[:2] + [f"{at:05}.names.good.test" for at in range(6000)]),
    "bad-names": dict(key="rsa", garbled=True),
}
CLIENTS = {
    "client-good": dict(), "client-expired": dict(days=(-400, -2)), "client-not-yet": dict(days=(2, 400)),
    "client-untrusted": dict(issuer="strange-root"), "client-wrong-usage": dict(usage="serverAuth"),
    "client-self-signed": dict(issuer=""),
}
STAPLES = {"revoked": "revoked", "stapled": "good", "stale": "good"}


def run(*command, octets=None):
    done = subprocess.run(command, input=octets, capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def pem(certificate):
    text = base64.encodebytes(certificate).decode().replace("\n", "")
    lines = "\n".join(text[at:at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"


class Maker:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.public, self.authorities, self.serial = {}, {}, 0x1000

    def make_key(self, name):
        kind, *options = KEYS[name]
        path = self.folder / f"key-{name}.pem"
        chosen = [word for option in options for word in ("-pkeyopt", option)]
        run("openssl", "genpkey", "-algorithm", kind, *chosen, "-out", path)
        self.public[name] = run("openssl", "pkey", "-in", path, "-pubout", "-outform", "DER")

    def key_path(self, name):
        return self.folder / f"key-{name}.pem"

    def sign(self, content, key, digest):
        if key == "ed25519":
            raise ValueError("no issuer here has an Ed25519 key")
        kind = "ec" if KEYS[key][0] == "EC" else "rsa"
        return der.signed(content, kind, digest, run("openssl", "dgst", f"-{digest}", "-sign", self.key_path(key), octets=content))

    def key_id(self, key):
        return hashlib.sha1(self.public[key]).digest()

    def certify(self, subject, key, issuer_name, issuer_key, days, extensions, digest="sha256"):
        self.serial += 1
        kind = "ec" if KEYS[issuer_key][0] == "EC" else "rsa"
        extensions = [der.extension("subject-key", der.octets(self.key_id(key))),
                      der.extension("authority-key", der.sequence(der.tlv(0x80, self.key_id(issuer_key))))] + extensions
        content = der.to_be_signed(self.serial, kind, digest, issuer_name, subject, days, self.public[key], extensions)
        return self.sign(content, issuer_key, digest)

    def make_authority(self, name, common, key, issuer, days=(-700, 3000), authority=True, path=None, permitted="",
                       organisation="alert40 recorder"):
        subject = der.name(common, organisation)
        over = self.authorities[issuer] if issuer else (subject, key, b"")
        constraint = ([der.tlv(0x01, b"\xff")] if authority else []) + ([der.integer(path)] if path is not None else [])
        extensions = [der.extension("basic-constraints", der.sequence(*constraint), critical=True),
                      der.extension("key-usage", der.bits(b"\x06" if authority else b"\x80", 1 if authority else 7), critical=True)]
        if permitted:
            subtree = der.sequence(der.tlv(0xA0, der.sequence(der.tlv(0x82, permitted.encode()))))
            extensions.append(der.extension("name-constraints", subtree, critical=True))
        certificate = self.certify(subject, key, over[0], over[1], days, extensions)
        self.authorities[name] = (subject, key, certificate)

    def leaf(self, subject, key, issuer, days, usage, digest, names, extra, garbled=False):
        over = self.authorities[issuer] if issuer else (subject, key, b"")
        extensions = [der.extension("key-usage", der.bits(b"\xa0", 5), critical=True),
                      der.extension("extended-usage", der.sequence(der.oid(usage)))] + extra
        if garbled:  # a GeneralNames whose inner length goes beyond it
            extensions.append(der.extension("names", b"\x30\x0b\x82\x20good.test"))
        elif names:
            extensions.append(der.extension("names", der.alternative_names(names)))
        return self.certify(subject, key, over[0], over[1], days, extensions, digest)

    def make_server(self, name, key, issuer="inter", chain=None, days=VALID, usage="serverAuth", digest="sha256", names=None,
                    extra=(), garbled=False):
        names = NAMES if names is None else names
        common = names[0] if names else "good.test"
        certificate = self.leaf(der.name(common), key, issuer, days, usage, digest, names, list(extra), garbled)
        sent = [issuer] if chain is None else chain
        self.write(name, [certificate] + [self.authorities[each][2] for each in sent], self.key_path(key))

    def make_client(self, name, issuer="client-root", days=VALID, usage="clientAuth"):
        subject = der.name("A client", "alert40 recorder clients")
        self.write(name, [self.leaf(subject, "rsa", issuer, days, usage, "sha256", [], [])], self.key_path("rsa"))

    def write(self, name, certificates, key):
        (self.folder / f"{name}.chain").write_text("".join(pem(each) for each in certificates))
        shutil.copy(key, self.folder / f"{name}.key")

    def staple(self, name, status):
        """An OCSP response of the intermediate itself; "stale" is one that has ended."""
        leaf = (self.folder / f"{name}.chain").read_text().split("-----END")[0] + "-----END CERTIFICATE-----\n"
        paths = {kind: self.folder / f"{name}.{kind}" for kind in ("leaf", "index", "ocsp")}
        paths["leaf"].write_text(leaf)
        serial = run("openssl", "x509", "-in", paths["leaf"], "-noout", "-serial").decode().strip().split("=")[1]
        state = "R\t400101000000Z\t260101000000Z,keyCompromise" if status == "revoked" else "V\t400101000000Z\t"
        paths["index"].write_text(f"{state}\t{serial}\tunknown\t/CN=good.test\n")
        inter = self.folder / "inter.pem"
        span = ["-ndays", "30"]
        command = ["openssl", "ocsp", "-index", paths["index"], "-CA", inter, "-rsigner", inter, "-rkey", self.key_path("inter"),
                   "-issuer", inter, "-cert", paths["leaf"], *span, "-respout", paths["ocsp"]]
        if name == "stale":
            command = ["faketime", "-f", "-90d"] + command
        run(*command)

    def revocation_list(self):
        """Of the intermediate: it has revoked the certificate "revoked"."""
        config = self.folder / "crl.conf"
        index = self.folder / "revoked.index"
        config.write_text(f"[ca]\ndefault_ca=d\n[d]\ndatabase={index}\ndefault_md=sha256\ndefault_crl_days=30\n")
        run("openssl", "ca", "-config", config, "-gencrl", "-cert", self.folder / "inter.pem", "-keyfile", self.key_path("inter"),
            "-out", self.folder / "crl-inter.pem")
        index = self.folder / "none.index"
        index.write_text("")
        config.write_text(f"[ca]\ndefault_ca=d\n[d]\ndatabase={index}\ndefault_md=sha256\ndefault_crl_days=30\n")
        run("openssl", "ca", "-config", config, "-gencrl", "-cert", self.folder / "root.pem", "-keyfile", self.key_path("root"),
            "-out", self.folder / "crl-root.pem")
        both = [(self.folder / f"crl-{each}.pem").read_text() for each in ("inter", "root")]
        (self.folder / "crl.pem").write_text("".join(both))

    def spoil(self):
        """What a server may be given instead of a key and its certificate."""
        good = {kind: (self.folder / f"good.{kind}").read_text() for kind in ("chain", "key")}
        garbled = good["chain"].replace("MII", "MIX", 1)
        for name, chain, key in (("mismatched", good["chain"], self.key_path("other").read_text()),
                                 ("garbled-key", good["chain"], good["key"].replace("MII", "AAAA", 1)),
                                 ("cut-key", good["chain"], good["key"][:400]), ("garbled-chain", garbled, good["key"]),
                                 ("intermediate-first", "".join(self.swapped(good["chain"])), good["key"])):
            (self.folder / f"{name}.chain").write_text(chain)
            (self.folder / f"{name}.key").write_text(key)
        chain = (self.folder / "client-good.chain").read_text()
        (self.folder / "client-mismatched.chain").write_text(chain)
        shutil.copy(self.key_path("other"), self.folder / "client-mismatched.key")

    @staticmethod
    def swapped(chain):
        parts = [each + "-----END CERTIFICATE-----\n" for each in chain.split("-----END CERTIFICATE-----\n") if each]
        return reversed(parts)

    def make(self):
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self.make_key, KEYS))
        for name, settings in AUTHORITIES.items():
            self.make_authority(name, **settings)
            (self.folder / f"{name}.pem").write_text(pem(self.authorities[name][2]))
        for name, settings in SERVERS.items():
            self.make_server(name, **settings)
        for name, settings in CLIENTS.items():
            self.make_client(name, **settings)
        trusted = [self.authorities[each][2] for each in ("root", "root-expired")]
        (self.folder / "ca.pem").write_text("".join(pem(each) for each in trusted))
        shutil.copy(self.folder / "client-root.pem", self.folder / "clientca.pem")
        for name, status in STAPLES.items():
            self.staple(name, status)
        self.revocation_list()
        self.spoil()
        run("openssl", "dhparam", "-dsaparam", "-out", self.folder / "dh1024.pem", "1024")
        for path in self.folder.iterdir():
            path.chmod(0o644)  # Apache and HAProxy read them as other users


def make(folder):
    Maker(folder).make()
    Path(folder).chmod(0o755)
