// SPDX-License-Identifier: GPL-2.0-or-later
// A TLS client as data: client-checks/clients/<name>.toml says how it is started, how each wish of a scenario becomes
// an option of its own, and how its success is recognised. What it cannot express is a skip with the reason.
//
// argv, environment, files and input may hold placeholders: {host} {address} (an IPv6 one in brackets) {port} {ca}
// {name} {self} {here} {run} {scheme} {client_chain} {client_key} {crl} {pin} {pin_hex} {pin_key} {clock} {faketime}
// {hosts} (a file like /etc/hosts that has the name's address) {bin} (where scripts/setup puts clients that are no
// packages), with a program of ours {source} and {build}, in an option also {list}, and for versions {least} and
// {most}; {wishes} in argv stands for all the options that the wishes add, and {fragments} inside a word for all the
// fragments (gnutls-cli's priority string).
#pragma once

#include "client-checks/process/child_process.h"
#include "scenarios/loader/scenario.h"

#include <regex>

namespace alert40 {

using StringMap = std::vector<std::pair<std::string, std::string>>;

/// What a wish adds to the command.
struct Option {
    std::vector<std::string> arguments;
    std::string fragment;
    StringMap environment;
    StringMap files; // written into the run directory, folders in the name made; {file:<name>} is the path
    std::vector<std::string> settings; // lines of the client's settings file
};

/// A file of settings that is written only where an option has lines for it: the OPENSSL_CONF of one run.
struct SettingsFile {
    std::string file;        // its name in the run directory
    std::string environment; // the variable that names its path
    std::string text;        // with {settings} where the lines go
};

/// How a list of names becomes {list}.
struct ListStyle {
    std::string separator = ":";
    std::string prefix;               // of each item
    bool openssl_names = false;       // of suites; else IANA's
    StringMap names;                  // our name -> the client's, where they differ
    std::vector<std::string> unknown; // our names that the client does not have; "*RC4*": all that hold this
    bool each = false;                // the option is added once for each item, not once for the list
};

/// A list that a scenario asks for.
struct ListWish {
    std::optional<Option> option;
    ListStyle style;
    std::vector<std::pair<std::string, Option>> exact; // "h2,http/1.1" -> an option for just this list
};

/// A protocol that is spoken before TLS, as this client speaks it.
struct Dialogue {
    Option option;
    std::string scheme;               // for {scheme}; empty: https
    std::optional<std::string> input; // instead of the client's own
    std::optional<std::regex> connected_pattern;
};

/// How a client connects twice, the second time with the session of the first: a run of its own for each, or one run
/// that does both.
struct ResumeWish {
    std::optional<Option> first;
    std::optional<Option> second;
    std::optional<Option> within;
};

/// A ClientHello of a wished size.
struct HelloSizeWish {
    std::optional<Option> option; // with {list}, names for ALPN that fill it up
    ListStyle style;
    unsigned most = 65'535; // the greatest that the option reaches
};

/// Suites composed from parts, as GnuTLS's priority strings have them.
struct SuiteParts {
    StringMap key_exchanges; // "ecdhe_ecdsa" -> "+ECDHE-ECDSA"
    StringMap ciphers;       // "AES_128_GCM" -> "+AES-128-GCM"
    StringMap macs;          // "AEAD" -> "+AEAD", "SHA" -> "+SHA1"
};

/// How a client is run.
enum class ClientKind {
    command, // a program: its exit status and its words are read
    trytls,  // a TryTLS stub: told HOST PORT CA, its last line is ACCEPT, REJECT or UNSUPPORTED
    trigger, // a device that a GET of `url` starts; the wire and the HTTP answer are judged
    manual,  // somebody at a terminal, who is told what to open and asked what was seen
};

constexpr std::string_view kUnknownLibrary = "unknown"; // has no lexicon: its manners are not known

/// A small program of ours, for a library that ships no client; in client-checks/clients/programs.
struct Program {
    std::string source;               // the file's name; {source} is its path
    std::vector<std::string> also;    // further files that it needs, beside it
    std::vector<std::string> compile; // run once for each state of the files; {build} is a folder for what it makes
    /// A command that serves many runs in one process: the client's argv up to its first option, and an option that
    /// says so (process/warm_worker.h). Empty: each run is a process of its own.
    std::vector<std::string> warm;
};

struct ClientDefinition {
    std::string name; // the file's stem
    std::filesystem::path path;
    SourcePos where;
    ClientKind kind = ClientKind::command;
    std::vector<std::string> packages; // Debian's, that bring it
    std::vector<std::string> needed;   // programs and files that it needs beside argv's first
    std::string title;
    std::string library{kUnknownLibrary}; // a lexicon
    std::optional<Program> program;
    std::vector<std::string> argv;                    // of a trigger its url, of a manual client what is to be opened
    std::string listen;                               // our address that a device can reach; empty: loopback
    std::optional<std::chrono::milliseconds> timeout; // instead of the checker's, where it needs longer
    StringMap environment;
    std::string input;
    InputPolicy input_policy;
    std::vector<std::string> version_argv;
    std::optional<std::regex> version_pattern; // its first group is the version
    std::optional<std::regex> connected_pattern;
    std::optional<int> connected_exit_code;

    std::optional<Option> server_name; // with {name}
    std::optional<Option> no_server_name;
    ListWish versions;
    std::optional<Option> legacy; // beside versions, suites and signature schemes that clients have switched off since
    std::optional<Option> ciphers_tls12;
    std::optional<Option> ciphers_tls13;
    ListStyle cipher_style;
    std::optional<SuiteParts> cipher_parts;
    ListWish groups;
    ListWish signature_schemes;
    ListWish alpn;
    std::optional<Option> certificate;
    std::vector<std::pair<std::string, Dialogue>> starttls; // by protocol
    ResumeWish resume;
    std::optional<Option> early_data;
    std::optional<Option> clock;
    std::vector<std::pair<std::string, Option>> revocation; // "staple", "crl"
    std::optional<Option> pin;
    std::optional<Option> require_extended_master_secret;
    std::optional<Option> no_extended_master_secret;
    std::optional<Option> fallback_scsv;
    HelloSizeWish hello_size;
    std::vector<std::pair<std::string, Option>> misconfigured; // by the scenario's word
    std::optional<SettingsFile> settings;
    std::vector<Deviation> differs;   // where it differs from what many scenarios expect
    std::optional<TomlValue> says;    // its own words, before its library's; read by the room of the lexicons
    std::optional<TomlValue> manners; // where this client differs from its library; read by the room of the lexicons
};

/// Throws InputError.
ClientDefinition load_client(const std::filesystem::path& path);

/// The clients of `data`, and beside them those of `more`, each a file or a folder of them. Throws InputError also
/// where one of `more` is not there, or two files have one name.
std::vector<ClientDefinition> load_clients(const std::filesystem::path& data,
                                           const std::vector<std::filesystem::path>& more = {});

} // namespace alert40
