// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_CAPTURE_CAPTURE_BLOCKS_H_
#define CORE_QUERY_CAPTURE_CAPTURE_BLOCKS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/epan/wireshark.h"
#include "core/query/capture/text_fields.h"

// Serialises wiretap's information about the blocks of a pcapng file, or their
// equivalents in other formats, as messages of proto/dissectd/v1/wiretap.proto.
namespace dissectd::engine {

// Returns the interfaces that the file has described so far; owned by wiretap.
std::vector<wtap_block_t> InterfaceBlocks(wtap* file);

// Adds the comments of a block.
template <typename Tag>
void AddComments(wtap_block_t block, Tag comments, TextFields<Tag>* texts) {
  char* comment = nullptr;
  for (guint i = 0;
       wtap_block_get_nth_string_option_value(block, OPT_COMMENT, i,
                                              &comment) == WTAP_OPTTYPE_SUCCESS;
       ++i) {
    texts->Add(comments, "comments", comment == nullptr ? "" : comment, i);
  }
}

// Returns a FileSection; `section` may be null.
std::string SectionMessage(wtap_block_t section);

// Returns a FileInterface with this number of packets.
std::string InterfaceMessage(wtap_block_t interface, uint32_t packets);

// Returns an Encapsulation.
std::string EncapsulationMessage(int encapsulation);

// Returns a TimePrecision.
std::string PrecisionMessage(int precision);

// A time of a record, with its precision.
struct RecordTime {
  nstime_t time = NSTIME_INIT_ZERO;
  int precision = WTAP_TSPREC_UNKNOWN;
};

// Returns a TimeValue.
std::string TimeMessage(const nstime_t& time);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_CAPTURE_CAPTURE_BLOCKS_H_
