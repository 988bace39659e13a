// SPDX-License-Identifier: GPL-2.0-or-later
// alert40-check explain ALERT|CAUSE|"error text"|JA4|JA3|CLIENTHELLO
#include "client-checks/commands.h"

#include "certs/hex.h"
#include "client-checks/clients/hello_likeness.h"
#include "client-checks/diagnosis/next_test.h"
#include "scenarios/loader/input_error.h"
#include "server/wire/fingerprint.h"
#include "server/wire/hello_gatherer.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace alert40 {
namespace {

void print_causes_of(const CauseCatalogue& causes, AlertDescription alert)
{
    fmt::print("{}\n\nCauses that the wire can show with it:\n", display_name(alert));
    std::vector<std::pair<std::ptrdiff_t, const Cause*>> found; // how far down the cause's own list the alert stands
    for (const auto& [id, cause] : causes) {
        const auto place = std::find(cause.alerts.begin(), cause.alerts.end(), alert);
        if (place != cause.alerts.end()) found.emplace_back(place - cause.alerts.begin(), &cause);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& left, const auto& right) { return left.first < right.first; });
    for (const auto& [rank, cause] : found)
        fmt::print("  {:<34} {} (sent by: {}){}\n", cause->id, cause->title, cause->alert_by,
                   rank == 0 ? "" : ", seldom");
    if (found.empty()) fmt::print("  none in this catalogue\n");
}

void print_cause(const Cause& cause)
{
    fmt::print("{}: {}\n\n{}\n\nWhy\n{}\n\nNot this\n{}\n", cause.id, cause.title, cause.what, cause.why,
               cause.not_this);
    if (!cause.alerts.empty()) {
        std::vector<std::string> names;
        for (const auto alert : cause.alerts) names.push_back(display_name(alert));
        fmt::print("\nAlerts (by {}): {}\n", cause.alert_by, fmt::join(names, ", "));
    }
    fmt::print("\nConfirm\n");
    for (std::size_t step = 0; step < cause.confirm.size(); ++step)
        fmt::print("  {}. {}\n     {}\n", step + 1, cause.confirm[step].command, cause.confirm[step].shows);
    if (!cause.scenario.empty()) fmt::print("  To try them: alert40-server serve {}\n", cause.scenario);
    fmt::print("\nFix\n");
    for (const auto& [software, text] : cause.fix) fmt::print("  {:<8} {}\n", software, text);
    for (const auto& myth : cause.myths) fmt::print("\nIt is said: {}\n  {}\n", myth.claim, myth.truth);
}

std::optional<AlertDescription> parse_alert(std::string_view text)
{
    if (auto named = find_alert_description(text)) return named;
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number > 255) return std::nullopt;
    return static_cast<AlertDescription>(number);
}

void print_class(const std::vector<Finding>& findings, const CauseCatalogue& causes)
{
    fmt::print("\nBy this text alone it can be, most likely first:\n");
    for (const auto& finding : findings) {
        const auto cause = causes.find(finding.cause);
        fmt::print("  {:<34} {}{}\n", finding.cause, name(finding.confidence),
                   cause != causes.end() ? "; " + cause->second.title : "");
    }
}

/// Each library's words, and behind them those that clients have of their own.
std::vector<std::pair<std::string, Lexicon>> all_words(const std::filesystem::path& data,
                                                       const std::vector<std::filesystem::path>& client_files)
{
    std::vector<std::pair<std::string, Lexicon>> all;
    for (auto& [library, lexicon] : load_lexicons(data)) all.emplace_back(library, lexicon);
    for (const auto& client : load_clients(data, client_files)) {
        if (!client.says) continue;
        Lexicon own;
        own.library = client.library;
        own.lines = read_lines(*client.says);
        all.emplace_back(client.library == kUnknownLibrary ? client.name : client.library, std::move(own));
    }
    return all;
}

/// True where some library's lexicon knows the text.
bool explain_text(const std::string& text, const std::filesystem::path& data, const CauseCatalogue& causes,
                  const std::vector<std::filesystem::path>& client_files)
{
    const auto classes = load_indistinguishable(data, causes);
    for (const auto& [library, lexicon] : all_words(data, client_files)) {
        const Reading reading = read_output(lexicon, {text, {}, -1});
        if (reading.symptoms.empty()) continue;
        const auto findings = diagnose(gather_evidence(nullptr, reading.symptoms, library, reading.says));
        fmt::print("{}: {}\n", library, describe(reading.symptoms));
        if (reading.line != nullptr) fmt::print("  as in: {} ({})\n", reading.line->example, reading.line->seen);
        print_class(findings, causes);
        const auto test = next_test(findings, classes, causes);
        if (!test.empty()) fmt::print("\nThe test that decides:\n  {}\n", test);
        return true;
    }
    return false;
}

