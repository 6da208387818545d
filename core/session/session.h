// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_SESSION_H_
#define CORE_SESSION_SESSION_H_

#include "core/epan/epan.h"
#include "core/session/settings.h"

namespace dissectd {

// What a session process inherits: the file descriptors of kStartSession.
struct SessionFds {
  int channel;
  int status_page;
  int capture;
};

// Serves one request: the whole life of a session process after its fork, with
// libwireshark initialised and `epan`, which is not owned, open. Ends the
// process, with exit status 0 whenever a status was sent or dissectd is no
// longer interested.
[[noreturn]] void RunSession(const SessionFds& fds, const SessionPolicy& policy,
                             Epan* epan);

}  // namespace dissectd

#endif  // CORE_SESSION_SESSION_H_
