// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capinfos_table.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/capinfos_values.h"

namespace dissectd::cli {
namespace {

constexpr char kNotAvailable[] = "n/a";

// A line of the table.
class Line {
 public:
  explicit Line(const CapinfosOptions& options) : options_(options) {}

  void Add(absl::string_view cell) {
    if (!is_empty_) text_ += options_.separator;
    is_empty_ = false;
    const absl::string_view quote(&options_.quote,
                                  options_.quote == '\0' ? 0 : 1);
    absl::StrAppend(&text_, quote, cell, quote);
  }

  void AddIf(Info info, absl::string_view cell) {
    if (options_.Shows(info)) Add(cell);
  }

  std::string End() { return absl::StrCat(text_, "\n"); }

 private:
  const CapinfosOptions& options_;
  bool is_empty_ = true;
  std::string text_;
};

std::string Number(double value) { return absl::StrFormat("%.2f", value); }

void AddSnapLengths(const v1::FileSummary& summary, Line* line) {
  line->Add(summary.has_snapshot_length()
                ? absl::StrCat(summary.snapshot_length())
                : "(not set)");
  const bool is_cut = summary.longest_cut_packet() > 0;
  line->Add(is_cut ? absl::StrCat(summary.shortest_cut_packet())
                   : kNotAvailable);
  line->Add(is_cut ? absl::StrCat(summary.longest_cut_packet())
                   : kNotAvailable);
}

void AddTimes(const CapinfosOptions& options, const v1::FileSummary& summary,
              Line* line) {
  line->AddIf(Info::kDuration,
              summary.has_duration()
                  ? DurationText(summary.duration(),
                                 summary.duration_precision(), false)
                  : kNotAvailable);
  line->AddIf(Info::kFirstTime, summary.has_first_time()
                                    ? TimeText(summary.first_time(),
                                               summary.first_time_precision(),
                                               options.epoch_times)
                                    : kNotAvailable);
  line->AddIf(Info::kLastTime,
              summary.has_last_time()
                  ? TimeText(summary.last_time(), summary.last_time_precision(),
                             options.epoch_times)
                  : kNotAvailable);
}

void AddRates(const v1::FileSummary& summary, Line* line) {
  const auto rate = [&summary](double value) {
    return summary.times_known() ? Number(value) : kNotAvailable;
  };
  line->AddIf(Info::kByteRate, rate(summary.bytes_per_second()));
  line->AddIf(Info::kBitRate, rate(summary.bits_per_second()));
  line->AddIf(Info::kPacketSize, Number(summary.average_packet_bytes()));
  line->AddIf(Info::kPacketRate, rate(summary.packets_per_second()));
}

void AddSection(const CapinfosOptions& options, const v1::FileSection& section,
                Line* line) {
  line->AddIf(Info::kMore, section.hardware());
  line->AddIf(Info::kMore, section.operating_system());
  line->AddIf(Info::kMore, section.application());
  if (section.comments().empty()) line->AddIf(Info::kComment, "");
  for (const std::string& comment : section.comments()) {
    line->AddIf(Info::kComment, comment);
  }
}

}  // namespace

std::string TableHead(const CapinfosOptions& options) {
  Line line(options);
  line.Add("File name");
  line.AddIf(Info::kFileType, "File type");
  line.AddIf(Info::kEncapsulation, "File encapsulation");
  line.AddIf(Info::kMore, "File time precision");
  line.AddIf(Info::kSnapshotLength, "Packet size limit");
  line.AddIf(Info::kSnapshotLength, "Packet size limit min (inferred)");
  line.AddIf(Info::kSnapshotLength, "Packet size limit max (inferred)");
  line.AddIf(Info::kPacketCount, "Number of packets");
  line.AddIf(Info::kFileSize, "File size (bytes)");
  line.AddIf(Info::kDataSize, "Data size (bytes)");
  line.AddIf(Info::kDuration, "Capture duration (seconds)");
  line.AddIf(Info::kFirstTime, "Start time");
  line.AddIf(Info::kLastTime, "End time");
  line.AddIf(Info::kByteRate, "Data byte rate (bytes/sec)");
  line.AddIf(Info::kBitRate, "Data bit rate (bits/sec)");
  line.AddIf(Info::kPacketSize, "Average packet size (bytes)");
  line.AddIf(Info::kPacketRate, "Average packet rate (packets/sec)");
  line.AddIf(Info::kHashes, "SHA256");
  line.AddIf(Info::kHashes, "RIPEMD160");
  line.AddIf(Info::kHashes, "SHA1");
  line.AddIf(Info::kOrder, "Strict time order");
  line.AddIf(Info::kMore, "Capture hardware");
  line.AddIf(Info::kMore, "Capture oper-sys");
  line.AddIf(Info::kMore, "Capture application");
  line.AddIf(Info::kComment, "Capture comment");
  return line.End();
}

std::string TableRow(const CapinfosOptions& options, const std::string& name,
                     const v1::File& file) {
  const v1::FileSummary& summary = file.summary();
  Line line(options);
  line.Add(name);
  line.AddIf(Info::kFileType, summary.file_type().name());
  line.AddIf(Info::kEncapsulation, summary.encapsulation().name());
  line.AddIf(Info::kMore, summary.time_precision().name());
  if (options.Shows(Info::kSnapshotLength)) AddSnapLengths(summary, &line);
  line.AddIf(Info::kPacketCount, absl::StrCat(summary.packet_count()));
  line.AddIf(Info::kFileSize, absl::StrCat(file.size_bytes()));
  line.AddIf(Info::kDataSize, absl::StrCat(summary.packet_bytes()));
  AddTimes(options, summary, &line);
  AddRates(summary, &line);
  line.AddIf(Info::kHashes, absl::BytesToHexString(summary.sha256()));
  line.AddIf(Info::kHashes, absl::BytesToHexString(summary.ripemd160()));
  line.AddIf(Info::kHashes, absl::BytesToHexString(summary.sha1()));
  line.AddIf(Info::kOrder, OrderText(summary.time_order()));
  for (const v1::FileSection& section : summary.sections()) {
    AddSection(options, section, &line);
  }
  return line.End();
}

}  // namespace dissectd::cli
