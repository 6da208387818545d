// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_ERRORS_H_
#define SERVER_BASE_ERRORS_H_

#include <chrono>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// The errors that the daemon itself reports, grouped by subject. The first line
// of each in errors.cc has its status code and reason; docs/errors.md lists
// them with those of the core.
namespace dissectd::server::errors {

// Calls.
absl::Status ServerStopping();
absl::Status TooManyCalls(uint32_t limit);

absl::Status TooManyCallsOfCaller(uint32_t limit);
absl::Status TooManyWorkersOfCaller(uint32_t limit);
absl::Status CallRateExceeded(uint32_t calls_per_second);
absl::Status TooManyFileCalls(uint32_t limit);
absl::Status ReaderTooSlow(std::chrono::seconds limit);
absl::Status SenderTooSlow(std::chrono::seconds limit);
absl::Status CallTooLong(std::chrono::seconds limit);

// Callers. `why` is a sentence without anything secret.
absl::Status Unauthenticated(absl::string_view why);
// `resource` is empty if the permission isn't about one.
absl::Status PermissionMissing(absl::string_view permission,
                               absl::string_view resource);
absl::Status MethodUnknown(absl::string_view method);

// Requests.
absl::Status RequestMalformed(absl::string_view message_type);
absl::Status EnumValueUndefined(absl::string_view field, int number);
absl::Status SourceMissing();
absl::Status InlineCaptureTooLarge(size_t size, size_t limit);
absl::Status SourceUnexpected();
absl::Status PipeMessageUnexpected();
absl::Status PipeBytesTooLarge(size_t size, size_t limit);
absl::Status TwoPassesOverPipe();
// `why` follows `Packet N can't be dissected: `. Packets are numbered from 1.
absl::Status PacketInvalid(uint64_t number, absl::string_view why);

// The resource belongs to another replica: server/base/replica.h. Errors about
// what isn't found are this one if its name says so.
absl::Status OtherReplica(absl::string_view resource);

// Files of the store.
absl::Status FileNameInvalid(absl::string_view name, absl::string_view why);
absl::Status FileNotFound(absl::string_view name);
absl::Status FileIsDirectory(absl::string_view name);
absl::Status FileNotRegular(absl::string_view name);
absl::Status FileNotReadable(absl::string_view name);
absl::Status FileOffsetInvalid(absl::string_view name, uint64_t offset,
                               uint64_t size);
absl::Status FileExists(absl::string_view name);
absl::Status FileSystemError(absl::string_view action, int error);

// Uploads.
absl::Status UploadNotFound(absl::string_view name);
absl::Status UploadOffsetMismatch(absl::string_view name, uint64_t offset,
                                  uint64_t committed);
absl::Status UploadBusy(absl::string_view name);
absl::Status UploadChunkTooLarge(size_t size, size_t limit);
absl::Status UploadHashInvalid(size_t size);
absl::Status UploadHashMismatch(absl::string_view name);
absl::Status UploadQuotaExceeded(uint64_t quota);
absl::Status StoreFull();
absl::Status StoreReadOnly();
absl::Status StoreUnavailable();
absl::Status UploadQuotaOfCallerExceeded(uint64_t quota);
absl::Status CaptureQuotaExceeded(uint64_t quota);
absl::Status FreeDiskTooSmall(uint64_t min_free_bytes);

// Captures; server/dumpcap/capture_errors.h has the rest.
absl::Status TwoPassesLive();
absl::Status ReadFormatLive();
absl::Status CaptureNotFound(absl::string_view name);
absl::Status TooManyCapturesOfCaller(uint32_t limit);

// Dissection processes.
absl::Status TooManyWorkers(uint32_t limit);
absl::Status EngineUnavailable();
absl::Status EngineDied();
absl::Status WorkerNotStarted(int error);
absl::Status WorkerCrashed(absl::string_view how, uint32_t frame);
absl::Status WorkerProtocolError();
absl::Status TooManyQueries();
absl::Status QueryTimeout();

}  // namespace dissectd::server::errors

#endif  // SERVER_BASE_ERRORS_H_
