// SPDX-License-Identifier: GPL-2.0-or-later
// What is kept of connections on request: a capture file each (--capture), and their secrets (--keylog). The files hold
// secrets: mode 0600.
//
//   CaptureDirectory captures(path);  KeyLogFile key_log(path);
//   options.capture = {&captures, &key_log, program, name, warn};      ListenerOptions
#pragma once

#include "server/wire/recording.h"

#include <filesystem>
#include <functional>
#include <map>

namespace alert40 {

/// A folder of captures. It belongs to one thread; several may write into one folder.
class CaptureDirectory {
public:
    /// Makes the folder (0700) where it is missing. Throws std::system_error where it cannot be made or written.
    explicit CaptureDirectory(std::filesystem::path path);

    /// Writes DIR/<name>-<n>.pcapng, with the first n from 1 that is free; '/' in `name` becomes '-'. Returns the path.
    /// Throws std::system_error; what was written until then is removed.
    std::filesystem::path write(std::string name, ByteView file);

private:
    std::filesystem::path path_;
    std::map<std::string, unsigned, std::less<>> last_; // number used, by name
};

/// A key log that grows (SSLKEYLOGFILE's format). Threads and processes may share one: a line is written at once.
class KeyLogFile {
public:
    /// Throws std::system_error where `path` cannot be written.
    explicit KeyLogFile(const std::filesystem::path& path);
    KeyLogFile(const KeyLogFile&) = delete;
    KeyLogFile& operator=(const KeyLogFile&) = delete;
    ~KeyLogFile();

    /// Throws std::system_error.
    void append(std::string_view lines);

private:
    std::filesystem::path path_;
    int descriptor_;
};

/// What a listener's connections are recorded into; nothing where both are nullptr. All of it outlives them.
struct CaptureOptions {
    CaptureDirectory* directory = nullptr;
    KeyLogFile* key_log = nullptr;
    std::string program;                        // named in the files
    std::string name;                           // of the files; empty: the scenario's id
    std::function<void(std::string_view)> warn; // told the first failure to write; serving goes on

    bool wanted() const { return directory != nullptr || key_log != nullptr; }
};

/// The recorder of one connection. `options` outlives it.
class ConnectionRecorder final : public WireRecorder {
public:
    ConnectionRecorder(CaptureOptions& options, TcpEnd client, TcpEnd server);

    void bytes(Direction direction, ByteView bytes, std::chrono::microseconds at) override;
    void socket(SocketEventKind kind, std::chrono::microseconds at) override;
    void secret(const KeyLogEntry& entry, const Transcript& so_far) override;

    /// Writes the capture. `scenario` is the id, empty where none was chosen; `ended` says how the connection ended.
    void finish(const Transcript& transcript, std::string_view scenario, std::string_view ended);

private:
    void warn(const std::exception& error);

    CaptureOptions& options_;
    TcpEnd client_;
    TcpEnd server_;
    Recording recording_;
};

} // namespace alert40
