// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_LOOPBACK_TRAFFIC_H_
#define TESTS_E2E_LOOPBACK_TRAFFIC_H_

#include <cstdint>
#include <string>

namespace dissectd {

// A name server and its client on the loopback interface of a private network.
// Each question is a frame, which refers to that of its answer, and so is each
// answer.
class LoopbackDns {
 public:
  LoopbackDns();
  ~LoopbackDns();
  LoopbackDns(const LoopbackDns&) = delete;
  LoopbackDns& operator=(const LoopbackDns&) = delete;

  // Sends the question with this number.
  void Ask(uint16_t number) const;
  // Sends its answer.
  void Answer(uint16_t number) const;

 private:
  int server_;
  int client_;
};

}  // namespace dissectd

#endif  // TESTS_E2E_LOOPBACK_TRAFFIC_H_
