// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/mac_lte_report.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <numeric>
#include <set>
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
struct MacDirection {
  LteTraffic traffic;
  uint32_t raw_bytes = 0;
  uint32_t padding_bytes = 0;
  uint32_t retransmissions = 0;
};

// Rounds as tshark does.
double PaddingPercent(const MacDirection& direction) {
  constexpr double kPercent = 100;
  if (direction.raw_bytes == 0) return 0;
  const float share = static_cast<float>(direction.padding_bytes) /
                      static_cast<float>(direction.raw_bytes);
  return kPercent * double{share};
}

struct MacUe {
  // The radio access technology of the first frame.
  bool is_nr;
  uint16_t rnti;
  // The type in the first frame.
  uint8_t rnti_type;
  uint16_t ueid;
  MacDirection up;
  MacDirection down;
  uint32_t crc_failures = 0;
  uint32_t crc_high_code_rates = 0;
  uint32_t crc_lost = 0;
  uint32_t crc_duplicates = 0;
};

// The counts that aren't about one UE.
struct MacCommon {
  uint16_t max_up_ues = 0;
  uint16_t max_down_ues = 0;
  uint32_t mib_frames = 0;
  uint32_t sib_frames = 0;
  uint32_t sib_bytes = 0;
  uint32_t paging_frames = 0;
  uint32_t paging_bytes = 0;
  uint32_t paging_ids = 0;
  uint32_t rar_frames = 0;
  uint32_t rar_entries = 0;
};

class MacLteReport final : public Report {
 public:
  explicit MacLteReport(std::string filter) : filter_(std::move(filter)) {}

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  void Count(const MacTapInfo& info);
  // Counts what isn't about one UE. Returns whether the frame is about one.
  bool CountCommon(const MacTapInfo& info);
  MacUe* UeOf(const MacTapInfo& info);
  std::string Text() const;
  ReportTables Tables() const;

  const std::string filter_;
  MacCommon common_;
  // All UEs, in the order of their first frames.
  std::deque<MacUe> ues_;
  // The elements of ues_ by RNTI and number of the UE.
  absl::flat_hash_map<std::pair<uint16_t, uint16_t>, MacUe*> by_key_;
  ReportSink* sink_ = nullptr;
  std::unique_ptr<TapListener> tap_;
};

absl::Status MacLteReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  TapListener::Options options;
  options.tap = kMacTap;
  options.filter = filter_;
  ASSIGN_OR_RETURN(tap_,
                   RegisterReportTap(
                       absl::StrCat(kMacReport, " tap"), options,
                       [this](packet_info*, epan_dissect_t*, const void* data) {
                         Count(*static_cast<const MacTapInfo*>(data));
                       }));
  return absl::OkStatus();
}

bool MacLteReport::CountCommon(const MacTapInfo& info) {
  switch (info.rntiType) {
    case P_RNTI:
      ++common_.paging_frames;
      common_.paging_bytes += info.single_number_of_bytes;
      common_.paging_ids += info.number_of_paging_ids;
      return false;
    case SI_RNTI:
      ++common_.sib_frames;
      common_.sib_bytes += info.single_number_of_bytes;
      return false;
    case NO_RNTI:
      ++common_.mib_frames;
      return false;
    case RA_RNTI:
      ++common_.rar_frames;
      common_.rar_entries += info.number_of_rars;
      return false;
    case C_RNTI:
    case SPS_RNTI:
      return true;
    default:
      return false;
  }
}

MacUe* MacLteReport::UeOf(const MacTapInfo& info) {
  MacUe*& ue = by_key_[{info.rnti, info.ueid}];
  if (ue == nullptr) {
    ue = &ues_.emplace_back();
    ue->is_nr = IsNr(info);
    ue->rnti = info.rnti;
    ue->rnti_type = info.rntiType;
    ue->ueid = info.ueid;
  }
  return ue;
}

// Returns whether nothing says that a frame is bad.
bool HasGoodChecksum(const MacTapInfo& info) {
  return !info.crcStatusValid || info.crcStatus == crc_success;
}

