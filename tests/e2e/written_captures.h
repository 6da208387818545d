// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_WRITTEN_CAPTURES_H_
#define TESTS_E2E_WRITTEN_CAPTURES_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace dissectd {

// Returns a capture without the name of the program that wrote it, which
// pcapng files have in their first block. Others are returned unchanged.
std::string WithoutProgram(const std::string& capture);

// Returns the number of packets in a capture that tshark finds.
uint32_t CountPackets(const std::string& path);

// Counts all files in a folder and below, including hidden ones.
size_t CountFilesBelow(const std::string& folder);

}  // namespace dissectd

#endif  // TESTS_E2E_WRITTEN_CAPTURES_H_
