// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DISSECTION_PACKET_FILE_H_
#define SERVER_DISSECTION_PACKET_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::server {

// Makes a pcapng file of packets, piece by piece. The times of all interfaces
// are in nanoseconds.
class PacketFile {
 public:
  // Appends what stands for the batch to `bytes`: the beginning of the file
  // before the first packet, interfaces, packets. Errors: PACKET_INVALID; the
  // file can't be continued then.
  absl::Status Append(const v1::PacketBatch& batch, std::string* bytes);

 private:
  absl::Status AppendInterface(const v1::PacketInterface& interface,
                               std::string* bytes);
  absl::Status AppendPacket(const v1::Packet& packet, std::string* bytes);

  bool begun_ = false;
  uint32_t interfaces_ = 0;
  uint64_t packets_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_DISSECTION_PACKET_FILE_H_
