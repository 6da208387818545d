// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_TIMESTAMP_H_
#define SERVER_BASE_TIMESTAMP_H_

#include "absl/time/clock.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"

namespace dissectd::server {

// Returns the time with nanoseconds; protobuf's function only has seconds.
inline google::protobuf::Timestamp TimestampNow() {
  return google::protobuf::util::TimeUtil::NanosecondsToTimestamp(
      absl::GetCurrentTimeNanos());
}

}  // namespace dissectd::server

#endif  // SERVER_BASE_TIMESTAMP_H_
