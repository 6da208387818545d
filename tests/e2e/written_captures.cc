// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/written_captures.h"

#include <cstdio>
#include <cstring>
#include <filesystem>

namespace dissectd {
namespace {

constexpr char kSectionType[] = "\x0a\x0d\x0d\x0a";
// The type, the length, the byte order, the version and the section's length.
constexpr size_t kSectionHead = 24;
constexpr uint16_t kApplication = 4;

template <typename T>
T NumberAt(const std::string& bytes, size_t at) {
  T number = 0;
  std::memcpy(&number, bytes.data() + at, sizeof(number));
  return number;
}

}  // namespace

std::string WithoutProgram(const std::string& capture) {
  if (capture.size() < kSectionHead ||
      capture.compare(0, 4, kSectionType) != 0) {
    return capture;
  }
  const auto end = NumberAt<uint32_t>(capture, 4);
  std::string result = capture.substr(0, 4) + capture.substr(8, 16);
  size_t at = kSectionHead;
  while (at + 4 <= end - 4) {
    const auto code = NumberAt<uint16_t>(capture, at);
    const size_t size =
        4 + (size_t{NumberAt<uint16_t>(capture, at + 2)} + 3) / 4 * 4;
    if (code != kApplication) result += capture.substr(at, size);
    at += size;
  }
  return result + capture.substr(end);
}

uint32_t CountPackets(const std::string& path) {
  const std::string command =
      "tshark -r '" + path + "' -T fields -e frame.number 2>/dev/null | wc -l";
  FILE* const pipe = popen(command.c_str(), "r");
  uint32_t count = 0;
  if (std::fscanf(pipe, "%u", &count) != 1) count = 0;
  pclose(pipe);
  return count;
}

size_t CountFilesBelow(const std::string& folder) {
  size_t count = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) ++count;
  }
  return count;
}

}  // namespace dissectd
