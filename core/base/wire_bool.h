// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_BASE_WIRE_BOOL_H_
#define CORE_BASE_WIRE_BOOL_H_

namespace dissectd {

// Reads a bool from an untrusted protozero message. protozero's own get_bool
// reads one byte beyond a message that ends before the value.
template <typename Message>
bool GetBool(Message* message) {
  return message->get_uint64() != 0;
}

}  // namespace dissectd

#endif  // CORE_BASE_WIRE_BOOL_H_
