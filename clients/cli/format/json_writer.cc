// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/json_writer.h"

namespace dissectd::cli {
namespace {

void AppendEscaped(absl::string_view text, OutputBuffer* out) {
  size_t plain = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = text[i];
    // Escapes the slash of `</` too, so that the text can be part of HTML.
    const bool end_tag = c == '/' && i > 0 && text[i - 1] == '<';
    if (c >= 0x20 && c != '"' && c != '\\' && !end_tag) continue;
    out->Append(text.substr(plain, i - plain));
    plain = i + 1;
    out->Append('\\');
    switch (c) {
      case '"':
      case '\\':
      case '/':
        out->Append(static_cast<char>(c));
        break;
      case '\b':
        out->Append('b');
        break;
      case '\f':
        out->Append('f');
        break;
      case '\n':
        out->Append('n');
        break;
      case '\r':
        out->Append('r');
        break;
      case '\t':
        out->Append('t');
        break;
      default:
        out->Append('u');
        out->AppendHex(c, 4);
        break;
    }
  }
  out->Append(text.substr(plain));
}

}  // namespace

void AppendJsonString(absl::string_view text, OutputBuffer* out) {
  out->Append('"');
  AppendEscaped(text, out);
  out->Append('"');
}

void JsonWriter::Name(absl::string_view name, absl::string_view suffix) {
  Separate();
  out_->Append('"');
  AppendEscaped(name, out_);
  AppendEscaped(suffix, out_);
  out_->Append(indented_ ? "\": " : "\":");
  after_name_ = true;
}

void JsonWriter::Open(char bracket) {
  Separate();
  out_->Append(bracket);
  filled_.push_back(false);
}

void JsonWriter::Close(char bracket) {
  const bool filled = filled_.back();
  filled_.pop_back();
  if (filled) NewLine();
  out_->Append(bracket);
}

void JsonWriter::Separate() {
  if (after_name_) {
    after_name_ = false;
    return;
  }
  if (filled_.empty()) return;
  if (filled_.back()) out_->Append(',');
  filled_.back() = true;
  NewLine();
}

void JsonWriter::NewLine() {
  if (!indented_) return;
  out_->Append('\n');
  out_->Append(filled_.size() * 2, ' ');
}

}  // namespace dissectd::cli
