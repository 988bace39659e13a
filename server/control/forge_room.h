// SPDX-License-Identifier: GPL-2.0-or-later
// What scenarios are bound with: the state directory, recipes, personas, the publication. It belongs to the binder's
// thread once that runs.
#pragma once

#include "server/engine/bind.h"
#include "server/engine/publication.h"

#include <list>

namespace alert40 {

class ForgeRoom {
public:
    /// `state`: empty, the default. Throws std::system_error, std::runtime_error, InputError.
    ForgeRoom(const std::filesystem::path& data, const std::filesystem::path& state)
        : data_(data),
          recipes_(load_recipes(data / "certs" / "recipes")),
          personas_(load_personas(data / "server" / "personas"))
    {
        states_.emplace_back(state.empty() ? StateDirectory::default_path() : state, now());
        root_pem_ = states_.front().root_pem();
    }

    BindContext context() { return {states_.back(), recipes_, personas_, now(), data_, &publication_}; }
    /// A root near its end is made anew. What was bound keeps the state directory that it was bound with.
    void renew() { states_.emplace_back(states_.back().path(), now()); }

    const PersonaCatalogue& personas() const { return personas_; }
    const std::filesystem::path& root_pem() const { return root_pem_; }

private:
    static std::chrono::system_clock::time_point now() { return std::chrono::system_clock::now(); }

    std::filesystem::path data_;
    RecipeCatalogue recipes_;
    PersonaCatalogue personas_;
    std::list<StateDirectory> states_;
    std::filesystem::path root_pem_;
    Publication publication_;
};

} // namespace alert40
