// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENGINE_TESTING_SESSION_DRIVER_H_
#define CORE_ENGINE_TESTING_SESSION_DRIVER_H_

#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/testing/engine_driver.h"
#include "core/ipc/query.h"
#include "dissectd/v1/dissection.pb.h"
#include "dissectd/v1/session.pb.h"

namespace dissectd {

// The answer to a question.
struct SessionAnswer {
  std::vector<std::string> messages;
  // The status of the answer; absent if the process died.
  std::optional<v1::StatusDetails> status;

  bool ok() const { return status.has_value() && status->code() == 0; }
  // Returns the reason of a failed status.
  std::string Reason() const;
  // Returns the only message. There must be one.
  template <typename Message>
  Message Only() const {
    Message message;
    EXPECT_TRUE(ok()) << (status.has_value() ? status->message() : "died");
    EXPECT_EQ(messages.size(), 1u);
    EXPECT_TRUE(!messages.empty() && message.ParseFromString(messages[0]));
    return message;
  }
};

// Sends a query and reads the whole answer.
SessionAnswer Ask(DrivenWorker* process, ipc::Query query,
                  const std::string& request);

// Asks a process of a session to skip frames of the second pass.
SessionAnswer Skip(DrivenWorker* process, uint32_t last_frame);

// Returns a request of kDissectSession, for an answer that begins.
std::string FromTheStart(const v1::DissectRequest& request);

// Returns a request of kGetFrame or kListFrames.
std::string Selected(const std::string& bitmap,
                     const std::vector<uint32_t>& frames,
                     const google::protobuf::Message& request);

// A session of a worker that has read its capture. Acts as dissectd.
class DrivenSession {
 public:
  DrivenSession(EngineDriver* engine, const std::string& capture,
                const std::string& name,
                const v1::OpenSessionRequest& request = {});

  DrivenWorker* root() { return root_.get(); }
  DrivenWorker* reader() { return reader_.get(); }
  // What the two have answered.
  const v1::Session& opened() const { return opened_; }
  const v1::Session& read() const { return read_; }

  // Forks a process.
  std::unique_ptr<DrivenWorker> Fork(DrivenWorker* parent) {
    return parent->Fork(++last_request_);
  }

  // Asks a fork of a process.
  SessionAnswer AskFork(DrivenWorker* parent, ipc::Query query,
                        const std::string& request) {
    return Ask(Fork(parent).get(), query, request);
  }

 private:
  uint32_t last_request_ = 0;
  std::unique_ptr<DrivenWorker> root_;
  std::unique_ptr<DrivenWorker> reader_;
  v1::Session opened_;
  v1::Session read_;
};

}  // namespace dissectd

#endif  // CORE_ENGINE_TESTING_SESSION_DRIVER_H_
