// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lexicons/lexicon.h"

#include "client-checks/lexicons/line_search.h"
#include "client-checks/lexicons/needed_literals.h"
#include "scenarios/loader/data_files.h"
#include "scenarios/loader/fields.h"

#include <algorithm>
#include <charconv>

namespace alert40 {

template <> struct Codec<Symptom> {
    static Symptom read(const TomlValue& value)
    {
        return read_name(value, "symptom", Symptom::parse, all_symptom_names());
    }
    static nlohmann::json schema() { return {{"type", "string"}}; }
};

template <> struct Codec<int> {
    static int read(const TomlValue& value) { return static_cast<int>(read_integer(value, 0, 255)); }
    static nlohmann::json schema() { return {{"type", "integer"}, {"minimum", 0}, {"maximum", 255}}; }
};

template <> struct Codec<AlertCapture> {
    static AlertCapture read(const TomlValue& value)
    {
        const auto find = [](std::string_view name) -> std::optional<AlertCapture> {
            if (name == "number") return AlertCapture::number;
            if (name == "openssl-reason") return AlertCapture::openssl_reason;
            if (name == "name") return AlertCapture::name;
            return std::nullopt;
        };
        return read_name(value, "way to read an alert", find, {"number", "openssl-reason", "name"});
    }
    static nlohmann::json schema() { return {{"type", "string"}}; }
};

template <> struct Codec<LexiconLine> {
    static LexiconLine read(const TomlValue& value)
    {
        static const Fields<LexiconLine> fields = {
            {"pattern", "A regular expression that the client's text matches",
             [](const TomlValue& text, LexiconLine& line) {
                 try {
                     line.pattern.emplace(text.as_string(), std::regex::ECMAScript | std::regex::optimize);
                     line.pattern_text = text.as_string();
                     line.literals = needed_literals(line.pattern_text);
                     line.at_begin = line.pattern_text.starts_with('^') && needed_ways(line.pattern_text).size() == 1;
                 } catch (const std::regex_error& error) {
                     throw InputError(text.where, fmt::format("not a regular expression: {}", error.what()));
                 }
             },
             [] {
                 return nlohmann::json{{"type", "string"}};
             }},
            field("exit_code", &LexiconLine::exit_code, "The client's exit status"),
            field("alert", &LexiconLine::alert, "The pattern's first group is an alert that was received"),
            field("sent", &LexiconLine::sent, "The alert is one that the client sent"),
            field("status", &LexiconLine::status, "The pattern's first group is an HTTP status"),
            field("means", &LexiconLine::means, "All that it can mean"),
            field("example", &LexiconLine::example, "A text that matches").require(),
            field("seen", &LexiconLine::seen, "Where it was seen").require(),
        };
        LexiconLine line = read_table(value.as_table(), fields);
        line.where = value.where;
        if (!line.pattern && !line.exit_code) throw InputError(value.where, "a line needs a pattern or an exit_code");
        const int ways =
            (line.means.empty() ? 0 : 1) + (line.alert == AlertCapture::none ? 0 : 1) + (line.status ? 1 : 0);
        if (ways != 1)
            throw InputError(value.where, "a line says either what it means or how its alert or status is read");
        return line;
    }
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

namespace {

Manner read_manner(const TomlValue& value)
{
    const std::string& text = value.as_string();
    if (text == "close") return {Manner::Kind::close, {}};
    if (text == "reset") return {Manner::Kind::reset, {}};
    if (text == "accepts") return {Manner::Kind::accepts, {}};
    if (text.starts_with("alert:"))
        if (const auto alert = find_alert_description(text.substr(6))) return {Manner::Kind::alert, *alert};
    throw InputError(value.where, fmt::format("unknown manner '{}'", text),
                     "alert:<RFC name>, close, reset or accepts");
}

std::optional<int> number(const std::string& digits, int base)
{
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

/// "handshake failure ", "Handshake Failure" -> "handshake_failure": the texts of OpenSSL, Go and Erlang differ from
/// the RFC's names in that alone, and Erlang's "Unrecognised Name" in a letter.
std::string spelt_as_rfc(std::string text)
{
    while (!text.empty() && text.back() == ' ') text.pop_back();
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        if (c == ' ') return '_';
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text == "unrecognised_name" ? "unrecognized_name" : text;
}

std::optional<AlertDescription> alert_of_number(AlertCapture capture, const std::string& digits)
{
    constexpr int kOpensslAlertBase = 1000; // openssl/ssl.h: SSL_AD_REASON_OFFSET
    const bool openssl = capture == AlertCapture::openssl_reason;
    auto value = number(digits, openssl ? 16 : 10);
    if (value && openssl) *value -= kOpensslAlertBase;
    if (!value || *value < 0 || *value > 255) return std::nullopt;
    return static_cast<AlertDescription>(*value);
}

std::optional<Symptom> captured_alert(const LexiconLine& line, const std::string& text)
{
    const auto symptom = [&](AlertDescription alert) {
        return line.sent ? Symptom::sent(alert) : Symptom::received(alert);
    };
    if (line.alert == AlertCapture::name) {
        const auto alert = find_alert_description(spelt_as_rfc(text));
        return alert ? std::optional(symptom(*alert)) : std::nullopt;
    }
    const auto numbered = alert_of_number(line.alert, text);
    if (!numbered) return std::nullopt;
    if (const auto known = find_alert_description(name(*numbered))) return symptom(*known);
    return Symptom::parse(line.sent ? "alert-sent:unspecified" : "alert-received:unspecified");
}

std::optional<Reading> match(const LexiconLine& line, std::string_view text)
{
    if (!may_match(text, line.literals)) return std::nullopt;
    const auto found = search_lines(text, *line.pattern, line.at_begin);
    if (!found) return std::nullopt;
    if (line.status) {
        const auto status = Symptom::parse("http-status:" + found->group);
        return status ? std::optional(Reading{{*status}, found->line, &line, found->words}) : std::nullopt;
    }
    if (line.alert == AlertCapture::none) return Reading{line.means, found->line, &line, found->words};
    const auto alert = captured_alert(line, found->group);
    if (!alert) return std::nullopt;
    return Reading{{*alert}, found->line, &line, found->words};
}

std::optional<Reading> match(const LexiconLine& line, const ClientOutput& output)
{
    if (line.exit_code && *line.exit_code != output.exit_code) return std::nullopt;
    if (!line.pattern) return Reading{line.means, fmt::format("exit status {}", output.exit_code), &line, {}};
    if (auto found = match(line, output.output)) return found;
    return match(line, output.errors);
}

std::vector<std::string> names_of(const std::map<std::string, Lexicon, std::less<>>& lexicons)
{
    std::vector<std::string> names;
    for (const auto& [name, lexicon] : lexicons) names.push_back(name);
    return names;
}

/// The lexicon with all that it is like.
Lexicon joined(Lexicon lexicon, const std::map<std::string, Lexicon, std::less<>>& all)
{
    for (Located<std::string> like = lexicon.like; !like.value.empty();) {
        const auto found = all.find(like.value);
        if (found == all.end())
            throw InputError(like.where, fmt::format("no lexicon is called '{}'", like.value),
                             hint_for(like.value, names_of(all)));
        const Lexicon& base = found->second;
        if (std::find(lexicon.lineage.begin(), lexicon.lineage.end(), base.library) != lexicon.lineage.end())
            throw InputError(like.where, fmt::format("{} is like itself", base.library));
        lexicon.lineage.insert(lexicon.lineage.begin(), base.library);
        lexicon.lines.insert(lexicon.lines.end(), base.lines.begin(), base.lines.end());
        if (!lexicon.manners.contains(kEveryReason)) lexicon.manners.insert(base.manners.begin(), base.manners.end());
        lexicon.differs.insert(lexicon.differs.begin(), base.differs.begin(), base.differs.end());
        like = base.like;
    }
    return lexicon;
}

} // namespace

Manners read_manners(const TomlValue& value)
{
    Manners manners;
    for (const auto& [key, manner] : value.as_table().entries) {
        if (key != kEveryReason && !Symptom::parse(key))
            throw InputError(manner.where, fmt::format("unknown symptom '{}'", key),
                             hint_for(key, all_symptom_names()));
        manners.emplace(key, read_manner(manner));
    }
    return manners;
}

std::vector<LexiconLine> read_lines(const TomlValue& value)
{
    return Codec<std::vector<LexiconLine>>::read(value);
}

Lexicon load_lexicon(const std::filesystem::path& path)
{
    static const auto object = [] { return nlohmann::json{{"type", "object"}}; };
    static const Fields<Lexicon> fields = {
        field("like", &Lexicon::like, "Another lexicon, that this one adds to"),
        field("marks", &Lexicon::marks, "Patterns of lines that only the server's side writes"),
        field("says", &Lexicon::lines, "What a text means, in order of precedence"),
        {"manners", "What the library does on the wire for each reason to reject",
         [](const TomlValue& value, Lexicon& lexicon) { lexicon.manners = read_manners(value); }, object},
        {"differs", "Where it differs from what many scenarios expect",
         [](const TomlValue& value, Lexicon& lexicon) { lexicon.differs = read_deviations(value); }, object},
    };
    Lexicon lexicon = read_table(parse_toml_file(path), fields);
    lexicon.library = path.stem().string();
    lexicon.lineage = {lexicon.library};
    return lexicon;
}

std::map<std::string, Lexicon, std::less<>> load_lexicons(const std::filesystem::path& data)
{
    std::map<std::string, Lexicon, std::less<>> alone;
    for (const auto& path : toml_files(data / "client-checks" / "lexicons")) {
        Lexicon lexicon = load_lexicon(path);
        alone.emplace(lexicon.library, std::move(lexicon));
    }
    std::map<std::string, Lexicon, std::less<>> lexicons;
    for (const auto& [library, lexicon] : alone) lexicons.emplace(library, joined(lexicon, alone));
    return lexicons;
}

Reading read_line(const LexiconLine& line, const ClientOutput& output)
{
    return match(line, output).value_or(Reading{});
}

Reading read_output(const Lexicon& lexicon, const ClientOutput& output)
{
    for (const auto& line : lexicon.lines)
        if (auto reading = match(line, output)) return std::move(*reading);
    return {};
}

} // namespace alert40
