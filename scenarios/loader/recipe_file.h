// SPDX-License-Identifier: GPL-2.0-or-later
// Recipes as data: certs/recipes/<id>.toml, or an inline table in a scenario.
#pragma once

#include "certs/recipe.h"
#include "scenarios/loader/toml_value.h"

#include <map>
#include <nlohmann/json_fwd.hpp>

namespace alert40 {

using RecipeCatalogue = std::map<std::string, ChainRecipe, std::less<>>;

/// All recipes of a folder; the id is the file's stem. Throws InputError.
RecipeCatalogue load_recipes(const std::filesystem::path& folder);

/// One recipe from a table; an unknown key type or defect is an InputError.
ChainRecipe read_recipe(const TomlTable& table);

nlohmann::json recipe_schema();

} // namespace alert40
