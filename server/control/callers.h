// SPDX-License-Identifier: GPL-2.0-or-later
// Who speaks to the control API: the trainer, a learner by name, or nobody in particular. A token says it
// ("Authorization: Bearer TOKEN", RFC 6750 section 2.1); tokens live as long as the process.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

struct Caller {
    enum class Kind { nobody, learner, trainer };
    Kind kind = Kind::nobody;
    std::string name; // of a learner

    bool is_trainer() const { return kind == Kind::trainer; }
    /// What is owned by `owner` (a learner's name; empty: the trainer's) may be changed by this caller.
    bool may_change(const std::string& owner) const
    {
        return is_trainer() || (kind == Kind::learner && !owner.empty() && owner == name);
    }
};

/// The tokens of one process. Any thread may use it.
class Callers {
public:
    static constexpr std::size_t kMostLearners = 200;
    static constexpr std::size_t kLongestName = 40; // octets

    Callers();

    const std::string& trainer_token() const { return trainer_; }

    /// A new learner's token. Throws Problem: 400 for a name that is empty, too long or holds control characters, 409
    /// for one that is taken, 503 where there are kMostLearners.
    std::string add_learner(const std::string& name);
    /// The learners' names, in order of arrival.
    std::vector<std::string> learners() const;

    /// nullopt: nobody holds this token.
    std::optional<Caller> find(std::string_view token) const;

private:
    std::string trainer_;
    mutable std::mutex mutex_;
    std::vector<std::pair<std::string, std::string>> learners_; // name, token
};

} // namespace alert40
