// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_DATA_SOURCES_H_
#define CORE_ENCODE_DATA_SOURCES_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/epan/wireshark.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// The data sources of a frame, and the bytes of them that a view requests.
class DataSources {
 public:
  struct Source {
    const data_source* handle;
    tvbuff_t* buffer;
    // The number of captured bytes of the source.
    uint32_t length;
    // The bytes to send.
    absl::string_view data;
  };

  // `view` is not owned and outlives this.
  explicit DataSources(const View& view);

  // Collects the data sources of the frame in `packet`.
  void Reset(const packet_info& packet);

  // Returns the number by which nodes refer to the source of `buffer`: its
  // index plus 1, or 0 if the frame has no such source.
  uint32_t NumberOf(const tvbuff_t* buffer) const;

  const std::vector<Source>& sources() const { return sources_; }

  // Returns the bytes of a node if all of them are sent as part of a data
  // source; otherwise returns nothing.
  absl::string_view SentBytes(const field_info& node,
                              uint32_t source_number) const;

 private:
  const View& view_;
  std::vector<Source> sources_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_DATA_SOURCES_H_
