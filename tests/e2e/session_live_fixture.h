// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_SESSION_LIVE_FIXTURE_H_
#define TESTS_E2E_SESSION_LIVE_FIXTURE_H_

#include <grpcpp/client_context.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "dissectd/v1/session.pb.h"
#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/loopback_traffic.h"
#include "tests/e2e/session_client.h"

namespace dissectd {

// A display filter for the answers of LoopbackDns.
inline constexpr char kAnswers[] = "dns.flags.response == 1";

// Returns a request for a session on a capture.
v1::OpenSessionRequest RequestFor(const v1::Capture& capture);

// Returns options that capture the frames of LoopbackDns.
v1::CaptureOptions OfDns();
// Returns such options for files of ten packets, of which this number is kept;
// 0 for all.
v1::CaptureOptions FilesOfDns(uint32_t kept = 0);

// Returns each number from 1 on twice.
std::vector<uint32_t> IdsUpTo(uint32_t last);

// Watches a session in a thread until it is closed, or the call is cancelled.
class SessionWatch {
 public:
  SessionWatch(SessionClient* client, const std::string& session);
  ~SessionWatch();
  SessionWatch(const SessionWatch&) = delete;
  SessionWatch& operator=(const SessionWatch&) = delete;

  void WaitForFrames(uint32_t frames) const;
  void WaitForEnd() const;

 private:
  grpc::ClientContext context_;
  std::atomic<uint32_t> frames_ = 0;
  std::atomic<bool> live_ = true;
  std::thread thread_;
};

// Opens sessions on captures that run, and compares what they answer with files
// that have exactly their frames.
class SessionLiveFixture : public CaptureFixture {
 protected:
  // `arguments` are passed to the daemon.
  explicit SessionLiveFixture(std::vector<std::string> arguments = {})
      : CaptureFixture(std::move(arguments)) {}

  void SetUp() override;

  v1::Session Open(const v1::Capture& capture);
  v1::Session Open(const v1::OpenSessionRequest& request);

  // Asks and answers the questions with these numbers, each of which has two
  // frames.
  void Exchange(const v1::Capture& capture, uint16_t first, uint16_t last);

  // Copies what a capture with one file has so far into a file of the store.
  std::string Copy(const v1::Capture& capture) const;

  v1::GetFrameResponse GetFrame(const std::string& session, uint32_t frame);
  v1::ListFramesResponse ListFrames(const std::string& session,
                                    const std::string& filter,
                                    uint32_t sort_column = 0);
  // Returns all messages of a report, but the progress.
  std::vector<std::string> Report(const std::string& session) const;

  // Expects that two sessions give the same answers.
  void ExpectSameAnswers(const std::string& session,
                         const v1::Session& expected);
  // Expects that a session answers as one of the file does, which Dissect with
  // two passes and tshark agree with.
  void ExpectAnswersOf(const std::string& file, const std::string& session);
  void ExpectListOfTshark(const std::string& file, const std::string& session);

  // Returns the numbers in the payloads of all frames.
  std::vector<uint32_t> IdsOf(const std::string& session) const;

  std::optional<SessionClient> sessions_;
  std::optional<LoopbackDns> dns_;
  mutable int copies_ = 0;
};

}  // namespace dissectd

#endif  // TESTS_E2E_SESSION_LIVE_FIXTURE_H_
