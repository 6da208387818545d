// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_ORPHAN_H_
#define SERVER_CAPTURE_ORPHAN_H_

#include "server/capture/capture_history.h"

namespace dissectd::server {

// Ends the dumpcap of a capture whose daemon died, if it still runs: without
// traffic it doesn't notice that its daemon is gone.
void EndOrphan(const CaptureHistory& history);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_ORPHAN_H_
