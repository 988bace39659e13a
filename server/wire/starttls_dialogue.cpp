// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/starttls_protocols.h"

#include <stdexcept>

namespace alert40 {
namespace {

const StarttlsProtocol& find_protocol(Starttls protocol)
{
    for (const auto* each : {&smtp_protocol(), &imap_protocol(), &pop3_protocol(), &ftp_protocol(),
                             &postgres_protocol(), &mysql_protocol(), &ldap_protocol(), &xmpp_protocol()})
        if (each->protocol == protocol) return *each;
    throw std::logic_error("a dialogue without a protocol");
}

} // namespace

StarttlsDialogue::StarttlsDialogue(Starttls protocol, std::string text) : protocol_(&find_protocol(protocol))
{
    state_.text = std::move(text);
}

Bytes StarttlsDialogue::greeting() const
{
    return protocol_->greeting();
}

void StarttlsDialogue::secured()
{
    state_.secure = true;
    pending_.clear();
}

StarttlsAnswer StarttlsDialogue::feed(ByteView bytes)
{
    append(pending_, bytes);
    StarttlsAnswer all;
    while (!pending_.empty()) {
        const auto length = protocol_->measure(pending_, state_);
        if (!length || *length > kMostOctets || (*length == 0 && pending_.size() > kMostOctets))
            return end_with(std::move(all), protocol_->refusal());
        if (*length == 0 || *length > pending_.size()) return all;
        if (++units_ > kMostUnits) return end_with(std::move(all), protocol_->refusal());
        const Bytes message(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(*length));
        pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(*length));
        auto answer = protocol_->answer(message, state_);
        append(all.bytes, answer.bytes);
        all.then = answer.then;
        if (all.then != StarttlsAnswer::Then::goes_on) return all;
    }
    return all;
}

StarttlsAnswer StarttlsDialogue::end_with(StarttlsAnswer answer, Bytes words)
{
    append(answer.bytes, words);
    answer.then = StarttlsAnswer::Then::over;
    return answer;
}

std::string_view display_name(Starttls protocol)
{
    return protocol == Starttls::none ? "" : find_protocol(protocol).display_name;
}

} // namespace alert40
