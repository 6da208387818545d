// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_FRAME_QUESTIONS_H_
#define SERVER_SESSION_FRAME_QUESTIONS_H_

#include <string>

#include "core/ipc/query.h"
#include "dissectd/v1/dissection.pb.h"
#include "dissectd/v1/session.pb.h"
#include "server/session/session_question.h"

// How methods are answered by the processes of a session.
namespace dissectd::server {

// Errors of the answer besides those of the worker: FRAME_NOT_FOUND.
QuestionPlan PlanOf(const v1::GetFrameRequest& request);
QuestionPlan PlanOf(const v1::ListFramesRequest& request);
QuestionPlan PlanOf(const v1::FindFrameRequest& request);
// Errors: OPTIONS_UNEXPECTED.
QuestionPlan PlanOf(const v1::DissectRequest& request);
// For a method that is about the whole capture.
QuestionPlan PlanOfAnalysis(ipc::Query kind, std::string request);

}  // namespace dissectd::server

#endif  // SERVER_SESSION_FRAME_QUESTIONS_H_
