// SPDX-License-Identifier: GPL-2.0-or-later

// Reads any bytes as what dumpcap prints: messages on its sync pipe, counts,
// interfaces, and capabilities. Bytes that come in pieces mean the same as at
// once.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/capture.pb.h"
#include "server/dumpcap/statistics_lines.h"
#include "server/dumpcap/sync_pipe.h"
#include "server/interface/interface_list.h"

namespace {

using dissectd::server::InterfaceCount;
using dissectd::server::StatisticsLines;
using dissectd::server::SyncMessage;
using dissectd::server::SyncPipeParser;

std::string TextOf(const SyncMessage& message) {
  return absl::StrCat(std::string(1, static_cast<char>(message.kind)),
                      message.text, "\n", message.secondary, "\n",
                      message.number, "\n");
}

std::string TextOf(const InterfaceCount& count) {
  return absl::StrCat(count.name, "\n", count.packets, "\n");
}

// Returns what a parser finds, and whether it refuses the bytes.
template <typename Parser>
std::string Found(absl::string_view bytes, size_t piece) {
  Parser parser;
  std::string found;
  while (!bytes.empty()) {
    const auto items = parser.Take(bytes.substr(0, piece));
    if (!items.ok()) return "refused";
    for (const auto& item : *items) found += TextOf(item);
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  return found;
}

template <typename Parser>
void CompareInPieces(absl::string_view bytes) {
  if (Found<Parser>(bytes, 1) != Found<Parser>(bytes, bytes.size())) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  CompareInPieces<SyncPipeParser>(bytes);
  CompareInPieces<StatisticsLines>(bytes);
  dissectd::server::ParseInterfaceList(bytes).status().IgnoreError();
  for (const bool monitor_mode : {false, true}) {
    dissectd::v1::GetInterfaceCapabilitiesResponse response;
    dissectd::server::ParseCapabilities(bytes, monitor_mode, "dumpcap",
                                        &response)
        .IgnoreError();
    response.SerializeAsString();
  }
  return 0;
}
