// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_HOSTS_REPORT_H_
#define CORE_ANALYSIS_HOSTS_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `hosts[,ip|,ipv4|,ipv6]`: the names of addresses that libwireshark has
// learned, or read from files of hosts. tshark writes them in an order that
// changes with each run; here, they are sorted by address.
std::vector<ReportType> HostsReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_HOSTS_REPORT_H_
