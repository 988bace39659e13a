// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/captures/conversation.h"

#include "client-checks/diagnosis/hidden_flight.h"

namespace alert40 {
namespace {

/// A handshake has some 20 records, with a session's first requests some more.
constexpr std::size_t kMostRecords = 500;

} // namespace

Conversation::Conversation(const KeyLog& secrets, Time began, bool from_start)
    : secrets_(secrets),
      began_(began),
      from_start_(from_start),
      tap_(Tap::Time{}),
      records_{RecordStream(Direction::client_to_server), RecordStream(Direction::server_to_client)}
{
}

void Conversation::data(Direction direction, ByteView bytes, Time now)
{
    if (is_over()) return;
    looked_at_ += bytes.size();
    if (kind_ == Kind::tls)
        records(direction, bytes, now);
    else
        before_tls(direction, bytes, now);
}

void Conversation::before_tls(Direction direction, ByteView bytes, Time now)
{
    // Records that are no ClientHello's, and nothing came before them: the handshake was before the capture.
    const bool first = kind_ == Kind::open;
    if (first && !from_start_ && begins_record(bytes) && !begins_client_hello(bytes) && !begins_server_hello(bytes)) {
        kind_ = Kind::under_way;
        return;
    }
    const auto answer = before_.feed(direction, bytes);
    switch (answer.verdict) {
    case BeforeTls::Verdict::open:
        kind_ = Kind::plain;
        tap_.plain_text(direction, bytes, since(now));
        return;
    case BeforeTls::Verdict::none:
        kind_ = Kind::other;
        return;
    case BeforeTls::Verdict::tls_reply:
        note_plain_client();
        kind_ = Kind::tls;
        return records(direction, bytes, now);
    case BeforeTls::Verdict::tls:
        tap_.plain_text(direction, bytes.first(answer.plain), since(now));
        kind_ = Kind::tls;
        gatherer_.emplace();
        return records(direction, bytes.subspan(answer.plain), now);
    }
}

void Conversation::records(Direction direction, ByteView bytes, Time now)
{
    if (direction == Direction::client_to_server && gatherer_) gather(bytes);
    records_[index(direction)].feed(bytes, tap_, since(now));
    settle();
}

void Conversation::gather(ByteView bytes)
{
    auto status = gatherer_->feed(bytes);
    if (std::holds_alternative<NeedMore>(status)) return;
    gatherer_.reset();
    if (const auto* error = std::get_if<WireError>(&status)) tap_.client_hello_failed(*error);
    if (auto* not_tls = std::get_if<NotTls>(&status)) tap_.client_not_tls(std::move(*not_tls));
    auto* gathered = std::get_if<GatheredClientHello>(&status);
    if (gathered == nullptr) return;
    for (const auto& entry : secrets_.find(gathered->hello.random)) tap_.secret(entry);
    tap_.client_hello(std::move(gathered->hello), gathered->record_version);
}

/// Application data went both ways, as far as that can be seen: what ends the connection later is no handshake's end.
void Conversation::settle()
{
    const auto& so_far = tap_.transcript();
    const bool done = so_far.phase == Phase::after_application_data || looks_completed(so_far);
    if (done || so_far.events.size() > kMostRecords) kind_ = Kind::settled;
}

void Conversation::missing(Direction direction, std::uint64_t octets, Loss why, Time now)
{
    if (is_over()) return;
    auto& gone = missing_[index(direction)];
    gone.octets += octets;
    ++gone.places;
    if (why == Loss::snap_length) gone.snapped = true;
    if (kind_ != Kind::tls) return;
    if (direction == Direction::client_to_server) gatherer_.reset();
    records_[index(direction)].missing(octets, tap_, since(now));
}

void Conversation::socket(SocketEventKind kind, Time now)
{
    tap_.socket(kind, since(now));
}

void Conversation::note_plain_client()
{
    if (before_.said(Direction::client_to_server).empty()) return;
    ClientHelloGatherer gatherer;
    auto status = gatherer.feed(before_.said(Direction::client_to_server));
    if (auto* not_tls = std::get_if<NotTls>(&status)) tap_.client_not_tls(std::move(*not_tls));
}

Transcript Conversation::take()
{
    auto transcript = tap_.take();
    transcript.started = began_;
    return transcript;
}

} // namespace alert40
