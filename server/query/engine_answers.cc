// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/engine_answers.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/metrics/events.h"
#include "server/query/query_reader.h"
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

EngineAnswers::EngineAnswers(const QueryWorker::Deps& deps) : deps_(deps) {}

EngineAnswers::~EngineAnswers() = default;

void EngineAnswers::Get(ipc::Query query, DoneFn done) {
  deps_.loop->AssertOnLoop();
  std::unique_ptr<Answer>& answer = answers_[query];
  if (answer == nullptr) answer = std::make_unique<Answer>(deps_, query);
  answer->Get(std::move(done));
}

void EngineAnswers::ExpectEnd() {
  deps_.loop->AssertOnLoop();
  for (const auto& [query, answer] : answers_) answer->ExpectEnd();
}

void EngineAnswers::Refresh() {
  deps_.loop->AssertOnLoop();
  for (const auto& [query, answer] : answers_) answer->Refresh();
}

}  // namespace dissectd::server
