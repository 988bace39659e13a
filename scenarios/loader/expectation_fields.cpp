// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/loader/scenario_fields.h"

namespace alert40 {

template <> struct Codec<Ending> {
    static Ending read(const TomlValue& value) { return read_name(value, "ending", find_ending, all_ending_names()); }
    static nlohmann::json schema() { return names_schema(all_ending_names()); }
};

template <> struct Codec<Phase> {
    static Phase read(const TomlValue& value) { return read_name(value, "phase", find_phase, all_phase_names()); }
    static nlohmann::json schema() { return names_schema(all_phase_names()); }
};

namespace {

/// What both an exception and a deviation say.
Fields<ExpectationException> difference_fields()
{
    return {
        field("because", &ExpectationException::because, "Why: source line, tracker, or measurement").require(),
        field("skip", &ExpectationException::skip, "Nothing can be shown for it here: why"),
        field("ends", &ExpectationException::ends, "As in [expect]"),
        field("alert", &ExpectationException::alert, "As in [expect]"),
        field("alert_level", &ExpectationException::alert_level, "As in [expect]"),
        field("phase", &ExpectationException::phase, "As in [expect]"),
        field("symptom", &ExpectationException::symptom, "As in [expect]"),
        field("resumed", &ExpectationException::resumed, "As in [expect]"),
    };
}

const Fields<ExpectationException>& exception_fields()
{
    static const Fields<ExpectationException> table = [] {
        auto fields = difference_fields();
        fields.push_back(field("name", &ExpectationException::name, "Which library, or which client").require());
        return fields;
    }();
    return table;
}

} // namespace

template <> struct Codec<ExpectationException> {
    static ExpectationException read(const TomlValue& value)
    {
        return read_table(value.as_table(), exception_fields());
    }
    static nlohmann::json schema() { return schema_of(exception_fields()); }
};

namespace {

const Fields<Expectation>& expectation_fields()
{
    static const Fields<Expectation> fields = {
        field("ends", &Expectation::ends, "What the wire and the symptom say together").require(),
        field("alert", &Expectation::alert, "The alert that ends it"),
        field("alert_level", &Expectation::alert_level, "Its level; fatal where it is not said"),
        field("phase", &Expectation::phase, "The last message that completed"),
        field("symptom", &Expectation::symptom, "What the client reports, where it does not follow from ends"),
        field("resumed", &Expectation::resumed, "Whether the wire shows an abbreviated handshake"),
        field("failing", &Expectation::failing,
              "Which of client.connections fail, counted from 1; the others connect; absent: all fail"),
        field("library", &Expectation::library, "How one library differs, with the reason"),
        field("client", &Expectation::client, "How one client differs, with the reason"),
    };
    return fields;
}

} // namespace

std::vector<Deviation> read_deviations(const TomlValue& value)
{
    static const Fields<Deviation> table = [] {
        Fields<Deviation> fields = {field("scenarios", &Deviation::scenarios, "Ids, * for any text").require()};
        for (const auto& each : difference_fields())
            fields.push_back(
                {each.key, each.summary,
                 [read = each.read](const TomlValue& item, Deviation& deviation) { read(item, deviation.differs); },
                 each.schema, each.required});
        return fields;
    }();
    std::vector<Deviation> deviations;
    for (const auto& each : value.as_array()) {
        deviations.push_back(read_table(each.as_table(), table));
        deviations.back().differs.name.where = each.where;
    }
    return deviations;
}

Expectation read_expectation(const TomlValue& value)
{
    Expectation expectation = read_table(value.as_table(), expectation_fields());
    expectation.where = value.where;
    if (expectation.ends == Ending::server_alert && !expectation.alert)
        throw InputError(value.where, "ends = \"server-alert\" needs the alert", "alert = \"handshake_failure\"");
    if (expectation.ends == Ending::client_rejects && !expectation.symptom)
        throw InputError(value.where, "ends = \"client-rejects\" needs what the client concludes",
                         "symptom = \"verify:expired\"");
    if (expectation.ends == Ending::client_rejects && expectation.phase)
        throw InputError(value.where, "ends = \"client-rejects\" has no phase",
                         "the client's library decides when it rejects");
    if (expectation.ends == Ending::http_refuses && !expectation.symptom)
        throw InputError(value.where, "ends = \"http-refuses\" needs the status", "symptom = \"http-status:400\"");
    return expectation;
}

nlohmann::json expectation_schema()
{
    return schema_of(expectation_fields());
}

} // namespace alert40
