// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_GLIB_LOG_H_
#define CORE_EPAN_GLIB_LOG_H_

namespace dissectd::engine {

// Redirects messages of GLib and its users to the program's own log. By default
// they go to standard output and standard error. Call it once in a process, as
// GLib requires.
void RedirectGlibLog();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_GLIB_LOG_H_
