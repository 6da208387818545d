// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/response_time_report.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "core/analysis/dcerpc_interface.h"
#include "core/analysis/library_tap.h"
#include "core/analysis/report_tap.h"
#include "core/analysis/report_texts.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/encode/message_fields.h"
#include "core/epan/handles.h"
#include "core/epan/tap_data.h"
#include "core/epan/wireshark_version.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

constexpr uint64_t kNanosPerSecond = 1'000'000'000;
constexpr uint64_t kMicrosPerSecond = 1'000'000;

absl::string_view OrEmpty(const char* text) {
  return text == nullptr ? "" : text;
}

uint64_t Nanos(const nstime_t& time) {
  return static_cast<uint64_t>(time.secs) * kNanosPerSecond +
         static_cast<uint64_t>(time.nsecs);
}

// tshark rounds the parts of a time without carrying to the seconds.
std::string ExtremeText(const nstime_t& time) {
  return absl::StrFormat("%3d.%06d", time.secs, (time.nsecs + 500) / 1000);
}

std::string RoundedText(uint64_t nanos) {
  const uint64_t micros = (nanos + 500) / 1000;
  return absl::StrFormat("%3d.%06d", micros / kMicrosPerSecond,
                         micros % kMicrosPerSecond);
}

std::string RowText(const srt_procedure_t& procedure) {
  const timestat_t& times = procedure.stats;
  const uint64_t sum = Nanos(times.tot);
  return absl::StrFormat("%5d  %-22s %6u %s %s %s %s\n", procedure.proc_index,
                         OrEmpty(procedure.procedure), times.num,
                         ExtremeText(times.min), ExtremeText(times.max),
                         RoundedText(sum / times.num), RoundedText(sum));
}

void AddProcedure(const srt_procedure_t& procedure,
                  protozero::pbf_builder<schema::ResponseTimeTable>* table) {
  using schema::ProcedureTimes;
  const timestat_t& times = procedure.stats;
  protozero::pbf_builder<ProcedureTimes> out(
      *table, schema::ResponseTimeTable::kProcedures);
  out.add_uint32(ProcedureTimes::kIndex,
                 static_cast<uint32_t>(procedure.proc_index));
  out.add_string(ProcedureTimes::kName,
                 MakeValidUtf8(OrEmpty(procedure.procedure)));
  out.add_uint32(ProcedureTimes::kCalls, times.num);
  AddTime(times.min, ProcedureTimes::kMinimum, &out);
  AddTime(times.max, ProcedureTimes::kMaximum, &out);
  AddTime(times.tot, ProcedureTimes::kSum, &out);
  out.add_uint32(ProcedureTimes::kMinimumFrame, times.min_num);
  out.add_uint32(ProcedureTimes::kMaximumFrame, times.max_num);
}

class ResponseTimeReport final : public Report {
 public:
  ResponseTimeReport(register_srt_t* service, std::string name,
                     std::string argument)
      : service_(service),
        name_(std::move(name)),
        argument_(std::move(argument)) {}
  ~ResponseTimeReport() override;
  ResponseTimeReport(const ResponseTimeReport&) = delete;
  ResponseTimeReport& operator=(const ResponseTimeReport&) = delete;

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  absl::Status InvalidArgument(absl::string_view problem) const;
  // Gives libwireshark the parameters of the argument.
  absl::Status ApplyArgument();
  // libwireshark follows a null pointer if it knows no such interface.
  absl::Status CheckInterface() const;
  absl::Span<srt_stat_table* const> Tables() const;
  // Returns the filter in the head of a table's text.
  std::string FilterOf(const srt_stat_table& table) const;
  std::string Text() const;
  std::string Table() const;

  register_srt_t* const service_;
  const std::string name_;
  const std::string argument_;
  std::string filter_;
  ReportSink* sink_ = nullptr;
  srt_data_t data_ = {};
  std::unique_ptr<LibraryTap> tap_;
};

ResponseTimeReport::~ResponseTimeReport() {
  tap_.reset();
  if (data_.srt_array == nullptr) return;
  free_srt_table(service_, data_.srt_array);
  g_array_free(data_.srt_array, TRUE);
}

absl::Status ResponseTimeReport::InvalidArgument(
    absl::string_view problem) const {
  return ReportArgumentError(
      absl::StrCat("invalid \"-z ", name_, ",", problem, "\" argument"));
}

absl::Status ResponseTimeReport::ApplyArgument() {
  if (name_ == "dcerpc,srt") RETURN_IF_ERROR(CheckInterface());
  const char* filter = nullptr;
  char* problem = nullptr;
  srt_table_get_filter(service_, argument_.c_str(), &filter, &problem);
  const GCharPtr owned_problem(problem);
  if (problem != nullptr) return InvalidArgument(problem);
  filter_ = std::string(OrEmpty(filter));
  return absl::OkStatus();
}

