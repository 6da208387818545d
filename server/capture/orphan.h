// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_ORPHAN_H_
#define SERVER_CAPTURE_ORPHAN_H_

#include "dissectd/v1/capture.pb.h"
#include "server/capture/capture_log.h"

namespace dissectd::server {

// Ends the dumpcap of a capture whose daemon died, if it still runs: without
// traffic it doesn't notice.
void EndOrphan(const v1::Capture& description, const CaptureLog& log);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_ORPHAN_H_
