# SPDX-License-Identifier: GPL-2.0-or-later
"""Real TLS servers, misconfigured on purpose and recorded: what scripts/record-fidelity is made of."""
