// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_IPC_DESCRIPTORS_H_
#define CORE_IPC_DESCRIPTORS_H_

#include <sys/types.h>

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// Bytes that carry file descriptors, over a Unix socket.
namespace dissectd::ipc {

inline constexpr size_t kMaxDescriptors = 4;

// Sends bytes as sendmsg does, with copies of up to kMaxDescriptors
// descriptors. `flags` are sendmsg's.
ssize_t SendPartWithDescriptors(int socket, absl::string_view bytes,
                                absl::Span<const int> fds, int flags);

// The same, and sends all of the bytes at once. Returns false with errno set if
// they can't be sent.
bool SendWithDescriptors(int socket, absl::string_view bytes,
                         absl::Span<const int> fds, int flags);

// Receives bytes as recvmsg does, and appends the descriptors that came with
// them, which are closed on exec and the caller's to close.
ssize_t ReceiveWithDescriptors(int socket, void* bytes, size_t size,
                               std::vector<int>* fds);

}  // namespace dissectd::ipc

#endif  // CORE_IPC_DESCRIPTORS_H_
