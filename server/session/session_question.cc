// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/session_question.h"

#include <chrono>

#include "core/base/status_macros.h"
#include "server/rpc/message_bytes.h"
#include "server/session/session.h"

namespace dissectd::server {
namespace {

// More would only compete for the processor.
constexpr size_t kMaxRunning = 8;
constexpr size_t kMaxRunningOfCaller = 6;

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
}

SessionQuestion::~SessionQuestion() { Release(); }

void SessionQuestion::Begin() {
  if (plan_.filter.empty()) return AwaitTurn();
  bitmap_request_ = session_->processes()->filters()->Get(
      plan_.filter, [this, alive = std::weak_ptr<bool>(alive_)](
                        const absl::StatusOr<FilterBitmaps::Bitmap>& bitmap) {
        if (alive.expired() || session_ == nullptr) return;
        if (!bitmap.ok()) return EndSoon(bitmap.status());
        bitmap_ = *bitmap;
        AwaitTurn();
      });
}

void SessionQuestion::AwaitTurn() {
  if (!plan_.in_line) return TakeTurn();
  turn_ = Turn::kWaiting;
  deps_.line->Join(this);
}

void SessionQuestion::TakeTurn() {
  if (plan_.in_line) turn_ = Turn::kRunning;
  absl::StatusOr<SessionQuery> query =
      plan_.make_query(session_->processes()->facts(), bitmap_);
  const absl::Status asked =
      query.ok() ? Ask(*std::move(query)) : query.status();
  if (!asked.ok()) EndSoon(asked);
}

absl::Status SessionQuestion::Ask(SessionQuery query) {
  query_ = std::move(query);
  // The process of the last query has the permit until it is gone.
  WorkerLimit::Permit permit;
  if (query_.next == nullptr) permit = std::move(asker_.permit);
  ASSIGN_OR_RETURN(fork_, session_->processes()->StartFork(query_.first_frame,
                                                           std::move(permit)));
  Query asked;
  asked.kind = query_.kind;
  asked.request = std::move(query_.request);
  fork_->Ask(std::move(asked), this);
  return absl::OkStatus();
}

void SessionQuestion::ReadMore() {
  if (fork_ != nullptr) fork_->ReadMore();
}

void SessionQuestion::OnResponse(const grpc::ByteBuffer& response) {
  if (query_.next != nullptr) {
    collected_.push_back(response);
    return fork_->ReadMore();
  }
  // This comes last, as the reader may destroy the object.
  asker_.reader->OnResponse(
      query_.added.empty()
          ? response
          : JoinMessages(std::exchange(query_.added, {}), response));
}

void SessionQuestion::OnEnd(const absl::Status& status) {
  absl::Status next = status;
  if (next.ok() && query_.next != nullptr) {
    next = AskNext();
    if (next.ok()) return;
  }
  Cut(next);
}

absl::Status SessionQuestion::AskNext() {
  ASSIGN_OR_RETURN(SessionQuery query,
                   query_.next(std::exchange(collected_, {})));
  return Ask(std::move(query));
}

void SessionQuestion::Cut(const absl::Status& status) {
  if (session_ == nullptr) return;
  Release();
  // This comes last, as the reader may destroy the object.
  asker_.reader->OnEnd(status);
}

void SessionQuestion::Release() {
  if (session_ == nullptr) return;
  ending_.Stop();
  fork_.reset();
  asker_.permit = WorkerLimit::Permit();
  const std::shared_ptr<Session> session = std::move(session_);
  FilterBitmaps* const filters = session->processes()->filters();
  if (filters != nullptr) filters->Abandon(bitmap_request_);
  session->RemoveQuestion(this);
  const Turn turn = std::exchange(turn_, Turn::kNone);
  if (turn == Turn::kWaiting) deps_.line->Leave(this);
  if (turn == Turn::kRunning) deps_.line->Release(asker_.share_key);
}

void SessionQuestion::EndSoon(const absl::Status& status) {
  ending_.Start(std::chrono::seconds(0), [this, status] { Cut(status); });
}

}  // namespace dissectd::server