absl::Status ResponseTimeReport::CheckInterface() const {
  std::optional<DceRpcInterface> parsed = ParseDceRpcInterface(
      absl::StripPrefix(argument_, absl::StrCat(name_, ",")));
  if (!parsed.has_value()) {
    return InvalidArgument("<uuid>,<major version>.<minor version>[,<filter>]");
  }
  // libwireshark has an error for this.
  if (parsed->major_version > UINT16_MAX) return absl::OkStatus();
  e_guid_t uuid;
  uuid.data1 = parsed->uuid.data1;
  uuid.data2 = parsed->uuid.data2;
  uuid.data3 = parsed->uuid.data3;
  std::copy(parsed->uuid.data4.begin(), parsed->uuid.data4.end(),
            std::begin(uuid.data4));
  if (dcerpc_get_proto_sub_dissector(
          &uuid, static_cast<guint16>(parsed->major_version)) != nullptr) {
    return absl::OkStatus();
  }
  return ReportArgumentError(
      absl::StrCat("No dissector knows the interface of \"", argument_, "\"."));
}

absl::Status ResponseTimeReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  // libwireshark keeps the parameters in the registration of the protocol, from
  // which the tables take them: nothing may come between these two steps.
  RETURN_IF_ERROR(ApplyArgument());
  data_.srt_array = g_array_new(FALSE, TRUE, sizeof(srt_stat_table*));
  srt_table_dissector_init(service_, data_.srt_array);
  LibraryTap::Options options;
  options.tap = get_srt_tap_listener_name(service_);
  options.filter = filter_;
  options.on_packet = get_srt_packet_func(service_);
  ASSIGN_OR_RETURN(tap_, RegisterReportTap("srt tap", options, &data_));
  return absl::OkStatus();
}

absl::Status ResponseTimeReport::Finish() {
  return sink_->Send(Table(), Text());
}

absl::Span<srt_stat_table* const> ResponseTimeReport::Tables() const {
  return {reinterpret_cast<srt_stat_table**>(data_.srt_array->data),
          data_.srt_array->len};
}

std::string ResponseTimeReport::FilterOf(const srt_stat_table& table) const {
  std::string filter(OrEmpty(table.filter_string));
  if (!kHeadsHaveFilter || filter_.empty()) return filter;
  return absl::StrCat(filter, filter.empty() ? "" : " and ", "(", filter_, ")");
}

std::string ResponseTimeReport::Text() const {
  std::string text =
      absl::StrCat("\n", std::string(67, '='), "\n",
                   proto_get_protocol_short_name(
                       find_protocol_by_id(get_srt_proto_id(service_))),
                   " SRT Statistics:\n");
  for (const srt_stat_table* const& table : Tables()) {
    // NCP has many tables that get procedures when they are called.
    if (table->num_procs == 0) continue;
    const absl::string_view column = table->proc_column_name == nullptr
                                         ? "Procedure"
                                         : table->proc_column_name;
    absl::StrAppend(&text, "Filter: ", FilterOf(*table), "\n");
    absl::StrAppendFormat(&text,
                          "Index  %-22s Calls    Min SRT    Max SRT    Avg SRT "
                          "   Sum SRT\n",
                          column);
    for (int i = 0; i < table->num_procs; ++i) {
      const srt_procedure_t& procedure = table->procedures[i];
      if (procedure.stats.num > 0) text += RowText(procedure);
    }
    if (&table != &Tables().back()) text += "\n";
  }
  return text + std::string(66, '=') + "\n";
}

std::string ResponseTimeReport::Table() const {
  std::string bytes;
  protozero::pbf_builder<schema::ResponseTimeTables> out(bytes);
  out.add_string(schema::ResponseTimeTables::kFilter, MakeValidUtf8(filter_));
  for (const srt_stat_table* table : Tables()) {
    protozero::pbf_builder<schema::ResponseTimeTable> entry(
        out, schema::ResponseTimeTables::kTables);
    entry.add_string(schema::ResponseTimeTable::kTitle,
                     MakeValidUtf8(OrEmpty(table->name)));
    for (int i = 0; i < table->num_procs; ++i) {
      const srt_procedure_t& procedure = table->procedures[i];
      if (procedure.stats.num > 0) AddProcedure(procedure, &entry);
    }
  }
  return bytes;
}

std::string UsageOf(absl::string_view name) {
  if (name == "rpc,srt") return ",program,version[,filter]";
  if (name == "dcerpc,srt") return ",uuid,major.minor[,filter]";
  if (name == "scsi,srt") return ",cmdset[,filter]";
  return "[,filter]";
}

WsBool AddType(const void*, void* value, void* user_data) {
  auto* const service = static_cast<register_srt_t*>(value);
  auto* const types = static_cast<std::vector<ReportType>*>(user_data);
  const GCharPtr name(srt_table_get_tap_string(service));
  // The tables of CAMEL have less than the report that tshark makes itself.
  if (absl::string_view(name.get()) == "camel,srt") return FALSE;
  types->push_back(
      {name.get(), UsageOf(name.get()), schema::TableKind::kResponseTimes,
       [service, name = std::string(name.get())](const std::string& argument)
           -> absl::StatusOr<std::unique_ptr<Report>> {
         return std::make_unique<ResponseTimeReport>(service, name, argument);
       }});
  return FALSE;
}

}  // namespace

std::vector<ReportType> ResponseTimeReports() {
  std::vector<ReportType> types;
  srt_table_iterate_tables(AddType, &types);
  return types;
}

}  // namespace dissectd::engine
