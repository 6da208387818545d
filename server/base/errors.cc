// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/errors.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "server/base/replica.h"

namespace dissectd::server::errors {
namespace {

using Code = absl::StatusCode;

// For errors that pass by themselves, mostly within a second.
constexpr std::chrono::seconds kRetryDelay(1);

absl::Status FileError(Code code, absl::string_view reason,
                       absl::string_view name, absl::string_view message) {
  return MakeError(code, message,
                   {std::string(reason), {{"file", std::string(name)}}, {}});
}

absl::Status UploadError(Code code, absl::string_view reason,
                         absl::string_view name, absl::string_view message) {
  return MakeError(code, message,
                   {std::string(reason), {{"upload", std::string(name)}}, {}});
}

}  // namespace

absl::Status ServerStopping() {
  return WithRetryDelay(
      MakeError(Code::kUnavailable,
                "The server is stopping and takes no more calls.",
                {"SERVER_STOPPING", {}, {}}),
      kRetryDelay);
}

absl::Status RequestMalformed(absl::string_view message_type) {
  return MakeError(Code::kInvalidArgument,
                   absl::StrCat("The request isn't a ", message_type, "."),
                   {"REQUEST_MALFORMED", {}, {}});
}

absl::Status EnumValueUndefined(absl::string_view field, int number) {
  return MakeError(
      Code::kInvalidArgument,
      absl::StrCat("The field \"", field, "\" has the value ", number,
                   ", which this version of the API doesn't define."),
      {"ENUM_VALUE_UNDEFINED",
       {{"field", std::string(field)}, {"value", absl::StrCat(number)}},
       {}});
}

absl::Status SourceMissing() {
  return MakeError(Code::kInvalidArgument,
                   "The request names no capture to dissect.",
                   {"SOURCE_MISSING", {}, {}});
}

absl::Status InlineCaptureTooLarge(size_t size, size_t limit) {
  return MakeError(
      Code::kInvalidArgument,
      absl::StrCat("The capture in the request is ", size,
                   " bytes; the limit is ", limit, ". Upload it instead."),
      {"INLINE_CAPTURE_TOO_LARGE", {{"limit", absl::StrCat(limit)}}, {}});
}

absl::Status SourceUnexpected() {
  return MakeError(Code::kInvalidArgument,
                   "The request names a capture, but the capture is sent in "
                   "the following messages.",
                   {"SOURCE_UNEXPECTED", {}, {}});
}

absl::Status PipeMessageUnexpected() {
  return MakeError(Code::kInvalidArgument,
                   "The first message must have the request, and all others "
                   "have bytes or packets of the capture.",
                   {"PIPE_MESSAGE_UNEXPECTED", {}, {}});
}

absl::Status PipeBytesTooLarge(size_t size, size_t limit) {
  return MakeError(
      Code::kInvalidArgument,
      absl::StrCat("A message has ", size,
                   " bytes of the capture; the limit is ", limit, "."),
      {"PIPE_BYTES_TOO_LARGE", {{"limit", absl::StrCat(limit)}}, {}});
}

absl::Status TwoPassesOverPipe() {
  return MakeError(Code::kInvalidArgument,
                   "A capture can't be dissected in two passes while it is "
                   "sent; upload it instead.",
                   {"TWO_PASSES_LIVE", {}, {}});
}

absl::Status PacketInvalid(uint64_t number, absl::string_view why) {
  return MakeError(
      Code::kInvalidArgument,
      absl::StrCat("Packet ", number, " can't be dissected: ", why, "."),
      {"PACKET_INVALID", {{"packet", absl::StrCat(number)}}, {}});
}

absl::Status OtherReplica(absl::string_view resource) {
  const std::string owner(ReplicaIn(resource));
  return MakeError(Code::kNotFound,
                   absl::StrCat("\"", resource, "\" belongs to the replica \"",
                                owner, "\", and this is \"", Replica(), "\"."),
                   {"OTHER_REPLICA",
                    {{"resource", std::string(resource)},
                     {"replica", owner},
                     {"this_replica", Replica()}},
                    {}});
}

absl::Status FileNameInvalid(absl::string_view name, absl::string_view why) {
  return FileError(Code::kInvalidArgument, "FILE_NAME_INVALID", name,
                   absl::StrCat("\"", name, "\" isn't a file name: ", why));
}

absl::Status FileNotFound(absl::string_view name) {
  if (IsOfOtherReplica(name)) return OtherReplica(name);
  return FileError(Code::kNotFound, "FILE_NOT_FOUND", name,
                   absl::StrCat("There is no file \"", name, "\"."));
}

absl::Status FileIsDirectory(absl::string_view name) {
  return FileError(Code::kFailedPrecondition, "FILE_IS_DIRECTORY", name,
                   absl::StrCat("\"", name, "\" is a directory."));
}

absl::Status FileNotRegular(absl::string_view name) {
  return FileError(Code::kFailedPrecondition, "FILE_NOT_REGULAR", name,
                   absl::StrCat("\"", name, "\" isn't a regular file."));
}

absl::Status FileNotReadable(absl::string_view name) {
  return FileError(
      Code::kFailedPrecondition, "FILE_NOT_READABLE", name,
      absl::StrCat("The server isn't allowed to read \"", name, "\"."));
}

absl::Status FileExists(absl::string_view name) {
  return FileError(Code::kAlreadyExists, "FILE_EXISTS", name,
                   absl::StrCat("There is a file \"", name, "\" already."));
}

absl::Status FileOffsetInvalid(absl::string_view name, uint64_t offset,
                               uint64_t size) {
  return MakeError(
      Code::kOutOfRange,
      absl::StrCat("Offset ", offset, " is beyond the end of \"", name,
                   "\", which has ", size, " bytes."),
      {"FILE_OFFSET_INVALID",
       {{"file", std::string(name)}, {"size_bytes", absl::StrCat(size)}},
       {}});
}

absl::Status FileSystemError(absl::string_view action, int error) {
  if (error == ENOSPC || error == EDQUOT) return StoreFull();
  return MakeError(Code::kInternal,
                   absl::StrCat(action, ": ", std::strerror(error)),
                   {"FILE_SYSTEM_ERROR", {}, {}});
}

absl::Status UploadNotFound(absl::string_view name) {
  if (IsOfOtherReplica(name)) return OtherReplica(name);
  return UploadError(Code::kNotFound, "UPLOAD_NOT_FOUND", name,
                     absl::StrCat("There is no upload \"", name, "\"."));
}

absl::Status UploadOffsetMismatch(absl::string_view name, uint64_t offset,
                                  uint64_t committed) {
  return MakeError(Code::kOutOfRange,
                   absl::StrCat("The upload \"", name, "\" continues at ",
                                committed, ", not at ", offset, "."),
                   {"UPLOAD_OFFSET_MISMATCH",
                    {{"upload", std::string(name)},
                     {"committed_bytes", absl::StrCat(committed)}},
                    {}});
}

absl::Status UploadBusy(absl::string_view name) {
  return WithRetryDelay(
      UploadError(
          Code::kAborted, "UPLOAD_BUSY", name,
          absl::StrCat("Another call is writing the upload \"", name, "\".")),
      kRetryDelay);
}

absl::Status UploadChunkTooLarge(size_t size, size_t limit) {
  return MakeError(
      Code::kInvalidArgument,
      absl::StrCat("Upload chunk is ", size, " bytes; the limit is ", limit,
                   "."),
      {"UPLOAD_CHUNK_TOO_LARGE", {{"limit", absl::StrCat(limit)}}, {}});
}

absl::Status UploadHashInvalid(size_t size) {
  return MakeError(Code::kInvalidArgument,
                   absl::StrCat("A SHA-256 hash has 32 bytes, not ", size, "."),
                   {"UPLOAD_HASH_INVALID", {}, {}});
}

absl::Status UploadHashMismatch(absl::string_view name) {
  return UploadError(
      Code::kInvalidArgument, "UPLOAD_HASH_MISMATCH", name,
      absl::StrCat("The content of the upload \"", name,
                   "\" doesn't have the hash that it was begun with."));
}

absl::Status UploadQuotaExceeded(uint64_t quota) {
  return MakeError(
      Code::kResourceExhausted,
      absl::StrCat("Limit of ", quota,
                   " bytes for uploads and exports reached."),
      {"UPLOAD_QUOTA_EXCEEDED", {{"quota", absl::StrCat(quota)}}, {}});
}

absl::Status StoreFull() {
  return MakeError(Code::kResourceExhausted,
                   "There is no space left on the store's file system.",
                   {"STORE_FULL", {}, {}});
}

absl::Status StoreReadOnly() {
  return MakeError(Code::kFailedPrecondition,
                   "The server can't write to its store.",
                   {"STORE_READ_ONLY", {}, {}});
}

absl::Status TwoPassesLive() {
  return MakeError(
      Code::kInvalidArgument,
      "A live capture can't be dissected in two passes; dissect its files "
      "instead.",
      {"TWO_PASSES_LIVE", {}, {}});
}

absl::Status ReadFormatLive() {
  return MakeError(
      Code::kInvalidArgument,
      "A live capture has the format that dumpcap writes; dissect its files to "
      "read them in another.",
      {"READ_FORMAT_LIVE", {}, {}});
}

absl::Status CaptureNotFound(absl::string_view name) {
  if (IsOfOtherReplica(name)) return OtherReplica(name);
  return MakeError(Code::kNotFound,
                   absl::StrCat("There is no capture \"", name, "\"."),
                   {"CAPTURE_NOT_FOUND", {{"capture", std::string(name)}}, {}});
}

absl::Status TooManyCalls(uint32_t limit) {
  return WithRetryDelay(
      MakeError(Code::kResourceExhausted,
                absl::StrCat("Limit of ", limit,
                             " concurrent calls reached; retry later."),
                {"TOO_MANY_CALLS", {{"limit", absl::StrCat(limit)}}, {}}),
      kRetryDelay);
}

absl::Status TooManyWorkers(uint32_t limit) {
  return WithRetryDelay(
      MakeError(Code::kResourceExhausted,
                absl::StrCat("Limit of ", limit,
                             " concurrent dissections reached; retry later."),
                {"TOO_MANY_WORKERS", {{"limit", absl::StrCat(limit)}}, {}}),
      kRetryDelay);
}

absl::Status EngineUnavailable() {
  return WithRetryDelay(
      MakeError(Code::kUnavailable,
                "The dissection engine is being started; retry later.",
                {"ENGINE_UNAVAILABLE", {}, {}}),
      kRetryDelay);
}

absl::Status EngineDied() {
  return WithRetryDelay(
      MakeError(Code::kUnavailable, "The dissection engine ended; retry later.",
                {"ENGINE_DIED", {}, {}}),
      kRetryDelay);
}

absl::Status WorkerNotStarted(int error) {
  return WithRetryDelay(
      MakeError(Code::kResourceExhausted,
                absl::StrCat("Can't start a dissection process: ",
                             std::strerror(error)),
                {"WORKER_NOT_STARTED", {}, {}}),
      kRetryDelay);
}

absl::Status WorkerCrashed(absl::string_view how, uint32_t frame) {
  return MakeError(Code::kInternal,
                   absl::StrCat("The dissection process was ended by ", how,
                                " at frame ", frame, "."),
                   {"WORKER_CRASHED", {{"frame", absl::StrCat(frame)}}, {}});
}

absl::Status WorkerProtocolError() {
  return MakeError(
      Code::kInternal,
      "The dissection process sent something that isn't a message.",
      {"WORKER_PROTOCOL_ERROR", {}, {}});
}

absl::Status TooManyQueries() {
  return WithRetryDelay(MakeError(Code::kResourceExhausted,
                                  "Too many queries are waiting; retry later.",
                                  {"TOO_MANY_QUERIES", {}, {}}),
                        kRetryDelay);
}

absl::Status QueryTimeout() {
  return MakeError(Code::kAborted,
                   "libwireshark takes too long to answer this query.",
                   {"QUERY_TIMEOUT", {}, {}});
}

absl::Status TooManyCallsOfCaller(uint32_t limit) {
  return WithRetryDelay(
      MakeError(
          Code::kResourceExhausted,
          absl::StrCat("You have reached the limit of ", limit,
                       " concurrent calls of one caller; retry later."),
          {"TOO_MANY_CALLS_OF_CALLER", {{"limit", absl::StrCat(limit)}}, {}}),
      kRetryDelay);
}

absl::Status TooManyWorkersOfCaller(uint32_t limit) {
  return WithRetryDelay(
      MakeError(
          Code::kResourceExhausted,
          absl::StrCat("You have reached the limit of ", limit,
                       " concurrent dissections of one caller; retry later."),
          {"TOO_MANY_WORKERS_OF_CALLER", {{"limit", absl::StrCat(limit)}}, {}}),
      kRetryDelay);
}

absl::Status CallRateExceeded(uint32_t calls_per_second) {
  return WithRetryDelay(
      MakeError(Code::kResourceExhausted,
                absl::StrCat("You have reached the limit of ", calls_per_second,
                             " calls in a second; retry later."),
                {"CALL_RATE_EXCEEDED",
                 {{"limit", absl::StrCat(calls_per_second)}},
                 {}}),
      kRetryDelay);
}

absl::Status TooManyFileCalls(uint32_t limit) {
  return WithRetryDelay(
      MakeError(Code::kResourceExhausted,
                absl::StrCat("As many as ", limit,
                             " of your calls wait for files; retry later."),
                {"TOO_MANY_FILE_CALLS", {{"limit", absl::StrCat(limit)}}, {}}),
      kRetryDelay);
}

absl::Status ReaderTooSlow(std::chrono::seconds limit) {
  return MakeError(
      Code::kAborted,
      absl::StrCat("The client has read nothing for ", limit.count(), " s."),
      {"READER_TOO_SLOW",
       {{"limit_seconds", absl::StrCat(limit.count())}},
       {}});
}

absl::Status SenderTooSlow(std::chrono::seconds limit) {
  return MakeError(
      Code::kAborted,
      absl::StrCat("The client has sent nothing for ", limit.count(), " s."),
      {"SENDER_TOO_SLOW",
       {{"limit_seconds", absl::StrCat(limit.count())}},
       {}});
}

absl::Status CallTooLong(std::chrono::seconds limit) {
  return MakeError(
      Code::kAborted,
      absl::StrCat("The call took more than ", limit.count(),
                   " s, the limit of this server."),
      {"CALL_TOO_LONG", {{"limit_seconds", absl::StrCat(limit.count())}}, {}});
}

absl::Status Unauthenticated(absl::string_view why) {
  return MakeError(Code::kUnauthenticated, why, {"UNAUTHENTICATED", {}, {}});
}

absl::Status PermissionMissing(absl::string_view permission,
                               absl::string_view resource) {
  return MakeError(
      Code::kPermissionDenied,
      absl::StrCat("You lack the permission \"", permission, "\"",
                   resource.empty() ? "" : absl::StrCat(" for ", resource),
                   "."),
      {"PERMISSION_MISSING",
       {{"permission", std::string(permission)},
        {"resource", std::string(resource)}},
       {}});
}

absl::Status MethodUnknown(absl::string_view method) {
  return MakeError(Code::kInvalidArgument,
                   absl::StrCat("There is no method \"", method, "\"."),
                   {"METHOD_UNKNOWN", {{"method", std::string(method)}}, {}});
}

absl::Status StoreUnavailable() {
  return WithRetryDelay(
      MakeError(Code::kUnavailable, "The server's store is not there.",
                {"STORE_UNAVAILABLE", {}, {}}),
      kRetryDelay);
}

absl::Status UploadQuotaOfCallerExceeded(uint64_t quota) {
  return MakeError(
      Code::kResourceExhausted,
      absl::StrCat("You have reached the limit of ", quota,
                   " bytes for uploads and exports of one caller."),
      {"UPLOAD_QUOTA_OF_CALLER_EXCEEDED",
       {{"quota", absl::StrCat(quota)}},
       {}});
}

absl::Status CaptureQuotaExceeded(uint64_t quota) {
  return MakeError(
      Code::kResourceExhausted,
      absl::StrCat("Limit of ", quota,
                   " bytes for the files of captures reached."),
      {"CAPTURE_QUOTA_EXCEEDED", {{"quota", absl::StrCat(quota)}}, {}});
}

absl::Status FreeDiskTooSmall(uint64_t min_free_bytes) {
  return MakeError(Code::kResourceExhausted,
                   absl::StrCat("Less than ", min_free_bytes,
                                " bytes are free on the store's file system."),
                   {"FREE_DISK_TOO_SMALL",
                    {{"min_free_bytes", absl::StrCat(min_free_bytes)}},
                    {}});
}

absl::Status TooManyCapturesOfCaller(uint32_t limit) {
  return WithRetryDelay(
      MakeError(Code::kResourceExhausted,
                absl::StrCat("You have reached the limit of ", limit,
                             " concurrent captures of one caller."),
                {"TOO_MANY_CAPTURES_OF_CALLER",
                 {{"limit", absl::StrCat(limit)}},
                 {}}),
      kRetryDelay);
}

}  // namespace dissectd::server::errors
