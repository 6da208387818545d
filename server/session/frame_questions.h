// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_FRAME_QUESTIONS_H_
#define SERVER_SESSION_FRAME_QUESTIONS_H_

#include <string>

#include "core/ipc/query.h"
#include "dissectd/v1/analysis.pb.h"
#include "dissectd/v1/dissection.pb.h"
#include "dissectd/v1/session.pb.h"
#include "server/session/session_question.h"

// The plans by which the processes of a session answer methods.
namespace dissectd::server {

// Returns the display filter of a view or a list.
template <typename T>
std::string FilterOf(const T& view) {
  return view.raw_display_filter().empty() ? view.display_filter()
                                           : view.raw_display_filter();
}

// The answers can have the worker's errors, and FRAME_NOT_FOUND.
QuestionPlan PlanOf(const v1::GetFrameRequest& request);
QuestionPlan PlanOf(const v1::ListFramesRequest& request);
QuestionPlan PlanOf(const v1::FindFrameRequest& request);
QuestionPlan PlanOf(const v1::FollowStreamRequest& request);
// The answer can also have the error OPTIONS_UNEXPECTED.
QuestionPlan PlanOf(const v1::DissectRequest& request);
// Returns the plan for a method that is about the whole capture.
QuestionPlan PlanOfAnalysis(ipc::Query kind, std::string request);

}  // namespace dissectd::server

#endif  // SERVER_SESSION_FRAME_QUESTIONS_H_
