// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_REQUEST_DISSECT_REQUEST_H_
#define CORE_REQUEST_DISSECT_REQUEST_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/epan/attachments.h"
#include "core/epan/columns.h"
#include "core/epan/decode_as.h"
#include "core/epan/lua_scripts.h"
#include "core/epan/name_resolution.h"
#include "core/epan/preferences.h"
#include "core/epan/protocols.h"
#include "core/epan/time_format.h"
#include "core/request/frame_range.h"
#include "dissectd/v1/dissection.schema.h"

// The messages of dissectd.v1.DissectRequest as plain structs; see
// proto/dissectd/v1/dissection.proto for what each member means.
namespace dissectd::engine {

using schema::ByteDetail;
using schema::Form;
using schema::TreeDetail;

struct ColumnSelection {
  bool use_profile_columns = false;
  std::vector<ColumnSpec> columns;
};

struct View {
  std::string display_filter;
  FrameRange range;
  ColumnSelection columns;
  std::vector<std::string> fields;
  TreeDetail tree = TreeDetail::kUnspecified;
  std::vector<std::string> tree_protocols;
  bool labels = false;
  ByteDetail bytes = ByteDetail::kUnspecified;
  Form form = Form::kUnspecified;
  bool include_hidden = false;
  bool colors = false;
  // The limits in the request; 0 means the default.
  uint32_t max_bytes_per_source = 0;
  uint32_t max_value_bytes = 0;

  bool WantsColumns() const {
    return columns.use_profile_columns || !columns.columns.empty();
  }
  bool WantsTree() const {
    return tree == TreeDetail::kFull || tree == TreeDetail::kSelected;
  }
  bool WantsNodes() const { return WantsTree() || !fields.empty(); }

  // By default one large frame still fits the 4 MiB that gRPC's clients accept.
  uint32_t MaxBytesPerSource() const {
    return max_bytes_per_source == 0 ? 1 << 20 : max_bytes_per_source;
  }
  // A label that a client derives from a value uses at most 240 bytes of it.
  uint32_t MaxValueBytes() const {
    return max_value_bytes == 0 ? 64 << 10 : std::max(max_value_bytes, 256u);
  }
};

struct DissectionOptions {
  bool two_pass = false;
  std::string read_filter;
  std::optional<NameResolutionFlags> name_resolution;
  TimeFormat time_format;
  std::vector<PreferenceSetting> preferences;
  std::vector<DecodeAsRule> decode_as;
  ProtocolSwitches protocols;
  std::string tls_key_log;
  std::string hosts;
  std::string time_zone;
  bool default_decode_as = false;
  std::vector<Attachment> attachments;
  std::string ssh_key_log;
  std::string wireguard_key_log;
  std::string kerberos_keytab;
  std::string profile;
  std::vector<LuaScript> lua_scripts;
};

struct BatchOptions {
  uint32_t max_frames = 0;
  uint32_t max_bytes = 0;
};

struct LiveOptions {
  uint32_t reset_after_frames = 0;
  uint32_t reset_after_mib = 0;
};

struct DissectRequest {
  View view;
  DissectionOptions options;
  BatchOptions batch;
  LiveOptions live;
  std::string read_format;
};

// Parses a serialised dissectd.v1.DissectRequest; ignores its source. Errors:
// INVALID_ARGUMENT: REQUEST_MALFORMED; TEXT_HAS_NUL, as libwireshark would
// truncate such a text; those of CheckFrameRange.
absl::StatusOr<DissectRequest> ParseDissectRequest(absl::string_view bytes);

// Parses a serialised dissectd.v1.Column. Errors: those of ParseDissectRequest.
absl::StatusOr<ColumnSpec> ParseColumn(absl::string_view bytes);

// Parses serialised dissectd.v1.DissectionOptions. Errors: those of
// ParseDissectRequest.
absl::StatusOr<DissectionOptions> ParseDissectionOptions(
    absl::string_view bytes);

}  // namespace dissectd::engine

#endif  // CORE_REQUEST_DISSECT_REQUEST_H_
