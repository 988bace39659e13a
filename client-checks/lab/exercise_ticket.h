// SPDX-License-Identifier: GPL-2.0-or-later
// The ticket of an exercise: what a customer writes, without the word that gives the cause away. A sentence of the
// scenario's story is left out where it holds a word of the cause's id or title that few other causes share.
#pragma once

#include "scenarios/loader/cause.h"
#include "scenarios/loader/scenario.h"

#include <set>

namespace alert40 {

class TicketWriter {
public:
    explicit TicketWriter(const CauseCatalogue& causes);

    /// The words (their stems) that name `cause`: those of its id and title that at most kSharedBy causes have.
    std::set<std::string> telling_words(const Cause& cause) const;

    /// Whether `text` holds one of them.
    bool names(std::string_view text, const Cause& cause) const;

    /// The sentences of the story that do not; may be empty.
    std::string account(const Scenario& scenario, const Cause& cause) const;

    /// The whole ticket: who cannot reach what, and the account unless `without_account`. `client`: as a customer calls
    /// it ("curl 7.88.1"). Never names the cause.
    std::string ticket(const Scenario& scenario, const Cause& cause, std::string_view client, std::string_view address,
                       bool without_account) const;

private:
    static constexpr std::size_t kSharedBy = 5;
    std::map<std::string, std::size_t> causes_with_; // by stem
};

/// Lower-case words of two letters or digits and more, without their endings ("expired" and "expires" are one).
std::vector<std::string> word_stems(std::string_view text);

/// Split behind '.', '!' and '?' where a space follows; quotation marks around the whole are dropped.
std::vector<std::string> sentences(std::string_view text);

} // namespace alert40
