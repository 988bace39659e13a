// SPDX-License-Identifier: GPL-2.0-or-later
//! A client on rustls 0.20: verifies chain and name, sends a GET, prints the first line of the answer.
//!
//!     rustls-client --connect ADDRESS --port N --name NAME --ca FILE
//!         [--versions 1.2,1.3] [--ciphers LIST] [--ciphersuites LIST] [--groups LIST] [--schemes LIST]
//!         [--alpn LIST] [--no-sni] [--cert FILE --key FILE] [--resume] [--early-data]
//!
//! `dangerous_configuration` is there for --schemes alone: what is offered is the verifier's to say.

use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::SystemTime;

use rustls::client::{ServerCertVerified, ServerCertVerifier, WebPkiVerifier};
use rustls::{
    Certificate, ClientConfig, ClientConnection, OwnedTrustAnchor, PrivateKey, RootCertStore, ServerName, SignatureScheme, Stream,
    SupportedCipherSuite, SupportedKxGroup, SupportedProtocolVersion, ALL_CIPHER_SUITES, ALL_KX_GROUPS, ALL_VERSIONS,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// rustls's own verifier, with fewer signature schemes.
struct LimitedVerifier {
    webpki: WebPkiVerifier,
    schemes: Vec<SignatureScheme>,
}

impl ServerCertVerifier for LimitedVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &Certificate,
        intermediates: &[Certificate],
        name: &ServerName,
        scts: &mut dyn Iterator<Item = &[u8]>,
        ocsp: &[u8],
        now: SystemTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.webpki.verify_server_cert(end_entity, intermediates, name, scts, ocsp, now)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes.clone()
    }
}

struct Options {
    values: HashMap<String, String>,
}

impl Options {
    fn parse() -> Outcome<Self> {
        let mut values = HashMap::new();
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let value = match word.as_str() {
                "--no-sni" | "--resume" | "--early-data" => String::new(),
                _ => words.next().ok_or_else(|| format!("{word} needs a value"))?,
            };
            values.insert(word, value);
        }
        Ok(Self { values })
    }

    fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    fn get(&self, name: &str) -> Outcome<&str> {
        Ok(self.values.get(name).ok_or_else(|| format!("{name} is missing"))?)
    }

    fn list(&self, name: &str) -> Option<Vec<&str>> {
        self.values.get(name).map(|list| list.split(',').collect())
    }
}

fn iana_name(suite: &SupportedCipherSuite) -> String {
    format!("{:?}", suite.suite()).replace("TLS13_", "TLS_")
}

/// What the two lists name; all of a version's suites where there is no list for it.
fn cipher_suites(options: &Options) -> Vec<SupportedCipherSuite> {
    let wanted = |suite: &SupportedCipherSuite| {
        let list = if matches!(suite, SupportedCipherSuite::Tls13(_)) { "--ciphersuites" } else { "--ciphers" };
        options.list(list).map_or(true, |names| names.contains(&iana_name(suite).as_str()))
    };
    ALL_CIPHER_SUITES.iter().copied().filter(wanted).collect()
}

fn groups(options: &Options) -> Vec<&'static SupportedKxGroup> {
    let named = |group: &&SupportedKxGroup| {
        options.list("--groups").map_or(true, |names| names.contains(&format!("{:?}", group.name).as_str()))
    };
    ALL_KX_GROUPS.iter().copied().filter(named).collect()
}

fn versions(options: &Options) -> Vec<&'static SupportedProtocolVersion> {
    let number = |version: &SupportedProtocolVersion| if *version == rustls::version::TLS13 { "1.3" } else { "1.2" };
    let wanted = options.list("--versions");
    let all = ALL_VERSIONS.iter().copied();
    all.filter(|version| wanted.as_ref().map_or(true, |list| list.contains(&number(version)))).collect()
}

fn certificates(path: &str) -> Outcome<Vec<Certificate>> {
    let chain = rustls_pemfile::certs(&mut BufReader::new(File::open(path)?))?;
    Ok(chain.into_iter().map(Certificate).collect())
}

fn private_key(path: &str) -> Outcome<PrivateKey> {
    use rustls_pemfile::Item::{ECKey, PKCS8Key, RSAKey};
    let mut file = BufReader::new(File::open(path)?);
    while let Some(item) = rustls_pemfile::read_one(&mut file)? {
        if let RSAKey(key) | PKCS8Key(key) | ECKey(key) = item {
            return Ok(PrivateKey(key));
        }
    }
    Err(format!("{path} holds no key").into())
}

/// A root is a name and a key here, as in the crate webpki-roots. The name constraints of a root for tests are left out:
/// webpki 0.22 counts one of DNS names as broken by every subject (name/verify.rs, `_ => Ok(false)` for other kinds).
fn roots(path: &str) -> Outcome<RootCertStore> {
    let mut anchors = Vec::new();
    for root in certificates(path)? {
        let anchor = webpki::TrustAnchor::try_from_cert_der(&root.0)?;
        anchors.push(OwnedTrustAnchor::from_subject_spki_name_constraints(anchor.subject, anchor.spki, None::<Vec<u8>>));
    }
    Ok(RootCertStore { roots: anchors })
}

fn configure(options: &Options) -> Outcome<ClientConfig> {
    let roots = roots(options.get("--ca")?)?;
    let builder = ClientConfig::builder()
        .with_cipher_suites(&cipher_suites(options))
        .with_kx_groups(&groups(options))
        .with_protocol_versions(&versions(options))?;
    let mut config = if options.has("--cert") {
        builder
            .with_root_certificates(roots.clone())
            .with_single_cert(certificates(options.get("--cert")?)?, private_key(options.get("--key")?)?)?
    } else {
        builder.with_root_certificates(roots.clone()).with_no_client_auth()
    };
    if let Some(names) = options.list("--schemes") {
        let known = WebPkiVerifier::verification_schemes().into_iter();
        let schemes = known.filter(|scheme| names.contains(&format!("{scheme:?}").as_str())).collect();
        let verifier = LimitedVerifier { webpki: WebPkiVerifier::new(roots, None), schemes };
        config.dangerous().set_certificate_verifier(Arc::new(verifier));
    }
    if let Some(protocols) = options.list("--alpn") {
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    }
    config.enable_sni = !options.has("--no-sni");
    config.enable_early_data = options.has("--early-data");
    Ok(config)
}

/// Whether the server has answered with a status of success.
fn get(options: &Options, config: &Arc<ClientConfig>) -> Outcome<bool> {
    let name = options.get("--name")?;
    let request = format!("GET / HTTP/1.0\r\nHost: {name}\r\n\r\n");
    let mut connection = ClientConnection::new(config.clone(), ServerName::try_from(name)?)?;
    let mut socket = TcpStream::connect((options.get("--connect")?, options.get("--port")?.parse()?))?;

    let mut sent_early = false;
    if let Some(mut early) = connection.early_data() {
        early.write_all(request.as_bytes())?;
        connection.complete_io(&mut socket)?;
        sent_early = connection.is_early_data_accepted();
    }
    let mut stream = Stream::new(&mut connection, &mut socket);
    if !sent_early {
        stream.write_all(request.as_bytes())?;
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    // An end without close_notify is none of its errors (stream.rs, Stream::read).
    let status = answer.lines().next().ok_or("the server has closed the connection without an answer")?;
    println!("{status}");
    Ok(status.contains(" 200"))
}

fn main() -> Outcome<ExitCode> {
    let options = Options::parse()?;
    let config = Arc::new(configure(&options)?);
    let mut good = get(&options, &config)?;
    if good && options.has("--resume") {
        good = get(&options, &config)?;
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
