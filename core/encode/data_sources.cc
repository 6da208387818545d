// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/data_sources.h"

#include <algorithm>

namespace dissectd::engine {

DataSources::DataSources(const View& view) : view_(view) {}

void DataSources::Reset(const packet_info& packet) {
  sources_.clear();
  for (const GSList* item = packet.data_src; item != nullptr;
       item = item->next) {
    Source source;
    source.handle = static_cast<const data_source*>(item->data);
    source.buffer = get_data_source_tvb(source.handle);
    source.length = tvb_captured_length(source.buffer);
    const bool wanted = view_.bytes == ByteDetail::kAllSources ||
                        (view_.bytes == ByteDetail::kFrame && sources_.empty());
    const uint32_t size =
        wanted ? std::min(source.length, view_.MaxBytesPerSource()) : 0;
    if (size > 0) {
      // This can't throw, as all captured bytes of a source are available.
      source.data = {reinterpret_cast<const char*>(tvb_get_ptr(
                         source.buffer, 0, static_cast<gint>(size))),
                     size};
    }
    sources_.push_back(source);
  }
}

uint32_t DataSources::NumberOf(const tvbuff_t* buffer) const {
  if (buffer == nullptr) return 0;
  for (size_t i = 0; i < sources_.size(); ++i) {
    if (sources_[i].buffer == buffer) return static_cast<uint32_t>(i + 1);
  }
  return 0;
}

absl::string_view DataSources::SentBytes(const field_info& node,
                                         uint32_t source_number) const {
  if (source_number == 0 || node.start < 0 || node.length <= 0) return {};
  const absl::string_view data = sources_[source_number - 1].data;
  const auto start = static_cast<size_t>(node.start);
  const auto length = static_cast<size_t>(node.length);
  if (start > data.size() || length > data.size() - start) return {};
  return data.substr(start, length);
}

}  // namespace dissectd::engine
