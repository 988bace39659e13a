// SPDX-License-Identifier: GPL-2.0-or-later
// alert40-check explain ALERT|CAUSE|"error text"|JA4|JA3|CLIENTHELLO
#include "client-checks/commands.h"

#include "certs/hex.h"
#include "client-checks/clients/hello_likeness.h"
#include "client-checks/diagnosis/diagnosis.h"
#include "client-checks/diagnosis/next_test.h"
#include "client-checks/lexicons/vocabulary.h"
#include "scenarios/loader/input_error.h"
#include "server/wire/fingerprint.h"
#include "server/wire/hello_gatherer.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace alert40 {
namespace {

/// The ranked causes of findings, one a line.
void print_ranked(const std::vector<Finding>& findings, const Knowledge& knowledge)
{
    constexpr std::size_t kMost = 10;
    for (std::size_t rank = 0; rank < std::min(findings.size(), kMost); ++rank) {
        const auto page = knowledge.causes.find(findings[rank].cause);
        fmt::print("  {:<34} {}{}\n", findings[rank].cause, name(findings[rank].confidence),
                   page != knowledge.causes.end() ? "; " + page->second.title : "");
    }
    std::vector<std::string> others;
    for (std::size_t rank = kMost; rank < findings.size(); ++rank) others.push_back(findings[rank].cause);
    if (!others.empty()) fmt::print("  and, less likely: {}\n", fmt::join(others, ", "));
}

void print_deciding_test(const std::vector<Finding>& findings, const Knowledge& knowledge)
{
    const auto test = next_test(findings, knowledge.classes, knowledge.causes, false, true);
    if (!test.empty()) fmt::print("\nThe test that decides:\n  {}\n", test);
}

std::vector<Finding> findings_of(const SymptomSet& symptoms, const std::string& library = {},
                                 const std::string& says = {})
{
    Evidence evidence = gather_evidence(nullptr, symptoms, library, says);
    evidence.account = read_account(says);
    evidence.looked_at = std::chrono::system_clock::now();
    return diagnose(evidence);
}

/// What is said of the alert and is not so, from the pages of all causes.
void print_myths_about(const CauseCatalogue& causes, AlertDescription alert)
{
    const auto number = fmt::format("alert {}", static_cast<unsigned>(alert));
    const auto about = [&](const std::string& claim) {
        const auto at = claim.find(number);
        const bool whole =
            at != std::string::npos && (at + number.size() == claim.size() ||
                                        std::isdigit(static_cast<unsigned char>(claim[at + number.size()])) == 0);
        return whole || claim.find(name(alert)) != std::string::npos;
    };
    for (const auto& [id, cause] : causes)
        for (const auto& myth : cause.myths)
            if (about(myth.claim)) fmt::print("\nIt is said: {}\n  {} ({})\n", myth.claim, myth.truth, id);
}

void print_one_direction(std::string_view title, const Symptom& symptom, const Knowledge& knowledge)
{
    const auto findings = findings_of({symptom});
    if (findings.empty()) return;
    fmt::print("\n{}\n", title);
    print_ranked(findings, knowledge);
    print_deciding_test(findings, knowledge);
}

void print_alert(const Knowledge& knowledge, AlertDescription alert)
{
    fmt::print("{}\n\nCauses that the wire can show with it:\n", display_name(alert));
    std::vector<std::pair<std::ptrdiff_t, const Cause*>> found; // how far down the cause's own list the alert stands
    for (const auto& [id, cause] : knowledge.causes) {
        const auto place = std::find(cause.alerts.begin(), cause.alerts.end(), alert);
        if (place != cause.alerts.end()) found.emplace_back(place - cause.alerts.begin(), &cause);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& left, const auto& right) { return left.first < right.first; });
    for (const auto& [rank, cause] : found)
        fmt::print("  {:<34} {} (sent by: {}){}\n", cause->id, cause->title, cause->alert_by,
                   rank == 0 ? "" : ", seldom");
    if (found.empty()) fmt::print("  none in this catalogue\n");
    if (!find_alert_description(name(alert))) return;
    print_one_direction("Where the client received it, and nothing more is known, most likely first:",
                        Symptom::received(alert), knowledge);
    print_one_direction("Where the client sent it, as a server's log tells, most likely first:", Symptom::sent(alert),
                        knowledge);
    print_myths_about(knowledge.causes, alert);
}

