// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_EK_FORMATTER_H_
#define CLIENTS_CLI_FORMAT_EK_FORMATTER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "clients/cli/format/field_values.h"
#include "clients/cli/format/formatter.h"
#include "clients/cli/format/json_writer.h"
#include "clients/cli/format/protocol_filter.h"
#include "clients/cli/format/tshark_release.h"
#include "clients/cpp/output_buffer.h"

namespace dissectd::cli {

// The contents of `-T ek`.
struct EkStyle {
  // Whether to write the columns (-P).
  bool summary = false;
  // Whether to write the protocol tree, or the fields below.
  bool details = true;
  // Whether to write raw values (-x).
  bool raw = false;
  ProtocolFilter filter;
  // The fields to write (-e); if empty, the whole tree.
  std::vector<std::string> fields;
  Occurrence occurrence = Occurrence::kAll;
  // The node of a fleet that the frames are from; empty to write none.
  std::string node;
};

// Writes two lines of JSON for each frame for Elasticsearch's bulk API: an
// index action, and the frame.
class EkFormatter : public Formatter {
 public:
  // `out` is not owned; outlives this.
  EkFormatter(EkStyle style, OutputBuffer* out);

  void Begin(const v1::StreamHeader& header) override;
  void WriteFrame(const FrameView& frame) override;
  void End() override {}

 private:
  // Nodes with the same name in one protocol.
  using Attribute = std::vector<int>;
  struct Attributes {
    std::vector<Attribute> in_order;
    absl::flat_hash_map<int, size_t> by_key;
  };

  void WriteSpecifiedFields(const FrameView& frame);
  // Writes the nodes from `begin` to `end` as members of the open object.
  // `parent` is the id of their parent's field, 0 for top-level nodes.
  void WriteProtocol(const FrameView& frame, int begin, int end,
                     uint32_t parent);
  // Collects nodes, and the descendants of those that aren't protocols.
  void Gather(const FrameView& frame, int begin, int end, uint32_t parent,
              Attributes* attributes);
  // Returns the indexes of attributes in the order of the release.
  std::vector<size_t> OrderOf(const FrameView& frame,
                              const Attributes& attributes) const;
  void WriteAttribute(const FrameView& frame, const Attribute& nodes);
  void WriteProtocolNode(const FrameView& frame, int node);
  void WriteFieldValue(const FrameView& frame, int node);

  bool FilterHas(absl::string_view name) const;
  // Returns the same number for fields with the same name; in some releases,
  // for pairs of fields with the same joined name.
  int KeyOf(const FrameView& frame, uint32_t parent, int node);

  const EkStyle style_;
  OutputBuffer* const out_;
  // The release that the stream's engine belongs to. Begin sets it.
  const TsharkRelease* release_ = nullptr;
  JsonWriter json_;
  absl::optional<FieldValues> fields_;
  std::vector<std::string> column_names_;
  // Whether the filter applies to the current object.
  bool filtering_;
  absl::flat_hash_map<std::pair<uint32_t, uint32_t>, int> key_by_fields_;
  absl::flat_hash_map<std::string, int> key_by_name_;
  OutputBuffer scratch_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_EK_FORMATTER_H_
