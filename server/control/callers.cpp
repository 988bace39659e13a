// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/callers.h"

#include "certs/crypto.h"
#include "server/control/problem.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

/// 128 bits, as RFC 6750 section 5.3 and common sense ask for: nobody guesses them.
std::string new_token()
{
    std::string token;
    for (const auto octet : random_bytes(16)) token += fmt::format("{:02x}", octet);
    return token;
}

/// Takes as long for any two of one length, whichever octet differs.
bool same_token(std::string_view left, std::string_view right)
{
    if (left.size() != right.size()) return false;
    unsigned different = 0;
    for (std::size_t index = 0; index < left.size(); ++index)
        different |= static_cast<unsigned>(static_cast<unsigned char>(left[index] ^ right[index]));
    return different == 0;
}

bool is_control(char character)
{
    return static_cast<unsigned char>(character) < 0x20 || character == 0x7f;
}

} // namespace

Callers::Callers() : trainer_(new_token()) {}

std::string Callers::add_learner(const std::string& name)
{
    const bool blank = std::all_of(name.begin(), name.end(), [](char each) { return each == ' '; });
    if (blank || name.size() > kLongestName || std::any_of(name.begin(), name.end(), is_control))
        throw Problem(400, "This is no name",
                      fmt::format("a learner's name has 1 to {} octets and no control characters", kLongestName));
    const std::lock_guard lock(mutex_);
    for (const auto& [known, token] : learners_)
        if (known == name)
            throw Problem(409, "The name is taken", fmt::format("'{}' is here already; choose another name", name));
    if (learners_.size() >= kMostLearners)
        throw Problem(503, "The room is full", fmt::format("{} learners are here", kMostLearners));
    return learners_.emplace_back(name, new_token()).second;
}

std::vector<std::string> Callers::learners() const
{
    const std::lock_guard lock(mutex_);
    std::vector<std::string> names;
    for (const auto& [name, token] : learners_) names.push_back(name);
    return names;
}

std::optional<Caller> Callers::find(std::string_view token) const
{
    if (same_token(token, trainer_)) return Caller{Caller::Kind::trainer, {}};
    const std::lock_guard lock(mutex_);
    for (const auto& [name, known] : learners_)
        if (same_token(token, known)) return Caller{Caller::Kind::learner, name};
    return std::nullopt;
}

} // namespace alert40
