// SPDX-License-Identifier: GPL-2.0-or-later
// What a client may say before TLS and inside it. The first octet chooses the protocol, the second how the rest is cut.
#include "server/wire/starttls_dialogue.h"

#include <algorithm>
#include <cstdlib>

using namespace alert40;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2) return 0;
    const auto protocol = static_cast<Starttls>(1 + data[0] % 8);
    const std::size_t cut = 1 + data[1] % 64;
    StarttlsDialogue dialogue(protocol, "text");
    bool secured = false;
    for (ByteView rest(data + 2, size - 2); !rest.empty();) {
        const ByteView piece = rest.first(std::min(cut, rest.size()));
        rest = rest.subspan(piece.size());
        const StarttlsAnswer answer = dialogue.feed(piece);
        if (answer.bytes.size() > 64 * StarttlsDialogue::kMostOctets) std::abort(); // an answer is no amplifier
        if (answer.then == StarttlsAnswer::Then::over) return 0;
        if (answer.then == StarttlsAnswer::Then::tls) {
            if (secured) std::abort(); // TLS is granted once
            dialogue.take_left_over();
            dialogue.secured();
            secured = true;
        }
    }
    return 0;
}
