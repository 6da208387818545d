// SPDX-License-Identifier: GPL-2.0-or-later

// Writes C++ headers from a descriptor set, so that each field number, enum
// value and method of the API is written down once, in its .proto file:
//
//   NAME.schema.h  field numbers and enum values, for code that reads and
//                  writes messages without generated classes
//   NAME.raw.h     services whose calls arrive and leave as bytes

#include <google/protobuf/descriptor.pb.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::EnumDescriptorProto;
using google::protobuf::EnumValueDescriptorProto;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;
using google::protobuf::MethodDescriptorProto;
using google::protobuf::ServiceDescriptorProto;

constexpr absl::string_view kLicense =
    "// SPDX-License-Identifier: GPL-2.0-or-later\n"
    "// Generated from the API's descriptor; don't edit.\n\n";

// `file_type` and `FILE_TYPE` become `FileType`.
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

// `FieldType` becomes `FIELD_TYPE_`, which begins each of its values' names.
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

// How gRPC's C++ library has a method, and what the raw service calls for it.
struct Signature {
  absl::string_view reactor;
  absl::string_view parameters;
  absl::string_view arguments;
  absl::string_view handler;
};

Signature SignatureOf(const MethodDescriptorProto& method) {
  if (method.client_streaming() && method.server_streaming()) {
    return {"grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>*", "",
            "", "BidiStream"};
  }
  if (method.client_streaming()) {
    return {"grpc::ServerReadReactor<grpc::ByteBuffer>*",
            ", grpc::ByteBuffer* response", ", response", "ClientStream"};
  }
  if (method.server_streaming()) {
    return {"grpc::ServerWriteReactor<grpc::ByteBuffer>*",
            ", const grpc::ByteBuffer* request", ", *request", "ServerStream"};
  }
  return {"grpc::ServerUnaryReactor*",
          ", const grpc::ByteBuffer* request, grpc::ByteBuffer* response",
          ", *request, response", "Unary"};
}

void AppendMethods(const ServiceDescriptorProto& service, std::string* out) {
  absl::StrAppend(out, "// The methods of ", service.name(), ".\nenum class ",
                  service.name(), "Method : uint32_t {\n");
  for (int i = 0; i < service.method_size(); ++i) {
    absl::StrAppend(out, "  k", service.method(i).name(), " = ", i + 1, ",\n");
  }
  absl::StrAppend(out, "};\n\nconstexpr const char* MethodName(",
                  service.name(), "Method method) {\n  switch (method) {\n");
  for (const MethodDescriptorProto& method : service.method()) {
    absl::StrAppend(out, "    case ", service.name(), "Method::k",
                    method.name(), ":\n      return \"", service.name(), "/",
                    method.name(), "\";\n");
  }
  absl::StrAppend(out, "  }\n  return \"\";\n}\n\n");
}

// The base class that registers each method with messages as bytes.
std::string BaseClass(const ServiceDescriptorProto& service) {
  const std::string api = absl::StrCat("v1::", service.name());
  std::string base = absl::StrCat(api, "::Service");
  for (const MethodDescriptorProto& method : service.method()) {
    base = absl::StrCat(api, "::WithRawCallbackMethod_", method.name(),
                        "<\n    ", base, ">");
  }
  return base;
}

void AppendService(const ServiceDescriptorProto& service, std::string* out) {
  const std::string method_type =
      absl::StrCat("schema::", service.name(), "Method");
  std::string overrides;
  std::set<std::string> handlers;
  for (const MethodDescriptorProto& method : service.method()) {
    const Signature signature = SignatureOf(method);
    absl::StrAppend(&overrides, "  ", signature.reactor, " ", method.name(),
                    "(grpc::CallbackServerContext* context",
                    signature.parameters, ") final {\n    return ",
                    signature.handler, "(", method_type, "::k", method.name(),
                    ", context", signature.arguments, ");\n  }\n");
    handlers.insert(absl::StrCat(
        "  virtual ", signature.reactor, " ", signature.handler, "(",
        method_type, " method, grpc::CallbackServerContext* context",
        absl::StrReplaceAll(signature.parameters,
                            {{"const grpc::ByteBuffer* request",
                              "const grpc::ByteBuffer& request"}}),
        ") = 0;\n"));
  }
  absl::StrAppend(
      out, "// ", service.name(),
      " with messages as bytes. A derived class handles all methods of a kind\n"
      "// in one function.\nclass ",
      service.name(), " : public ", BaseClass(service), " {\n public:\n",
      overrides, "\n protected:\n", absl::StrJoin(handlers, ""), "};\n\n");
}

std::string SchemaHeader(const FileDescriptorProto& file,
                         const std::string& path) {
  std::string content =
      "#include <cstdint>\n\nnamespace dissectd::schema {\n\n";
  for (const ServiceDescriptorProto& service : file.service()) {
    AppendMethods(service, &content);
  }
  for (const EnumDescriptorProto& type : file.enum_type()) {
    AppendEnum(type, &content);
  }
  for (const DescriptorProto& message : file.message_type()) {
    AppendMessage(message, "", &content);
  }
  absl::StrAppend(&content, "}  // namespace dissectd::schema\n");
  return Header(path, content);
}

std::string RawHeader(const FileDescriptorProto& file,
                      const std::string& path) {
  const std::string stem = WithoutExtension(file.name());
  std::string content = absl::StrCat(
      "#include <grpcpp/support/byte_buffer.h>\n"
      "#include <grpcpp/support/server_callback.h>\n\n#include \"",
      stem, ".grpc.pb.h\"\n#include \"", stem,
      ".schema.h\"\n\nnamespace dissectd::raw {\n\n");
  for (const ServiceDescriptorProto& service : file.service()) {
    AppendService(service, &content);
  }
  absl::StrAppend(&content, "}  // namespace dissectd::raw\n");
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

// schema_headers DESCRIPTOR_SET OUTPUT_FOLDER
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
  for (const FileDescriptorProto& file : set.file()) {
    const std::string stem = WithoutExtension(file.name());
    const std::string schema = stem + ".schema.h";
    const std::string raw = stem + ".raw.h";
    const std::string folder = absl::StrCat(argv[2], "/");
    if (!WriteFile(folder + schema, SchemaHeader(file, schema)) ||
        !WriteFile(folder + raw, RawHeader(file, raw))) {
      return 1;
    }
  }
  return 0;
}
