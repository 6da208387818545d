// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_NETWORK_NAMESPACE_H_
#define TESTS_E2E_NETWORK_NAMESPACE_H_

#include <chrono>
#include <cstdint>
#include <string>

namespace dissectd {

// Puts the test, and all processes and threads that it starts later, into a new
// network namespace with nothing but a loopback interface that is up. Call it
// from the main thread before others are started; later calls do nothing.
// Returns false if the kernel forbids it.
bool EnterPrivateNetwork();

// Sets an interface up or down, as `ip link set` does.
void SetInterfaceUp(const std::string& name, bool up);

// Two connected interfaces of the private network: packets sent by one are
// received by the other. They send nothing by themselves.
class VethPair {
 public:
  // Packets to this address leave through the first interface.
  static constexpr char kAddress[] = "10.77.0.2";

  // Creates both interfaces, which are down.
  VethPair(const std::string& first, const std::string& second);
  // Removes the interfaces unless they are gone.
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
  // The number of the first packet.
  uint32_t first = 1;
  // The size of the UDP payload in bytes, at least 4.
  size_t payload_size = 32;
  // The time between two packets.
  std::chrono::microseconds gap = std::chrono::microseconds(0);
};

// Sends the packets from a port that earlier packets didn't have. Nothing
// answers.
void SendUdp(const UdpTraffic& traffic);

// Returns the payload of a packet: its number in network order, and bytes
// derived from it.
std::string UdpPayload(uint32_t number, size_t size);

}  // namespace dissectd

#endif  // TESTS_E2E_NETWORK_NAMESPACE_H_
