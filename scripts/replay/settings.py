# SPDX-License-Identifier: GPL-2.0-or-later
"""What was misconfigured -> a scenario: from `configured` and `variant`, and the details from the configuration that the
record quotes, each server software in its own words."""

import re

VERSION_ORDER = ["ssl3.0", "1.0", "1.1", "1.2", "1.3"]

# Words of a variant that name a certificate's key.
KEYS = {"rsa": "rsa-2048", "good": "rsa-2048", "ecdsa": "ec-p256", "p256": "ec-p256", "p384": "ec-p384",
        "p521": "ec-p521", "ed25519": "ed25519", "ed448": "ed448", "k1": "ec-secp256k1", "secp256k1": "ec-secp256k1",
        "rsa3072": "rsa-3072", "rsa4096": "rsa-4096", "rsa1024": "rsa-1024", "weak": "rsa-1024"}

# Words of a variant that name what the server insists on, where its configuration is not quoted.
SUITES = {"camellia": ["ECDHE-RSA-CAMELLIA256-SHA384"], "cbc": ["ECDHE-RSA-AES256-SHA384"], "rc4": ["ECDHE-RSA-RC4-SHA"],
          "3des": ["ECDHE-RSA-DES-CBC3-SHA"], "null": ["ECDHE-RSA-NULL-SHA"], "aria": ["ECDHE-ARIA256-GCM-SHA384"],
          "ccm8": ["TLS_AES_128_CCM_8_SHA256"], "ccm": ["TLS_AES_128_CCM_SHA256"],
          "chacha20": ["TLS_CHACHA20_POLY1305_SHA256"], "static": ["AES128-SHA", "AES256-SHA"],
          "gcm": ["ECDHE-RSA-AES128-GCM-SHA256"]}
GROUPS = {"brainpool": "brainpoolP512r1", "p256": "secp256r1", "p384": "secp384r1", "p521": "secp521r1",
          "x25519": "x25519", "x448": "x448", "secp256k1": "secp256k1", "mlkem": "X25519MLKEM768",
          "ffdhe2048": "ffdhe2048", "ffdhe3072": "ffdhe3072"}
GROUP_NAMES = {"p-256": "secp256r1", "p-384": "secp384r1", "p-521": "secp521r1", "prime256v1": "secp256r1",
               "curvep256": "secp256r1", "curvep384": "secp384r1", "curvep521": "secp521r1"}
