// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_SESSION_CLIENT_H_
#define TESTS_E2E_SESSION_CLIENT_H_

#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "dissectd/v1/session.grpc.pb.h"

namespace dissectd {

// What OpenSession has sent.
struct OpenedSession {
  std::vector<v1::OpenSessionResponse> messages;
  grpc::Status status;

  // Returns the session of the last message that has one.
  v1::Session session() const;
};

// What ReloadSession has sent.
struct ReloadedSession {
  std::vector<v1::ReloadSessionResponse> messages;
  grpc::Status status;

  // Returns the session of the last message that has one.
  v1::Session session() const;
};

// A client of sessions. Calls carry a token if there is one.
class SessionClient {
 public:
  explicit SessionClient(const std::shared_ptr<grpc::Channel>& channel,
                         std::string token = "");

  v1::SessionService::Stub* stub() { return stub_.get(); }

  OpenedSession Open(const v1::OpenSessionRequest& request);
  // Opens a file of the store and expects that it can be asked then.
  v1::Session Open(const std::string& file);
  ReloadedSession Reload(const v1::ReloadSessionRequest& request);
  // Returns the session; the reason of an error is in `status`.
  v1::Session Get(const std::string& name, grpc::Status* status = nullptr);
  std::vector<v1::Session> List();
  grpc::Status Close(const std::string& name);

  grpc::Status GetFrame(const v1::GetFrameRequest& request,
                        v1::GetFrameResponse* response);
  grpc::Status ListFrames(const v1::ListFramesRequest& request,
                          v1::ListFramesResponse* response);
  grpc::Status FindFrame(const v1::FindFrameRequest& request,
                         v1::FindFrameResponse* response);

  // Adds the token, if there is one.
  void Prepare(grpc::ClientContext* context) const;

 private:
  const std::unique_ptr<v1::SessionService::Stub> stub_;
  const std::string token_;
};

// Returns the frames of an edit, or those for which it is undone.
v1::FrameSet Frames(std::initializer_list<uint32_t> numbers, bool undo = false);

// Returns a request for everything about a frame.
v1::GetFrameRequest WholeFrame(const std::string& session, uint32_t frame);

}  // namespace dissectd

#endif  // TESTS_E2E_SESSION_CLIENT_H_
