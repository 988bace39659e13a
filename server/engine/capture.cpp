// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/capture.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace alert40 {
namespace {

[[noreturn]] void fail(const std::string& what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

/// All of `bytes`; false with errno where the file takes no more.
bool write_all(int descriptor, ByteView bytes)
{
    while (!bytes.empty()) {
        const auto count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

} // namespace

CaptureDirectory::CaptureDirectory(std::filesystem::path path) : path_(std::move(path))
{
    const auto what = fmt::format("captures cannot be written into {}", path_.string());
    std::error_code error;
    if (std::filesystem::create_directories(path_, error))
        std::filesystem::permissions(path_, std::filesystem::perms::owner_all, error);
    if (error) throw std::system_error(error, what);
    auto probe = (path_ / ".probe-XXXXXX").string(); // only writing tells: permissions say nothing to root
    const int descriptor = ::mkostemp(probe.data(), O_CLOEXEC);
    if (descriptor < 0) fail(what);
    ::close(descriptor);
    ::unlink(probe.c_str());
}

std::filesystem::path CaptureDirectory::write(std::string name, ByteView file)
{
    std::replace(name.begin(), name.end(), '/', '-');
    unsigned& number = last_[name];
    for (;;) {
        const auto path = path_ / fmt::format("{}-{}.pcapng", name, ++number);
        const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
        if (descriptor < 0 && errno == EEXIST) continue;
        const auto what = fmt::format("the capture {} cannot be written", path.string());
        if (descriptor < 0) fail(what);
        const bool written = write_all(descriptor, file);
        const int error = errno;
        const bool closed = ::close(descriptor) == 0;
        if (written && closed) return path;
        if (!written) errno = error;
        const std::system_error failure(errno, std::generic_category(), what);
        ::unlink(path.c_str());
        throw failure;
    }
}

KeyLogFile::KeyLogFile(const std::filesystem::path& path)
    : path_(path),
      descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR))
{
    if (descriptor_ < 0) fail(fmt::format("the key log {} cannot be written", path_.string()));
}

KeyLogFile::~KeyLogFile()
{
    ::close(descriptor_);
}

void KeyLogFile::append(std::string_view lines)
{
    if (!write_all(descriptor_, to_bytes(lines))) fail(fmt::format("the key log {} cannot be written", path_.string()));
}

ConnectionRecorder::ConnectionRecorder(CaptureOptions& options, TcpEnd client, TcpEnd server)
    : options_(options),
      client_(std::move(client)),
      server_(std::move(server))
{
}

void ConnectionRecorder::bytes(Direction direction, ByteView bytes, std::chrono::microseconds at)
{
    if (options_.directory != nullptr) recording_.bytes(direction, bytes, at);
}

void ConnectionRecorder::socket(SocketEventKind kind, std::chrono::microseconds at)
{
    if (options_.directory != nullptr) recording_.socket(kind, at);
}

void ConnectionRecorder::secret(const KeyLogEntry& entry, const Transcript& so_far)
{
    if (options_.key_log == nullptr) return;
    try {
        options_.key_log->append(key_log_line(entry, so_far));
    } catch (const std::system_error& error) {
        warn(error);
    }
}

void ConnectionRecorder::finish(const Transcript& transcript, std::string_view scenario, std::string_view ended)
{
    if (options_.directory == nullptr) return;
    const auto comment = fmt::format("scenario: {}\nended: {}", scenario.empty() ? "none was chosen" : scenario, ended);
    const CaptureOf about{client_, server_, options_.program, comment};
    const std::string fallback(scenario.empty() ? "no-scenario" : scenario);
    try {
        options_.directory->write(options_.name.empty() ? fallback : options_.name,
                                  compose_capture(recording_, transcript, about));
    } catch (const std::system_error& error) {
        warn(error);
    }
}

/// Once: a full disk would otherwise say so for every connection.
void ConnectionRecorder::warn(const std::exception& error)
{
    if (options_.warn) options_.warn(fmt::format("{}; serving goes on, and this is not said again", error.what()));
    options_.warn = nullptr;
}

} // namespace alert40
