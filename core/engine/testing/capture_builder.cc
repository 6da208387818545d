// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/engine/testing/capture_builder.h"

namespace dissectd {
namespace {

void Append32(std::string* out, uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) {
    out->push_back(static_cast<char>(value >> shift));
  }
}

void Append16(std::string* out, uint32_t value) {
  out->push_back(static_cast<char>(value));
  out->push_back(static_cast<char>(value >> 8));
}

void AppendBig16(std::string* out, uint32_t value) {
  out->push_back(static_cast<char>(value >> 8));
  out->push_back(static_cast<char>(value));
}

uint16_t InternetChecksum(const std::string& header) {
  uint32_t sum = 0;
  for (size_t i = 0; i + 1 < header.size(); i += 2) {
    sum += static_cast<uint8_t>(header[i]) << 8 |
           static_cast<uint8_t>(header[i + 1]);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(~sum);
}

// Returns `payload` with Ethernet and IPv4 headers.
std::string Ipv4Frame(char protocol, const std::string& payload) {
  std::string ip("\x45\x00", 2);
  AppendBig16(&ip, 20 + static_cast<uint32_t>(payload.size()));
  ip += std::string("\x00\x01\x00\x00\x40", 5) + protocol;
  ip += std::string("\x00\x00\x0a\x00\x00\x01\x0a\x00\x00\x02", 10);
  const uint16_t checksum = InternetChecksum(ip);
  ip[10] = static_cast<char>(checksum >> 8);
  ip[11] = static_cast<char>(checksum);
  return std::string("\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x08\x00",
                     14) +
         ip + payload;
}

// Returns a block of pcapng, whose body is padded to 32 bits.
std::string Block(uint32_t type, std::string body) {
  body.resize((body.size() + 3) / 4 * 4);
  std::string block;
  Append32(&block, type);
  Append32(&block, static_cast<uint32_t>(body.size()) + 12);
  block += body;
  Append32(&block, static_cast<uint32_t>(body.size()) + 12);
  return block;
}

}  // namespace

CaptureBuilder::CaptureBuilder(uint32_t link_type) {
  Append32(&bytes_, 0xa1b2c3d4);  // Microseconds.
  Append16(&bytes_, 2);
  Append16(&bytes_, 4);
  Append32(&bytes_, 0);
  Append32(&bytes_, 0);
  Append32(&bytes_, 65535);
  Append32(&bytes_, link_type);
}

CaptureBuilder& CaptureBuilder::Add(const std::string& frame) {
  AddRecord(frame, static_cast<uint32_t>(frame.size()));
  return *this;
}

CaptureBuilder& CaptureBuilder::AddCutShort(const std::string& frame,
                                            uint32_t missing) {
  AddRecord(frame, static_cast<uint32_t>(frame.size()) + missing);
  return *this;
}

void CaptureBuilder::AddRecord(const std::string& frame, uint32_t claimed) {
  Append32(&bytes_, 1'700'000'000);
  Append32(&bytes_, 1000 * count_++);
  Append32(&bytes_, claimed);
  Append32(&bytes_, claimed);
  bytes_ += frame;
}

std::string UdpFrame(uint16_t source_port, uint16_t destination_port,
                     const std::string& payload) {
  std::string udp;
  AppendBig16(&udp, source_port);
  AppendBig16(&udp, destination_port);
  AppendBig16(&udp, 8 + static_cast<uint32_t>(payload.size()));
  AppendBig16(&udp, 0);
  return Ipv4Frame('\x11', udp + payload);
}

std::string TcpFrame(uint16_t source_port, uint16_t destination_port,
                     const std::string& payload) {
  std::string tcp;
  AppendBig16(&tcp, source_port);
  AppendBig16(&tcp, destination_port);
  // Adds sequence and acknowledgment numbers, the header length of 20 bytes,
  // PSH and ACK.
  tcp += std::string("\x00\x00\x00\x01\x00\x00\x00\x01\x50\x18", 10);
  AppendBig16(&tcp, 8192);
  tcp += std::string(4, '\0');
  return Ipv4Frame('\x06', tcp + payload);
}

std::string CaptureWithTimelessRecord(const std::string& frame) {
  std::string section;
  Append32(&section, 0x1a2b3c4d);
  Append16(&section, 1);
  Append16(&section, 0);
  section += std::string(8, '\xff');
  std::string interface;
  Append16(&interface, CaptureBuilder::kEthernet);
  Append16(&interface, 0);
  Append32(&interface, 0);
  std::string packet;
  Append32(&packet, 0);
  // Microseconds since 1970, the high half first.
  constexpr uint64_t kTime = 1'700'000'000'000'000;
  Append32(&packet, static_cast<uint32_t>(kTime >> 32));
  Append32(&packet, static_cast<uint32_t>(kTime));
  Append32(&packet, static_cast<uint32_t>(frame.size()));
  Append32(&packet, static_cast<uint32_t>(frame.size()));
  packet += frame;
  std::string custom;
  // The number that IANA reserves for documentation.
  Append32(&custom, 32473);
  custom += "data";
  return Block(0x0a0d0d0a, section) + Block(1, interface) + Block(6, packet) +
         Block(0xbad, custom);
}

}  // namespace dissectd
