// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_DATA_SOURCES_H_
#define CORE_ENCODE_DATA_SOURCES_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/epan/wireshark.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// The data sources of one frame, and what a view wants of their bytes.
class DataSources {
 public:
  struct Source {
    const data_source* handle;
    tvbuff_t* buffer;
    // The number of its captured bytes.
    uint32_t length;
    // What is sent of them.
    absl::string_view data;
  };

  // `view` is not owned and outlives this.
  explicit DataSources(const View& view);

  // Looks at the frame that `packet` belongs to.
  void Reset(const packet_info& packet);

  // Returns the number that nodes refer to the source of `buffer` by: its index
  // plus 1, or 0 if it is none of the frame's.
  uint32_t NumberOf(const tvbuff_t* buffer) const;

  const std::vector<Source>& sources() const { return sources_; }

  // Returns the bytes of a node that are sent as part of a data source, all of
  // them; empty if they are not.
  absl::string_view SentBytes(const field_info& node,
                              uint32_t source_number) const;

 private:
  const View& view_;
  std::vector<Source> sources_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_DATA_SOURCES_H_
