// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_IPC_STRUCT_BYTES_H_
#define CORE_IPC_STRUCT_BYTES_H_

#include <cstring>
#include <type_traits>

#include "absl/strings/string_view.h"

// Converts the structs of the protocol to bytes and back.
namespace dissectd::ipc {

template <typename T>
absl::string_view BytesOf(const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

// Removes a struct from the front of `bytes`. Returns false if there are not
// enough bytes.
template <typename T>
bool TakeStruct(absl::string_view* bytes, T* out) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (bytes->size() < sizeof(*out)) return false;
  std::memcpy(out, bytes->data(), sizeof(*out));
  bytes->remove_prefix(sizeof(*out));
  return true;
}

}  // namespace dissectd::ipc

#endif  // CORE_IPC_STRUCT_BYTES_H_
