// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_NETWORK_NAMESPACE_H_
#define TESTS_E2E_NETWORK_NAMESPACE_H_

#include <chrono>
#include <cstdint>
#include <string>

namespace dissectd {

// Gives the test a network of its own, with nothing but a loopback interface
// that is up, and with it all processes and threads that it starts later. To be
// called from the main thread before others are started; only the first call
// does something. Returns false if the kernel forbids it.
bool EnterPrivateNetwork();

// `ip link set`.
void SetInterfaceUp(const std::string& name, bool up);

// Two interfaces of the private network: what goes out of one comes in at the
// other. They send nothing of their own.
class VethPair {
 public:
  // What is sent to this address goes out of the first one.
  static constexpr char kAddress[] = "10.77.0.2";

  // Both are down at first.
  VethPair(const std::string& first, const std::string& second);
  // Removes them, unless that was done.
  ~VethPair();
  VethPair(const VethPair&) = delete;
  VethPair& operator=(const VethPair&) = delete;

  const std::string& first() const { return first_; }
  const std::string& second() const { return second_; }

  void SetUp(bool up);
  void Remove();

 private:
  const std::string first_;
  const std::string second_;
  bool removed_ = false;
};

// Packets to send, each with its number in its payload.
struct UdpTraffic {
  std::string address = "127.0.0.1";
  uint16_t port = 9999;
  uint32_t count = 1;
  // The number of the first one.
  uint32_t first = 1;
  // Bytes of UDP payload, at least 4.
  size_t payload_size = 32;
  // Between two of them.
  std::chrono::microseconds gap = std::chrono::microseconds(0);
};

// Sends them from a port of its own. Nothing answers.
void SendUdp(const UdpTraffic& traffic);

// The payload of a packet: its number in network order, and bytes that follow
// from it.
std::string UdpPayload(uint32_t number, size_t size);

}  // namespace dissectd

#endif  // TESTS_E2E_NETWORK_NAMESPACE_H_
