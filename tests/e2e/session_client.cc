// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/session_client.h"

#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <utility>

namespace dissectd {

v1::Session OpenedSession::session() const {
  v1::Session session;
  for (const v1::OpenSessionResponse& message : messages) {
    if (message.has_session()) session = message.session();
  }
  return session;
}

SessionClient::SessionClient(const std::shared_ptr<grpc::Channel>& channel,
                             std::string token)
    : stub_(v1::SessionService::NewStub(channel)), token_(std::move(token)) {}

void SessionClient::Prepare(grpc::ClientContext* context) const {
  if (!token_.empty()) {
    context->AddMetadata("authorization", "Bearer " + token_);
  }
}

OpenedSession SessionClient::Open(const v1::OpenSessionRequest& request) {
  OpenedSession opened;
  grpc::ClientContext context;
  Prepare(&context);
  const auto reader = stub_->OpenSession(&context, request);
  v1::OpenSessionResponse message;
  while (reader->Read(&message)) opened.messages.push_back(message);
  opened.status = reader->Finish();
  return opened;
}

v1::Session SessionClient::Open(const std::string& file) {
  v1::OpenSessionRequest request;
  request.set_file("files/" + file);
  const OpenedSession opened = Open(request);
  EXPECT_TRUE(opened.status.ok()) << opened.status.error_message();
  EXPECT_EQ(opened.session().state(), v1::SESSION_STATE_READY);
  return opened.session();
}

v1::Session ReloadedSession::session() const {
  v1::Session session;
  for (const v1::ReloadSessionResponse& message : messages) {
    if (message.has_session()) session = message.session();
  }
  return session;
}

ReloadedSession SessionClient::Reload(const v1::ReloadSessionRequest& request) {
  ReloadedSession reloaded;
  grpc::ClientContext context;
  Prepare(&context);
  const auto reader = stub_->ReloadSession(&context, request);
  v1::ReloadSessionResponse message;
  while (reader->Read(&message)) reloaded.messages.push_back(message);
  reloaded.status = reader->Finish();
  return reloaded;
}

v1::Session SessionClient::Get(const std::string& name, grpc::Status* status) {
  grpc::ClientContext context;
  Prepare(&context);
  v1::GetSessionRequest request;
  request.set_name(name);
  v1::GetSessionResponse response;
  const grpc::Status got = stub_->GetSession(&context, request, &response);
  if (status != nullptr) {
    *status = got;
  } else {
    EXPECT_TRUE(got.ok()) << got.error_message();
  }
  return response.session();
}

std::vector<v1::Session> SessionClient::List() {
  std::vector<v1::Session> sessions;
  v1::ListSessionsRequest request;
  request.set_page_size(1);
  do {
    grpc::ClientContext context;
    Prepare(&context);
    v1::ListSessionsResponse page;
    const grpc::Status status = stub_->ListSessions(&context, request, &page);
    EXPECT_TRUE(status.ok()) << status.error_message();
    sessions.insert(sessions.end(), page.sessions().begin(),
                    page.sessions().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return sessions;
}

grpc::Status SessionClient::Close(const std::string& name) {
  grpc::ClientContext context;
  Prepare(&context);
  v1::CloseSessionRequest request;
  request.set_name(name);
  v1::CloseSessionResponse response;
  return stub_->CloseSession(&context, request, &response);
}

grpc::Status SessionClient::GetFrame(const v1::GetFrameRequest& request,
                                     v1::GetFrameResponse* response) {
  grpc::ClientContext context;
  Prepare(&context);
  return stub_->GetFrame(&context, request, response);
}

grpc::Status SessionClient::ListFrames(const v1::ListFramesRequest& request,
                                       v1::ListFramesResponse* response) {
  grpc::ClientContext context;
  Prepare(&context);
  return stub_->ListFrames(&context, request, response);
}

grpc::Status SessionClient::FindFrame(const v1::FindFrameRequest& request,
                                      v1::FindFrameResponse* response) {
  grpc::ClientContext context;
  Prepare(&context);
  return stub_->FindFrame(&context, request, response);
}

v1::FrameSet Frames(std::initializer_list<uint32_t> numbers, bool undo) {
  v1::FrameSet frames;
  frames.mutable_frame_numbers()->Add(numbers.begin(), numbers.end());
  frames.set_undo(undo);
  return frames;
}

v1::GetFrameRequest WholeFrame(const std::string& session, uint32_t frame) {
  v1::GetFrameRequest request;
  request.set_session(session);
  request.set_frame_number(frame);
  v1::View* view = request.mutable_view();
  view->set_form(v1::FORM_PLAIN);
  view->set_tree(v1::TREE_DETAIL_FULL);
  view->set_labels(true);
  view->set_bytes(v1::BYTE_DETAIL_ALL_SOURCES);
  view->mutable_columns()->set_use_profile_columns(true);
  return request;
}

}  // namespace dissectd
