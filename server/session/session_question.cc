// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/session_question.h"

#include <grpcpp/support/slice.h>

#include <algorithm>
#include <chrono>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/rpc/message_bytes.h"
#include "server/session/session.h"
#include "server/session/session_errors.h"

namespace dissectd::server {
namespace {

// More would only compete for the processor.
constexpr size_t kMaxRunning = 8;
constexpr size_t kMaxRunningOfCaller = 6;

// Whether a serialised message begins with this field, which is a message. No
// message has the field 0.
bool BeginsWith(uint32_t field, const grpc::ByteBuffer& message) {
  constexpr uint32_t kLengthDelimited = 2;
  std::vector<grpc::Slice> slices;
  if (field == 0 || !message.Dump(&slices).ok()) return false;
  for (const grpc::Slice& slice : slices) {
    if (slice.size() > 0) {
      return *slice.begin() == (field << 3 | kLengthDelimited);
    }
  }
  return false;
}

}  // namespace

QuestionLine::QuestionLine() : waiting_({kMaxRunning, kMaxRunningOfCaller}) {}

void QuestionLine::Join(SessionQuestion* question) {
  waiting_.Push(question->asker_.share_key, question);
  StartNext();
}

void QuestionLine::Leave(SessionQuestion* question) {
  waiting_.RemoveIf(
      [=](const SessionQuestion* waiting) { return waiting == question; });
}

void QuestionLine::Release(const std::string& caller) {
  waiting_.Release(caller);
  StartNext();
}

void QuestionLine::StartNext() {
  while (auto turn = waiting_.Next()) turn->item->TakeTurn();
}

SessionQuestion::SessionQuestion(const Deps& deps,
                                 std::shared_ptr<Session> session,
                                 QuestionPlan plan, Asker asker)
    : deps_(deps),
      session_(std::move(session)),
      plan_(std::move(plan)),
      asker_(std::move(asker)),
      ending_(deps.loop->context()) {
  session_->AddQuestion(this);
  processes_ = session_->processes();
  state_.edits = session_->question_edits();
  subscription_ =
      processes_->subscribers()->Add([this] { OnProcessesChanged(); });
}

SessionQuestion::~SessionQuestion() { Release(); }

void SessionQuestion::Begin() {
  processes_->GetFrames(
      [this, alive = std::weak_ptr<bool>(alive_)](
          const absl::StatusOr<std::shared_ptr<SessionFrames>>& frames) {
        if (alive.expired() || session_ == nullptr) return;
        if (!frames.ok()) return EndSoon(ErrorOf(frames.status()));
        state_.frames = *frames;
        GetBitmaps();
      });
}

void SessionQuestion::GetBitmaps() {
  std::vector<FilterBitmaps::Bitmap>& bitmaps = state_.bitmaps;
  while (bitmaps.size() < plan_.filters.size() &&
         plan_.filters[bitmaps.size()].empty()) {
    bitmaps.push_back(nullptr);
  }
  if (bitmaps.size() == plan_.filters.size()) return AwaitTurn();
  const std::string& filter = plan_.filters[bitmaps.size()];
  const uint64_t request = state_.frames->filters()->Get(
      filter, state_.edits, [&] { return ScanFor(filter); },
      [this, alive = std::weak_ptr<bool>(alive_)](
          const absl::StatusOr<FilterBitmaps::Bitmap>& bitmap) {
        if (!alive.expired() && session_ != nullptr) OnBitmap(bitmap);
      });
  // The bitmap may be there, and the next one requested.
  bitmap_request_ = std::max(bitmap_request_, request);
}

FrameScan::Request SessionQuestion::ScanFor(const std::string& filter) const {
  PacketLists* const lists = state_.frames->packet_lists();
  if (plan_.list.has_value() && lists != nullptr) {
    return lists->BeginScan(*plan_.list, state_.edits);
  }
  v1::ListFramesRequest request;
  request.set_raw_display_filter(filter);
  return {request.SerializeAsString(), state_.edits, nullptr};
}

void SessionQuestion::OnBitmap(
    const absl::StatusOr<FilterBitmaps::Bitmap>& bitmap) {
  if (!bitmap.ok()) return EndSoon(bitmap.status());
  state_.bitmaps.push_back(*bitmap);
  GetBitmaps();
}

void SessionQuestion::AwaitTurn() {
  if (plan_.known_response != nullptr) {
    std::optional<std::string> response = plan_.known_response(state_);
    if (response.has_value()) return RespondSoon(*std::move(response));
  }
  if (!plan_.in_line) return TakeTurn();
  turn_ = Turn::kWaiting;
  deps_.line->Join(this);
}

void SessionQuestion::TakeTurn() {
  if (plan_.in_line) turn_ = Turn::kRunning;
  attempts_.emplace(state_.frames->BeginQuestion());
  absl::StatusOr<SessionQuery> query = plan_.make_query(state_);
  const absl::Status asked =
      query.ok() ? Ask(*std::move(query)) : query.status();
  if (!asked.ok()) EndSoon(asked);
}

absl::Status SessionQuestion::Ask(SessionQuery query) {
  query_ = std::move(query);
  if (!query_.response.has_value()) return AskFork();
  RespondSoon(*std::move(query_.response));
  return absl::OkStatus();
}

absl::Status SessionQuestion::AskFork() {
  // The process of the last query has the permit until it is gone.
  WorkerLimit::Permit permit;
  if (query_.next == nullptr) permit = std::move(asker_.permit);
  ASSIGN_OR_RETURN(
      fork_, state_.frames->StartFork(attempts_->ForkBefore(query_.first_frame),
                                      std::move(permit)));
  Query asked;
  asked.kind = query_.kind;
  asked.edits = state_.edits;
  asked.log_ids = asker_.log_ids;
  asked.crashes = attempts_->crashes();
  if (query_.after_crash == SessionQuery::AfterCrash::kContinue) {
    asked.request = attempts_->StartOfRequest();
  }
  absl::StrAppend(&asked.request, query_.request);
  fork_->Ask(std::move(asked), this);
  return absl::OkStatus();
}

bool SessionQuestion::MayRepeat() const {
  // The frames are gone with the process that read a running capture.
  if (IsReadAgain()) return false;
  switch (query_.after_crash) {
    case SessionQuery::AfterCrash::kFail:
      return false;
    case SessionQuery::AfterCrash::kRepeat:
      return !has_responded_;
    case SessionQuery::AfterCrash::kContinue:
      break;
  }
  return true;
}

bool SessionQuestion::AskAnotherFork() {
  if (!MayRepeat() || !attempts_->MayContinueAfter(*fork_)) return false;
  state_.frames->LearnCrashes(attempts_->crashes(), query_.first_frame);
  collected_.clear();
  if (query_.next == nullptr) {
    asker_.permit = fork_->TakePermit();
    if (!asker_.permit.valid()) return false;
  }
  return AskFork().ok();
}

void SessionQuestion::ReadMore() {
  if (fork_ != nullptr) fork_->ReadMore();
}

void SessionQuestion::OnResponse(const grpc::ByteBuffer& response) {
  if (query_.next != nullptr) {
    collected_.push_back(response);
    return fork_->ReadMore();
  }
  if (!BeginsWith(query_.progress_field, response)) {
    has_responded_ = true;
    attempts_->AddMessage(fork_->last_frame());
  }
  // This comes last, as the reader may destroy the object.
  asker_.reader->OnResponse(
      query_.added.empty()
          ? response
          : JoinMessages(std::exchange(query_.added, {}), response));
}

absl::Status SessionQuestion::ErrorOf(const absl::Status& status) const {
  return IsReadAgain() ? errors::SessionNotReady(session_->name()) : status;
}

void SessionQuestion::OnEnd(const absl::Status& status) {
  if (!status.ok() && AskAnotherFork()) return;
  absl::Status next = status.ok() ? status : ErrorOf(status);
  if (next.ok() && query_.next != nullptr) {
    next = AskNext();
    if (next.ok()) return;
  }
  Cut(next);
}

absl::Status SessionQuestion::AskNext() {
  ASSIGN_OR_RETURN(SessionQuery query,
                   query_.next(state_, std::exchange(collected_, {})));
  return Ask(std::move(query));
}

void SessionQuestion::Cut(const absl::Status& status) {
  if (session_ == nullptr) return;
  Release();
  // This comes last, as the reader may destroy the object.
  asker_.reader->OnEnd(status);
}

void SessionQuestion::OnProcessesChanged() {
  if (processes_->state() != v1::SESSION_STATE_FAILED) return;
  // Cut may give up the processes.
  const absl::Status failure = processes_->failure();
  Cut(failure);
}

void SessionQuestion::Release() {
  if (session_ == nullptr) return;
  ending_.Stop();
  fork_.reset();
  asker_.permit = WorkerLimit::Permit();
  const std::shared_ptr<Session> session = std::move(session_);
  const std::shared_ptr<SessionProcesses> processes = std::move(processes_);
  processes->subscribers()->Remove(subscription_);
  const std::shared_ptr<SessionFrames> frames = std::move(state_.frames);
  if (frames != nullptr && frames->filters() != nullptr) {
    frames->filters()->Abandon(bitmap_request_);
    if (query_.likely_again) frames->PrepareFork(query_.first_frame);
  }
  session->RemoveQuestion(this);
  const Turn turn = std::exchange(turn_, Turn::kNone);
  if (turn == Turn::kWaiting) deps_.line->Leave(this);
  if (turn == Turn::kRunning) deps_.line->Release(asker_.share_key);
}

void SessionQuestion::RespondSoon(std::string response) {
  ending_.Start(std::chrono::seconds(0),
                [this, response = std::move(response)] {
                  const std::weak_ptr<bool> alive = alive_;
                  const grpc::Slice slice(response);
                  asker_.reader->OnResponse(grpc::ByteBuffer(&slice, 1));
                  // The reader may have destroyed the object.
                  if (!alive.expired()) Cut(absl::OkStatus());
                });
}

void SessionQuestion::EndSoon(const absl::Status& status) {
  ending_.Start(std::chrono::seconds(0), [this, status] { Cut(status); });
}

}  // namespace dissectd::server
