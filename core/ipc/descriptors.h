// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_IPC_DESCRIPTORS_H_
#define CORE_IPC_DESCRIPTORS_H_

#include <sys/types.h>

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// Sends and receives bytes with file descriptors over a Unix socket.
namespace dissectd::ipc {

// Enough for the captures of MergeFiles and the merged one.
inline constexpr size_t kMaxDescriptors = 66;

// Sends bytes as sendmsg does, with copies of up to kMaxDescriptors
// descriptors. `flags` are sendmsg's.
ssize_t SendPartWithDescriptors(int socket, absl::string_view bytes,
                                absl::Span<const int> fds, int flags);

// Like SendPartWithDescriptors, but sends all bytes. Returns false with errno
// set if they can't be sent.
bool SendWithDescriptors(int socket, absl::string_view bytes,
                         absl::Span<const int> fds, int flags);

// Receives bytes as recvmsg does. Appends the descriptors that came with them,
// which are close-on-exec. The caller must close them.
ssize_t ReceiveWithDescriptors(int socket, void* bytes, size_t size,
                               std::vector<int>* fds);

}  // namespace dissectd::ipc

#endif  // CORE_IPC_DESCRIPTORS_H_
