// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/interface_state.h"

#include <net/if.h>

#include <fstream>

#include "absl/strings/numbers.h"

namespace dissectd {

absl::optional<bool> IsInterfaceUp(const std::string& name) {
  if (name.find('/') != std::string::npos) return absl::nullopt;
  std::ifstream file("/sys/class/net/" + name + "/flags");
  std::string text;
  uint32_t flags = 0;
  if (!(file >> text) || !absl::SimpleHexAtoi(text, &flags)) {
    return absl::nullopt;
  }
  return (flags & IFF_UP) != 0;
}

}  // namespace dissectd
