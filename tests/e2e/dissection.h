// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_DISSECTION_H_
#define TESTS_E2E_DISSECTION_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/sync_stream.h>

#include <memory>
#include <string>
#include <vector>

#include "dissectd/v1/common.pb.h"
#include "dissectd/v1/dissection.grpc.pb.h"

namespace dissectd {

// Returns the error of a failed call. Fails the test and returns an empty
// message if there is none.
v1::Failure FailureOf(const grpc::Status& status);

// Returns a request for numbers and times of the frames of a file in the store.
v1::DissectRequest RequestFor(const std::string& file);

// A call of Dissect that is read message by message.
class Dissection {
 public:
  Dissection(const std::shared_ptr<grpc::Channel>& channel,
             const v1::DissectRequest& request);
  // Cancels the call unless it was finished.
  ~Dissection();

  grpc::ClientContext* context() { return &context_; }
  // Reads the next message; returns false if there is none.
  bool Next(v1::DissectResponse* response);
  grpc::Status Finish();

 private:
  const std::unique_ptr<v1::DissectionService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::DissectResponse>> reader_;
  bool finished_ = false;
};

// The whole answer of a call.
struct DissectionResult {
  std::vector<v1::DissectResponse> messages;
  grpc::Status status;

  // Returns the frames, which came in the compact form.
  std::vector<v1::PlainFrame> Frames() const;
  // Returns the last message.
  const v1::DissectResponse& Last() const;
};

DissectionResult Dissect(const std::shared_ptr<grpc::Channel>& channel,
                         const v1::DissectRequest& request);

}  // namespace dissectd

#endif  // TESTS_E2E_DISSECTION_H_
