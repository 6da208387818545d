// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_CAPABILITIES_PTR_H_
#define SERVER_BASE_CAPABILITIES_PTR_H_

#include <sys/capability.h>

#include <memory>
#include <type_traits>

namespace dissectd::server {

// Frees memory of libcap.
struct FreeCapabilities {
  void operator()(void* pointer) const { cap_free(pointer); }
};
using CapabilitiesPtr =
    std::unique_ptr<std::remove_pointer_t<cap_t>, FreeCapabilities>;

// Returns whether the permitted set has a capability; false if `capabilities`
// is null.
inline bool HasCapability(cap_t capabilities, cap_value_t value) {
  cap_flag_value_t flag = CAP_CLEAR;
  return capabilities != nullptr &&
         cap_get_flag(capabilities, value, CAP_PERMITTED, &flag) == 0 &&
         flag == CAP_SET;
}

}  // namespace dissectd::server

#endif  // SERVER_BASE_CAPABILITIES_PTR_H_
