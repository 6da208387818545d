// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/report_list.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/analysis/camel_report.h"
#include "core/analysis/conversation_report.h"
#include "core/analysis/credentials_report.h"
#include "core/analysis/diameter_report.h"
#include "core/analysis/echo_report.h"
#include "core/analysis/endpoint_report.h"
#include "core/analysis/expert_report.h"
#include "core/analysis/flow_report.h"
#include "core/analysis/follow_report.h"
#include "core/analysis/gsm_a_report.h"
#include "core/analysis/hierarchy_report.h"
#include "core/analysis/hosts_report.h"
#include "core/analysis/http_report.h"
#include "core/analysis/info_column_report.h"
#include "core/analysis/io_stat_report.h"
#include "core/analysis/mac_lte_report.h"
#include "core/analysis/response_delay_report.h"
#include "core/analysis/response_time_report.h"
#include "core/analysis/rlc_lte_report.h"
#include "core/analysis/rpc_programs_report.h"
#include "core/analysis/rtp_report.h"
#include "core/analysis/sampled_values_report.h"
#include "core/analysis/sctp_report.h"
#include "core/analysis/sid_report.h"
#include "core/analysis/simple_table_report.h"
#include "core/analysis/sip_report.h"
#include "core/analysis/stats_tree_report.h"
#include "core/analysis/tcp_graph_report.h"
#include "core/analysis/voip_calls_report.h"
#include "core/analysis/wsp_report.h"
#include "core/base/error.h"

namespace dissectd::engine {
namespace {

void Append(std::vector<ReportType> more, std::vector<ReportType>* types) {
  std::move(more.begin(), more.end(), std::back_inserter(*types));
}

std::vector<ReportType> CollectTypes() {
  std::vector<ReportType> types;
  Append(CamelReports(), &types);
  Append(ConversationReports(), &types);
  Append(CredentialsReports(), &types);
  Append({DiameterReportType()}, &types);
  Append(EchoReports(), &types);
  Append(EndpointReports(), &types);
  Append(ExpertReports(), &types);
  Append(FlowReports(), &types);
  Append(FollowReports(), &types);
  Append(GsmAReports(), &types);
  Append(HierarchyReports(), &types);
  Append(HostsReports(), &types);
  Append(HttpReports(), &types);
  Append({InfoColumnReportType()}, &types);
  Append(IoStatReports(), &types);
  Append({MacLteReportType()}, &types);
  Append(ResponseDelayReports(), &types);
  Append(ResponseTimeReports(), &types);
  Append({RlcLteReportType()}, &types);
  Append(RpcProgramsReports(), &types);
  Append({RtpStreamsReportType()}, &types);
  Append(SampledValuesReports(), &types);
  Append(SctpReports(), &types);
  Append(SidReports(), &types);
  Append(SimpleTableReports(), &types);
  Append({SipReportType()}, &types);
  Append(StatsTreeReports(), &types);
  Append({TcpGraphReportType()}, &types);
  Append({VoipCallsReportType()}, &types);
  Append({WspReportType()}, &types);
  std::sort(
      types.begin(), types.end(),
      [](const ReportType& a, const ReportType& b) { return a.name < b.name; });
  return types;
}

}  // namespace

const std::vector<ReportType>& ReportTypes() {
  static const auto& types = *new std::vector<ReportType>(CollectTypes());
  return types;
}

absl::StatusOr<const ReportType*> FindReportType(const std::string& argument) {
  const ReportType* found = nullptr;
  for (const ReportType& type : ReportTypes()) {
    if (!absl::StartsWith(argument, type.name)) continue;
    if (found == nullptr || type.name.size() > found->name.size()) {
      found = &type;
    }
  }
  if (found != nullptr) return found;
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat("There is no report \"", argument, "\"; see ListReports."),
      {"REPORT_UNKNOWN", {{"report", argument}}, {}});
}

}  // namespace dissectd::engine
