// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_SESSION_H_
#define CORE_SESSION_SESSION_H_

#include "core/session/settings.h"

namespace dissectd {

// What a session process inherits: the file descriptors of kStartSession.
struct SessionFds {
  int channel;
  int status_page;
  int capture;
};

// Serves one request: the whole life of a session process after its fork, with
// libwireshark initialised. Returns the exit status of the process, which is 0
// whenever a status was sent or dissectd is no longer interested.
int RunSession(const SessionFds& fds, const SessionPolicy& policy);

}  // namespace dissectd

#endif  // CORE_SESSION_SESSION_H_
