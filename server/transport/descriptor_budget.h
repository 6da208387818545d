// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_TRANSPORT_DESCRIPTOR_BUDGET_H_
#define SERVER_TRANSPORT_DESCRIPTOR_BUDGET_H_

#include <cstdint>

namespace dissectd::server {

// What the daemon needs descriptors for besides connections.
struct DescriptorNeeds {
  uint32_t max_workers = 0;
  uint32_t max_captures = 0;
  uint32_t max_sessions = 0;
};

// Raises the limit of open files to what the system permits. Programs that the
// daemon starts inherit it. Returns the limit.
uint64_t RaiseDescriptorLimit();

// Returns how many of `limit` descriptors can be connections. `open` are in use
// already. If there are too few for everything, half of them.
uint32_t ConnectionBudget(uint64_t limit, uint64_t open,
                          const DescriptorNeeds& needs);

// Returns the number of descriptors that this process has open.
uint64_t CountOpenDescriptors();

}  // namespace dissectd::server

#endif  // SERVER_TRANSPORT_DESCRIPTOR_BUDGET_H_
