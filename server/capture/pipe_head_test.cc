// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/pipe_head.h"

#include <gtest/gtest.h>

#include <string>

namespace dissectd::server {
namespace {

constexpr char kLittleEndian[] = "\n\r\r\n\x00\x08\x00\x00\x4d\x3c\x2b\x1a";
constexpr char kBigEndian[] = "\n\r\r\n\x00\x00\x08\x00\x1a\x2b\x3c\x4d";

// Passes all bytes one by one. Returns what came out; "refused" on an error.
std::string Pass(const std::string& bytes) {
  PipeHead head;
  std::string passed;
  for (const char c : bytes) {
    const absl::StatusOr<std::string> taken = head.Take(std::string(1, c));
    if (!taken.ok()) return "refused";
    passed += *taken;
  }
  return passed + head.Rest();
}

TEST(PipeHeadTest, PassesWhatDumpcapCanRead) {
  for (const std::string& bytes :
       {std::string(), std::string("\n\r\r"), std::string("\n\r\r\n12345"),
        std::string("\xd4\xc3\xb2\xa1 a pcap file"), std::string("\n\r text"),
        std::string(kLittleEndian, 12) + "more",
        std::string(kBigEndian, 12) + "more"}) {
    EXPECT_EQ(Pass(bytes), bytes);
  }
}

TEST(PipeHeadTest, HoldsNothingBackOnceItIsChecked) {
  PipeHead head;
  EXPECT_EQ(*head.Take("\xd4"), "\xd4");
  EXPECT_EQ(*head.Take("\n\r\r\n"), "\n\r\r\n");
}

TEST(PipeHeadTest, RefusesLongBlocks) {
  std::string little(kLittleEndian, 12);
  little[4] = 4;
  EXPECT_EQ(Pass(little), "refused");
  std::string big(kBigEndian, 12);
  big[7] = 4;
  EXPECT_EQ(Pass(big), "refused");
  EXPECT_EQ(Pass("\n\r\r\n\xff\xff\xff\xff\x4d\x3c\x2b\x1a"), "refused");
}

}  // namespace
}  // namespace dissectd::server
