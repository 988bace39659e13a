// SPDX-License-Identifier: GPL-2.0-or-later
// The state directory: a root of one's own, valid for days, whose key is dropped once the intermediates are signed and
// is never written; the intermediates and their keys; a cache of slow keys; run directories for the files that clients
// want.
//
//   DIR/root.pem            the trust anchor (name-constrained to localhost, test, loopback; made to be trusted by
//                           tests only)
//   DIR/root-crl.pem        its CRL, which lasts as long, for clients that look up the whole chain
//   DIR/intermediate.pem, DIR/intermediate.key (0600), DIR/upper.pem, DIR/upper.key (0600)
//   DIR/generation          how these were made: those of an alert40 that made them otherwise are made anew
//   DIR/keys/rsa-2048.key (0600), ... DIR/lock
//   DIR/runs/<random>/      removed with the RunDirectory, or by the next start where its owner was killed
//
// Two processes may open the same directory at once: files appear by rename under a lock (flock on DIR/lock), so each
// is whole or absent, whenever the writer is killed. Everything that fails throws std::runtime_error with the path and
// the remedy.
#pragma once

#include "certs/authority.h"
#include "certs/run_directory.h"

#include <map>

namespace alert40 {

class StateDirectory {
public:
    using TimePoint = std::chrono::system_clock::time_point;

    /// $XDG_STATE_HOME/alert40, else $HOME/.local/state/alert40. Throws std::runtime_error where neither variable is
    /// set.
    static std::filesystem::path default_path();

    /// Opens or creates `path` (0700, owned by the caller, writable by nobody else). A root that is damaged, foreign to
    /// its intermediate, of an older generation, or within 14 days of its end at `now` is made anew (30 days from `now`
    /// minus one).
    StateDirectory(const std::filesystem::path& path, TimePoint now);

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path root_pem() const { return path_ / "root.pem"; }
    const Bytes& root() const { return root_; }
    const Bytes& root_crl() const { return root_crl_; }
    const Authority& intermediate() const { return intermediate_; }
    /// An intermediate without a path length, for chains with further authorities below it.
    const Authority& upper() const { return upper_; }
    /// An intermediate below a root that nobody trusts; made in memory, one per process, valid around `now`.
    const Authority& stranger_intermediate() const { return stranger_intermediate_; }
    const Bytes& stranger_root() const { return stranger_root_; }

    /// A key of this type: RSA keys come from the cache (one per type, made at first use), others are fresh.
    /// `second` gives another one, for a key that must not match.
    PrivateKey key(KeyType type, bool second = false);

    RunDirectory make_run_directory() const;

private:
    StateDirectory(std::filesystem::path path, Authorities own, Authorities stranger);

    std::filesystem::path path_;
    Bytes root_;
    Bytes root_crl_;
    Authority intermediate_;
    Authority upper_;
    Bytes stranger_root_;
    Authority stranger_intermediate_;
    std::map<std::string, PrivateKey> keys_;
};

} // namespace alert40
