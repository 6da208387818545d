// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissection/dissect_pipe_call.h"

#include <fcntl.h>
#include <unistd.h>

#include <asio/buffer.hpp>
#include <asio/write.hpp>
#include <cerrno>
#include <cstddef>

#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/limits.h"
#include "server/base/unique_fd.h"
#include "server/rpc/request_check.h"
#include "server/store/capture_source.h"

namespace dissectd::server {

DissectPipeCall* DissectPipeCall::Create(const Deps& deps,
                                         std::unique_ptr<CallContext> context) {
  // make_shared can't call the private constructor.
  DissectPipeCall* call = Own(std::shared_ptr<DissectPipeCall>(
      new DissectPipeCall(deps, std::move(context))));
  call->ReadNext();
  return call;
}

void DissectPipeCall::ReadNext() {
  BeginRead();
  StartRead(&bytes_);
}

void DissectPipeCall::OnReadDone(bool ok) {
  EndRead();
  const absl::Status parsed = ok ? ParseRead() : absl::OkStatus();
  loop()->Post([self = Shared(this), ok, parsed] {
    if (self->is_over()) return;
    absl::Status status = parsed;
    if (status.ok()) status = ok ? self->TakeMessage() : self->EndInput();
    if (!status.ok()) self->EndWith(status);
  });
}

absl::Status DissectPipeCall::ParseRead() {
  context()->CountReceived(bytes_.Length());
  return ParseRequest(bytes_, &message_);
}

absl::Status DissectPipeCall::TakeMessage() {
  if (message_.has_request() == has_worker()) {
    return errors::PipeMessageUnexpected();
  }
  if (message_.has_request()) {
    RETURN_IF_ERROR(Begin());
    ReadNext();
    Advance();
    return absl::OkStatus();
  }
  const size_t size = message_.data().size();
  if (size > kMaxPipeChunkBytes) {
    return errors::PipeBytesTooLarge(size, kMaxPipeChunkBytes);
  }
  // A message without bytes only says that the client is there.
  if (size > 0) has_bytes_ = true;
  Feed();
  return absl::OkStatus();
}

absl::Status DissectPipeCall::Begin() {
  const v1::DissectRequest& request = message_.request();
  if (request.source_case() != v1::DissectRequest::SOURCE_NOT_SET) {
    return errors::SourceUnexpected();
  }
  // A second pass can't begin before the first ends.
  if (request.options().two_pass()) return errors::TwoPassesOverPipe();
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return errors::WorkerNotStarted(errno);
  CaptureSource capture{UniqueFd(ends[0]), message_.file_name()};
  input_.assign(ends[1]);
  // The worker's end stays blocking, as wiretap waits for bytes.
  input_.non_blocking(true);
  return StartWorker(engine_, {std::move(capture), request});
}

void DissectPipeCall::Feed() {
  asio::async_write(input_, asio::buffer(message_.data()),
                    [self = Shared(this)](const asio::error_code& error,
                                          size_t) { self->OnFed(error); });
}

void DissectPipeCall::OnFed(const asio::error_code& error) {
  if (is_over()) return;
  // A worker that reads no more has ended, or is about to.
  if (error) return CloseInput();
  ReadNext();
}

absl::Status DissectPipeCall::EndInput() {
  if (!has_worker()) return errors::PipeMessageUnexpected();
  CloseInput();
  return absl::OkStatus();
}

void DissectPipeCall::CloseInput() {
  asio::error_code ignored;
  input_.close(ignored);
}

void DissectPipeCall::OnCancelled() {
  CloseInput();
  ForwardingCall::OnCancelled();
}

void DissectPipeCall::OnFinish() {
  CloseInput();
  ForwardingCall::OnFinish();
}

}  // namespace dissectd::server
