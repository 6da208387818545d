// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_FORMAT_ORDER_H_
#define CORE_EPAN_FORMAT_ORDER_H_

#include <optional>
#include <string>
#include <vector>

#include "core/epan/wireshark.h"

namespace dissectd::engine {

// Has wiretap try the formats that it recognises by trial in the order in which
// it tries them for a file of this name, although the file is opened under
// another one. While this exists, the path that is opened must have no
// extension. One at a time.
//
// A file's name is its only way to say which of these formats comes first, and
// a worker opens descriptors, which have no name.
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

// What wiretap takes for the extension of a file's name: the last one that
// doesn't name a compression, which may be empty ("capture."). None if the name
// has no such extension.
std::optional<std::string> FormatExtension(const std::string& name);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_FORMAT_ORDER_H_
