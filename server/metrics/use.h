// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_USE_H_
#define SERVER_METRICS_USE_H_

#include <cstdint>

namespace dissectd::server::metrics {

// What there is a limit of.
struct Use {
  uint64_t used = 0;
  uint64_t limit = 0;
};

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_USE_H_
