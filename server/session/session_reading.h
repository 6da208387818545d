// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SESSION_READING_H_
#define SERVER_SESSION_SESSION_READING_H_

#include "dissectd/v1/session.pb.h"
#include "server/session/session_edits.h"

namespace dissectd::server {

// What a session reads from its capture.
struct SessionReading {
  // How it was opened, without the source and the time, but with keys and other
  // secrets, which are only kept here.
  v1::OpenSessionRequest request;
  SessionEdits edits = {};

  bool has_read_filter() const {
    const v1::DissectionOptions& options = request.options();
    return !options.read_filter().empty() || !options.raw_read_filter().empty();
  }
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_SESSION_READING_H_
