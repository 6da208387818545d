// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/live_feed.h"

#include <algorithm>
#include <asio/post.hpp>
#include <cstring>
#include <utility>

#include "core/base/status_macros.h"
#include "server/capture/capture_errors.h"
#include "server/errors.h"
#include "server/resource_names.h"

namespace dissectd {
namespace {

template <typename T>
std::string BytesOf(const T& value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof(value));
}

}  // namespace

std::string LiveFeed::File::Payload() const {
  ipc::LiveFile header = {};
  header.first_record = first_record;
  return BytesOf(header) + name;
}

absl::StatusOr<std::shared_ptr<LiveFeed>> LiveFeed::Create(
    const Parts& parts, const std::string& name) {
  ASSIGN_OR_RETURN(std::shared_ptr<Capture> capture,
                   parts.captures->Find(name));
  // Not make_shared: the constructor is private.
  std::shared_ptr<LiveFeed> feed(new LiveFeed(parts, std::move(capture)));
  feed->subscription_ =
      feed->capture_->Subscribe([weak = std::weak_ptr<LiveFeed>(feed)] {
        if (const auto self = weak.lock()) self->Advance();
      });
  return feed;
}

uint32_t LiveFeed::frames_so_far() const {
  return static_cast<uint32_t>(capture_->description().packets_written());
}

void LiveFeed::OpenFirst(FileDone done) {
  file_done_ = std::move(done);
  Advance();
}

void LiveFeed::Await(const ipc::LiveWant& want, AnswerDone done) {
  want_ = want;
  answer_done_ = std::move(done);
  Advance();
}

absl::Status LiveFeed::Serve(
    const std::string& bytes, SessionSocket* socket,
    absl::AnyInvocable<void(const absl::Status&)> failed) {
  ipc::LiveWant want = {};
  if (bytes.size() != sizeof(want)) return errors::SessionProtocolError();
  std::memcpy(&want, bytes.data(), sizeof(want));
  Await(want, [socket, failed = std::move(failed)](
                  absl::StatusOr<Answer> answer) mutable {
    if (!answer.ok()) return failed(answer.status());
    // That a session has died is noticed where its frames are read.
    socket->SendSmall(answer->kind, answer->payload, answer->fd.get());
  });
  return absl::OkStatus();
}

void LiveFeed::Close() {
  if (subscription_ != 0) capture_->Unsubscribe(subscription_);
  subscription_ = 0;
  file_done_ = nullptr;
  answer_done_ = nullptr;
}

uint64_t LiveFeed::EndOfFiles() const {
  return capture_->first_file() +
         static_cast<uint64_t>(capture_->description().files_size());
}

const v1::CaptureFile* LiveFeed::FileAt(uint64_t index) const {
  if (index < capture_->first_file() || index >= EndOfFiles()) return nullptr;
  return &capture_->description().files(
      static_cast<int>(index - capture_->first_file()));
}

void LiveFeed::Advance() {
  if (opening_) return;
  const bool ended = capture_->has_ended();
  if (file_done_ != nullptr) {
    // Those that are gone are left out.
    index_ = std::max({index_, gone_, capture_->first_file()});
    if (index_ < EndOfFiles()) return OpenFile(index_);
    if (ended) {
      std::exchange(file_done_, nullptr)(
          errors::CaptureHasNoFile(capture_->description().name()));
    }
    return;
  }
  if (answer_done_ == nullptr) return;
  ipc::LiveState state = {};
  const v1::CaptureFile* file = FileAt(index_);
  const bool is_last = index_ + 1 == EndOfFiles();
  state.records = file == nullptr ? 0 : file->packets();
  state.complete = !is_last || ended ? 1 : 0;
  if (want_.at_end != 0) {
    const uint64_t next = std::max({index_ + 1, gone_, capture_->first_file()});
    if (next < EndOfFiles()) return OpenFile(next);
    if (!ended) return;
    state.over = 1;
  } else if (state.complete == 0 && state.records <= want_.records) {
    return;
  }
  std::exchange(answer_done_, nullptr)(
      Answer{ipc::FrameKind::kLiveState, BytesOf(state), UniqueFd()});
}

void LiveFeed::OpenFile(uint64_t index) {
  opening_ = true;
  const absl::StatusOr<std::string> path = ParseFileName(FileAt(index)->file());
  if (!path.ok()) return OnOpened(index, path.status());
  asio::post(*parts_.pool, [self = shared_from_this(), index, path = *path] {
    auto fd = std::make_shared<absl::StatusOr<UniqueFd>>(
        self->parts_.files->OpenFile(path));
    self->parts_.loop->Post(
        [self, index, fd] { self->OnOpened(index, std::move(*fd)); });
  });
}

void LiveFeed::OnOpened(uint64_t index, absl::StatusOr<UniqueFd> fd) {
  opening_ = false;
  const v1::CaptureFile* opened = FileAt(index);
  // The ring has deleted it meanwhile.
  if (opened == nullptr) return Advance();
  // dumpcap deletes a file before it tells of the next one.
  if (absl::IsNotFound(fd.status()) &&
      capture_->description().options().ring().files() != 0) {
    gone_ = index + 1;
    return Advance();
  }
  FileDone file_done = std::exchange(file_done_, nullptr);
  AnswerDone answer_done = std::exchange(answer_done_, nullptr);
  if (!fd.ok()) {
    if (file_done != nullptr) file_done(fd.status());
    if (answer_done != nullptr) answer_done(fd.status());
    return;
  }
  index_ = index;
  const std::string& name = opened->file();
  File file = {*std::move(fd), name.substr(name.rfind('/') + 1),
               opened->first_packet()};
  if (file_done != nullptr) {
    file_done(std::move(file));
  } else if (answer_done != nullptr) {
    answer_done(
        Answer{ipc::FrameKind::kLiveFile, file.Payload(), std::move(file.fd)});
  }
}

}  // namespace dissectd
