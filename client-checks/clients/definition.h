// SPDX-License-Identifier: GPL-2.0-or-later
// A TLS client as data: client-checks/clients/<name>.toml says how it is started, how each wish of a scenario becomes
// an option of its own, and how its success is recognised. What it cannot express is a skip with the reason.
//
// argv, environment, files and input may hold placeholders: {host} {port} {ca} {name} {self} {run} {client_chain}
// {client_key}, in an option also {list}; {wishes} in argv stands for all the options that the wishes add, and
// {fragments} inside a word for all the fragments (gnutls-cli's priority string).
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
    StringMap files; // written into the run directory; {file:<name>} is their path
};

/// How a list of names becomes {list}.
struct ListStyle {
    std::string separator = ":";
    std::string prefix;               // of each item
    bool openssl_names = false;       // of suites; else IANA's
    StringMap names;                  // our name -> the client's, where they differ
    std::vector<std::string> unknown; // our names that the client does not have
};

/// Suites composed from parts, as GnuTLS's priority strings have them.
struct SuiteParts {
    StringMap key_exchanges; // "ecdhe_ecdsa" -> "+ECDHE-ECDSA"
    StringMap ciphers;       // "AES_128_GCM" -> "+AES-128-GCM"
    StringMap macs;          // "AEAD" -> "+AEAD", "SHA" -> "+SHA1"
};

struct ClientDefinition {
    std::string name; // the file's stem
    std::string title;
    std::string library; // a lexicon
    std::vector<std::string> argv;
    StringMap environment;
    std::string input;
    InputPolicy input_policy;
    std::vector<std::string> version_argv;
    std::optional<std::regex> version_pattern; // its first group is the version
    std::optional<std::regex> connected_pattern;
    std::optional<int> connected_exit_code;

    std::optional<Option> server_name; // with {name}
    std::optional<Option> no_server_name;
    std::vector<std::pair<std::string, Option>> versions; // "1.2", "1.3", "1.2-1.3"
    std::optional<Option> ciphers_tls12;
    std::optional<Option> ciphers_tls13;
    ListStyle cipher_style;
    std::optional<SuiteParts> cipher_parts;
    std::optional<Option> groups;
    ListStyle group_style;
    std::optional<Option> signature_schemes;
    ListStyle signature_scheme_style;
    std::optional<Option> certificate;
    std::optional<TomlValue> manners; // where this client differs from its library; read by the room of the lexicons
};

/// Throws InputError.
ClientDefinition load_client(const std::filesystem::path& path);
std::vector<ClientDefinition> load_clients(const std::filesystem::path& data);

} // namespace alert40
