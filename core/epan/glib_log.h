// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_GLIB_LOG_H_
#define CORE_EPAN_GLIB_LOG_H_

namespace dissectd::engine {

// Puts what GLib and its users log or print into the program's own log. By
// themselves they write to standard output and standard error. Once in the life
// of a process, as GLib demands.
void RedirectGlibLog();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_GLIB_LOG_H_
