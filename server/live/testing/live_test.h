// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_LIVE_TESTING_LIVE_TEST_H_
#define SERVER_LIVE_TESTING_LIVE_TEST_H_

#include <asio/thread_pool.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/ipc/protocol.h"
#include "dissectd/v1/dissection.pb.h"
#include "gtest/gtest.h"
#include "server/base/io_loop.h"
#include "server/capture/testing/played_capture.h"
#include "server/engine/testing/fake_workers.h"
#include "server/live/live_workers.h"
#include "server/live/testing/recording_reader.h"
#include "server/store/testing/temporary_store.h"

namespace dissectd::server {

// The process of a live worker, as the test that plays it sees it.
struct PlayedWorker {
  FakeWorker channel;
  uint64_t id = 0;
  // Its first stream.
  ipc::StreamNumber stream = 0;

  // Says that it has read this much of its file, which it may have read whole.
  void RequestRead(uint64_t records, bool at_end = false);
  // Receives how much it may read.
  ipc::LiveState ReceiveState();
  // Receives that there is another stream.
  ipc::AddStream ReceiveStream();
  // Receives a message of this type about a stream.
  ipc::StreamNumber ReceiveAbout(ipc::MessageType type);
  // Receives a message of this type, and returns its payload.
  std::string Receive(ipc::MessageType type);
  // Whether dissectd has closed the channel.
  bool IsGone() { return !channel.Receive().has_value(); }

  void SendHeader(absl::string_view text);
  void SendMessage(ipc::StreamNumber stream, absl::string_view text,
                   uint32_t last_frame, uint32_t frames_sent);
  void EndStream(ipc::StreamNumber stream);
  void SendStates(const std::vector<ipc::StreamState>& states);
};

// Live workers, their readers and a capture, all of which a test plays.
class LiveTest : public ::testing::Test {
 protected:
  LiveTest();
  ~LiveTest() override;

  // Runs `task` on the loop's thread, and waits for its end.
  void OnLoop(const std::function<void()>& task);

  // The request of a client of the capture.
  v1::DissectRequest Request(const std::string& filter = "",
                             uint32_t first_frame = 0) const;
  // Adds a client, which lasts as long as this.
  RecordingReader* NewReader(v1::DissectRequest request,
                             const std::string& principal = "a");
  RecordingReader* NewReader() { return NewReader(Request()); }
  // Adds a client that joins at once.
  RecordingReader* Join(v1::DissectRequest request);
  void Join(RecordingReader* reader);
  void Leave(RecordingReader* reader);
  // The reader has room from now on.
  void MakeRoom(RecordingReader* reader);

  // Waits until the reader's worker waits for the capture.
  void AwaitWaiting(RecordingReader* reader);

  // Waits until a worker is started, and receives what it is told first.
  PlayedWorker Start();
  // Ends the worker's process.
  void Crash(PlayedWorker* worker);

  PlayedCapture& capture() { return *capture_; }

  IoLoop loop_;
  asio::thread_pool pool_{1};
  FakeWorkers engine_{&loop_};

 private:
  TemporaryStore store_;
  std::unique_ptr<PlayedCapture> capture_;

  std::vector<std::unique_ptr<RecordingReader>> readers_;

 protected:
  std::unique_ptr<LiveWorkers> workers_;
};

}  // namespace dissectd::server

#endif  // SERVER_LIVE_TESTING_LIVE_TEST_H_
