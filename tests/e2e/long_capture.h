// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_LONG_CAPTURE_H_
#define TESTS_E2E_LONG_CAPTURE_H_

#include <string>

#include "dissectd/v1/dissection.pb.h"

namespace dissectd {

// The number of frames of a capture that, as LongRequest asks for it, is more
// than all buffers between a worker and its client hold: a client that doesn't
// read stops the worker in mid-stream.
constexpr int kManyFrames = 40'000;

// Returns a capture of frames that are all the same.
std::string ManyFrames(int count = kManyFrames);

// Returns a request for all details of the frames of the file `many.pcap`.
v1::DissectRequest LongRequest();

}  // namespace dissectd

#endif  // TESTS_E2E_LONG_CAPTURE_H_
