// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/hosts_report.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/analysis/report_tables.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

constexpr char kName[] = "hosts";

struct Families {
  bool ipv4 = false;
  bool ipv6 = false;
};

struct Host {
  // The bytes of the address, in network order.
  std::string bytes;
  std::string address;
  std::string name;
};

// Adds an entry of a table of libwireshark to a list of hosts, if the address
// has a name.
template <typename Entry>
void AddHost(const Entry& entry, const char* address,
             std::vector<Host>* hosts) {
  if ((entry.flags & NAME_RESOLVED) == 0) return;
  Host host;
  host.bytes.assign(reinterpret_cast<const char*>(&entry.addr),
                    sizeof(entry.addr));
  host.address = address;
  host.name = entry.name;
  hosts->push_back(std::move(host));
}

void AddIpv4(void*, void* value, void* hosts) {
  const auto& entry = *static_cast<const hashipv4_t*>(value);
  AddHost(entry, entry.ip, static_cast<std::vector<Host>*>(hosts));
}

void AddIpv6(void*, void* value, void* hosts) {
  const auto& entry = *static_cast<const hashipv6_t*>(value);
  AddHost(entry, entry.ip6, static_cast<std::vector<Host>*>(hosts));
}

std::vector<Host> SortedHosts(wmem_map_t* table, GHFunc add) {
  std::vector<Host> hosts;
  if (table == nullptr) return hosts;
  wmem_map_foreach(table, add, &hosts);
  std::sort(hosts.begin(), hosts.end(),
            [](const Host& a, const Host& b) { return a.bytes < b.bytes; });
  return hosts;
}

class HostsReport final : public Report {
 public:
  explicit HostsReport(Families families) : families_(families) {}

  absl::Status Begin(const ReportEnvironment& environment) override {
    environment_ = environment;
    return absl::OkStatus();
  }
  absl::Status Finish() override;

 private:
  const Families families_;
  ReportEnvironment environment_ = {};
};

std::vector<Host> HostsOf(Families families) {
  std::vector<Host> hosts;
  if (families.ipv4) hosts = SortedHosts(get_ipv4_hash_table(), AddIpv4);
  if (!families.ipv6) return hosts;
  std::vector<Host> more = SortedHosts(get_ipv6_hash_table(), AddIpv6);
  std::move(more.begin(), more.end(), std::back_inserter(hosts));
  return hosts;
}

absl::Status HostsReport::Finish() {
  std::string text =
      absl::StrCat("# TShark hosts output\n#\n# Host data gathered from ",
                   environment_.capture_name, "\n\n");
  ReportTable table{"", {"Address", "Name"}, {}};
  for (const Host& host : HostsOf(families_)) {
    table.rows.push_back({host.address, host.name});
    absl::StrAppend(&text, host.address, "\t", host.name, "\n");
  }
  return SendTables({"Hosts", "", {std::move(table)}}, text, environment_.sink);
}

absl::StatusOr<std::unique_ptr<Report>> MakeReport(
    const std::string& argument) {
  if (argument == kName) {
    return std::make_unique<HostsReport>(Families{true, true});
  }
  const std::vector<std::string> words = absl::StrSplit(argument, ',');
  Families families;
  for (auto word = words.begin() + 1; word != words.end(); ++word) {
    if (*word == "ip" || *word == "ipv4") {
      families.ipv4 = true;
    } else if (*word == "ipv6") {
      families.ipv6 = true;
    } else {
      return ReportArgumentError(
          "invalid \"-z hosts[,ip|ipv4|ipv6]\" argument");
    }
  }
  return std::make_unique<HostsReport>(families);
}

}  // namespace

std::vector<ReportType> HostsReports() {
  return {{kName, "[,ip|,ipv4|,ipv6]", schema::TableKind::kTables, MakeReport}};
}

}  // namespace dissectd::engine
