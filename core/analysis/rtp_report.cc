// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/rtp_report.h"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "core/analysis/report_tables.h"
#include "core/analysis/rtp_clock_rate.h"
#include "core/analysis/rtp_stream.h"
#include "core/base/status_macros.h"
#include "core/epan/handles.h"
#include "core/epan/tap_data.h"
#include "core/epan/tap_listener.h"

namespace dissectd::engine {
namespace {

struct RtpEndpoint {
  // The type of the address, and its bytes.
  int type;
  std::string address;
  uint32_t port;
};

bool operator==(const RtpEndpoint& a, const RtpEndpoint& b) {
  return a.type == b.type && a.port == b.port && a.address == b.address;
}

template <typename H>
H AbslHashValue(H hash, const RtpEndpoint& endpoint) {
  return H::combine(std::move(hash), endpoint.type, endpoint.address,
                    endpoint.port);
}

RtpEndpoint EndpointOf(const address& address, uint32_t port) {
  return {address.type,
          std::string(static_cast<const char*>(address.data),
                      static_cast<size_t>(address.len)),
          port};
}

// What tells streams apart.
struct StreamKey {
  RtpEndpoint source;
  RtpEndpoint destination;
  uint32_t ssrc;
};

bool operator==(const StreamKey& a, const StreamKey& b) {
  return a.ssrc == b.ssrc && a.source == b.source &&
         a.destination == b.destination;
}

template <typename H>
H AbslHashValue(H hash, const StreamKey& key) {
  return H::combine(std::move(hash), key.source, key.destination, key.ssrc);
}

// A stream, and how it is shown.
struct ShownStream {
  RtpStream stream;
  std::string source;
  uint32_t source_port;
  std::string destination;
  uint32_t destination_port;
  uint32_t ssrc;
  // The names of payloads, by their types.
  std::map<uint32_t, std::string> payload_names;
};

std::string Shown(const address& address) {
  return WmemCharPtr(address_to_display(nullptr, &address)).get();
}

std::string PayloadName(const _rtp_info& info) {
  if (info.info_payload_type_str != nullptr) return info.info_payload_type_str;
  return val_to_str_ext_const(info.info_payload_type,
                              &rtp_payload_type_short_vals_ext, "Unknown");
}

RtpPacket PacketOf(const packet_info& packet, const _rtp_info& info) {
  const char* const encoding = info.info_payload_type_str;
  const RtpPayload payload{info.info_payload_type,
                           encoding == nullptr ? "" : encoding,
                           static_cast<uint32_t>(info.info_payload_rate)};
  return {nstime_to_msec(&packet.rel_ts),
          info.info_seq_num,
          info.info_timestamp,
          info.info_payload_type,
          info.info_marker_set != FALSE,
          RtpClockRate(payload)};
}

class RtpStreamsReport final : public Report {
 public:
  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  void Count(const packet_info& packet, const _rtp_info& info);
  std::string Text() const;
  ReportTables Tables() const;

