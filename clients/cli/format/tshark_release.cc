// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/tshark_release.h"

#include <tuple>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace dissectd::cli {
namespace {

constexpr TsharkRelease kTshark40 = {
    "/usr/share/wireshark",
    "https://gitlab.com/wireshark/wireshark/-/raw/master/pdml2html.xsl",
    /*booleans_are_words=*/false,
    /*long_hex_has_flags=*/false,
    /*columns_are_fields=*/false,
    /*ek_order_is_hashed=*/false,
    /*longest_ek_time=*/absl::string_view::npos,
    /*unreadable_capture_status=*/2,
    /*wrong_filter_status=*/2,
};

constexpr TsharkRelease kTshark44 = {
    "/usr/share/doc/wireshark",
    "https://gitlab.com/wireshark/wireshark/-/tree/master/resources/share/doc/"
    "wireshark/pdml2html.xsl",
    /*booleans_are_words=*/true,
    /*long_hex_has_flags=*/true,
    /*columns_are_fields=*/true,
    /*ek_order_is_hashed=*/true,
    /*longest_ek_time=*/30,
    /*unreadable_capture_status=*/3,
    /*wrong_filter_status=*/4,
};

}  // namespace

const TsharkRelease& TsharkReleaseOf(absl::string_view wireshark_version) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(wireshark_version, '.');
  int major = 0;
  int minor = 0;
  if (parts.size() < 2 || !absl::SimpleAtoi(parts[0], &major) ||
      !absl::SimpleAtoi(parts[1], &minor)) {
    return kTshark40;
  }
  return std::tie(major, minor) < std::make_tuple(4, 4) ? kTshark40 : kTshark44;
}

}  // namespace dissectd::cli
