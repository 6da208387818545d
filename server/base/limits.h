// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_LIMITS_H_
#define SERVER_BASE_LIMITS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>

// Limits that no option changes. dissectd.v1.ServerLimits tells clients.
namespace dissectd::server {

// Of a request: room for an inline capture that is somewhat too large, so that
// the client is told why it is refused, and for key logs.
inline constexpr int kMaxRequestBytes = 16 << 20;
// Larger captures are uploaded.
inline constexpr size_t kMaxInlineCaptureBytes = 1 << 20;
// Of an export that has to be kept in memory.
inline constexpr uint64_t kMaxMemoryExportBytes = 64 << 20;
// Of one message of an upload.
inline constexpr size_t kMaxUploadChunkBytes = 1 << 20;

// Of queries that shared workers answer.
inline constexpr size_t kMaxWaitingQueries = 1000;
// Of one query, which takes milliseconds.
inline constexpr std::chrono::seconds kQueryTimeout(10);

}  // namespace dissectd::server

#endif  // SERVER_BASE_LIMITS_H_
