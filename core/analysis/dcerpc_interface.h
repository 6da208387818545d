// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_DCERPC_INTERFACE_H_
#define CORE_ANALYSIS_DCERPC_INTERFACE_H_

#include <array>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace dissectd::engine {

struct DceRpcUuid {
  uint32_t data1;
  uint16_t data2;
  uint16_t data3;
  std::array<uint8_t, 8> data4;
};

// An interface of DCE/RPC, as `-z dcerpc,srt` names it.
struct DceRpcInterface {
  DceRpcUuid uuid;
  uint32_t major_version;
};

// Parses UUID,MAJOR.MINOR and anything after it. Returns nothing if the
// argument begins otherwise.
std::optional<DceRpcInterface> ParseDceRpcInterface(absl::string_view argument);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_DCERPC_INTERFACE_H_
