// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_KEPT_CAPTURE_FIXTURE_H_
#define TESTS_E2E_KEPT_CAPTURE_FIXTURE_H_

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/capture_fixture.h"

namespace dissectd {

// Sends numbered packets at a steady rate until it is stopped.
class SteadyTraffic {
 public:
  SteadyTraffic();
  ~SteadyTraffic();
  SteadyTraffic(const SteadyTraffic&) = delete;
  SteadyTraffic& operator=(const SteadyTraffic&) = delete;

  // Returns the number of packets that were sent so far.
  uint32_t sent() const { return sent_; }
  // Waits until this many more were sent.
  void AwaitMore(uint32_t count) const;
  // Returns the number of all packets.
  uint32_t Stop();

 private:
  std::atomic<bool> stopping_{false};
  std::atomic<uint32_t> sent_{0};
  std::thread thread_;
};

// Runs a daemon that leaves its captures to the next one.
class KeptCaptureFixture : public CaptureFixture {
 protected:
  explicit KeptCaptureFixture(
      std::vector<std::string> arguments = {"--keep-captures=120"})
      : CaptureFixture(std::move(arguments)) {}

  // Stops what runs, so that nothing stays behind.
  void TearDown() override;

  // Ends the daemon by a signal, and waits for it.
  void EndDaemon(int signal);
  // Starts the next daemon.
  void StartDaemon();

  // Returns the events of a running capture so far.
  std::vector<v1::CaptureEvent> EventsOf(const v1::Capture& capture) const;
  pid_t DumpcapProcess(const v1::Capture& capture) const {
    return DumpcapOf(EventsOf(capture));
  }
  // Returns the path of a file in the folder of a capture.
  std::string PathOfOwn(const v1::Capture& capture,
                        const std::string& name) const {
    return daemon().store().path() + "/" + capture.name() + "/" + name;
  }
  // Waits until the keeper of a capture has left its last words.
  void AwaitResult(const v1::Capture& capture) const;

  // Whether the daemon has logged a line with these texts.
  bool HasLogged(const std::string& text, const std::string& other = "") const;

  // Expects that the files of a capture have packets 1 to `count`, each once.
  void ExpectPackets(const v1::Capture& capture, uint32_t count) const;
};

// Returns how many events were of a kind.
int CountOf(v1::CaptureEvent::KindCase kind,
            const std::vector<v1::CaptureEvent>& events);

}  // namespace dissectd

#endif  // TESTS_E2E_KEPT_CAPTURE_FIXTURE_H_
