// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capinfos_report.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/capinfos_values.h"

namespace dissectd::cli {
namespace {

// The columns at which values, and lines below a heading, start.
constexpr size_t kIndent = 21;

class Report {
 public:
  Report(const CapinfosOptions& options, const v1::File& file)
      : options_(options), file_(file), summary_(file.summary()) {}

  std::string Text(const std::string& name);

 private:
  void AddFormat();
  void AddEncapsulations();
  void AddSnapLength();
  void AddSizes();
  void AddTimes();
  void AddRates();
  void AddAverageSize();
  void AddPacketRate();
  void AddHashes();
  void AddSections();
  void AddSection(const v1::FileSection& section);
  void AddInterfaces();
  void AddInterface(const v1::FileInterface& interface);
  void AddCaptureFilter(const v1::FileInterface& interface);
  void AddMetadata();

  bool Shows(Info info) const { return options_.Shows(info); }
  // Adds `LABEL: VALUE` with the value aligned.
  void AddLine(absl::string_view label, absl::string_view value);
  // Adds `NAME = VALUE` below a heading.
  template <typename Value>
  void AddBelow(absl::string_view name, const Value& value) {
    absl::StrAppend(&text_, std::string(kIndent, ' '), name, " = ", value,
                    "\n");
  }
  void AddOption(absl::string_view label, const std::string& value);
  std::string Size(uint64_t size, const SizeUnit& unit) const;
  std::string Rate(double rate, const SizeUnit& unit,
                   absl::string_view whole_unit) const;
  std::string Time(bool is_known, const v1::TimeValue& time,
                   const v1::TimePrecision& precision) const;

