// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/loader/recipe_file.h"

#include "certs/defects.h"
#include "scenarios/loader/codecs.h"
#include "scenarios/loader/data_files.h"

namespace alert40 {

template <> struct Codec<KeyType> {
    static std::vector<std::string> names()
    {
        std::vector<std::string> all;
        for (const auto type : {KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521, KeyType::ec_secp256k1,
                                KeyType::ed25519, KeyType::ed448, KeyType::rsa_512, KeyType::rsa_1024,
                                KeyType::rsa_2048, KeyType::rsa_3072, KeyType::rsa_4096})
            all.emplace_back(name(type));
        return all;
    }
    static KeyType read(const TomlValue& value) { return read_name(value, "key type", find_key_type, names()); }
    static nlohmann::json schema() { return names_schema(names()); }
};

template <> struct Codec<CertificatePurpose> {
    static CertificatePurpose read(const TomlValue& value)
    {
        const auto find = [](std::string_view name) {
            if (name == "server") return std::optional(CertificatePurpose::server);
            return name == "client" ? std::optional(CertificatePurpose::client) : std::nullopt;
        };
        return read_name(value, "purpose", find, {"server", "client"});
    }
    static nlohmann::json schema() { return names_schema({"server", "client"}); }
};

namespace {

std::vector<std::string> defect_names()
{
    std::vector<std::string> names;
    for (const auto& defect : all_defects()) names.emplace_back(defect.name);
    return names;
}

/// Every defect with what it does.
nlohmann::json defect_schema()
{
    nlohmann::json alternatives = nlohmann::json::array();
    for (const auto& defect : all_defects())
        alternatives.push_back({{"const", defect.name}, {"description", defect.summary}});
    return {{"type", "string"}, {"oneOf", alternatives}};
}

const Fields<ChainRecipe>& recipe_fields()
{
    static const Fields<ChainRecipe> fields = {
        field("summary", &ChainRecipe::summary, "One sentence"),
        field("purpose", &ChainRecipe::purpose, "Whose certificate it is").or_else("server"),
        field("key", &ChainRecipe::key, "Type of the leaf's key; the issuers always have P-256").or_else("ec-p256"),
        {"defect", "The one thing that is wrong with the chain",
         [](const TomlValue& value, ChainRecipe& recipe) {
             const auto find = [](std::string_view name) {
                 return find_defect(name) != nullptr ? std::optional(std::string(name)) : std::nullopt;
             };
             recipe.defect = read_name(value, "defect", find, defect_names());
         },
         [] { return defect_schema(); }},
        field("publishes", &ChainRecipe::publishes,
              "Whether the leaf says where its issuer, CRL and OCSP responder are"),
        field("must_staple", &ChainRecipe::must_staple, "Whether the leaf demands a staple (RFC 7633)"),
    };
    return fields;
}

} // namespace

ChainRecipe read_recipe(const TomlTable& table)
{
    return read_table(table, recipe_fields());
}

nlohmann::json recipe_schema()
{
    return schema_of(recipe_fields());
}

RecipeCatalogue load_recipes(const std::filesystem::path& folder)
{
    RecipeCatalogue catalogue;
    for (const auto& path : toml_files(folder)) {
        ChainRecipe recipe = read_recipe(parse_toml_file(path));
        recipe.id = path.stem().string();
        catalogue.emplace(recipe.id, std::move(recipe));
    }
    return catalogue;
}

} // namespace alert40
