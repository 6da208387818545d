// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/wtap_error.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <set>
#include <string>

#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

// The last error that wtap.h defines.
constexpr int kLastError = WTAP_ERR_DECOMPRESSION_NOT_SUPPORTED;

WtapError ErrorWith(int code, const char* info) {
  return {code, GCharPtr(info == nullptr ? nullptr : g_strdup(info))};
}

TEST(WtapErrorTest, EachErrorHasItsReason) {
  std::set<std::string> reasons = {"WIRETAP_ERROR", "FILE_SYSTEM_ERROR"};
  for (int code = -1; code >= kLastError; --code) {
    EXPECT_TRUE(
        reasons.insert(WtapErrorReason(ErrorWith(code, nullptr))).second)
        << code << ": " << WtapErrorReason(ErrorWith(code, nullptr));
  }
  EXPECT_EQ(WtapErrorReason(ErrorWith(kLastError - 1, nullptr)),
            "WIRETAP_ERROR");
  EXPECT_EQ(WtapErrorReason(ErrorWith(EIO, nullptr)), "FILE_SYSTEM_ERROR");
}

TEST(WtapErrorTest, KnowsEveryErrorOfThisWiretap) {
  EXPECT_STRNE(wtap_strerror(kLastError), wtap_strerror(kLastError - 1));
  // 4.4 has one more, which has no reason of its own: a time can't be written.
  constexpr int kFirstUndefined =
      WIRESHARK_VERSION_MINOR == 0 ? kLastError - 1 : kLastError - 2;
  // wiretap has one text for all codes that it doesn't define.
  EXPECT_EQ(wtap_strerror(kFirstUndefined),
            "Error " + std::to_string(kFirstUndefined));
}

TEST(WtapErrorTest, UnknownEncapsulationsHaveAReasonOfTheirOwn) {
  EXPECT_EQ(WtapErrorReason(
                ErrorWith(WTAP_ERR_UNSUPPORTED,
                          "pcap: network type 999 unknown or unsupported")),
            "ENCAPSULATION_UNSUPPORTED");
}

TEST(WtapErrorTest, MessagesHaveTheDetails) {
  EXPECT_EQ(ReadErrorMessage(ErrorWith(WTAP_ERR_BAD_FILE, "why"), "x.pcap"),
            "The file \"x.pcap\" appears to be damaged or corrupt.\n(why)");
  EXPECT_EQ(ReadErrorMessage(ErrorWith(WTAP_ERR_DECOMPRESS, nullptr), "x.gz"),
            "The file \"x.gz\" cannot be decompressed; it may be damaged or "
            "corrupt.\n(no information supplied)");
  EXPECT_EQ(ReadErrorMessage(ErrorWith(WTAP_ERR_CANT_SEEK, nullptr), "x"),
            std::string("An error occurred while reading the file \"x\": ") +
                wtap_strerror(WTAP_ERR_CANT_SEEK) + ".");
}

TEST(WtapErrorTest, OnlyWhatTheFileCausesIsItsFault) {
  EXPECT_EQ(OpenErrorStatus(ErrorWith(WTAP_ERR_BAD_FILE, "why"), "x").code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(OpenErrorStatus(ErrorWith(WTAP_ERR_INTERNAL, "why"), "x").code(),
            absl::StatusCode::kInternal);
  EXPECT_EQ(OpenErrorStatus(ErrorWith(EIO, nullptr), "x").code(),
            absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace dissectd::engine
