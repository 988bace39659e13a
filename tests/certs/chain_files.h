// SPDX-License-Identifier: GPL-2.0-or-later
// A chain's files and its trust anchor as openssl and certtool want them.
#pragma once

#include "tests/certs/support.h"

namespace alert40::test {

struct ChainFiles {
    ChainFiles(const Chain& chain, const StateDirectory& state, const std::filesystem::path& directory)
        : root((directory / "root.pem").string()),
          leaf((directory / "leaf.pem").string()),
          others((directory / "others.pem").string()),
          whole((directory / "chain.pem").string()),
          issuer((directory / "issuer.pem").string())
    {
        write_text(root, to_pem("CERTIFICATE", chain.anchors.empty() ? state.root() : chain.anchors.front()));
        write_text(leaf, to_pem("CERTIFICATE", chain.certificates[0]));
        std::string text = chain.certificates.size() == 1 ? to_pem("CERTIFICATE", state.root()) : "";
        for (std::size_t i = 1; i < chain.certificates.size(); ++i)
            text += to_pem("CERTIFICATE", chain.certificates[i]);
        write_text(others, text);
        write_text(whole, chain_pem(chain));
        write_text(issuer, to_pem("CERTIFICATE", chain.issuer.certificate));
    }
    std::string root, leaf, others, whole, issuer;
};

} // namespace alert40::test
