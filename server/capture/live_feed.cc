// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/live_feed.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/ipc/struct_bytes.h"
#include "server/base/base_name.h"
#include "server/base/errors.h"
#include "server/base/resource_names.h"
#include "server/dumpcap/capture_errors.h"

namespace dissectd::server {

std::string LiveFeed::File::Payload() const {
  ipc::LiveFile header = {};
  header.first_record = first_record;
  return absl::StrCat(ipc::BytesOf(header), name);
}

absl::StatusOr<std::shared_ptr<LiveFeed>> LiveFeed::Create(
    const Deps& deps, const std::string& name) {
  ASSIGN_OR_RETURN(std::shared_ptr<Capture> capture, deps.captures->Find(name));
  return Subscribe(deps, std::move(capture));
}

std::shared_ptr<LiveFeed> LiveFeed::Subscribe(
    const Deps& deps, std::shared_ptr<Capture> capture) {
  // make_shared can't call the private constructor.
  std::shared_ptr<LiveFeed> feed(new LiveFeed(deps, std::move(capture)));
  feed->subscription_ =
      feed->capture_->Subscribe([weak = std::weak_ptr<LiveFeed>(feed)] {
        if (const auto self = weak.lock()) self->Advance();
      });
  feed->capture_->AddFollower(feed.get());
  return feed;
}

void LiveFeed::KeepFiles() {
  if (kept_ == nullptr) kept_ = std::make_shared<KeptFiles>();
}

bool LiveFeed::may_open_kept() const {
  return kept_->files.size() < 2 ||
         deps_.captures->Find(capture_->description().name()).ok();
}

std::shared_ptr<LiveFeed> LiveFeed::Again() const {
  std::shared_ptr<LiveFeed> feed = Subscribe(deps_, capture_);
  feed->kept_ = kept_;
  return feed;
}

uint32_t LiveFeed::frames_so_far() const {
  return static_cast<uint32_t>(capture_->description().packets_written());
}

void LiveFeed::OpenFirst(FileDone done) {
  deps_.loop->AssertOnLoop();
  file_done_ = std::move(done);
  Advance();
}

absl::Status LiveFeed::TakeRequest(const std::string& bytes) {
  deps_.loop->AssertOnLoop();
  absl::string_view rest = bytes;
  if (!ipc::TakeStruct(&rest, &want_) || !rest.empty()) {
    return errors::WorkerProtocolError();
  }
  granted_ = position();
  return absl::OkStatus();
}

void LiveFeed::Answer(Worker* worker,
                      absl::AnyInvocable<void(const absl::Status&)> done) {
  deps_.loop->AssertOnLoop();
  reply_done_ = [worker,
                 done = std::move(done)](absl::StatusOr<Reply> reply) mutable {
    // The end of a worker is noticed where its messages are read.
    if (reply.ok()) {
      std::vector<UniqueFd> fds;
      if (reply->fd.valid()) fds.push_back(std::move(reply->fd));
      worker->Send(reply->type, kOnlyRequest, reply->payload, std::move(fds));
    }
    done(reply.status());
  };
  Advance();
}

void LiveFeed::Close() {
  capture_->RemoveFollower(this);
  if (subscription_ != 0) capture_->Unsubscribe(subscription_);
  subscription_ = 0;
  file_done_ = nullptr;
  reply_done_ = nullptr;
}

uint64_t LiveFeed::FirstFile() const {
  return capture_->description().files_deleted();
}

uint64_t LiveFeed::EndOfFiles() const {
  return capture_->history().files_opened();
}

const v1::CaptureFile* LiveFeed::FileAt(uint64_t index) const {
  if (index < FirstFile() || index >= EndOfFiles()) return nullptr;
  return &capture_->history().files()[index - FirstFile()];
}

void LiveFeed::Advance() {
  deps_.loop->AssertOnLoop();
  if (opening_) return;
  const bool ended = capture_->has_ended();
  if (file_done_ != nullptr) {
    if (HasKeptFile()) return GiveKeptFile();
    // Leaves out files that were deleted.
    index_ = std::max({index_, gone_, FirstFile()});
    if (index_ < EndOfFiles()) return OpenFile(index_);
    if (ended) {
      std::exchange(file_done_, nullptr)(
          errors::CaptureHasNoFile(capture_->description().name()));
    } else {
      FailIfLeft();
    }
    return;
  }
  if (reply_done_ == nullptr) return;
  ipc::LiveState state = {};
  const v1::CaptureFile* file = FileAt(index_);
  const bool is_last = index_ + 1 == EndOfFiles();
  state.records = file == nullptr ? 0 : file->packets();
  state.complete = !is_last || ended ? 1 : 0;
  if (want_.at_end != 0) {
    if (HasKeptFile()) return GiveKeptFile();
    const uint64_t next = std::max({index_ + 1, gone_, FirstFile()});
    if (next < EndOfFiles()) return OpenFile(next);
    if (!ended) return FailIfLeft();
    state.over = 1;
  } else {
    KeepToStop(&state);
    if (state.complete == 0 && state.records <= want_.records) {
      return FailIfLeft();
    }
    granted_ =
        state.complete != 0 ? UINT64_MAX : first_record_ - 1 + state.records;
  }
  std::exchange(reply_done_,
                nullptr)(Reply{ipc::MessageType::kLiveState,
                               std::string(ipc::BytesOf(state)), UniqueFd()});
}

// There will be nothing new here, but by the next daemon.
void LiveFeed::FailIfLeft() {
  if (capture_->is_left()) Fail(errors::ServerStopping());
}

void LiveFeed::KeepToStop(ipc::LiveState* state) const {
  if (stop_at_ <= position()) return;
  const uint64_t records = stop_at_ - (first_record_ - 1);
  if (records >= state->records) return;
  state->records = records;
  state->complete = 0;
}

bool LiveFeed::IsAtSamePlaceAs(const LiveFeed& other) const {
  return index_ == other.index_ && want_.records == other.want_.records &&
         want_.at_end == other.want_.at_end && gaps_ == other.gaps_;
}

void LiveFeed::OpenFile(uint64_t index) {
  opening_ = true;
  const absl::StatusOr<std::string> path = ParseFileName(FileAt(index)->file());
  if (!path.ok()) return OnOpened(index, path.status());
  deps_.loop->CallOn(
      *deps_.pool,
      [files = deps_.files, path = *path] { return files->OpenFile(path); },
      [self = shared_from_this(), index](absl::StatusOr<UniqueFd> fd) {
        self->OnOpened(index, std::move(fd));
      });
}

void LiveFeed::OnOpened(uint64_t index, absl::StatusOr<UniqueFd> fd) {
  deps_.loop->AssertOnLoop();
  opening_ = false;
  // Another feed has opened the file, perhaps before a ring deleted it.
  if (HasKeptFile()) return GiveKeptFile();
  const v1::CaptureFile* opened = FileAt(index);
  // The ring has deleted the file in between.
  if (opened == nullptr) return Advance();
  // dumpcap deletes the oldest file before it reports the next one.
  if (absl::IsNotFound(fd.status()) &&
      capture_->description().options().ring().files() != 0) {
    gone_ = index + 1;
    return Advance();
  }
  if (!fd.ok()) return Fail(fd.status());
  File file = {*std::move(fd), std::string(BaseName(opened->file())),
               opened->first_packet()};
  if (has_kept_all()) Keep(index, file);
  Give(index, std::move(file));
}

void LiveFeed::Keep(uint64_t index, const File& file) {
  UniqueFd copy = file.fd.Duplicate();
  kept_->all = copy.valid() && kept_->files.size() < kMaxKeptFiles;
  if (!kept_->all) return;
  kept_->files.push_back({index, file.name, file.first_record,
                          std::make_shared<const UniqueFd>(std::move(copy))});
  ++next_kept_;
}

void LiveFeed::GiveKeptFile() {
  const KeptFile& kept = kept_->files[next_kept_++];
  UniqueFd copy = kept.fd->Duplicate();
  if (!copy.valid()) {
    return Fail(errors::FileSystemError("keep the file open", errno));
  }
  Give(kept.index, {std::move(copy), kept.name, kept.first_record});
}

void LiveFeed::Fail(const absl::Status& status) {
  FileDone file_done = std::exchange(file_done_, nullptr);
  ReplyDone reply_done = std::exchange(reply_done_, nullptr);
  if (file_done != nullptr) file_done(status);
  if (reply_done != nullptr) reply_done(status);
}

void LiveFeed::Give(uint64_t index, File file) {
  FileDone file_done = std::exchange(file_done_, nullptr);
  ReplyDone reply_done = std::exchange(reply_done_, nullptr);
  if (file.first_record != position() + 1) gaps_.push_back(file.first_record);
  index_ = index;
  first_record_ = file.first_record;
  want_ = {};
  granted_ = position();
  if (file_done != nullptr) {
    file_done(std::move(file));
  } else if (reply_done != nullptr) {
    reply_done(
        Reply{ipc::MessageType::kLiveFile, file.Payload(), std::move(file.fd)});
  }
}

}  // namespace dissectd::server
