// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/upgrade.h"

#include "client-checks/probes/experiment.h"
#include "client-checks/probes/ldap_answer.h"
#include "client-checks/probes/preparation.h"

#include <fmt/format.h>

#include <algorithm>

namespace alert40 {
namespace {

/// Every stream of XMPP names it in its first tag (RFC 6120, section 4.8.1).
bool speaks_xmpp(std::string_view heard)
{
    return heard.find("http://etherx.jabber.org/streams") != std::string_view::npos;
}

/// Nothing of TLS: no ServerHello, and no alert either.
bool in_no_tls(const Answer& answer)
{
    return !answer.alert && !answer.transcript.server_hello;
}

bool said_nothing(const std::optional<Answer>& answer)
{
    return !answer || answer->text.empty();
}

/// What the server said in clear.
Bytes heard_in(const Transcript& transcript)
{
    Bytes heard;
    for (const auto& event : transcript.events) {
        const auto* words = std::get_if<PlainText>(&event);
        if (words != nullptr && words->direction == Direction::server_to_client) append(heard, words->bytes);
    }
    return heard;
}

void read_ldap(Upgrade& upgrade, ByteView heard)
{
    const auto answer = read_ldap_answer(heard);
    if (answer.reading != LdapReading::answer) return;
    upgrade.end = UpgradeEnd::refused;
    upgrade.said = describe(answer);
}

/// The features are whole and TLS is not among them, or it is and fails (RFC 6120, section 5.4.2.2). An error of the
/// stream, of a host that is not there, is neither.
void read_xmpp(Upgrade& upgrade, const std::string& heard)
{
    const auto has = [&](std::string_view words) { return heard.find(words) != std::string::npos; };
    if (!speaks_xmpp(heard)) return;
    upgrade.end = UpgradeEnd::spoken;
    if (has("</stream:features>") || has("<stream:features/>"))
        upgrade.end = has("<starttls") && !has("<failure") ? UpgradeEnd::agreed : UpgradeEnd::refused;
    for (const std::string_view condition :
         {"host-unknown", "improper-addressing", "policy-violation", "not-authorized"})
        if (has(fmt::format("<{}", condition))) upgrade.said = condition;
}

/// It did not come to TLS: what was it that came?
void read_refusal(Upgrade& upgrade, const Bytes& heard)
{
    if (heard.empty()) return;
    upgrade.end = UpgradeEnd::foreign;
    if (upgrade.protocol == Starttls::ldap)
        read_ldap(upgrade, heard);
    else
        read_xmpp(upgrade, to_text(heard));
}

} // namespace

std::vector<Starttls> worth_asking(const Experiments& made, const std::vector<Answer>& answers,
                                   const LiveTarget& target)
{
    if (target.starttls != Starttls::none || !in_no_tls(made.first())) return {};
    if (!std::all_of(answers.begin(), answers.end(), in_no_tls)) return {};
    const std::string to_hello = to_text(made.first().other_bytes);
    const std::string to_get = made.http ? to_text(made.http->text) : std::string();
    if (speaks_xmpp(to_hello) || speaks_xmpp(to_get)) return {Starttls::xmpp};
    const bool mute = made.first().end != AnswerEnd::not_tls && said_nothing(made.listened) &&
                      said_nothing(made.http) && said_nothing(made.postgres);
    if (!mute) return {};
    return {Starttls::ldap, Starttls::xmpp};
}

asio::awaitable<Upgrade> ask_for_tls(ProbePlace place, Starttls protocol, ProbeHello hello)
{
    Upgrade upgrade;
    upgrade.protocol = protocol;
    Opened opened = co_await open_connection(place.gate, place.target, place.endpoint);
    if (!opened.connection) co_return upgrade;
    ProbeConnection& connection = *opened.connection;
    LiveTarget speaking = place.target;
    speaking.proxy.reset(); // is behind us
    speaking.starttls = protocol;
    const auto deadline = place.gate.answer_deadline();
    const std::string refusal = co_await prepare(connection, speaking, deadline);
    if (!refusal.empty()) {
        read_refusal(upgrade, heard_in(connection.take_transcript()));
        co_return upgrade;
    }
    upgrade.end = UpgradeEnd::agreed;
    auto answer = co_await probe_on(connection, std::move(hello), deadline);
    upgrade.behind = std::move(answer);
    co_return upgrade;
}

std::string describe(const Upgrade& upgrade)
{
    const std::string request = upgrade.protocol == Starttls::ldap ? "LDAP's StartTLS (RFC 4511, section 4.14)"
                                                                   : "XMPP's STARTTLS (RFC 6120, section 5)";
    const std::string said = upgrade.said.empty() ? "" : ": " + upgrade.said;
    switch (upgrade.end) {
    case UpgradeEnd::unanswered:
        return request + " is not answered";
    case UpgradeEnd::foreign:
        return request + " is answered in another protocol";
    case UpgradeEnd::spoken:
        return request + " is answered with a stream that ends before it says whether it has TLS" + said;
    case UpgradeEnd::refused:
        return request + " is refused" + said;
    case UpgradeEnd::agreed:
        if (!upgrade.behind) return request + " is offered";
        return request + " is agreed to, and the ClientHello behind it meets " + describe(*upgrade.behind);
    }
    return {};
}

} // namespace alert40
