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
  const auto size = static_cast<uint32_t>(payload.size());
  std::string ip("\x45\x00", 2);
  AppendBig16(&ip, 20 + 8 + size);
  ip += std::string("\x00\x01\x00\x00\x40\x11\x00\x00", 8);
  ip += std::string("\x0a\x00\x00\x01\x0a\x00\x00\x02", 8);
  const uint16_t checksum = InternetChecksum(ip);
  ip[10] = static_cast<char>(checksum >> 8);
  ip[11] = static_cast<char>(checksum);
  std::string frame("\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x08\x00",
                    14);
  frame += ip;
  AppendBig16(&frame, source_port);
  AppendBig16(&frame, destination_port);
  AppendBig16(&frame, 8 + size);
  AppendBig16(&frame, 0);
  return frame + payload;
}

}  // namespace dissectd
