// SPDX-License-Identifier: GPL-2.0-or-later
// For the faults that change what passes, in either direction.
#pragma once

#include "server/wire/record.h"
#include "server/wire/steps.h"

#include <algorithm>

namespace alert40 {

/// `planned` with each sending and each handing on replaced by as many of the same kind as `pieces` makes of its bytes.
/// pieces: Bytes -> std::vector<Bytes>.
template <class Pieces> WireSteps rewrite(WireSteps planned, Pieces pieces)
{
    WireSteps steps;
    for (auto& step : planned) {
        if (auto* send = std::get_if<Send>(&step))
            for (auto& piece : pieces(std::move(send->bytes))) steps.emplace_back(Send{std::move(piece)});
        else if (auto* on = std::get_if<HandOn>(&step))
            for (auto& piece : pieces(std::move(on->bytes))) steps.emplace_back(HandOn{std::move(piece)});
        else
            steps.push_back(std::move(step));
    }
    return steps;
}

/// `bytes` in pieces of `length` octets, the last may be shorter.
inline std::vector<Bytes> in_pieces(ByteView bytes, std::size_t length)
{
    std::vector<Bytes> pieces;
    for (; !bytes.empty(); bytes = bytes.subspan(std::min(length, bytes.size()))) {
        const auto piece = bytes.first(std::min(length, bytes.size()));
        pieces.emplace_back(piece.begin(), piece.end());
    }
    return pieces;
}

} // namespace alert40
