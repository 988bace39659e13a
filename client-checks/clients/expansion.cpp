// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/clients/expansion.h"

#include "scenarios/loader/input_error.h"

#include <cerrno>
#include <fmt/format.h>
#include <fstream>
#include <system_error>

namespace alert40 {
namespace {

std::string in_brackets(const std::string& address)
{
    return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

bool mentions(const Option& option, std::string_view placeholder)
{
    for (const auto& [name, value] : option.environment)
        if (value.find(placeholder) != std::string::npos) return true;
    return false;
}

} // namespace

Expansion::Expansion(const ClientDefinition& client, const ClientSettings& wishes, const Target& target)
    : client_(client),
      wishes_(wishes),
      target_(target)
{
}

void Expansion::add(const std::optional<Option>& option, std::string_view what, const OptionValues& values)
{
    if (!option) return skip(fmt::format("{} cannot be asked for {}", client_.name, what));
    if (target_.faketime.empty() && mentions(*option, "{faketime}"))
        return skip(fmt::format("libfaketime is not installed, and {} has no clock of its own", client_.name));
    for (const auto& argument : option->arguments) arguments_.push_back(fill(argument, values));
    fragments_ += fill(option->fragment, values);
    for (const auto& [name, value] : option->environment) environment_.emplace_back(name, fill(value, values));
    for (const auto& [name, content] : option->files) write(name, fill(content, values));
    for (const auto& line : option->settings) settings_ += fill(line, values) + "\n";
}

void Expansion::skip(std::string why)
{
    if (!skip_) skip_ = Skip{std::move(why)};
}

void Expansion::speak(const Dialogue& dialogue)
{
    if (!dialogue.scheme.empty()) scheme_ = dialogue.scheme;
    input_ = dialogue.input;
    add(dialogue.option, {});
}

std::variant<Command, Skip> Expansion::command()
{
    if (skip_) return *skip_;
    write_settings();
    Command command;
    for (const auto& word : client_.argv) {
        if (word == "{wishes}") {
            command.argv.insert(command.argv.end(), arguments_.begin(), arguments_.end());
            continue;
        }
        command.argv.push_back(fill(word));
    }
    for (const auto& [name, value] : client_.environment) command.environment.emplace_back(name, fill(value));
    command.environment.insert(command.environment.end(), environment_.begin(), environment_.end());
    command.input = fill(input_.value_or(client_.input));
    return command;
}

/// In one pass, so that a value that looks like a placeholder is not filled again.
std::string Expansion::fill(std::string_view text, const OptionValues& values) const
{
    std::string filled;
    while (!text.empty()) {
        const auto open = text.find('{');
        const auto close = text.find('}', open);
        filled += text.substr(0, open);
        if (close == std::string_view::npos) return filled += open == std::string_view::npos ? "" : text.substr(open);
        bool known = true;
        const auto value = value_of(text.substr(open + 1, close - open - 1), values, known);
        filled += known ? value : "{";
        text.remove_prefix(known ? close + 1 : open + 1);
    }
    return filled;
}

std::string Expansion::value_of(std::string_view placeholder, const OptionValues& values, bool& known) const
{
    const std::pair<std::string_view, std::string> all[] = {
        {"host", target_.host},
        {"address", in_brackets(target_.host)},
        {"port", fmt::format("{}", target_.port)},
        {"name", target_.name},
        {"ca", target_.ca.string()},
        {"self", target_.self.string()},
        {"bin", target_.bin.string()},
        {"source", target_.source.string()},
        {"build", target_.build.string()},
        {"run", target_.run_directory.string()},
        {"scheme", scheme_},
        {"client_chain", target_.client_chain.string()},
        {"client_key", target_.client_key.string()},
        {"crl", target_.crl.string()},
        {"pin", target_.pin},
        {"pin_hex", target_.pin_hex},
        {"pin_key", target_.pin_key},
        {"clock", fmt::format("{:+}", wishes_.clock.count())},
        {"faketime", target_.faketime.string()},
        {"fragments", fragments_},
        {"list", values.list},
        {"least", values.least},
        {"most", values.most},
    };
    for (const auto& [name, value] : all)
        if (name == placeholder) return value;
    if (placeholder == "hosts") return hosts_file().string();
    if (placeholder.starts_with("file:")) return file_path(placeholder.substr(5)).string();
    known = false;
    return {};
}

std::filesystem::path Expansion::hosts_file() const
{
    write("hosts", fmt::format("{} {}\n", target_.host, target_.name));
    return file_path("hosts");
}

/// Cells share the run directory; the port tells them apart.
std::filesystem::path Expansion::file_path(std::string_view name) const
{
    return target_.run_directory / fmt::format("{}-{}", target_.port, name);
}

void Expansion::write(std::string_view name, const std::string& content) const
{
    const auto path = file_path(name);
    std::error_code ignored; // the file says what is wrong
    if (name.find('/') != std::string_view::npos) std::filesystem::create_directories(path.parent_path(), ignored);
    std::ofstream file(path, std::ios::binary);
    file << content << std::flush;
    if (!file) throw std::system_error(errno, std::generic_category(), "cannot write " + path.string());
}

void Expansion::write_settings()
{
    if (settings_.empty()) return;
    if (!client_.settings)
        throw InputError(fmt::format("the client {} has no [settings] for its options", client_.name));
    std::string text = client_.settings->text;
    constexpr std::string_view kLines = "{settings}";
    if (const auto at = text.find(kLines); at != std::string::npos) text.replace(at, kLines.size(), settings_);
    write(client_.settings->file, text);
    environment_.emplace_back(client_.settings->environment, file_path(client_.settings->file).string());
}

} // namespace alert40
