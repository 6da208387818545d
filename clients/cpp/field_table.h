// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_FIELD_TABLE_H_
#define CLIENTS_CPP_FIELD_TABLE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dissectd/v1/common.pb.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd {

// A field of the stream, and derived properties that formatters would otherwise
// compute for every node.
struct Field {
  explicit Field(const v1::Field& field);

  std::string name;
  std::string display_name;
  // The filter name of the protocol it belongs to; empty for protocols.
  std::string protocol;
  // The name of its member in `-T ek`: protocol, `_`, name, with `_` for `.`.
  std::string ek_name;
  v1::FieldType type;
  v1::FieldDisplay display;
  uint32_t display_flags;
  uint32_t type_number;
  uint64_t bitmask;
  bool is_protocol;
  // Whether the protocol is `data`, undissected bytes that several formats
  // dump.
  bool is_data_protocol;
  // Whether the protocol is expert information, which PDML writes as a field.
  bool is_expert_protocol;
};

// The fields of a stream, indexed by the ids in its nodes.
//
// Thread-compatible.
class FieldTable {
 public:
  // Adds the definitions in a batch.
  void Add(const v1::FrameBatch& batch);

  // Returns the field with an id. If the id has no definition, which only a
  // broken server sends, returns a nameless field.
  const Field& Get(uint32_t id) const {
    if (id < fields_.size() && fields_[id] != nullptr) return *fields_[id];
    return unknown_;
  }

 private:
  std::vector<std::unique_ptr<const Field>> fields_;
  const Field unknown_{v1::Field()};
};

}  // namespace dissectd

#endif  // CLIENTS_CPP_FIELD_TABLE_H_
