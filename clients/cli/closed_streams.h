// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CLOSED_STREAMS_H_
#define CLIENTS_CLI_CLOSED_STREAMS_H_

namespace dissectd::cli {

// Opens standard input, output and errors on `/dev/null` if the process was
// started without them. Otherwise a connection could get one of their numbers,
// and mix with what is printed. Must run before any library opens something.
void OpenClosedStreams();

// Whether standard input (0), output (1) or errors (2) was closed.
bool WasClosed(int fd);

// Returns a descriptor of its own for standard input (0) or output (1). Returns
// -1, with an error number in errno, if that fails or the stream was closed.
int DuplicateStream(int fd);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CLOSED_STREAMS_H_
