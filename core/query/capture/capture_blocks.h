// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_CAPTURE_CAPTURE_BLOCKS_H_
#define CORE_QUERY_CAPTURE_CAPTURE_BLOCKS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/epan/wireshark.h"

// What wiretap has of the blocks of a pcapng file, and of what other formats
// have instead, as serialised messages of proto/dissectd/v1/wiretap.proto.
namespace dissectd::engine {

// The interfaces that the file has described so far. wiretap's.
std::vector<wtap_block_t> InterfaceBlocks(wtap* file);

// The comments of a block, as valid UTF-8.
std::vector<std::string> Comments(wtap_block_t block);

// A FileSection; `section` may be null.
std::string SectionMessage(wtap_block_t section);

// A FileInterface that has this number of packets.
std::string InterfaceMessage(wtap_block_t interface, uint32_t packets);

// An Encapsulation.
std::string EncapsulationMessage(int encapsulation);

// A TimePrecision.
std::string PrecisionMessage(int precision);

// A time of a record, with its precision.
struct RecordTime {
  nstime_t time = NSTIME_INIT_ZERO;
  int precision = WTAP_TSPREC_UNKNOWN;
};

// A TimeValue.
std::string TimeMessage(const nstime_t& time);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_CAPTURE_CAPTURE_BLOCKS_H_
