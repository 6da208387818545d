// SPDX-License-Identifier: GPL-2.0-or-later

// Writes C++ headers from a descriptor set, so that each field number and enum
// value of the API is written down once, in its .proto file. Code that reads
// and writes messages without generated classes includes NAME.schema.h; the
// messages of google.protobuf that the API imports are in well_known.schema.h.

#include <google/protobuf/descriptor.pb.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::EnumDescriptorProto;
using google::protobuf::EnumValueDescriptorProto;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;

constexpr absl::string_view kWellKnownPackage = "google.protobuf";
constexpr absl::string_view kLicense =
    "// SPDX-License-Identifier: GPL-2.0-or-later\n"
    "// Generated from the API's descriptor; don't edit.\n\n";

// Converts `file_type` and `FILE_TYPE` to `FileType`.
std::string CamelCase(absl::string_view name) {
  std::string camel;
  for (absl::string_view word : absl::StrSplit(name, '_')) {
    std::string lower = absl::AsciiStrToLower(word);
    if (lower.empty()) continue;
    lower[0] = absl::ascii_toupper(static_cast<unsigned char>(lower[0]));
    camel += lower;
  }
  return camel;
}

// Returns the prefix of an enum's values: `FIELD_TYPE_` for `FieldType`.
std::string ValuePrefix(absl::string_view enum_name) {
  std::string prefix;
  for (size_t i = 0; i < enum_name.size(); ++i) {
    const auto letter = static_cast<unsigned char>(enum_name[i]);
    if (i > 0 && absl::ascii_isupper(letter)) prefix += '_';
    prefix += static_cast<char>(absl::ascii_toupper(letter));
  }
  return prefix + '_';
}

std::string Guard(absl::string_view path) {
  std::string guard = absl::AsciiStrToUpper(path);
  for (char& letter : guard) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(letter))) letter = '_';
  }
  return guard + '_';
}

std::string WithoutExtension(absl::string_view path) {
  return std::string(path.substr(0, path.rfind('.')));
}

std::string Header(absl::string_view path, absl::string_view content) {
  const std::string guard = Guard(path);
  return absl::StrCat(kLicense, "#ifndef ", guard, "\n#define ", guard, "\n\n",
                      content, "\n#endif  // ", guard, "\n");
}

void AppendMessage(const DescriptorProto& message, const std::string& scope,
                   std::string* out) {
  const std::string name = scope + message.name();
  if (message.field_size() > 0) {
    absl::StrAppend(out, "enum class ", name, " : uint32_t {\n");
    for (const FieldDescriptorProto& field : message.field()) {
      absl::StrAppend(out, "  k", CamelCase(field.name()), " = ",
                      field.number(), ",\n");
    }
    absl::StrAppend(out, "};\n\n");
  }
  for (const DescriptorProto& nested : message.nested_type()) {
    AppendMessage(nested, name, out);
  }
}

void AppendEnum(const EnumDescriptorProto& type, std::string* out) {
  const std::string prefix = ValuePrefix(type.name());
  absl::StrAppend(out, "enum class ", type.name(), " : int32_t {\n");
  for (const EnumValueDescriptorProto& value : type.value()) {
    absl::string_view name = value.name();
    if (absl::StartsWith(name, prefix)) name.remove_prefix(prefix.size());
    absl::StrAppend(out, "  k", CamelCase(name), " = ", value.number(), ",\n");
  }
  absl::StrAppend(out, "};\n\n");
}

std::string SchemaHeader(const FileDescriptorProto& file,
                         const std::string& path) {
  std::string content =
      "#include <cstdint>\n\nnamespace dissectd::schema {\n\n";
  for (const EnumDescriptorProto& type : file.enum_type()) {
    AppendEnum(type, &content);
  }
  for (const DescriptorProto& message : file.message_type()) {
    AppendMessage(message, "", &content);
  }
  absl::StrAppend(&content, "}  // namespace dissectd::schema\n");
  return Header(path, content);
}

// Returns the header with the messages of google.protobuf that the API imports.
std::string WellKnownHeader(const FileDescriptorSet& set,
                            const std::string& path) {
  std::string content =
      "#include <cstdint>\n\nnamespace dissectd::schema {\n\n";
  for (const FileDescriptorProto& file : set.file()) {
    if (file.package() != kWellKnownPackage) continue;
    for (const DescriptorProto& message : file.message_type()) {
      AppendMessage(message, "", &content);
    }
  }
  absl::StrAppend(&content, "}  // namespace dissectd::schema\n");
  return Header(path, content);
}

bool WriteFile(const std::string& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  if (file) return true;
  std::cerr << "can't write " << path << "\n";
  return false;
}

}  // namespace

// Usage: schema_headers DESCRIPTOR_SET OUTPUT_FOLDER
int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: " << argv[0] << " DESCRIPTOR_SET OUTPUT_FOLDER\n";
    return 2;
  }
  FileDescriptorSet set;
  std::ifstream input(argv[1], std::ios::binary);
  if (!set.ParseFromIstream(&input)) {
    std::cerr << argv[1] << " is no descriptor set\n";
    return 1;
  }
  const std::string folder = absl::StrCat(argv[2], "/");
  for (const FileDescriptorProto& file : set.file()) {
    if (file.package() == kWellKnownPackage) continue;
    const std::string stem = WithoutExtension(file.name());
    const std::string schema = stem + ".schema.h";
    if (!WriteFile(folder + schema, SchemaHeader(file, schema))) return 1;
  }
  const std::string well_known = "dissectd/v1/well_known.schema.h";
  return WriteFile(folder + well_known, WellKnownHeader(set, well_known)) ? 0
                                                                          : 1;
}