  // In the order of their first packets.
  std::deque<ShownStream> streams_;
  absl::flat_hash_map<StreamKey, ShownStream*> by_key_;
  ReportSink* sink_ = nullptr;
  std::unique_ptr<TapListener> tap_;
};

absl::Status RtpStreamsReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  TapListener::Options options;
  options.tap = "rtp";
  ASSIGN_OR_RETURN(
      tap_,
      TapListener::Register(options, [this](packet_info* packet,
                                            epan_dissect_t*, const void* data) {
        Count(*packet, *static_cast<const _rtp_info*>(data));
      }));
  return absl::OkStatus();
}

void RtpStreamsReport::Count(const packet_info& packet, const _rtp_info& info) {
  const RtpPacket added = PacketOf(packet, info);
  const StreamKey key{EndpointOf(packet.src, packet.srcport),
                      EndpointOf(packet.dst, packet.destport),
                      info.info_sync_src};
  ShownStream*& stream = by_key_[key];
  if (stream == nullptr) {
    stream = &streams_.emplace_back(ShownStream{RtpStream(added),
                                                Shown(packet.src),
                                                packet.srcport,
                                                Shown(packet.dst),
                                                packet.destport,
                                                info.info_sync_src,
                                                {}});
  } else {
    stream->stream.Add(added);
  }
  stream->payload_names.try_emplace(info.info_payload_type, PayloadName(info));
}

absl::Status RtpStreamsReport::Finish() {
  return SendTables(Tables(), Text(), sink_);
}

double Seconds(double milliseconds) {
  constexpr double kMillisecondsPerSecond = 1000;
  return milliseconds / kMillisecondsPerSecond;
}

std::string Payloads(const ShownStream& shown) {
  return absl::StrJoin(
      shown.payload_names, ", ",
      [](std::string* out, const auto& name) { out->append(name.second); });
}

std::string RangeText(const RtpRange& range) {
  return absl::StrFormat(" %15.3f %15.3f %15.3f", range.minimum(), range.mean(),
                         range.maximum());
}

std::string Line(const ShownStream& shown) {
  const RtpStream& stream = shown.stream;
  return absl::StrCat(
      absl::StrFormat("%13.6f %13.6f %15s %5u %15s %5u 0x%08X %16s %5u ",
                      Seconds(stream.first_milliseconds()),
                      Seconds(stream.last_milliseconds()), shown.source,
                      shown.source_port, shown.destination,
                      shown.destination_port, shown.ssrc, Payloads(shown),
                      stream.packets()),
      absl::StrFormat("%5d (%.1f%%)", stream.lost(), stream.lost_percent()),
      RangeText(stream.delta()), RangeText(stream.jitter()), " ",
      stream.irregular() ? "X" : "", "\n");
}

std::string RtpStreamsReport::Text() const {
  std::string text = absl::StrCat(std::string(25, '='), " RTP Streams ",
                                  std::string(24, '='), "\n");
  absl::StrAppendFormat(&text, "%13s %13s %15s %5s %15s %5s %10s %16s %5s %12s",
                        "Start time", "End time", "Src IP addr", "Port",
                        "Dest IP addr", "Port", "SSRC", "Payload", "Pkts",
                        "Lost");
  absl::StrAppendFormat(&text, " %15s %15s %15s %15s %15s %15s Problems?\n",
                        "Min Delta(ms)", "Mean Delta(ms)", "Max Delta(ms)",
                        "Min Jitter(ms)", "Mean Jitter(ms)", "Max Jitter(ms)");
  for (auto shown = streams_.rbegin(); shown != streams_.rend(); ++shown) {
    text += Line(*shown);
  }
  return absl::StrCat(text, std::string(62, '='), "\n");
}

std::vector<ReportCell> Row(const ShownStream& shown) {
  const RtpStream& stream = shown.stream;
  return {Seconds(stream.first_milliseconds()),
          Seconds(stream.last_milliseconds()),
          shown.source,
          uint64_t{shown.source_port},
          shown.destination,
          uint64_t{shown.destination_port},
          uint64_t{shown.ssrc},
          Payloads(shown),
          uint64_t{stream.packets()},
          int64_t{stream.lost()},
          stream.delta().minimum(),
          stream.delta().mean(),
          stream.delta().maximum(),
          stream.jitter().minimum(),
          stream.jitter().mean(),
          stream.jitter().maximum(),
          uint64_t{stream.irregular() ? 1U : 0U}};
}

ReportTables RtpStreamsReport::Tables() const {
  ReportTable table{
      "",
      {"Start time", "End time", "Source", "Source port", "Destination",
       "Destination port", "SSRC", "Payload", "Packets", "Lost",
       "Min delta (ms)", "Mean delta (ms)", "Max delta (ms)", "Min jitter (ms)",
       "Mean jitter (ms)", "Max jitter (ms)", "Problems"},
      {}};
  for (auto shown = streams_.rbegin(); shown != streams_.rend(); ++shown) {
    table.rows.push_back(Row(*shown));
  }
  return {"RTP Streams", "", {std::move(table)}};
}

}  // namespace

ReportType RtpStreamsReportType() {
  return {
      "rtp,streams", "", schema::TableKind::kTables,
      [](const std::string&) { return std::make_unique<RtpStreamsReport>(); }};
}

}  // namespace dissectd::engine
