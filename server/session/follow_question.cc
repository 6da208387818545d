// SPDX-License-Identifier: GPL-2.0-or-later

// How AnalysisService.FollowStream is answered by a session.

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/ipc/query.h"
#include "dissectd/v1/analysis.pb.h"
#include "server/engine/worker_socket.h"
#include "server/session/frame_questions.h"

namespace dissectd::server {
namespace {

// Returns the query that follows the stream which another fork has selected.
SessionQuery FollowQuery(const std::string& request,
                         const std::vector<grpc::ByteBuffer>& selection) {
  SessionQuery query = {};
  query.kind = ipc::Query::kFollowSelectedStream;
  query.after_crash = SessionQuery::AfterCrash::kRepeat;
  for (const grpc::ByteBuffer& response : selection) {
    query.request += BytesOf(response);
  }
  query.request += request;
  return query;
}

// A fork dissects frames only once, so one looks at the frame that selects the
// stream, and another one follows it.
SessionQuery SelectQuery(const v1::FollowStreamRequest& request,
                         const QuestionState& state) {
  SessionQuery query = {};
  query.kind = ipc::Query::kSelectStream;
  query.after_crash = SessionQuery::AfterCrash::kRepeat;
  query.request = request.SerializeAsString();
  // The fork tells the error of other frames.
  if (request.frame_number() <= state.facts().frames()) {
    query.first_frame = request.frame_number();
  }
  query.next = [bytes = query.request](
                   const QuestionState&,
                   const std::vector<grpc::ByteBuffer>& selection)
      -> absl::StatusOr<SessionQuery> { return FollowQuery(bytes, selection); };
  return query;
}

}  // namespace

QuestionPlan PlanOf(const v1::FollowStreamRequest& request) {
  if (request.selection_case() !=
      v1::FollowStreamRequest::SelectionCase::kFrameNumber) {
    return PlanOfAnalysis(ipc::Query::kFollowStream,
                          request.SerializeAsString());
  }
  QuestionPlan plan;
  plan.make_query =
      [request](const QuestionState& state) -> absl::StatusOr<SessionQuery> {
    return SelectQuery(request, state);
  };
  plan.in_line = false;
  return plan;
}

}  // namespace dissectd::server
