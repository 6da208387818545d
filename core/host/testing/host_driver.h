// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_HOST_TESTING_HOST_DRIVER_H_
#define CORE_HOST_TESTING_HOST_DRIVER_H_

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

// The whole answer of a session, parsed.
struct Answer {
  std::vector<v1::DissectResponse> messages;
  // None if the session died.
  std::optional<v1::StatusDetails> status;

  // The messages, serialised, without what depends on time.
  std::vector<std::string> Stream() const;
  // All frames of all batches.
  std::vector<v1::Frame> Frames() const;
  // The only detail of a failed status.
  v1::ErrorDetail Detail() const;
};

// One session of a host.
class DrivenSession {
 public:
  DrivenSession(uint64_t id, int channel, ipc::StatusPage* page)
      : id_(id), channel_(channel), page_(page) {}
  ~DrivenSession();
  DrivenSession(const DrivenSession&) = delete;
  DrivenSession& operator=(const DrivenSession&) = delete;

  uint64_t id() const { return id_; }
  const ipc::StatusPage& page() const { return *page_; }

  void Request(const std::string& name, const v1::DissectRequest& request);
  void SendFrame(ipc::FrameKind kind, const std::string& payload);
  // With a file that has these bytes.
  void SendFrameWithFile(ipc::FrameKind kind, const std::string& payload,
                         const std::string& file);

  // A frame as it came.
  struct RawFrame {
    ipc::FrameKind kind;
    std::string payload;
  };
  // Reads one frame; none if the session is gone.
  std::optional<RawFrame> NextFrame();

  // Reads one message; none at the end of the stream, after which status()
  // has what the session said.
  std::optional<v1::DissectResponse> Next();
  // Reads to the end.
  Answer Finish();
  const std::optional<v1::StatusDetails>& status() const { return status_; }

 private:
  void Send(ipc::FrameKind kind, const std::string& payload,
            const std::vector<int>& fds);

  uint64_t id_;
  int channel_;
  ipc::StatusPage* page_;
  std::optional<v1::StatusDetails> status_;
};

// Starts the real epan-host and speaks dissectd's part to it.
class HostDriver {
 public:
  // `arguments` come after the control channel's.
  explicit HostDriver(const std::vector<std::string>& arguments = {});
  ~HostDriver();
  HostDriver(const HostDriver&) = delete;
  HostDriver& operator=(const HostDriver&) = delete;

  // Starts a session over a capture that has these bytes.
  std::unique_ptr<DrivenSession> Start(const std::string& capture);

  // Starts a session, sends the request and reads the whole answer.
  Answer Dissect(const std::string& capture, const v1::DissectRequest& request,
                 const std::string& name = "test.pcap");

  void Kill(const DrivenSession& session);

  // Waits for the next kSessionEnded.
  ipc::ControlMessage WaitForEnd();

 private:
  ipc::ControlMessage ReceiveControl();

  int control_ = -1;
  pid_t pid_ = -1;
  uint64_t last_id_ = 0;
};

}  // namespace dissectd

#endif  // CORE_HOST_TESTING_HOST_DRIVER_H_
