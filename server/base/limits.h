// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_LIMITS_H_
#define SERVER_BASE_LIMITS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>

// Limits that no option changes. Clients find them in dissectd.v1.ServerLimits.
namespace dissectd::server {

// The size of a request. Has room for key logs, and for an inline capture that
// is slightly too large, so that the client gets a specific error.
inline constexpr int kMaxRequestBytes = 16 << 20;
// The size of an inline capture. Larger captures have to be uploaded.
inline constexpr size_t kMaxInlineCaptureBytes = 1 << 20;
// The size of an export that is kept in memory.
inline constexpr uint64_t kMaxMemoryExportBytes = 64 << 20;
// The size of one chunk of an upload.
inline constexpr size_t kMaxUploadChunkBytes = 1 << 20;
// The size of one message with bytes of a capture that is dissected, or fed to
// dumpcap, while it is sent.
inline constexpr size_t kMaxPipeChunkBytes = 1 << 20;

// The number of calls of one caller that wait for files.
inline constexpr uint32_t kMaxWaitingFileCalls = 256;
// The number of queries that wait for shared workers.
inline constexpr size_t kMaxWaitingQueries = 1000;
// The time for one query, which usually takes milliseconds.
inline constexpr std::chrono::seconds kQueryTimeout(10);

}  // namespace dissectd::server

#endif  // SERVER_BASE_LIMITS_H_
