// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_FORMAT_ORDER_H_
#define CORE_EPAN_FORMAT_ORDER_H_

#include <optional>
#include <string>
#include <vector>

#include "core/epan/wireshark.h"

namespace dissectd::engine {

// Makes wiretap try formats without a magic number in the order in which it
// tries them for a file with this name, although the file is opened under
// another name. While this exists, the path to open must have no extension. At
// most one exists at a time.
//
// Only a file's name says which of these formats comes first, but a worker
// opens descriptors, which have no name.
class FormatOrder {
 public:
  explicit FormatOrder(const std::string& name);
  ~FormatOrder();
  FormatOrder(const FormatOrder&) = delete;
  FormatOrder& operator=(const FormatOrder&) = delete;

 private:
  // wiretap's own order of the formats from `first_` on.
  open_info* first_ = nullptr;
  std::vector<open_info> saved_;
};

// Returns the extension that wiretap sees in a file's name: the last one that
// doesn't name a compression, which may be empty ("capture."). None if the name
// has no such extension.
std::optional<std::string> FormatExtension(const std::string& name);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_FORMAT_ORDER_H_
