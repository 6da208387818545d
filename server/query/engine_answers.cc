// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/engine_answers.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/base/errors.h"
#include "server/engine/worker_socket.h"
#include "server/metrics/events.h"
#include "server/query/query_reader.h"
#include "server/query/query_worker.h"
#include "server/rpc/message_bytes.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {

// An answer, and the calls that wait for it.
class EngineAnswers::Answer : private QueryReader {
 public:
  Answer(const QueryWorker::Deps& deps, ipc::Query query)
      : deps_(deps), query_(query) {}

  void Get(DoneFn done) {
    if (answer_.has_value()) return done(*answer_);
    waiting_.push_back(std::move(done));
    if (worker_ == nullptr) Refresh();
  }

  void Refresh() {
    auto worker = QueryWorker::StartAboutEngine(deps_);
    if (!worker.ok()) return OnEnd(worker.status());
    worker_ = *std::move(worker);
    Query query;
    query.kind = query_;
    worker_->Ask(std::move(query), this);
  }

  void ExpectEnd() { end_expected_ = true; }

 private:
  void OnResponse(const grpc::ByteBuffer& response) override {
    fresh_ = response;
    worker_->ReadMore();
  }

  void OnEnd(const absl::Status& status) override {
    // The worker answers no other query.
    worker_.reset();
    if (status.ok()) {
      answer_ = fresh_;
    } else if (!end_expected_) {
      metrics::Count(metrics::Event::kEngineInformationMissing);
      spdlog::warn("no information about the engine: {}",
                   std::string(status.message()));
    }
    const absl::StatusOr<grpc::ByteBuffer> answer =
        answer_.has_value() ? absl::StatusOr<grpc::ByteBuffer>(*answer_)
                            : status;
    for (DoneFn& done : std::exchange(waiting_, {})) done(answer);
  }

  const QueryWorker::Deps deps_;
  const ipc::Query query_;
  std::unique_ptr<QueryWorker> worker_;
  grpc::ByteBuffer fresh_;
  std::optional<grpc::ByteBuffer> answer_;
  std::vector<DoneFn> waiting_;
  bool end_expected_ = false;
};

// The answers of several engines that are being collected.
struct EngineAnswers::Collection {
  std::vector<absl::StatusOr<grpc::ByteBuffer>> answers;
  size_t missing;
  DoneFn done;

  void Add(size_t index, const absl::StatusOr<grpc::ByteBuffer>& answer) {
    answers[index] = answer;
    if (--missing > 0) return;
    grpc::ByteBuffer all;
    absl::Status status = answers.front().status();
    for (const auto& each : answers) {
      if (!each.ok()) continue;
      status = absl::OkStatus();
      all = JoinMessages(BytesOf(all), *each);
    }
    done(status.ok() ? absl::StatusOr<grpc::ByteBuffer>(all) : status);
  }
};

EngineAnswers::EngineAnswers(IoLoop* loop) : loop_(loop) {}

EngineAnswers::~EngineAnswers() = default;

void EngineAnswers::Get(WorkerParent* engine, ipc::Query query, DoneFn done) {
  loop_->AssertOnLoop();
  std::unique_ptr<Answer>& answer = answers_[{engine, query}];
  if (answer == nullptr) {
    answer = std::make_unique<Answer>(QueryWorker::Deps{loop_, engine}, query);
  }
  answer->Get(std::move(done));
}

void EngineAnswers::GetOfAll(const std::vector<WorkerParent*>& engines,
                             ipc::Query query, DoneFn done) {
  if (engines.empty()) return done(errors::EngineUnavailable());
  const auto collection = std::make_shared<Collection>();
  collection->missing = engines.size();
  collection->answers.resize(engines.size(), errors::EngineUnavailable());
  collection->done = std::move(done);
  for (size_t i = 0; i < engines.size(); ++i) {
    Get(engines[i], query,
        [collection, i](const absl::StatusOr<grpc::ByteBuffer>& answer) {
          collection->Add(i, answer);
        });
  }
}

void EngineAnswers::ExpectEnd() {
  loop_->AssertOnLoop();
  for (const auto& [query, answer] : answers_) answer->ExpectEnd();
}

void EngineAnswers::Refresh(WorkerParent* engine) {
  loop_->AssertOnLoop();
  for (const auto& [query, answer] : answers_) {
    if (query.first == engine) answer->Refresh();
  }
}

}  // namespace dissectd::server
