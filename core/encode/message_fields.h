// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_MESSAGE_FIELDS_H_
#define CORE_ENCODE_MESSAGE_FIELDS_H_

#include <protozero/pbf_builder.hpp>

#include "core/base/utf8.h"
#include "core/epan/wireshark.h"
#include "dissectd/v1/common.schema.h"

// Writes values of libwireshark to fields of messages.
namespace dissectd::engine {

// Adds a time as a dissectd.v1.TimeValue.
template <typename Message>
void AddTime(const nstime_t& time, Message field,
             protozero::pbf_builder<Message>* out) {
  protozero::pbf_builder<schema::TimeValue> value(*out, field);
  value.add_sint64(schema::TimeValue::kSeconds, time.secs);
  value.add_sint32(schema::TimeValue::kNanos, time.nsecs);
}

// Adds a text, made valid UTF-8, unless it is null.
template <typename Message>
void AddText(const char* text, Message field,
             protozero::pbf_builder<Message>* out) {
  if (text != nullptr) out->add_string(field, MakeValidUtf8(text));
}

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_MESSAGE_FIELDS_H_
