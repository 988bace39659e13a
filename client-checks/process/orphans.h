// SPDX-License-Identifier: GPL-2.0-or-later
// What a child leaves behind. Killing its process group ends every descendant but those that went into a session of
// their own (daemons, a browser's crash handler). They cannot hang a run, which closes its pipes, but they would pile
// up, and where process 1 reaps nobody (a container) the killed ones would stay as zombies. So a program that runs
// many clients becomes the parent of such orphans (PR_SET_CHILD_SUBREAPER): zombies among them are reaped whenever a
// run ends, the living are killed when no run is left. They are not killed earlier because nothing tells whose orphan
// one is, and a client may start its real self as a daemon.
// A program that runs somebody's own test (`alert40-check with`) does not adopt: his daemons are his.
#pragma once

#include <sys/types.h>

namespace alert40 {

/// Makes this process the parent of its descendants' orphans, for good. The children it has at this moment are never
/// touched; every later one must be started by spawn(), which the thread that calls this does alone.
/// Throws std::system_error when the kernel refuses.
void adopt_orphans();

/// For Process: `pid` is a child that its Process will reap.
void leader_started(pid_t pid);
/// For Process: `pid` has been reaped. Reaps, and with the last leader kills, the orphans adopted so far.
void leader_ended(pid_t pid);

/// The run was interrupted: kills the group of every child, whose runs end as they do when a child dies. From now on
/// spawn() throws std::runtime_error. To be called by the thread that runs the children, not by a signal handler.
void end_children();
bool children_are_ended();

} // namespace alert40