// Counts why a frame is bad. Returns whether it is good.
bool CountChecksum(const MacTapInfo& info, MacUe* ue) {
  if (HasGoodChecksum(info)) return true;
  if (kCountsNr) {
    ++ue->crc_failures;
    return false;
  }
  switch (info.crcStatus) {
    case crc_fail:
      ++ue->crc_failures;
      break;
    case crc_high_code_rate:
      ++ue->crc_high_code_rates;
      break;
    case crc_pdsch_lost:
      ++ue->crc_lost;
      break;
    case crc_duplicate_nonzero_rv:
      ++ue->crc_duplicates;
      break;
    default:
      break;
  }
  return false;
}

uint32_t BytesOf(const MacTapInfo& info) {
  if (info.isPredefinedData != 0) return info.single_number_of_bytes;
  return std::accumulate(std::begin(info.bytes_for_lcid),
                         std::end(info.bytes_for_lcid), uint32_t{0});
}

void CountFrame(const MacTapInfo& info, MacDirection* direction) {
  direction->traffic.Add(BytesOf(info), TimeOf(info));
  direction->raw_bytes += info.raw_length;
  direction->padding_bytes += info.padding_bytes;
}

void MacLteReport::Count(const MacTapInfo& info) {
  const bool is_uplink = info.direction == DIRECTION_UPLINK;
  uint16_t* const max_ues =
      is_uplink ? &common_.max_up_ues : &common_.max_down_ues;
  *max_ues = std::max(*max_ues, info.ueInTTI);
  if (!CountCommon(info)) return;
  MacUe* const ue = UeOf(info);
  MacDirection* const direction = is_uplink ? &ue->up : &ue->down;
  if (info.isPHYRetx != 0) {
    ++direction->retransmissions;
    return;
  }
  const bool is_good =
      is_uplink ? HasGoodChecksum(info) : CountChecksum(info, ue);
  if (!is_good) return;
  CountFrame(info, direction);
}

absl::Status MacLteReport::Finish() {
  return SendTables(Tables(), Text(), sink_);
}

std::string DirectionText(const MacDirection& direction) {
  return absl::StrFormat(" %10u %9u %10f %10f", direction.traffic.frames(),
                         direction.traffic.bytes(),
                         direction.traffic.printed_rate(),
                         PaddingPercent(direction));
}

std::string TypeName(const MacUe& ue) {
  return ue.rnti_type == C_RNTI ? "C-RNTI" : "SPS-RNTI";
}

std::string ChecksumText(const MacUe& ue) {
  std::string text = absl::StrFormat(" %12u", ue.crc_failures);
  if (!kCountsNr) {
    absl::StrAppendFormat(&text, " %11u %18u %20u", ue.crc_high_code_rates,
                          ue.crc_lost, ue.crc_duplicates);
  }
  return text;
}

std::string Line(const MacUe& ue) {
  std::string text;
  if (kCountsNr) text = absl::StrFormat("%-5s", RadioName(ue.is_nr));
  absl::StrAppend(
      &text, absl::StrFormat("%5u %7s %5u", ue.rnti, TypeName(ue), ue.ueid),
      DirectionText(ue.up), absl::StrFormat(" %8u", ue.up.retransmissions),
      DirectionText(ue.down), ChecksumText(ue),
      absl::StrFormat(" %8u\n", ue.down.retransmissions));
  return text;
}

std::string CommonText(const MacCommon& common) {
  return absl::StrFormat(
      "System data:\n============\n"
      "Max UL UEs/TTI: %u     Max DL UEs/TTI: %u\n\n"
      "Common channel data:\n====================\n"
      "MIBs: %u    SIB Frames: %u    SIB Bytes: %u    PCH Frames: %u    "
      "PCH Bytes: %u    PCH Paging IDs: %u    RAR Frames: %u    "
      "RAR Entries: %u\n\n",
      common.max_up_ues, common.max_down_ues, common.mib_frames,
      common.sib_frames, common.sib_bytes, common.paging_frames,
      common.paging_bytes, common.paging_ids, common.rar_frames,
      common.rar_entries);
}

