// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SESSION_QUESTION_H_
#define SERVER_SESSION_SESSION_QUESTION_H_

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ipc/query.h"
#include "server/base/fair_queue.h"
#include "server/base/io_loop.h"
#include "server/base/timer.h"
#include "server/query/query_reader.h"
#include "server/query/query_worker.h"
#include "server/rpc/worker_limit.h"
#include "server/session/filter_bitmaps.h"
#include "server/session/question_attempts.h"
#include "server/session/session_frames.h"
#include "server/session/session_processes.h"

namespace dissectd::server {

class Session;

// What a query is made from.
struct QuestionState {
  // The frames that the session had, and its serialised edits, when it was
  // asked.
  std::shared_ptr<SessionFrames> frames;
  std::string edits;
  // The bitmaps of the plan's filters; null for empty ones.
  std::vector<FilterBitmaps::Bitmap> bitmaps;

  const v1::Session& facts() const { return frames->facts(); }
};

// A query to a fork of one of a session's processes.
struct SessionQuery {
  // What happens if the fork crashes.
  enum class AfterCrash {
    kFail,
    // Another one is asked, unless a response has been passed on that isn't
    // progress.
    kRepeat,
    // Another one continues the answer. The requests begin with a
    // DissectionStart.
    kContinue,
  };

  ipc::Query kind;
  std::string request;
  // The first frame of the second pass that the fork must not have dissected;
  // 0 for none.
  uint32_t first_frame = 0;
  AfterCrash after_crash = AfterCrash::kFail;
  // Whether another question about a frame near it is likely.
  bool likely_again = false;
  // The number of the only field of responses that have progress, which may be
  // told again; 0 if there are none.
  uint32_t progress_field = 0;
  // Serialised fields that are added to the first response.
  std::string added = {};
  // Makes the next query from the responses to this one, which are sent to
  // nobody; null if this is the last query.
  std::function<absl::StatusOr<SessionQuery>(
      const QuestionState& state,
      const std::vector<grpc::ByteBuffer>& responses)>
      next = nullptr;
  // The only response, if it is known without asking a fork.
  std::optional<std::string> response = {};
};

// What is asked of a session, and how.
struct QuestionPlan {
  std::function<absl::StatusOr<SessionQuery>(const QuestionState& state)>
      make_query;
  // The display filters whose bitmaps are needed. Empty ones need none.
  std::vector<std::string> filters = {};
  // Whether it takes its turn with others, as it is quick.
  bool in_line = true;
  // The packet list that is made by the way if the capture has to be scanned
  // for the first filter.
  std::optional<v1::ListFramesRequest> list = {};
  // Returns the only response, if it is known without a query; may be null.
  std::function<std::optional<std::string>(const QuestionState& state)>
      known_response = nullptr;
};

class SessionQuestion;

// Questions that wait until fewer are being answered. Callers take turns. Used
// on the loop's thread only.
class QuestionLine {
 public:
  QuestionLine();

  void Join(SessionQuestion* question);
  // Takes out a question that waits.
  void Leave(SessionQuestion* question);
  // Lets the next one run in the place of one that has had its turn.
  void Release(const std::string& caller);

 private:
  void StartNext();

  FairQueue<SessionQuestion*> waiting_;
};

// A question that is being answered, or waits for that. Destruction ends it.
// Used on the loop's thread only.
class SessionQuestion : public RunningQuery, private QueryReader {
 public:
  struct Deps {
    IoLoop* loop;
    QuestionLine* line;
  };
  struct Asker {
    // Callers with the same key share their turns.
    std::string share_key;
    WorkerLimit::Permit permit;
    // What LogIdsOf returns of the call.
    std::string log_ids;
    // Gets the answer, not before Begin has returned. Outlives this.
    QueryReader* reader;
  };

  SessionQuestion(const Deps& deps, std::shared_ptr<Session> session,
                  QuestionPlan plan, Asker asker);
  ~SessionQuestion() override;
  SessionQuestion(const SessionQuestion&) = delete;
  SessionQuestion& operator=(const SessionQuestion&) = delete;

  void Begin();

  // Ends the answer with an error.
  void Cut(const absl::Status& status);

  void ReadMore() override;

 private:
  friend class QuestionLine;
  enum class Turn { kNone, kWaiting, kRunning };

  // Gets the bitmaps that are missing, and then answers or awaits its turn.
  void GetBitmaps();
  // Returns the scan for one of the plan's filters.
  FrameScan::Request ScanFor(const std::string& filter) const;
  void OnBitmap(const absl::StatusOr<FilterBitmaps::Bitmap>& bitmap);
  void AwaitTurn();
  // Called by the line.
  void TakeTurn();
  absl::Status Ask(SessionQuery query);
  absl::Status AskFork();
  // Asks another fork if the last one has crashed and the answer allows it.
  // Returns whether it does.
  bool AskAnotherFork();
  // Whether the answer can begin again, or go on.
  bool MayRepeat() const;
  // Whether another process reads the capture in the place of one that crashed.
  bool IsReadAgain() const {
    return processes_->state() == v1::SESSION_STATE_READING;
  }
  // Returns what the answer ends with if something fails with this.
  absl::Status ErrorOf(const absl::Status& status) const;
  void OnResponse(const grpc::ByteBuffer& response) override;
  void OnEnd(const absl::Status& status) override;
  absl::Status AskNext();
  void OnProcessesChanged();
  // Gives back everything.
  void Release();
  // Ends the answer, later.
  void EndSoon(const absl::Status& status);
  // Answers with one response, later.
  void RespondSoon(std::string response);

  const Deps deps_;
  // Null once the answer has ended.
  std::shared_ptr<Session> session_;
  // The processes that the session had when it was asked.
  std::shared_ptr<SessionProcesses> processes_;
  uint64_t subscription_ = 0;
  QuestionPlan plan_;
  Asker asker_;
  Turn turn_ = Turn::kNone;
  // The number of the last request for a bitmap; 0 if there is none.
  uint64_t bitmap_request_ = 0;
  QuestionState state_ = {};
  // Present once it has had its turn.
  std::optional<QuestionAttempts> attempts_;
  SessionQuery query_ = {};
  // Whether the reader has a response.
  bool has_responded_ = false;
  std::vector<grpc::ByteBuffer> collected_;
  std::unique_ptr<QueryWorker> fork_;
  Timer ending_;
  // Tells functions that this exists.
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_SESSION_QUESTION_H_
