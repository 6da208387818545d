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

  // The messages, serialised, without what depends on time.
  std::vector<std::string> Stream() const;
  // All frames of all batches.
  std::vector<v1::PlainFrame> Frames() const;
  // The error of a failed status, from its details.
  v1::Failure Failure() const;
};

// One worker of an engine, or a fork of one.
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
  // Sends a message about the only request of the worker, or another one.
  void SendFrame(ipc::MessageType kind, const std::string& payload,
                 ipc::RequestId request = 1);
  // With a file that has these bytes.
  void SendFrameWithFile(ipc::MessageType kind, const std::string& payload,
                         const std::string& file);

  // A frame as it came.
  struct RawFrame {
    ipc::MessageType kind;
    ipc::RequestId request_id;
    std::string payload;
  };
  // Has a worker that serves queries fork for a request.
  std::unique_ptr<DrivenWorker> Fork(ipc::RequestId request);

  // Reads one frame; none if the worker is gone.
  std::optional<RawFrame> NextFrame();

  // Reads one message; none at the end of the stream, after which status()
  // has what the worker said.
  std::optional<v1::DissectResponse> Next();
  // Reads to the end.
  Answer Finish();
  const std::optional<v1::StatusDetails>& status() const { return status_; }

 private:
  void Send(ipc::MessageType kind, ipc::RequestId request,
            const std::string& payload, const std::vector<int>& fds);

  uint64_t id_;
  int channel_;
  ipc::StatusPage* page_;
  std::optional<v1::StatusDetails> status_;
};

// Starts the real dissectd-engine and speaks dissectd's part to it.
class EngineDriver {
 public:
  // `arguments` come after the control channel's.
  explicit EngineDriver(const std::vector<std::string>& arguments = {});
  ~EngineDriver();
  EngineDriver(const EngineDriver&) = delete;
  EngineDriver& operator=(const EngineDriver&) = delete;

  // Which engine it says that it is.
  const std::string& id() const { return id_; }

  // Starts a worker over a capture that has these bytes.
  std::unique_ptr<DrivenWorker> Start(ipc::WorkerKind kind,
                                      const std::string& capture,
                                      const ipc::WorkerLimits& limits = {});

  // Sends a message as dissectd does; `fds` stay the caller's.
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
