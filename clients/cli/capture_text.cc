// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capture_text.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "clients/cli/terminal_text.h"

namespace dissectd::cli {
namespace {

absl::string_view Plural(uint64_t count) { return count == 1 ? "" : "s"; }

}  // namespace

std::string DropLines(const v1::Capture& capture) {
  std::string lines;
  for (const v1::PacketsDropped& drops : capture.drops()) {
    if (drops.packets() == 0) continue;
    absl::StrAppend(&lines, drops.packets(), " packet", Plural(drops.packets()),
                    " dropped from ",
                    Printable(drops.interface(), LineBreaks::kEscape), "\n");
  }
  return lines;
}

std::string FailureText(const v1::Failure& failure) {
  // tshark prints dumpcap's advice, which may be empty, on the next lines.
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(failure.message(), absl::MaxSplits("\n\n", 1));
  return absl::StrCat(parts.first, "\n", parts.second);
}

std::string PacketCountLine(uint64_t packets) {
  return absl::StrCat(packets, " packet", Plural(packets), " captured\n");
}

}  // namespace dissectd::cli