std::string MacLteReport::Text() const {
  std::set<uint16_t> rntis;
  std::set<uint16_t> ueids;
  for (const MacUe& ue : ues_) {
    rntis.insert(ue.rnti);
    ueids.insert(ue.ueid);
  }
  std::string text = absl::StrCat(
      CommonText(common_), "UL/DL-SCH data (", ues_.size(), " entries - ",
      rntis.size(), " unique RNTIs, ", ueids.size(), " unique UEIds):\n",
      std::string(66, '='), kCountsNr ? "\nRAT  " : "\n",
      " RNTI    Type  UEId  UL Frames  UL Bytes  UL Mb/sec   UL Pad %  "
      "UL ReTX  DL Frames  DL Bytes  DL Mb/sec   DL Pad %  DL CRC Fail  ",
      kCountsNr ? "" : "DL CRC HCR  DL CRC PDSCH Lost  DL CRC DupNonZeroRV  ",
      "DL ReTX  \n");
  for (const MacUe& ue : ues_) text += Line(ue);
  return text;
}

ReportTable CommonTable(const MacCommon& common) {
  return {"Common channels",
          {"Max UL UEs/TTI", "Max DL UEs/TTI", "MIBs", "SIB frames",
           "SIB bytes", "PCH frames", "PCH bytes", "PCH paging IDs",
           "RAR frames", "RAR entries"},
          {{uint64_t{common.max_up_ues}, uint64_t{common.max_down_ues},
            uint64_t{common.mib_frames}, uint64_t{common.sib_frames},
            uint64_t{common.sib_bytes}, uint64_t{common.paging_frames},
            uint64_t{common.paging_bytes}, uint64_t{common.paging_ids},
            uint64_t{common.rar_frames}, uint64_t{common.rar_entries}}}};
}

void AddCells(const MacDirection& direction, std::vector<ReportCell>* row) {
  row->push_back(uint64_t{direction.traffic.frames()});
  row->push_back(uint64_t{direction.traffic.bytes()});
  row->push_back(double{direction.traffic.rate()});
  row->push_back(PaddingPercent(direction));
  row->push_back(uint64_t{direction.retransmissions});
}

ReportTables MacLteReport::Tables() const {
  ReportTable table{"UEs",
                    {"RNTI", "Type", "UEId", "UL frames", "UL bytes", "UL Mb/s",
                     "UL pad %", "UL ReTX", "DL frames", "DL bytes", "DL Mb/s",
                     "DL pad %", "DL ReTX", "DL CRC fail"},
                    {}};
  if (kCountsNr) {
    table.columns.insert(table.columns.begin(), "RAT");
  } else {
    for (const char* name :
         {"DL CRC HCR", "DL CRC PDSCH lost", "DL CRC DupNonZeroRV"}) {
      table.columns.emplace_back(name);
    }
  }
  for (const MacUe& ue : ues_) {
    std::vector<ReportCell> row;
    if (kCountsNr) row.emplace_back(RadioName(ue.is_nr));
    row.emplace_back(uint64_t{ue.rnti});
    row.emplace_back(TypeName(ue));
    row.emplace_back(uint64_t{ue.ueid});
    AddCells(ue.up, &row);
    AddCells(ue.down, &row);
    row.emplace_back(uint64_t{ue.crc_failures});
    if (!kCountsNr) {
      for (const uint32_t count :
           {ue.crc_high_code_rates, ue.crc_lost, ue.crc_duplicates}) {
        row.emplace_back(uint64_t{count});
      }
    }
    table.rows.push_back(std::move(row));
  }
  return {kCountsNr ? "3GPP MAC" : "LTE MAC",
          filter_,
          {CommonTable(common_), std::move(table)}};
}

}  // namespace

ReportType MacLteReportType() {
  return {kMacReport, "[,filter]", schema::TableKind::kTables,
          [](const std::string& argument) {
            return std::make_unique<MacLteReport>(
                FilterOfReport(kMacReport, argument).value_or(""));
          }};
}

}  // namespace dissectd::engine
