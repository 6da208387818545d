// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_FIELD_VALUES_H_
#define CLIENTS_CLI_FORMAT_FIELD_VALUES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "clients/cli/format/tshark_release.h"
#include "clients/cpp/frame_view.h"
#include "clients/cpp/output_buffer.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// The occurrences of a field to write: tshark's `-E occurrence`.
enum class Occurrence { kFirst, kLast, kAll };

// The texts of the fields selected with `-e`, collected frame by frame.
//
// Thread-compatible.
class FieldValues {
 public:
  FieldValues(std::vector<std::string> names, Occurrence occurrence);

  // Reads the columns, and the release of tshark that decides about names and
  // texts.
  void Begin(const v1::StreamHeader& header);

  // Collects the values of a frame, replacing those of the last one.
  void Collect(const FrameView& frame);

  // The names of the fields, which Begin may change to those that are printed.
  const std::vector<std::string>& names() const { return names_; }

  // Return the values of the field at an index of `names`, which are valid
  // until the next Collect.
  int ValueCount(int index) const {
    return static_cast<int>(values_[index].size());
  }
  absl::string_view Value(int index, int occurrence) const {
    const Span& span = values_[index][occurrence];
    return text_.view().substr(span.begin, span.size);
  }

 private:
  struct Span {
    size_t begin;
    size_t size;
  };

  // Finds the place of each name.
  void IndexNames();
  // Returns the index of a field in `names`, or -1.
  int IndexOf(uint32_t field_id, const Field& field);
  void AddValue(int index, size_t begin);
  // Appends the text of a node; returns false if it has none.
  bool AppendFieldText(const FrameView& frame, const Node& node);

  std::vector<std::string> names_;
  const Occurrence occurrence_;
  // The release that the stream's engine belongs to. Begin sets it.
  const TsharkRelease* release_ = nullptr;
  absl::flat_hash_map<std::string, int> index_by_name_;
  // Indexed by field id: the index in `names` + 2, 1 for none, 0 for unknown.
  std::vector<int> index_by_id_;
  // Indexed by column: the index in `names`, or -1.
  std::vector<int> index_by_column_;
  std::vector<std::vector<Span>> values_;
  OutputBuffer text_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_FIELD_VALUES_H_