/// The classes that this evidence leaves together, and what separates them.
void print_lookalikes(const Cause& cause, const std::vector<IndistinguishableClass>& classes)
{
    for (const auto& each : classes) {
        if (!has_cause(each, cause.id)) continue;
        std::vector<std::string> others;
        for (const auto& other : each.causes)
            if (other.value != cause.id) others.push_back(other.value);
        fmt::print("\nLooks like {}\n  when: {}\n  separate: {}\n", fmt::join(others, ", "), each.when, each.separate);
    }
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

std::string whose(const Voice& voice)
{
    switch (voice.speaker) {
    case Speaker::page:
        return "a server's answer";
    case Speaker::server:
        return voice.name + " as a server";
    case Speaker::client:
        return voice.name;
    case Speaker::library:
        break;
    }
    return voice.name;
}

void print_reading(const Recognition& one)
{
    fmt::print("{}: {}\n", whose(*one.voice), describe(one.reading.symptoms));
    if (one.reading.line != nullptr)
        fmt::print("  as in: {} ({})\n", one.reading.line->example, one.reading.line->seen);
}

/// What it does not mean: the myths of the causes that it can have.
void print_myths_of(const std::vector<Finding>& findings, const CauseCatalogue& causes)
{
    constexpr std::size_t kMost = 3;
    for (std::size_t rank = 0; rank < std::min(findings.size(), kMost); ++rank) {
        const auto page = causes.find(findings[rank].cause);
        if (page == causes.end()) continue;
        for (const auto& myth : page->second.myths) fmt::print("\nIt is said: {}\n  {}\n", myth.claim, myth.truth);
    }
}

/// True where somebody's words are known in the text: the best reading is explained, the others are told.
bool explain_text(const std::string& text, const Knowledge& knowledge, const Vocabulary& words)
{
    const auto known = recognise(words, {text, {}, -1});
    if (known.empty()) return false;
    const auto& best = known.front();
    print_reading(best);
    const bool library = best.voice->speaker == Speaker::library;
    const auto findings = findings_of(best.reading.symptoms, library ? best.voice->name : best.voice->library, text);
    fmt::print("\nBy this text alone it can be, most likely first:\n");
    print_ranked(findings, knowledge);
    if (findings.empty()) fmt::print("  no cause follows from it\n");
    print_deciding_test(findings, knowledge);
    print_myths_of(findings, knowledge.causes);
    if (known.size() > 1) fmt::print("\nOthers who have these words:\n");
    for (const auto& other : std::span(known).subspan(1)) print_reading(other);
    return true;
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
    const auto knowledge = load_knowledge(data);
    const auto& causes = knowledge.causes;
    if (const auto cause = causes.find(what); cause != causes.end()) {
        print_cause(cause->second);
        print_lookalikes(cause->second, knowledge.classes);
        return 0;
    }
    if (const auto alert = parse_alert(what)) {
        print_alert(knowledge, *alert);
        return 0;
    }
    const auto profiles = load_hello_profiles(data);
    if (explain_fingerprint(what, profiles) || explain_hello(what, profiles)) return 0;
    if (explain_text(what, knowledge, load_vocabulary(data, client_files))) return 0;
    std::vector<std::string> known = all_alert_description_names();
    for (const auto& [id, cause] : causes) known.push_back(id);
    throw InputError(
        fmt::format("'{}' is no alert, no cause, no ClientHello, and no lexicon knows it as an error text", what),
        hint_for(what, known));
}

} // namespace alert40
