// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/column_fields.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace dissectd::cli {
namespace {

struct NamedColumn {
  // The format of the column, as preferences write it.
  absl::string_view format;
  // The name of its field, without the prefix.
  absl::string_view field;
};

// The columns that are fields in Wireshark 4.4. The rest are custom columns,
// and those that depend on the frames that were shown before.
constexpr NamedColumn kColumns[] = {
    {"%Yt", "abs_ymd_time"},
    {"%YDOYt", "abs_ydoy_time"},
    {"%At", "abs_time"},
    {"%Tt", "delta_time"},
    {"%rd", "res_dst"},
    {"%ud", "unres_dst"},
    {"%rD", "res_dst_port"},
    {"%uD", "unres_dst_port"},
    {"%d", "def_dst"},
    {"%D", "def_dst_port"},
    {"%a", "expert"},
    {"%I", "if_dir"},
    {"%F", "freq_chan"},
    {"%hd", "def_dl_dst"},
    {"%hs", "def_dl_src"},
    {"%rhd", "res_dl_dst"},
    {"%uhd", "unres_dl_dst"},
    {"%rhs", "res_dl_src"},
    {"%uhs", "unres_dl_src"},
    {"%e", "rssi"},
    {"%x", "tx_rate"},
    {"%f", "dscp"},
    {"%i", "info"},
    {"%rnd", "res_net_dst"},
    {"%und", "unres_net_dst"},
    {"%rns", "res_net_src"},
    {"%uns", "unres_net_src"},
    {"%nd", "def_net_dst"},
    {"%ns", "def_net_src"},
    {"%m", "number"},
    {"%L", "packet_length"},
    {"%p", "protocol"},
    {"%Rt", "rel_time"},
    {"%s", "def_src"},
    {"%S", "def_src_port"},
    {"%rs", "res_src"},
    {"%us", "unres_src"},
    {"%rS", "res_src_port"},
    {"%uS", "unres_src_port"},
    {"%t", "cls_time"},
    {"%Yut", "utc_ymc_time"},
    {"%YDOYut", "utc_ydoy_time"},
    {"%Aut", "utc_time"},
};

struct TitledColumn {
  absl::string_view title;
  absl::string_view field;
};

// The titles of Wireshark's default columns.
constexpr TitledColumn kDefaultColumns[] = {
    {"No.", "number"},        {"Time", "cls_time"},
    {"Source", "def_src"},    {"Destination", "def_dst"},
    {"Protocol", "protocol"}, {"Length", "packet_length"},
    {"Info", "info"},
};

}  // namespace

std::string ColumnFieldName(const v1::ColumnDefinition& column,
                            const TsharkRelease& release) {
  if (!release.columns_are_fields) {
    return absl::StrCat(kColumnFieldPrefix, column.title());
  }
  const auto* const found =
      absl::c_find_if(kColumns, [&column](const NamedColumn& known) {
        return known.format == column.format();
      });
  return found == std::end(kColumns)
             ? std::string()
             : absl::StrCat(kColumnFieldPrefix, found->field);
}

std::string PrintedFieldName(const std::string& given,
                             const TsharkRelease& release) {
  if (!release.columns_are_fields ||
      !absl::StartsWith(given, kColumnFieldPrefix)) {
    return given;
  }
  const absl::string_view title =
      absl::string_view(given).substr(kColumnFieldPrefix.size());
  const auto* const found = absl::c_find_if(
      kDefaultColumns,
      [title](const TitledColumn& known) { return known.title == title; });
  return found == std::end(kDefaultColumns)
             ? given
             : absl::StrCat(kColumnFieldPrefix, found->field);
}

std::vector<std::string> UnknownColumnFields(
    const std::vector<std::string>& given, const v1::StreamHeader& header) {
  const TsharkRelease& release = TsharkReleaseOf(header.wireshark_version());
  std::vector<std::string> unknown;
  if (!release.columns_are_fields) return unknown;
  for (const std::string& field : given) {
    if (!absl::StartsWith(field, kColumnFieldPrefix)) continue;
    std::string name = PrintedFieldName(field, release);
    const bool known =
        absl::c_any_of(header.columns(), [&](const auto& column) {
          return ColumnFieldName(column, release) == name;
        });
    if (!known) unknown.push_back(std::move(name));
  }
  return unknown;
}

}  // namespace dissectd::cli
