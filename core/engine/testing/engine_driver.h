// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENGINE_TESTING_ENGINE_DRIVER_H_
#define CORE_ENGINE_TESTING_ENGINE_DRIVER_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/ipc/protocol.h"
#include "dissectd/v1/common.pb.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd {

// The whole answer of a worker, parsed.
struct Answer {
  std::vector<v1::DissectResponse> messages;
  // None if the worker died.
  std::optional<v1::StatusDetails> status;

  // Returns the serialised messages, without parts that depend on time.
  std::vector<std::string> Stream() const;
  // Returns the frames of all batches.
  std::vector<v1::PlainFrame> Frames() const;
  // Returns the error of a failed status, from its details.
  v1::Failure Failure() const;
};

// A worker of an engine, or a fork of a worker.
class DrivenWorker {
 public:
  DrivenWorker(uint64_t id, int channel, ipc::StatusPage* page)
      : id_(id), channel_(channel), page_(page) {}
  ~DrivenWorker();
  DrivenWorker(const DrivenWorker&) = delete;
  DrivenWorker& operator=(const DrivenWorker&) = delete;

  uint64_t id() const { return id_; }
  const ipc::StatusPage& page() const { return *page_; }

  void Request(const std::string& name, const v1::DissectRequest& request);
  // Sends a message about the worker's only request, or about another one.
  void SendMessage(ipc::MessageType type, const std::string& payload,
                   ipc::RequestId request = 1);
  // Sends a message with a file that contains these bytes.
  void SendMessageWithFile(ipc::MessageType type, const std::string& payload,
                           const std::string& file);

  // A message in its raw form.
  struct RawMessage {
    ipc::MessageType type;
    ipc::RequestId request_id;
    std::string payload;
  };
  // Makes a worker that answers queries fork for a request.
  std::unique_ptr<DrivenWorker> Fork(ipc::RequestId request);

  // Reads one message; none if the worker has ended.
  std::optional<RawMessage> NextFrame();

  // Reads one response; none at the end of the stream, after which status() has
  // the worker's status.
  std::optional<v1::DissectResponse> Next();
  // Reads to the end.
  Answer Finish();
  const std::optional<v1::StatusDetails>& status() const { return status_; }

 private:
  void Send(ipc::MessageType type, ipc::RequestId request,
            const std::string& payload, const std::vector<int>& fds);

  uint64_t id_;
  int channel_;
  ipc::StatusPage* page_;
  std::optional<v1::StatusDetails> status_;
};

// Starts the real dissectd-engine and acts as dissectd.
class EngineDriver {
 public:
  // `arguments` follow the one for the control channel.
  explicit EngineDriver(const std::vector<std::string>& arguments = {});
  ~EngineDriver();
  EngineDriver(const EngineDriver&) = delete;
  EngineDriver& operator=(const EngineDriver&) = delete;

  // The id that the engine has sent.
  const std::string& id() const { return id_; }

  // Starts a worker with a capture that contains these bytes.
  std::unique_ptr<DrivenWorker> Start(ipc::WorkerKind kind,
                                      const std::string& capture,
                                      const ipc::WorkerLimits& limits = {});

  // Sends a message as dissectd does. The caller keeps owning `fds`.
  void SendControl(const ipc::ControlMessage& message,
                   const std::vector<int>& fds = {});

  // Starts a worker, sends the request and reads the whole answer.
  Answer Dissect(const std::string& capture, const v1::DissectRequest& request,
                 const std::string& name = "test.pcap");

  void Kill(const DrivenWorker& worker);

  // Waits for the next kWorkerEnded.
  ipc::ControlMessage WaitForEnd();

 private:
  ipc::ControlMessage ReceiveControl();

  std::string id_;
  int control_ = -1;
  pid_t pid_ = -1;
  uint64_t last_id_ = 0;
};

}  // namespace dissectd

#endif  // CORE_ENGINE_TESTING_ENGINE_DRIVER_H_