template <class Values> std::string listed(const Values& values)
{
    std::vector<std::string> names;
    for (const auto& value : values) names.push_back(name(value));
    return names.empty() ? "none" : fmt::format("{}", fmt::join(names, " "));
}

void print_hello(const ClientHello& hello)
{
    std::vector<ExtensionType> extensions;
    for (const auto& extension : hello.extensions) extensions.push_back(extension.type);
    fmt::print("  JA4                {}\n  JA3                {}\n", ja4(hello), ja3(hello));
    fmt::print("  versions           {}\n  cipher suites      {}\n  groups             {}\n",
               listed(hello.offered_versions()), listed(hello.cipher_suites), listed(hello.groups()));
    fmt::print("  key shares         {}\n  signature schemes  {}\n", listed(hello.key_share_groups()),
               listed(hello.signature_schemes()));
    fmt::print("  server name        {}\n  ALPN               {}\n  extensions         {}\n",
               hello.server_name().value_or("none"),
               hello.alpn_protocols().empty() ? "none" : fmt::format("{}", fmt::join(hello.alpn_protocols(), " ")),
               listed(extensions));
}

/// A JA4 or JA3 as firewalls log them; false where no recorded client has it.
bool explain_fingerprint(const std::string& text, const std::vector<HelloProfile>& profiles)
{
    std::vector<const HelloProfile*> found;
    if (std::count(text.begin(), text.end(), '_') == 2) found = profiles_of_ja4(profiles, text);
    for (const auto& profile : profiles)
        if (ja3(profile.hello) == text) found.push_back(&profile);
    for (const auto* profile : found) {
        fmt::print("The ClientHello of {}{}\n", profile->title(),
                   text == ja4(profile->hello) || text == ja3(profile->hello) ? "" : ", server name and ALPN apart");
        print_hello(profile->hello);
    }
    return !found.empty();
}

/// The message, or the record with it, as hexadecimal digits; false where `text` is none.
bool explain_hello(const std::string& text, const std::vector<HelloProfile>& profiles)
{
    constexpr std::size_t kShortest = 41; // octets of a ClientHello body with one suite
    const auto bytes = parse_hex(text);
    if (!bytes || bytes->size() < kShortest) return false;
    Bytes stream;
    if (bytes->front() == 1 && bytes->size() < 0x10000) // the message alone: a record around it
        stream = {22, 3, 1, static_cast<std::uint8_t>(bytes->size() >> 8), static_cast<std::uint8_t>(bytes->size())};
    append(stream, *bytes);
    ClientHelloGatherer gatherer;
    const auto status = gatherer.feed(stream);
    if (const auto* error = std::get_if<WireError>(&status)) throw InputError(error->text);
    const auto* gathered = std::get_if<GatheredClientHello>(&status);
    if (gathered == nullptr) return false;
    fmt::print("A ClientHello {}\n", describe(nearest_profile(profiles, gathered->hello)));
    print_hello(gathered->hello);
    return true;
}

} // namespace

int run_explain(const std::filesystem::path& data, const std::string& what,
                const std::vector<std::filesystem::path>& client_files)
{
    const auto causes = load_causes(data);
    if (const auto cause = causes.find(what); cause != causes.end()) {
        print_cause(cause->second);
        return 0;
    }
    if (const auto alert = parse_alert(what)) {
        print_causes_of(causes, *alert);
        return 0;
    }
    const auto profiles = load_hello_profiles(data);
    if (explain_fingerprint(what, profiles) || explain_hello(what, profiles)) return 0;
    if (explain_text(what, data, causes, client_files)) return 0;
    std::vector<std::string> known = all_alert_description_names();
    for (const auto& [id, cause] : causes) known.push_back(id);
    throw InputError(
        fmt::format("'{}' is no alert, no cause, no ClientHello, and no lexicon knows it as an error text", what),
        hint_for(what, known));
}

} // namespace alert40
