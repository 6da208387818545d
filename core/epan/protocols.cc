// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/protocols.h"

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/epan/field_names.h"
#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

absl::Status Unknown(absl::string_view reason, absl::string_view kind,
                     const std::string& name) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("There is no ", kind, " \"", name, "\"",
                                AliasHint(name), "."),
                   {std::string(reason), {{"name", name}}, {}});
}

}  // namespace

absl::Status SetProtocolEnabled(const std::string& name, bool enabled) {
  if (proto_get_id_by_filter_name(name.c_str()) == -1) {
    return Unknown("PROTOCOL_UNKNOWN", "protocol", name);
  }
  if (enabled) {
    proto_enable_proto_by_name(name.c_str());
  } else {
    proto_disable_proto_by_name(name.c_str());
  }
  return absl::OkStatus();
}

absl::Status SetHeuristicEnabled(const std::string& name, bool enabled) {
  if (!EnableHeuristic(name.c_str(), enabled)) {
    return Unknown("HEURISTIC_UNKNOWN", "heuristic dissector", name);
  }
  return absl::OkStatus();
}

}  // namespace dissectd::engine
