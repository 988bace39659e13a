// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/loader/cause.h"

#include "scenarios/loader/codecs.h"
#include "scenarios/loader/data_files.h"

namespace alert40 {

template <> struct Codec<ConfirmStep> {
    static ConfirmStep read(const TomlValue& value)
    {
        static const Fields<ConfirmStep> fields = {
            field("command", &ConfirmStep::command, "What to run").require(),
            field("shows", &ConfirmStep::shows, "What to look for, and what it means").require(),
            field("expect", &ConfirmStep::expect,
                  "A regular expression that its output matches where the cause is here"),
            field("fixed", &ConfirmStep::fixed, "The same once the scenario is fixed"),
            field("scenario", &ConfirmStep::scenario, "The scenario to run it against; else the page's"),
        };
        return read_table(value.as_table(), fields);
    }
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

template <> struct Codec<Myth> {
    static Myth read(const TomlValue& value)
    {
        static const Fields<Myth> fields = {
            field("claim", &Myth::claim, "What is said").require(),
            field("truth", &Myth::truth, "What was measured").require(),
        };
        return read_table(value.as_table(), fields);
    }
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

namespace {

const std::vector<std::string> kSoftware = {"nginx", "apache", "haproxy", "caddy", "envoy",
                                            "java",  "node",   "go",      "client"};

const Fields<Cause>& cause_fields()
{
    static const Fields<Cause> fields = {
        field("title", &Cause::title, "One line").require(),
        field("family", &Cause::family, "The group of causes it belongs to").require(),
        field("alerts", &Cause::alerts, "Alerts that the wire may show for it, the most usual first").require(),
        field("alert_by", &Cause::alert_by, "Who sends them: server, client, either, nobody").require(),
        field("what", &Cause::what, "What happened").require(),
        field("why", &Cause::why, "How systems get there").require(),
        field("not_this", &Cause::not_this, "What it is confused with, and what tells them apart").require(),
        field("scenario", &Cause::scenario, "The scenario that shows it best; the commands are run against it"),
        field("confirm", &Cause::confirm, "What a person would run, in order").require(),
        {"fix", "What to set, by server software, and for the client",
         [](const TomlValue& value, Cause& cause) {
             for (const auto& [software, text] : value.as_table().entries) {
                 if (std::find(kSoftware.begin(), kSoftware.end(), software) == kSoftware.end())
                     throw InputError(text.where, fmt::format("unknown software '{}'", software),
                                      hint_for(software, kSoftware));
                 cause.fix.emplace_back(software, text.as_string());
             }
         },
         [] {
             return nlohmann::json{{"type", "object"}};
         }},
        field("myth", &Cause::myths, "Claims in circulation that are wrong"),
    };
    return fields;
}

struct IndistinguishableFile {
    std::vector<std::string> without_page; // causes that are named before their page is written
    std::vector<IndistinguishableClass> classes;
};

} // namespace

template <> struct Codec<IndistinguishableClass> {
    static IndistinguishableClass read(const TomlValue& value)
    {
        static const Fields<IndistinguishableClass> fields = {
            field("evidence", &IndistinguishableClass::evidence, "text, wire, wire-and-text or live").require(),
            field("when", &IndistinguishableClass::when, "What is seen").require(),
            field("causes", &IndistinguishableClass::causes, "The causes it can mean").require(),
            field("because", &IndistinguishableClass::because, "Why they look the same").require(),
            field("separate", &IndistinguishableClass::separate, "The test that tells them apart").require(),
        };
        return read_table(value.as_table(), fields);
    }
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

CauseCatalogue load_causes(const std::filesystem::path& data)
{
    CauseCatalogue causes;
    for (const auto& path : toml_files(data / "scenarios" / "causes")) {
        if (path.stem() == "indistinguishable") continue;
        Cause cause = read_table(parse_toml_file(path), cause_fields());
        cause.id = path.stem().string();
        causes.emplace(cause.id, std::move(cause));
    }
    return causes;
}

std::vector<IndistinguishableClass> load_indistinguishable(const std::filesystem::path& data,
                                                           const CauseCatalogue& causes)
{
    static const Fields<IndistinguishableFile> fields = {
        field("without_page", &IndistinguishableFile::without_page, "Causes whose pages are still to be written"),
        field("class", &IndistinguishableFile::classes, "One class of causes"),
    };
    const auto path = data / "scenarios" / "causes" / "indistinguishable.toml";
    const auto file = read_table(parse_toml_file(path), fields);
    std::vector<std::string> known = file.without_page;
    for (const auto& [id, cause] : causes) known.push_back(id);
    for (const auto& each : file.classes)
        for (const auto& cause : each.causes)
            if (std::find(known.begin(), known.end(), cause.value) == known.end())
                throw InputError(cause.where, fmt::format("unknown cause '{}'", cause.value),
                                 hint_for(cause.value, known));
    return file.classes;
}

} // namespace alert40
