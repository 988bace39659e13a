// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/wanted_reports.h"

#include "scenarios/loader/input_error.h"

#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <unistd.h>

namespace alert40 {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& path)
{
    throw std::runtime_error(fmt::format("the report {} cannot be written", path));
}

void check_writable(const WantedReport& report)
{
    if (!report.to_file()) return;
    const auto target = fs::weakly_canonical(report.path);
    if (fs::is_directory(target) || access(target.parent_path().c_str(), W_OK) != 0) refuse(report.path);
}

void write_file(const RunResult& result, const WantedReport& report)
{
    const auto target = report.to_file() ? fs::weakly_canonical(report.path) : fs::path(report.path);
    const auto file = report.to_file() ? fs::path(target.string() + ".part") : target;
    std::ofstream stream(file, std::ios::binary);
    report.format->write(result, {}, stream);
    stream.close();
    std::error_code failed;
    if (stream && file != target) fs::rename(file, target, failed);
    if (!stream || failed) refuse(report.path);
}

} // namespace

bool WantedReport::to_file() const
{
    std::error_code ignored;
    return path != "-" &&
           (!fs::exists(path, ignored) || fs::is_regular_file(path, ignored) || fs::is_directory(path, ignored));
}

std::vector<WantedReport> wanted_reports(const std::vector<std::string>& texts)
{
    std::vector<std::string> names;
    for (const auto& format : all_reports()) names.emplace_back(format.name);
    std::vector<WantedReport> wanted;
    for (const auto& text : texts) {
        const auto equals = text.find('=');
        if (equals == std::string::npos || equals + 1 == text.size())
            throw InputError(fmt::format("'{}' is not FORMAT=PATH", text), "--report junit=result.xml");
        const auto* format = find_report(text.substr(0, equals));
        if (format == nullptr)
            throw InputError(fmt::format("unknown report format '{}'", text.substr(0, equals)),
                             hint_for(text.substr(0, equals), names));
        wanted.push_back({format, text.substr(equals + 1)});
        check_writable(wanted.back());
    }
    return wanted;
}

void write_reports(const RunResult& result, const std::vector<WantedReport>& wanted)
{
    for (const auto& report : wanted) {
        if (report.path == "-")
            report.format->write(result, {}, std::cout);
        else
            write_file(result, report);
    }
}

void write_terminal(const RunResult& result)
{
    const bool colour = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
    find_report("terminal")->write(result, {colour}, std::cout);
}

} // namespace alert40
