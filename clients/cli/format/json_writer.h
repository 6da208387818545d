// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_JSON_WRITER_H_
#define CLIENTS_CLI_FORMAT_JSON_WRITER_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "clients/cpp/output_buffer.h"

namespace dissectd::cli {

// Appends text in double quotes, escaped for JSON. Bytes that are not UTF-8 are
// written unchanged.
void AppendJsonString(absl::string_view text, OutputBuffer* out);

// Writes JSON with the white space of Wireshark's own writer. The caller must
// follow the grammar: names and values alternate in objects.
//
// Thread-compatible.
class JsonWriter {
 public:
  enum class Style { kIndented, kCompact };

  // `out` is not owned; outlives this.
  JsonWriter(Style style, OutputBuffer* out)
      : indented_(style == Style::kIndented), out_(out) {}

  void BeginObject() { Open('{'); }
  void EndObject() { Close('}'); }
  void BeginArray() { Open('['); }
  void EndArray() { Close(']'); }

  // Writes the name of the next member, followed by `suffix`.
  void Name(absl::string_view name, absl::string_view suffix = {});

  void String(absl::string_view value) {
    AppendJsonString(value, BeginValue());
  }
  // Writes a number, truth value or null.
  void Literal(absl::string_view value) { BeginValue()->Append(value); }

  // Begins a value that the caller appends to the result.
  OutputBuffer* BeginValue() {
    Separate();
    return out_;
  }

 private:
  void Open(char bracket);
  void Close(char bracket);
  // Writes the separator before the next value.
  void Separate();
  void NewLine();

  const bool indented_;
  OutputBuffer* const out_;
  // Whether each open object or array has members.
  std::vector<bool> filled_;
  bool after_name_ = false;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_JSON_WRITER_H_
