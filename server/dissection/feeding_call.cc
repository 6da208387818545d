// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissection/feeding_call.h"

#include <fcntl.h>
#include <unistd.h>

#include <asio/buffer.hpp>
#include <asio/write.hpp>
#include <cerrno>
#include <cstddef>
#include <utility>

#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/unique_fd.h"
#include "server/store/capture_source.h"

namespace dissectd::server {

void FeedingCall::ReadNext() {
  BeginRead();
  StartRead(&bytes_);
}

void FeedingCall::OnReadDone(bool ok) {
  EndRead();
  absl::Status parsed;
  if (ok) {
    context()->CountReceived(bytes_.Length());
    parsed = Parse(bytes_);
  }
  loop()->Post([self = Shared(this), ok, parsed] {
    if (self->is_over()) return;
    absl::Status status = parsed;
    if (status.ok()) status = ok ? self->TakeMessage() : self->EndInput();
    if (!status.ok()) self->EndWith(status);
  });
}

absl::Status FeedingCall::TakeMessage() {
  const bool is_request = request() != nullptr;
  if (is_request == has_worker()) return errors::PipeMessageUnexpected();
  if (is_request) {
    RETURN_IF_ERROR(Begin());
    ReadNext();
    Advance();
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const absl::string_view bytes, FileBytes());
  // A message without bytes only says that the client is there.
  if (!bytes.empty()) has_bytes_ = true;
  asio::async_write(input_, asio::buffer(bytes.data(), bytes.size()),
                    [self = Shared(this)](const asio::error_code& error,
                                          size_t) { self->OnFed(error); });
  return absl::OkStatus();
}

absl::Status FeedingCall::Begin() {
  const v1::DissectRequest& dissect = *request();
  if (dissect.source_case() != v1::DissectRequest::SOURCE_NOT_SET) {
    return errors::SourceUnexpected();
  }
  // A second pass can't begin before the first ends.
  if (dissect.options().two_pass()) return errors::TwoPassesOverPipe();
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return errors::WorkerNotStarted(errno);
  CaptureSource capture{UniqueFd(ends[0]), file_name()};
  input_.assign(ends[1]);
  // The worker's end stays blocking, as wiretap waits for bytes.
  input_.non_blocking(true);
  return StartWorker(*engines_, {std::move(capture), dissect});
}

void FeedingCall::OnFed(const asio::error_code& error) {
  if (is_over()) return;
  // A worker that reads no more has ended, or is about to.
  if (error) return CloseInput();
  ReadNext();
}

absl::Status FeedingCall::EndInput() {
  if (!has_worker()) return errors::PipeMessageUnexpected();
  CloseInput();
  return absl::OkStatus();
}

void FeedingCall::CloseInput() {
  asio::error_code ignored;
  input_.close(ignored);
}

void FeedingCall::OnCancelled() {
  CloseInput();
  ForwardingCall::OnCancelled();
}

void FeedingCall::OnFinish() {
  CloseInput();
  ForwardingCall::OnFinish();
}

}  // namespace dissectd::server
