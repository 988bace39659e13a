# SPDX-License-Identifier: GPL-2.0-or-later
"""Recorded failures replayed against alert40-server: what scripts/fidelity is made of."""
