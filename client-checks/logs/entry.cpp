// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/logs/entry.h"

#include <algorithm>
#include <array>

namespace alert40 {
namespace {

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool digits(std::string_view text, std::size_t count)
{
    return text.size() >= count &&
           std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(count), is_digit);
}

bool begins_with_month(std::string_view text)
{
    constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return text.size() > 5 && text[3] == ' ' && (is_digit(text[4]) || (text[4] == ' ' && is_digit(text[5]))) &&
           std::find(kMonths.begin(), kMonths.end(), text.substr(0, 3)) != kMonths.end();
}

/// What stands between `begin` and the next of `ends`; empty where `begin` is not there.
std::string_view part(std::string_view line, std::string_view begin, std::string_view ends)
{
    const auto at = line.find(begin);
    if (at == std::string_view::npos) return {};
    const auto rest = line.substr(at + begin.size());
    return rest.substr(0, std::min(rest.find_first_of(ends), rest.size()));
}

} // namespace

bool begins_entry(std::string_view line)
{
    constexpr std::array<std::string_view, 11> kBegins = {
        "{\"",       "CONNECTED(",    "Error in handshake: ", "Processed ", "*   Trying ",
        "--20",      "Exception in ", "javax.net.ssl.",       "java.net.",  "java.io.",
        "java.lang."};
    const auto begins = [&](std::string_view words) { return line.starts_with(words); };
    if (std::any_of(kBegins.begin(), kBegins.end(), begins)) return true;
    if (line == "ERROR" || (line.starts_with('=') && line.find(" REPORT====") != std::string_view::npos)) return true;
    if (line.starts_with('[')) line.remove_prefix(1);
    constexpr std::string_view kSeparators = "-/.";
    if (digits(line, 4) && line.size() > 4 && kSeparators.find(line[4]) != std::string_view::npos) return true;
    if (digits(line, 8) && line.size() > 8 && line[8] == 'T') return true; // hitch: 20261120T224015
    if (digits(line, 2) && line.size() > 3 && (line[2] == '/' || line[2] == ':')) return true;
    if (line.size() > 5 && (line[0] == 'E' || line[0] == 'W' || line[0] == 'I') && digits(line.substr(1), 4))
        return line[5] == ' '; // klog
    if (begins_with_month(line)) return true;
    return line.size() > 4 && line[3] == ' ' && begins_with_month(line.substr(4)); // "Fri Nov 20"
}

std::string connection_of(std::string_view line)
{
    if (const auto nginx = part(line, "#", " "); nginx.ends_with(':') && digits(nginx, 1))
        if (const auto number = part(line, ": *", " "); digits(number, 1)) return "*" + std::string(number);
    if (const auto apache = part(line, "[pid ", "]"); !apache.empty()) return std::string(apache);
    if (const auto stunnel = part(line, " LOG", ":"); stunnel.size() > 3 && stunnel[1] == '[')
        return std::string(stunnel.substr(1)); // without the level
    if (const auto go = part(line, "TLS handshake error from ", " "); !go.empty()) return std::string(go);
    const auto address = line.substr(0, std::min(line.find(' '), line.size()));
    const bool haproxy = address.find(':') != std::string_view::npos && digits(address, 1) &&
                         line.substr(address.size()).starts_with(" [");
    return haproxy ? std::string(address) : std::string{};
}

bool ends_run(std::string_view line)
{
    return line.starts_with("curl: (") || line.starts_with("Node.js v") || line.starts_with("Unable to establish SSL");
}

bool repeats_report(std::string_view line)
{
    constexpr std::array<std::string_view, 6> kBegins = {"Caused by:",     "\t", " ", "curl: (", "Verify return code",
                                                         "tlsClientError "};
    return std::any_of(kBegins.begin(), kBegins.end(), [&](std::string_view words) { return line.starts_with(words); });
}

bool is_no_failure(std::string_view line)
{
    constexpr std::array<std::string_view, 8> kWords = {"No ALPN negotiated",  "- Options: ",
                                                        "v:NotBefore:",        "Secure Renegotiation IS ",
                                                        "byte(s) sent to TLS", "TLS alert, close notify",
                                                        "TLS alert, warning",  "Verify return code: 0 (ok)"};
    const auto holds = [&](std::string_view words) { return line.find(words) != std::string_view::npos; };
    return line == "closed" || std::any_of(kWords.begin(), kWords.end(), holds);
}

bool is_about_tls(std::string_view line)
{
    constexpr std::array<std::string_view, 6> kWords = {"ssl", "tls", "handshake", "certificate", "x509", "https"};
    const auto equal = [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); };
    return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
        return std::search(line.begin(), line.end(), word.begin(), word.end(),
                           [&](char in_line, char in_word) { return equal(in_word, in_line); }) != line.end();
    });
}

} // namespace alert40
