// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/rlc_lte_report.h"

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/analysis/lte_traffic.h"
#include "core/analysis/report_filter.h"
#include "core/analysis/report_tables.h"
#include "core/analysis/report_tap.h"
#include "core/base/status_macros.h"
#include "core/epan/tap_data.h"
#include "core/epan/tap_listener.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

// One direction of a UE.
struct RlcDirection {
  LteTraffic traffic;
  uint32_t acks = 0;
  uint32_t nacks = 0;
  uint32_t missed = 0;
};

struct RlcUe {
  // The radio access technology of the first frame.
  bool is_nr;
  uint16_t ueid;
  RlcDirection up;
  RlcDirection down;
};

// Frames of a channel that isn't about one UE.
struct RlcChannel {
  uint32_t frames = 0;
  uint32_t bytes = 0;
};

class RlcLteReport final : public Report {
 public:
  explicit RlcLteReport(std::string filter) : filter_(std::move(filter)) {}

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  void Count(const RlcTapInfo& info);
  // Returns the channel of a frame that isn't about one UE; else null.
  RlcChannel* CommonChannel(const RlcTapInfo& info);
  RlcUe* UeOf(const RlcTapInfo& info);
  std::string Text() const;
  ReportTables Tables() const;

  const std::string filter_;
  uint32_t frames_ = 0;
  RlcChannel broadcast_;
  RlcChannel paging_;
  // In the order of their first frames.
  std::deque<RlcUe> ues_;
  absl::flat_hash_map<uint16_t, RlcUe*> by_ueid_;
  ReportSink* sink_ = nullptr;
  std::unique_ptr<TapListener> tap_;
};

absl::Status RlcLteReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  TapListener::Options options;
  options.tap = kRlcTap;
  options.filter = filter_;
  ASSIGN_OR_RETURN(tap_,
                   RegisterReportTap(
                       absl::StrCat(kRlcReport, " tap"), options,
                       [this](packet_info*, epan_dissect_t*, const void* data) {
                         Count(*static_cast<const RlcTapInfo*>(data));
                       }));
  return absl::OkStatus();
}

RlcChannel* RlcLteReport::CommonChannel(const RlcTapInfo& info) {
  switch (info.channelType) {
    case CHANNEL_TYPE_BCCH_BCH:
    case CHANNEL_TYPE_BCCH_DL_SCH:
      return &broadcast_;
    case CHANNEL_TYPE_PCCH:
      return &paging_;
    default:
      return nullptr;
  }
}

RlcUe* RlcLteReport::UeOf(const RlcTapInfo& info) {
  RlcUe*& ue = by_ueid_[info.ueid];
  if (ue == nullptr) {
    ue = &ues_.emplace_back(RlcUe{IsNr(info), info.ueid, {}, {}});
  }
  return ue;
}

void RlcLteReport::Count(const RlcTapInfo& info) {
  ++frames_;
  RlcChannel* const channel = CommonChannel(info);
  if (channel != nullptr) {
    ++channel->frames;
    channel->bytes += info.pduLength;
    return;
  }
  RlcUe* const ue = UeOf(info);
  RlcDirection* const direction =
      info.direction == DIRECTION_UPLINK ? &ue->up : &ue->down;
  direction->traffic.Add(info.pduLength, TimeOf(info));
  if (info.isControlPDU != 0) {
    ++direction->acks;
    direction->nacks += info.noOfNACKs;
  }
  direction->missed += info.missingSNs;
}

absl::Status RlcLteReport::Finish() {
  return SendTables(Tables(), Text(), sink_);
}

std::string DirectionText(const RlcDirection& direction) {
  return absl::StrFormat(" %10u %9u %10f %8u %9u %10u",
                         direction.traffic.frames(), direction.traffic.bytes(),
                         direction.traffic.printed_rate(), direction.acks,
                         direction.nacks, direction.missed);
}

std::string RlcLteReport::Text() const {
  std::string text = absl::StrFormat(
      "Common Data:\n==============\n"
      "BCCH Frames: %u   BCCH Bytes: %u   PCCH Frames: %u   PCCH Bytes: %u\n\n"
      "Per UE Data - %u UEs (%u frames)\n%s\n"
      "%s UEId  UL Frames  UL Bytes     UL Mbs  UL ACKs  UL NACKs  UL Missed"
      "  DL Frames  DL Bytes     DL Mbs  DL ACKs  DL NACKs  DL Missed  \n",
      broadcast_.frames, broadcast_.bytes, paging_.frames, paging_.bytes,
      ues_.size(), frames_, std::string(42, '='), kCountsNr ? "RAT  " : "");
  for (const RlcUe& ue : ues_) {
    if (kCountsNr) absl::StrAppendFormat(&text, "%-5s", RadioName(ue.is_nr));
    absl::StrAppend(&text, absl::StrFormat("%5u", ue.ueid),
                    DirectionText(ue.up), DirectionText(ue.down), "\n");
  }
  return text;
}

void AddCells(const RlcDirection& direction, std::vector<ReportCell>* row) {
  row->push_back(uint64_t{direction.traffic.frames()});
  row->push_back(uint64_t{direction.traffic.bytes()});
  row->push_back(double{direction.traffic.rate()});
  row->push_back(uint64_t{direction.acks});
  row->push_back(uint64_t{direction.nacks});
  row->push_back(uint64_t{direction.missed});
}

ReportTables RlcLteReport::Tables() const {
  ReportTable common{
      "Common channels",
      {"Frames", "BCCH frames", "BCCH bytes", "PCCH frames", "PCCH bytes"},
      {{uint64_t{frames_}, uint64_t{broadcast_.frames},
        uint64_t{broadcast_.bytes}, uint64_t{paging_.frames},
        uint64_t{paging_.bytes}}}};
  ReportTable table{"UEs",
                    {"UEId", "UL frames", "UL bytes", "UL Mb/s", "UL ACKs",
                     "UL NACKs", "UL missed", "DL frames", "DL bytes",
                     "DL Mb/s", "DL ACKs", "DL NACKs", "DL missed"},
                    {}};
  if (kCountsNr) table.columns.insert(table.columns.begin(), "RAT");
  for (const RlcUe& ue : ues_) {
    std::vector<ReportCell> row;
    if (kCountsNr) row.emplace_back(RadioName(ue.is_nr));
    row.emplace_back(uint64_t{ue.ueid});
    AddCells(ue.up, &row);
    AddCells(ue.down, &row);
    table.rows.push_back(std::move(row));
  }
  return {kCountsNr ? "3GPP RLC" : "LTE RLC",
          filter_,
          {std::move(common), std::move(table)}};
}

}  // namespace

ReportType RlcLteReportType() {
  return {kRlcReport, "[,filter]", schema::TableKind::kTables,
          [](const std::string& argument) {
            return std::make_unique<RlcLteReport>(
                FilterOfReport(kRlcReport, argument).value_or(""));
          }};
}

}  // namespace dissectd::engine
