// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_REQUEST_REQUEST_READING_H_
#define CORE_REQUEST_REQUEST_READING_H_

#include <protozero/exception.hpp>
#include <protozero/pbf_message.hpp>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"

// Parses serialised requests. protozero throws exceptions for malformed ones,
// which ReadRequest catches.
namespace dissectd::engine {

// Thrown only within ReadRequest.
struct TextHasNul {};

// Returns a text for libwireshark, whose strings end at a NUL. Throws if the
// text contains one.
template <typename Message>
std::string Text(Message* message) {
  std::string text = message->get_string();
  if (text.find('\0') != std::string::npos) throw TextHasNul();
  return text;
}

// A text that clients send as bytes if it isn't UTF-8.
class TextOrBytes {
 public:
  template <typename Message>
  void ReadText(Message* message) {
    text_ = Text(message);
  }
  template <typename Message>
  void ReadBytes(Message* message) {
    bytes_ = Text(message);
  }

  // Returns the bytes if there are any, regardless of the order in which the
  // two came.
  const std::string& value() const { return bytes_.empty() ? text_ : bytes_; }

 private:
  std::string text_;
  std::string bytes_;
};

// Calls `read`. Errors: INVALID_ARGUMENT (TEXT_HAS_NUL; REQUEST_MALFORMED,
// which names the message).
absl::Status ReadRequest(absl::string_view name,
                         absl::FunctionRef<void()> read);

// Calls `read` and returns its result. Errors: as above.
template <typename Read>
auto ReadRequestWith(absl::string_view name, Read read)
    -> absl::StatusOr<decltype(read())> {
  decltype(read()) result;
  RETURN_IF_ERROR(ReadRequest(name, [&] { result = read(); }));
  return result;
}

// Calls `read_field` for each field of the message; it reads or skips the
// field. Errors: as above.
template <typename Tag, typename ReadField>
absl::Status ReadRequestFields(absl::string_view name, absl::string_view bytes,
                               ReadField read_field) {
  return ReadRequest(name, [&] {
    protozero::pbf_message<Tag> message(
        protozero::data_view(bytes.data(), bytes.size()));
    while (message.next()) read_field(&message);
  });
}

// Calls `read_field` for one field of the message, and skips all others.
// Errors: as above.
template <typename Tag, typename ReadField>
absl::Status ReadRequestField(absl::string_view name, absl::string_view bytes,
                              Tag field, ReadField read_field) {
  return ReadRequestFields<Tag>(name, bytes, [&](auto* message) {
    if (message->tag() == field) {
      read_field(message);
    } else {
      message->skip();
    }
  });
}

// Reads a request whose only field is a text. Errors: as above.
template <typename Tag>
absl::StatusOr<std::string> ReadTextRequest(absl::string_view name,
                                            absl::string_view bytes,
                                            Tag field) {
  std::string text;
  RETURN_IF_ERROR(ReadRequestField(
      name, bytes, field, [&text](auto* message) { text = Text(message); }));
  return text;
}

}  // namespace dissectd::engine

#endif  // CORE_REQUEST_REQUEST_READING_H_
