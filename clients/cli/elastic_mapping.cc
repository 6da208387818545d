// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/elastic_mapping.h"

#include <cstdio>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "clients/cli/format/json_writer.h"
#include "clients/cli/registry_stream.h"
#include "clients/cpp/output_buffer.h"
#include "dissectd/v1/registry.pb.h"

namespace dissectd::cli {
namespace {

// Returns Elasticsearch's type of a field. It is empty for fields that tshark
// leaves out, which Elasticsearch then treats as texts; among them are, without
// an obvious reason, two types of integers.
absl::string_view ElasticType(v1::FieldType type) {
  switch (type) {
    case v1::FIELD_TYPE_BYTES:
    case v1::FIELD_TYPE_UINT_BYTES:
      return "byte";
    case v1::FIELD_TYPE_UINT8:
    case v1::FIELD_TYPE_INT8:
      return "short";
    case v1::FIELD_TYPE_UINT16:
    case v1::FIELD_TYPE_INT16:
    case v1::FIELD_TYPE_UINT24:
    case v1::FIELD_TYPE_INT24:
    case v1::FIELD_TYPE_INT32:
      return "integer";
    case v1::FIELD_TYPE_UINT32:
    case v1::FIELD_TYPE_UINT40:
    case v1::FIELD_TYPE_UINT48:
    case v1::FIELD_TYPE_UINT56:
    case v1::FIELD_TYPE_UINT64:
    case v1::FIELD_TYPE_INT48:
    case v1::FIELD_TYPE_INT64:
    case v1::FIELD_TYPE_FRAMENUM:
      return "long";
    case v1::FIELD_TYPE_FLOAT:
    case v1::FIELD_TYPE_DOUBLE:
      return "float";
    case v1::FIELD_TYPE_BOOLEAN:
      return "boolean";
    case v1::FIELD_TYPE_IPV4:
    case v1::FIELD_TYPE_IPV6:
      return "ip";
    case v1::FIELD_TYPE_ABSOLUTE_TIME:
    case v1::FIELD_TYPE_RELATIVE_TIME:
      return "date";
    default:
      return {};
  }
}

// Prints the mapping, field by field.
class MappingPrinter {
 public:
  explicit MappingPrinter(const std::optional<std::string>& protocols)
      : json_(JsonWriter::Style::kIndented, &out_) {
    if (!protocols.has_value()) return;
    protocols_ = absl::StrSplit(*protocols, ',');
  }

  void Begin() {
    json_.BeginObject();
    OpenObject("settings");
    json_.Name("index.mapping.total_fields.limit");
    json_.Literal("1000000");
    json_.EndObject();
    OpenObject("mappings");
    json_.Name("dynamic");
    json_.Literal("false");
    OpenObject("properties");
    AddType("timestamp", "date");
    OpenObject("layers");
    OpenObject("properties");
  }

  void Add(const v1::Field& field) {
    if (field.protocol().empty()) return;
    if (protocols_.has_value() && protocols_->count(field.protocol()) == 0) {
      return;
    }
    OpenLayer(field.protocol());
    const absl::string_view type = ElasticType(field.type());
    if (type.empty()) return;
    std::string name = absl::StrReplaceAll(
        absl::StrCat(field.protocol(), "_", field.name()), {{".", "_"}});
    // Fields of the same name follow each other as a rule. tshark leaves out
    // only those that do.
    if (name != last_name_) AddType(name, type);
    last_name_ = std::move(name);
    constexpr size_t kEnough = 64 << 10;
    if (out_.size() > kEnough) Flush();
  }

  void End() {
    CloseLayer();
    // The properties of layers, layers, properties, mappings, and the whole.
    for (int open = 0; open < 5; ++open) json_.EndObject();
    out_.Append('\n');
    Flush();
  }

 private:
  void OpenObject(absl::string_view name) {
    json_.Name(name);
    json_.BeginObject();
  }

  void AddType(absl::string_view name, absl::string_view type) {
    OpenObject(name);
    json_.Name("type");
    json_.String(type);
    json_.EndObject();
  }

  void OpenLayer(const std::string& protocol) {
    if (protocol == layer_) return;
    CloseLayer();
    layer_ = protocol;
    OpenObject(protocol);
    OpenObject("properties");
  }

  void CloseLayer() {
    if (layer_.empty()) return;
    json_.EndObject();
    json_.EndObject();
  }

  void Flush() {
    std::fwrite(out_.view().data(), 1, out_.size(), stdout);
    out_.Clear();
  }

  OutputBuffer out_;
  JsonWriter json_;
  std::optional<std::set<std::string>> protocols_;
  std::string layer_;
  std::string last_name_;
};

}  // namespace

grpc::Status PrintElasticMapping(const std::shared_ptr<grpc::Channel>& channel,
                                 const std::optional<std::string>& protocols) {
  MappingPrinter printer(protocols);
  bool begun = false;
  const grpc::Status status =
      ReadRegistry(channel, NamedValues::kLeaveOut,
                   [&](const v1::ReadRegistryResponse& batch) {
                     // Nothing is printed if the call fails at once.
                     if (!begun) printer.Begin();
                     begun = true;
                     for (const v1::Field& field : batch.fields()) {
                       printer.Add(field);
                     }
                   });
  if (status.ok()) printer.End();
  return status;
}

}  // namespace dissectd::cli