  const CapinfosOptions& options_;
  const v1::File& file_;
  const v1::FileSummary& summary_;
  std::string text_;
};

void Report::AddLine(absl::string_view label, absl::string_view value) {
  const std::string head = absl::StrCat(label, ":");
  absl::StrAppendFormat(&text_, "%-*s%s\n", static_cast<int>(kIndent), head,
                        value);
}

// Returns the text on one line, with line breaks replaced.
void Report::AddOption(absl::string_view label, const std::string& value) {
  if (value.empty()) return;
  AddLine(label, absl::StrReplaceAll(value, {{"\n", " "}, {"\r", " "}}));
}

std::string Report::Size(uint64_t size, const SizeUnit& unit) const {
  return options_.machine_readable ? absl::StrCat(size, unit.whole)
                                   : SizeText(static_cast<int64_t>(size), unit);
}

std::string Report::Rate(double rate, const SizeUnit& unit,
                         absl::string_view whole_unit) const {
  if (!options_.machine_readable) {
    return SizeText(static_cast<int64_t>(rate), unit);
  }
  return rate > 0 ? absl::StrFormat("%.2f %s", rate, whole_unit) : "n/a";
}

std::string Report::Time(bool is_known, const v1::TimeValue& time,
                         const v1::TimePrecision& precision) const {
  return is_known ? TimeText(time, precision, options_.epoch_times) : "n/a";
}

void Report::AddFormat() {
  if (Shows(Info::kFileType)) {
    std::string value = options_.machine_readable
                            ? summary_.file_type().name()
                            : summary_.file_type().description();
    const std::string compression = CompressionText(summary_.compression());
    if (!compression.empty()) absl::StrAppend(&value, " (", compression, ")");
    AddLine("File type", value);
  }
  if (Shows(Info::kEncapsulation)) AddEncapsulations();
  if (Shows(Info::kMore)) {
    absl::StrAppend(
        &text_, "File timestamp precision:  ", summary_.time_precision().name(),
        " (", PrecisionNumber(summary_.time_precision()), ")\n");
  }
}

void Report::AddEncapsulations() {
  const v1::Encapsulation& encapsulation = summary_.encapsulation();
  AddLine("File encapsulation", options_.machine_readable
                                    ? encapsulation.name()
                                    : encapsulation.description());
  // This line is printed only if packets have different encapsulations.
  if (encapsulation.number() != -1) return;
  absl::StrAppend(&text_, "Encapsulation in use by packets (# of pkts):\n");
  for (const v1::EncapsulationCount& count : summary_.encapsulation_counts()) {
    absl::StrAppend(&text_, std::string(kIndent, ' '),
                    count.encapsulation().description(), " (",
                    count.packet_count(), ")\n");
  }
}

void Report::AddSnapLength() {
  const char* label = "Packet size limit";
  if (Shows(Info::kSnapshotLength)) {
    AddLine(label, summary_.has_snapshot_length()
                       ? absl::StrCat("file hdr: ", summary_.snapshot_length(),
                                      " bytes")
                       : "file hdr: (not set)");
  }
  // capinfos prints this line whichever options are given.
  const uint32_t shortest = summary_.shortest_cut_packet();
  const uint32_t longest = summary_.longest_cut_packet();
  if (longest == 0) return;
  AddLine(label, shortest == longest
                     ? absl::StrCat("inferred: ", shortest, " bytes")
                     : absl::StrCat("inferred: ", shortest, " bytes - ",
                                    longest, " bytes (range)"));
}

void Report::AddSizes() {
  if (Shows(Info::kPacketCount)) {
    AddLine("Number of packets", Size(summary_.packet_count(), kNoUnit));
  }
  if (Shows(Info::kFileSize)) {
    AddLine("File size", Size(file_.size_bytes(), kBytes));
  }
  if (Shows(Info::kDataSize)) {
    AddLine("Data size", Size(summary_.packet_bytes(), kBytes));
  }
}

void Report::AddTimes() {
  if (Shows(Info::kDuration)) {
    AddLine("Capture duration",
            summary_.has_duration()
                ? DurationText(summary_.duration(),
                               summary_.duration_precision(), true)
                : "n/a");
  }
  if (Shows(Info::kFirstTime)) {
    AddLine("First packet time",
            Time(summary_.has_first_time(), summary_.first_time(),
                 summary_.first_time_precision()));
  }
  if (Shows(Info::kLastTime)) {
    AddLine("Last packet time",
            Time(summary_.has_last_time(), summary_.last_time(),
                 summary_.last_time_precision()));
  }
}

void Report::AddRates() {
  if (Shows(Info::kByteRate)) {
    AddLine("Data byte rate",
            Rate(summary_.bytes_per_second(), kBytesPerSecond, "bytes/sec"));
  }
  if (Shows(Info::kBitRate)) {
    AddLine("Data bit rate",
            Rate(summary_.bits_per_second(), kBitsPerSecond, "bits/sec"));
  }
}

void Report::AddAverageSize() {
  if (!Shows(Info::kPacketSize)) return;
  AddLine("Average packet size",
          absl::StrFormat("%.2f bytes", summary_.average_packet_bytes()));
}

void Report::AddPacketRate() {
  if (!Shows(Info::kPacketRate)) return;
  AddLine("Average packet rate", Rate(summary_.packets_per_second(),
                                      kPacketsPerSecond, "packets/sec"));
}

void Report::AddHashes() {
  if (!Shows(Info::kHashes)) return;
  AddLine("SHA256", absl::BytesToHexString(summary_.sha256()));
  AddLine("RIPEMD160", absl::BytesToHexString(summary_.ripemd160()));
  AddLine("SHA1", absl::BytesToHexString(summary_.sha1()));
}

void Report::AddSections() {
  for (int i = 0; i < summary_.sections_size(); ++i) {
    if (summary_.sections_size() > 1) {
      absl::StrAppend(&text_, "Section ", i, ":\n\n");
    }
    AddSection(summary_.sections(i));
    // capinfos repeats this fact about the file in each section.
    if (Shows(Info::kInterfaces)) AddInterfaces();
    AddMetadata();
  }
}

void Report::AddSection(const v1::FileSection& section) {
  if (Shows(Info::kMore)) {
    AddOption("Capture hardware", section.hardware());
    AddOption("Capture oper-sys", section.operating_system());
    AddOption("Capture application", section.application());
  }
  if (Shows(Info::kComment)) {
    for (const std::string& comment : section.comments()) {
      AddOption("Capture comment", comment);
    }
  }
}

void Report::AddInterfaces() {
  if (summary_.interfaces_size() == 0) return;
  absl::StrAppend(&text_,
                  "Number of interfaces in file: ", summary_.interfaces_size(),
                  "\n");
  for (int i = 0; i < summary_.interfaces_size(); ++i) {
    absl::StrAppend(&text_, "Interface #", i, " info:\n");
    AddInterface(summary_.interfaces(i));
  }
}

void Report::AddInterface(const v1::FileInterface& interface) {
  if (interface.has_name()) AddBelow("Name", interface.name());
  if (interface.has_description()) {
    AddBelow("Description", interface.description());
  }
  const v1::Encapsulation& encapsulation = interface.encapsulation();
  AddBelow("Encapsulation", absl::StrCat(encapsulation.description(), " (",
                                         encapsulation.number(), " - ",
                                         encapsulation.name(), ")"));
  if (interface.has_hardware()) AddBelow("Hardware", interface.hardware());
  if (interface.has_speed()) AddBelow("Speed", interface.speed());
  AddBelow("Capture length", interface.snapshot_length());
  if (interface.has_fcs_length()) {
    AddBelow("FCS length", interface.fcs_length());
  }
  AddBelow("Time precision",
           absl::StrCat(interface.time_precision().name(), " (",
                        PrecisionNumber(interface.time_precision()), ")"));
  AddBelow("Time ticks per second", interface.time_units_per_second());
  if (interface.has_time_resolution()) {
    AddBelow("Time resolution",
             absl::StrFormat("0x%.2x", interface.time_resolution()));
  }
  if (interface.has_time_offset()) {
    AddBelow("Timestamp offset", interface.time_offset());
  }
  AddCaptureFilter(interface);
  if (interface.has_operating_system()) {
    AddBelow("Operating system", interface.operating_system());
  }
  if (interface.comments_size() > 0) AddBelow("Comment", interface.comments(0));
  AddBelow("Number of stat entries", interface.statistics_size());
  AddBelow("Number of packets", interface.packet_count());
}

void Report::AddCaptureFilter(const v1::FileInterface& interface) {
  switch (interface.capture_filter_case()) {
    case v1::FileInterface::kFilter:
      return AddBelow("Filter string", interface.filter());
    case v1::FileInterface::kBpfLength:
      return AddBelow("BPF filter length", interface.bpf_length());
    case v1::FileInterface::kUnknownFilterType:
      absl::StrAppend(&text_, std::string(kIndent, ' '), "Unknown filter type ",
                      interface.unknown_filter_type(), "\n");
      return;
    case v1::FileInterface::CAPTURE_FILTER_NOT_SET:
      return;
  }
}

void Report::AddMetadata() {
  const auto add = [this](Info info, const char* what, uint32_t count) {
    if (!Shows(info) || count == 0) return;
    absl::StrAppend(&text_, "Number of ", what, " in file: ", count, "\n");
  };
  add(Info::kNames, "resolved IPv4 addresses", summary_.resolved_ipv4_count());
  add(Info::kNames, "resolved IPv6 addresses", summary_.resolved_ipv6_count());
  add(Info::kSecrets, "decryption secrets", summary_.decryption_secret_count());
}

std::string Report::Text(const std::string& name) {
  AddLine("File name", name);
  AddFormat();
  AddSnapLength();
  AddSizes();
  if (summary_.times_known()) {
    AddTimes();
    AddRates();
  }
  AddAverageSize();
  if (summary_.times_known()) AddPacketRate();
  AddHashes();
  if (Shows(Info::kOrder)) {
    AddLine("Strict time order", OrderText(summary_.time_order()));
  }
  AddSections();
  return text_;
}

}  // namespace

std::string LongReport(const CapinfosOptions& options, const std::string& name,
                       const v1::File& file) {
  return Report(options, file).Text(name);
}

}  // namespace dissectd::cli
