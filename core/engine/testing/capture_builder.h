// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENGINE_TESTING_CAPTURE_BUILDER_H_
#define CORE_ENGINE_TESTING_CAPTURE_BUILDER_H_

#include <cstdint>
#include <string>

namespace dissectd {

// Builds small capture files in pcap format, byte by byte.
class CaptureBuilder {
 public:
  static constexpr uint32_t kEthernet = 1;

  explicit CaptureBuilder(uint32_t link_type = kEthernet);

  // Adds a frame, captured `index` milliseconds after the epoch's second
  // 1,700,000,000.
  CaptureBuilder& Add(const std::string& frame);

  // Adds a record whose header claims more bytes than there are.
  CaptureBuilder& AddCutShort(const std::string& frame, uint32_t missing);

  const std::string& bytes() const { return bytes_; }

 private:
  void AddRecord(const std::string& frame, uint32_t claimed);

  std::string bytes_;
  uint32_t count_ = 0;
};

// Returns a valid Ethernet frame with IPv4 and UDP between 10.0.0.1 and
// 10.0.0.2.
std::string UdpFrame(uint16_t source_port, uint16_t destination_port,
                     const std::string& payload);

// Returns a valid Ethernet frame with IPv4 and TCP between the same hosts: one
// segment, the first of its connection.
std::string TcpFrame(uint16_t source_port, uint16_t destination_port,
                     const std::string& payload);

// Returns a capture file in pcapng format with a frame, and after it a record
// without a time stamp (a custom block).
std::string CaptureWithTimelessRecord(const std::string& frame);

}  // namespace dissectd

#endif  // CORE_ENGINE_TESTING_CAPTURE_BUILDER_H_
