// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/sctp_report.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/analysis/report_tables.h"
#include "core/base/status_macros.h"
#include "core/epan/handles.h"
#include "core/epan/tap_data.h"
#include "core/epan/tap_listener.h"

namespace dissectd::engine {
namespace {

// The chunks that have a column.
constexpr std::array<guint8, 10> kChunks = {
    SCTP_DATA_CHUNK_ID,        SCTP_SACK_CHUNK_ID,
    SCTP_HEARTBEAT_CHUNK_ID,   SCTP_HEARTBEAT_ACK_CHUNK_ID,
    SCTP_INIT_CHUNK_ID,        SCTP_INIT_ACK_CHUNK_ID,
    SCTP_COOKIE_ECHO_CHUNK_ID, SCTP_COOKIE_ACK_CHUNK_ID,
    SCTP_ABORT_CHUNK_ID,       SCTP_ERROR_CHUNK_ID};

// One direction between two endpoints.
struct Direction {
  std::string source;
  guint16 source_port;
  std::string destination;
  guint16 destination_port;
  // Counts, in the order of kChunks.
  std::array<uint32_t, kChunks.size()> chunks;
};

using Key = std::tuple<std::string, guint16, std::string, guint16>;

// Returns bytes that are equal only for equal addresses.
std::string AddressKey(const address& value) {
  return absl::StrCat(value.type, ":",
                      absl::string_view(static_cast<const char*>(value.data),
                                        static_cast<size_t>(value.len)));
}

std::string AddressText(const address& value) {
  const WmemCharPtr text(address_to_str(nullptr, &value));
  return text.get();
}

std::optional<guint8> ChunkType(tvbuff_t* chunk) {
  // An empty buffer would make libwireshark throw an exception.
  if (tvb_captured_length(chunk) == 0) return std::nullopt;
  return *tvb_get_ptr(chunk, 0, 1);
}

bool BeginsWithInit(const struct _sctp_info& packet) {
  if (packet.number_of_tvbs == 0) return false;
  const int type = ChunkType(packet.tvb[0]).value_or(SCTP_DATA_CHUNK_ID);
  return type == SCTP_INIT_CHUNK_ID || type == SCTP_INIT_ACK_CHUNK_ID;
}

class SctpReport final : public Report {
 public:
  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  void Add(const struct _sctp_info& packet);
  Direction& DirectionOf(const struct _sctp_info& packet);

  ReportSink* sink_ = nullptr;
  uint32_t packets_ = 0;
  // In the order of their first packets.
  std::vector<Direction> directions_;
  std::map<Key, size_t> index_;
  std::unique_ptr<TapListener> tap_;
};

absl::Status SctpReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  TapListener::Options options;
  options.tap = "sctp";
  ASSIGN_OR_RETURN(
      tap_, TapListener::Register(options, [this](packet_info*, epan_dissect_t*,
                                                  const void* data) {
        Add(*static_cast<const struct _sctp_info*>(data));
      }));
  return absl::OkStatus();
}

Direction& SctpReport::DirectionOf(const struct _sctp_info& packet) {
  const Key key(AddressKey(packet.ip_src), packet.sport,
                AddressKey(packet.ip_dst), packet.dport);
  const auto [entry, is_new] = index_.emplace(key, directions_.size());
  if (is_new) {
    directions_.push_back({AddressText(packet.ip_src),
                           packet.sport,
                           AddressText(packet.ip_dst),
                           packet.dport,
                           {}});
  }
  return directions_[entry->second];
}

void SctpReport::Add(const struct _sctp_info& packet) {
  ++packets_;
  Direction& direction = DirectionOf(packet);
  // tshark counts only the first chunk of a packet that begins with one of
  // these, which should be alone.
  const guint32 limit = BeginsWithInit(packet) ? 1 : MAXIMUM_NUMBER_OF_TVBS;
  const guint32 count = std::min(packet.number_of_tvbs, limit);
  for (guint32 i = 0; i < count; ++i) {
    const auto* const column =
        std::find(kChunks.begin(), kChunks.end(), ChunkType(packet.tvb[i]));
    if (column != kChunks.end()) {
      ++direction.chunks[static_cast<size_t>(column - kChunks.begin())];
    }
  }
}

std::string RowText(const Direction& direction) {
  std::string text = absl::StrFormat(
      "|%15s|%5u|%15s|%5u|", direction.source, direction.source_port,
      direction.destination, direction.destination_port);
  for (const uint32_t count : direction.chunks) {
    absl::StrAppendFormat(&text, "%8u|", count);
  }
  return text + "\n";
}

std::vector<ReportCell> RowOf(const Direction& direction) {
  std::vector<ReportCell> row = {
      direction.source, uint64_t{direction.source_port}, direction.destination,
      uint64_t{direction.destination_port}};
  for (const uint32_t count : direction.chunks) {
    row.emplace_back(uint64_t{count});
  }
  return row;
}

std::string Line() { return std::string(135, '-') + "\n"; }

std::string HeadText(uint32_t packets) {
  return absl::StrCat(
      std::string(44, '-'), " SCTP Statistics ", std::string(74, '-'),
      "\n|  Total packets RX/TX ", packets, "\n", Line(),
      "|   Source IP   |PortA|    Dest. IP   |PortB|  DATA  |  SACK  |  HBEAT "
      "|HBEATACK|  INIT  | INITACK| COOKIE |COOKIACK| ABORT  |  ERROR |\n",
      Line());
}

absl::Status SctpReport::Finish() {
  ReportTable table{"",
                    {"Source", "Source port", "Destination", "Destination port",
                     "DATA", "SACK", "HEARTBEAT", "HEARTBEAT ACK", "INIT",
                     "INIT ACK", "COOKIE ECHO", "COOKIE ACK", "ABORT", "ERROR"},
                    {}};
  std::string text = HeadText(packets_);
  // tshark prints the newest first.
  for (size_t i = directions_.size(); i > 0; --i) {
    const Direction& direction = directions_[i - 1];
    table.rows.push_back(RowOf(direction));
    text += RowText(direction);
  }
  const ReportTables tables{
      absl::StrCat("SCTP: ", packets_, " packets"), "", {std::move(table)}};
  return SendTables(tables, text + Line(), sink_);
}

}  // namespace

std::vector<ReportType> SctpReports() {
  return {{"sctp,stat", "", schema::TableKind::kTables,
           [](const std::string&) -> absl::StatusOr<std::unique_ptr<Report>> {
             return std::make_unique<SctpReport>();
           }}};
}

}  // namespace dissectd::engine