KNOWN_GROUPS = {each.lower(): each for each in list(GROUPS.values()) + [
    "secp384r1", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1", "ffdhe4096", "secp224r1", "secp192r1"]}


class Settings:
    """What the server insists on; None: whatever its software does."""

    def __init__(self):
        self.versions = None
        self.ciphers = None
        self.groups = None
        self.alpn = None
        self.certificate = "rsa-2048"  # the key's type; None: no certificate
        self.hosts = []  # the names it answers for; []: every name
        self.refuses_names = False
        self.dh_bits = None
        self.needs_ems = False
        self.old_nginx = False

    def limit(self, least, most):
        at = VERSION_ORDER.index
        self.versions = VERSION_ORDER[at(least):at(most) + 1]


def version_of(word, otherwise=None):
    """"TLSv1.2", "tls1.2", "1.2", "TLSv1", "TLSv1_2_method" -> "1.2"."""
    word = word.strip().lower().replace("_", ".")
    if "ssl" in word and "3" in word:
        return "ssl3.0"
    found = re.search(r"1(?:\.([0-3]))?", word)
    return "1." + (found.group(1) or "0") if found else otherwise


def group_of(word):
    word = word.strip()
    return GROUP_NAMES.get(word.lower()) or KNOWN_GROUPS.get(word.lower()) or word


def key_of(word):
    """The key of a certificate file's name, or a word of a variant; None where it says nothing."""
    stem = re.sub(r"\.(chain|crt|pem|key|p12)$", "", word.rsplit("/", 1)[-1]).lower()
    stem = re.sub(r"^nss_", "", stem)
    return KEYS.get(stem)


# OpenSSL's own order of what is left below TLS 1.2.
OLD_SUITES = ["ECDHE-ECDSA-AES256-SHA", "ECDHE-RSA-AES256-SHA", "ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES128-SHA",
              "AES256-SHA", "AES128-SHA"]


def openssl_suites(text, versions):
    """A cipher string; None where it names whole classes, which are what the software has anyway."""
    if text.startswith("ALL") and versions and max(versions) < "1.2":
        return OLD_SUITES
    names = [each for each in re.split(r"[:, ]", text) if each and not each.startswith(("@", "!", "-", "+"))]
    if not names or any("-" not in each and "_" not in each for each in names):
        return None
    return names


def gnutls_suites(words, versions):
    """From a priority string: cipher and key exchange -> suites of these versions, in its order."""
    if "-CIPHER-ALL" not in words and "-KX-ALL" not in words:
        return None
    ciphers = ["AES-256-GCM", "CHACHA20-POLY1305", "AES-256-CBC", "AES-128-GCM", "AES-128-CBC"]
    exchanges = ["ECDHE-ECDSA", "ECDHE-RSA", "RSA", "DHE-RSA"]
    if "-CIPHER-ALL" in words:
        ciphers = [each[1:] for each in words if re.match(r"\+(AES|CAMELLIA|CHACHA20|3DES|ARCFOUR)", each)]
    if "-KX-ALL" in words:
        exchanges = [each[1:] for each in words if re.match(r"\+(ECDHE|DHE|RSA)", each)]
    macs = {"AES-256-GCM": ["SHA384"], "CAMELLIA-256-GCM": ["SHA384"], "AES-128-GCM": ["SHA256"],
            "CAMELLIA-128-GCM": ["SHA256"], "CHACHA20-POLY1305": ["SHA256"], "AES-128-CCM-8": ["SHA256"],
            "AES-128-CCM": ["SHA256"], "AES-256-CCM": ["SHA384"]}
    suites = []
    for cipher in ciphers:
        name = cipher.replace("-", "_")
        if "1.3" in versions and cipher.startswith(("AES", "CHACHA")) and not cipher.endswith(("CBC", "256-CCM")):
            suites += [f"TLS_{name}_{mac}" for mac in macs[cipher]]
        for exchange in exchanges if versions != ["1.3"] else []:
            start = f"TLS_{exchange.replace('-', '_')}_WITH_{name}"
            if "CCM" in cipher:
                suites += [start] if exchange in ("RSA", "DHE-RSA", "ECDHE-ECDSA") else []
            elif cipher.startswith("CHACHA"):
                suites += [f"TLS_{exchange.replace('-', '_')}_WITH_CHACHA20_POLY1305_SHA256"] if exchange != "RSA" else []
            elif cipher == "3DES-CBC":
                suites.append(f"TLS_{exchange.replace('-', '_')}_WITH_3DES_EDE_CBC_SHA")
            elif cipher == "ARCFOUR-128":
                suites.append(f"TLS_{exchange.replace('-', '_')}_WITH_RC4_128_SHA")
            else:
                suites += [f"{start}_{mac}" for mac in macs.get(cipher, ["SHA"])]
    return suites


def first(pattern, text):
    found = re.search(pattern, text)
    return found.group(1) if found else None


def between(settings, least, most):
    if least or most:
        settings.limit(version_of(least or "1.2"), version_of(most or "1.3"))


def from_nginx(text, settings):
    listed = first(r"ssl_protocols ([^;]+);", text)
    if listed:
        settings.versions = [version_of(each) for each in listed.split()]
    settings.ciphers = suites_of(first(r'ssl_ciphers "?([^";]+)"?;', text), first(r"ssl_conf_command Ciphersuites ([^;]+);", text))
    groups = first(r"ssl_ecdh_curve ([^;]+);", text) or first(r"ssl_conf_command (?:Groups|Curves) ([^;]+);", text)
    settings.groups = groups.split(":") if groups else None
    names = re.findall(r"server_name ([^;]+);", text)
    if "ssl_reject_handshake on" in text:
        # The version is agreed before the name chooses: by the default server, whose ssl_protocols is nginx's own where
        # it is not said (without TLS 1.3 until 1.23.4).
        default = text[text.index("ssl_reject_handshake"):].split("}")[0]
        if "ssl_protocols" not in default and settings.old_nginx:
            settings.versions = ["1.2"]
        settings.hosts, settings.refuses_names = [each for name in names for each in name.split()], True
    note_certificate(settings, first(r"ssl_certificate ([^;]+);", text))
    note_dh(settings, first(r"ssl_dhparam ([^;]+);", text))


def from_apache(text, settings):
    listed = re.search(r"SSLProtocol ([^\n<]+?)(?= SSL| <|\n|$)", text)
    if listed:
        settings.versions = [version_of(each[1:]) for each in listed.group(1).split() if each.startswith("+")] or None
    tls13 = first(r"SSLCipherSuite TLSv1\.3 (\S+)", text)
    settings.ciphers = suites_of(first(r"SSLCipherSuite (?!TLSv1\.3)(\S+)", text), tls13)
    groups = first(r"SSLOpenSSLConfCmd (?:Groups|Curves) (\S+)", text)
    settings.groups = groups.split(":") if groups else None
    if "SSLStrictSNIVHostCheck on" in text:
        settings.hosts, settings.refuses_names = re.findall(r"ServerName (\S+)", text), True
    note_certificate(settings, first(r"SSLCertificateFile (\S+)", text))
    note_dh(settings, first(r"DHParameters (\S+)", text))


def from_haproxy(text, settings):
    between(settings, first(r"ssl-min-ver (\S+)", text), first(r"ssl-max-ver (\S+)", text))
    settings.ciphers = suites_of(first(r"\bciphers (\S+)", text), first(r"ciphersuites (\S+)", text))
    groups = first(r"\bcurves (\S+)", text) or first(r"\becdhe (\S+)", text)
    settings.groups = groups.split(":") if groups else None
    alpn = first(r"\balpn (\S+)", text)
    settings.alpn = alpn.split(",") if alpn else None
    if "strict-sni" in text:
        settings.hosts, settings.refuses_names = ["good.test"], True


def from_stunnel(text, settings):
    between(settings, first(r"sslVersionMin ?= ?(\S+)", text), first(r"sslVersionMax ?= ?(\S+)", text))
    settings.ciphers = suites_of(first(r"\bciphers ?= ?(\S+)", text), first(r"ciphersuites ?= ?(\S+)", text))
    groups = first(r"\bcurves? ?= ?(\S+)", text)
    settings.groups = groups.split(":") if groups else None


def from_hitch(text, settings):
    listed = first(r"tls-protos ?= ?([^\n]+?)(?= [a-z-]+ ?=|\n|$)", text)
    if listed:
        settings.versions = [version_of(each) for each in listed.split()]
    settings.ciphers = suites_of(first(r'\bciphers ?= ?"?([^"\s]+)', text), first(r'ciphersuites ?= ?"?([^"\s]+)', text))
    groups = first(r'ecdh-curve ?= ?"?([^"\s]+)', text)
    settings.groups = groups.split(":") if groups else None
    alpn = first(r'alpn-protos ?= ?"([^"]+)"', text)
    settings.alpn = alpn.split(",") if alpn else None
    if re.search(r"sni-nomatch-abort ?= ?on", text):
        settings.hosts, settings.refuses_names = ["good.test"], True


def from_lighttpd(text, settings):
    between(settings, first(r'MinProtocol" => "([^"]+)', text), first(r'MaxProtocol" => "([^"]+)', text))
    settings.ciphers = suites_of(first(r'CipherString" => "([^"]+)', text) or first(r'ssl\.cipher-list = "([^"]+)', text),
                                 first(r'Ciphersuites" => "([^"]+)', text))
    groups = first(r'(?:Curves|Groups)" => "([^"]+)', text)
    settings.groups = groups.split(":") if groups else None
    note_certificate(settings, first(r'ssl\.pemfile = "([^"]+)', text))
    note_dh(settings, first(r'ssl\.dh-file = "([^"]+)', text))


def from_gnutls(text, settings):
    words = (first(r"--priority (\S+)", text) or "NORMAL").split(":")
    versions = [version_of(each[6:]) for each in words if each.startswith("+VERS-TLS")]
    settings.versions = sorted(set(versions), key=VERSION_ORDER.index) or None
    settings.ciphers = gnutls_suites(words, settings.versions or ["1.2", "1.3"])
    groups = [each[7:].lower() for each in words if each.startswith("+GROUP-")]
    settings.groups = groups or None
    alpn = re.findall(r"--alpn (\S+)", text)
    settings.alpn = alpn if alpn and "--alpn-fatal" in text else None
    if "--sni-hostname-fatal" in text:
        settings.hosts, settings.refuses_names = [first(r"--sni-hostname (\S+)", text)], True
    certificate = first(r"--x509certfile (\S+)", text)
    note_certificate(settings, certificate)
    if certificate is None:
        settings.certificate = None
    note_dh(settings, first(r"--dhparams (\S+)", text))


def from_nss(text, settings):
    span = re.search(r"-V (\S+):(\S+)", text)
    if span:
        between(settings, span.group(1), span.group(2))
    groups = first(r"-I (\S+)", text)
    settings.groups = groups.split(",") if groups else None
    suites = re.findall(r":([0-9A-Fa-f]{4})", first(r" -c (\S+)", text) or "")
    settings.ciphers = [f"0x{each}" for each in suites] or None
    note_certificate(settings, first(r"-[ne] (\S+)", text))


def from_s_server(text, settings):
    left_out = {"-no_tls1": "1.0", "-no_tls1_1": "1.1", "-no_tls1_2": "1.2", "-no_tls1_3": "1.3"}
    words = text.split()
    for flag, version in (("-tls1", "1.0"), ("-tls1_1", "1.1"), ("-tls1_2", "1.2"), ("-tls1_3", "1.3")):
        if flag in words:
            settings.versions = [version]
    if settings.versions is None:
        without = {left_out[each] for each in words if each in left_out}
        settings.versions = [each for each in VERSION_ORDER[1:] if each not in without]
    settings.ciphers = suites_of(first(r" -cipher (\S+)", text), first(r" -ciphersuites (\S+)", text))
    groups = first(r" -(?:curves|groups|named_curve) (\S+)", text)
    settings.groups = groups.split(":") if groups else None
    alpn = first(r" -alpn (\S+)", text)
    settings.alpn = alpn.split(",") if alpn else None
    if "-servername_fatal" in text:
        settings.hosts, settings.refuses_names = [first(r" -servername (\S+)", text)], True
    note_certificate(settings, first(r" -key (\S+)", text))
    if "-nocert" in words:
        settings.certificate = None
    note_dh(settings, first(r" -dhparam (\S+)", text))


def from_program(text, settings):
    """Programs of the recorder itself: key=value words."""
    given = dict(re.findall(r"(?<!\S)(?:-D)?([\w.]+)=(\S+)", text))
    versions = given.get("versions") or given.get("protos")
    if versions:
        settings.versions = sorted({version_of(each) for each in versions.split(",")}, key=VERSION_ORDER.index)
    elif "secure" in given:
        settings.versions = [version_of(given["secure"])]
    else:
        between(settings, given.get("min"), given.get("max"))
    legacy = given.get("c12") or given.get("ciphers")
    settings.ciphers = suites_of(legacy.replace(",", ":") if legacy else None, given.get("c13"), settings.versions)
    groups = given.get("groups") or given.get("jdk.tls.namedGroups")
    settings.groups = re.split(r"[:,]", groups) if groups else None
    settings.alpn = given["alpn"].split(",") if "alpn" in given else None
    if text.startswith("Go ") and settings.alpn is None:
        settings.alpn = ["h2", "http/1.1"]  # net/http's; no persona of ours speaks h2
    if "strict" in given:
        settings.hosts, settings.refuses_names = [given["strict"].replace("\\", "")], True
    file = given.get("cert") or given.get("ks")
    note_certificate(settings, file)
    if file is None and "key" not in given or "nocert" in given or (file and "empty" in file):
        settings.certificate = None
    settings.needs_ems = given.get("jdk.tls.allowLegacyMasterSecret") == "false"
    note_dh(settings, given.get("dh"))


def suites_of(legacy, tls13, versions=None):
    """The lists of both kinds, as one; a version whose list is not said keeps its software's own."""
    named = (openssl_suites(legacy, versions) if legacy else None) or []
    return named + (tls13.split(":") if tls13 else []) or None


def note_certificate(settings, file):
    key = key_of(file) if file else None
    if key:
        settings.certificate = key


def note_dh(settings, file):
    bits = first(r"(\d{3,4})", file) if file else None
    if bits:
        settings.dh_bits = int(bits)


BY_SOFTWARE = (
    (r"nginx|openresty", from_nginx), (r"apache|httpd", from_apache), (r"haproxy", from_haproxy), (r"stunnel", from_stunnel),
    (r"hitch", from_hitch), (r"lighttpd", from_lighttpd), (r"gnutls", from_gnutls), (r"\bnss|selfserv", from_nss),
    (r"s_server|^openssl", from_s_server),
)


def variant_words(record):
    return [word for word in re.split(r"[-_ ]", (record.get("variant") or "").lower()) if word]


def from_variant(record, settings):
    """What `configured` and `variant` say by themselves; the configuration is more exact where it is quoted."""
    configured, words = record["configured"], variant_words(record)
    if "tls12" in words:
        settings.versions = settings.versions or ["1.2"]
    if "tls13" in words and configured not in ("sni-missing", "sni-unknown-name", "alpn-mismatch"):
        settings.versions = settings.versions or ["1.3"]
    for word in words:
        only = re.match(r"server1(\d)only", word)
        if only and settings.versions is None:
            settings.versions = ["1.0", "1.1"] if only.group(1) == "1" else ["1." + only.group(1)]
    if configured.startswith("cipher") and settings.ciphers is None:
        settings.ciphers = next((SUITES[word] for word in words if word in SUITES), None)
    if configured.startswith(("curve", "group")) and settings.groups is None:
        settings.groups = next(([GROUPS[word]] for word in words if word in GROUPS), None)
    if "cert" in words:
        at = words.index("cert")
        settings.certificate = next((KEYS[each] for each in words[:at] if each in KEYS), settings.certificate)
    if configured.startswith("alpn"):
        settings.alpn = settings.alpn or ["x-proto"]
    if configured.startswith("sni") and not settings.refuses_names:
        settings.hosts, settings.refuses_names = ["good.test"], True
    if configured in ("no-server-certificate", "server-certificate-missing"):
        settings.certificate = None
    if configured == "weak-dh" and settings.ciphers is None:
        settings.ciphers = ["DHE-RSA-AES128-GCM-SHA256"]


def settings_of(record):
    """The settings of a record's server."""
    settings = Settings()
    name = record["server"].get("name", "").lower()
    text = record["server"].get("config") or ""
    version = re.search(r"nginx/(\d+)\.(\d+)\.(\d+)", record["server"].get("version") or "")
    settings.old_nginx = bool(version) and tuple(map(int, version.groups())) < (1, 23, 4)
    if text:
        read = next((function for pattern, function in BY_SOFTWARE if re.search(pattern, name)), from_program)
        read(text, settings)
    from_variant(record, settings)
    if settings.groups:
        settings.groups = [group_of(each) for each in settings.groups]
    settings.versions = settings.versions or ["1.2", "1.3"]
    return settings


def quoted(values):
    return "[" + ", ".join(f'"{each}"' for each in values) + "]"


def scenario_text(settings, persona, composed=False):
    """The scenario file that serves these settings in the manners of `persona`; `composed`: by alert40 itself, where the
    TLS stack cannot."""
    lines = ['title = "A recorded server"', 'cause = "none"', 'story = "Recorded."', 'lesson = "Recorded."', "", "[server]",
             f'persona = "{persona}"', f"versions = {quoted(settings.versions)}"]
    if settings.ciphers:
        lines.append(f"ciphers = {quoted(settings.ciphers)}")
    if settings.groups:
        lines.append(f"groups = {quoted(settings.groups)}")
    if settings.alpn:
        lines.append(f"alpn = {quoted(settings.alpn)}")
    if settings.certificate is None:
        lines.append('certificate = "none"')
    else:
        lines.append(f'certificate = {{ summary = "As recorded", purpose = "server", key = "{settings.certificate}" }}')
    if settings.refuses_names:
        hosts = ", ".join(f'{{ name = "{each}" }}' for each in settings.hosts if each)
        lines += [f"hosts = [{hosts}]", 'unknown_name = "refuse"', 'missing_name = "refuse"']
    if settings.ciphers and any(each.startswith(("DHE", "TLS_DHE", "EDH")) for each in settings.ciphers):
        lines.append(f"dh_bits = {settings.dh_bits or 0}")
    if settings.needs_ems:
        lines.append("require_ems = true")
    if composed and settings.certificate is not None:
        lines.append('flight = [{ message = "server_hello" }]')
    return "\n".join(lines + ["", "[expect]", 'ends = "connected"', ""])
