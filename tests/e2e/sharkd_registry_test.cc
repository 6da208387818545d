// SPDX-License-Identifier: GPL-2.0-or-later

// Asks the real sharkd about fields, filters, preferences and taps, and
// dissectd for the same: docs/sharkd.md says what corresponds.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "dissectd/v1/filter.grpc.pb.h"
#include "dissectd/v1/preference.grpc.pb.h"
#include "dissectd/v1/registry.grpc.pb.h"
#include "tests/e2e/sharkd_fixture.h"

namespace dissectd {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

// Calls a method that must succeed.
template <typename Stub, typename Request, typename Response>
Response Ask(Stub* stub,
             grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                          Response*),
             const Request& request) {
  grpc::ClientContext context;
  Response response;
  const grpc::Status status = (stub->*method)(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

class SharkdRegistryTest : public SharkdTest {
 protected:
  // sharkd only answers once it has a capture.
  SharkdRegistryTest() { Open("dns.pcap"); }

  v1::CompileFilterResponse Compile(const std::string& filter) {
    v1::CompileFilterRequest request;
    request.set_filter(filter);
    return Ask(filters_.get(), &v1::FilterService::Stub::CompileFilter,
               request);
  }

  v1::Preference GetPreference(const std::string& name) {
    v1::GetPreferenceRequest request;
    request.set_name(name);
    return Ask(preferences_.get(), &v1::PreferenceService::Stub::GetPreference,
               request)
        .preference();
  }

  const std::unique_ptr<v1::FilterService::Stub> filters_ =
      v1::FilterService::NewStub(channel_);
  const std::unique_ptr<v1::PreferenceService::Stub> preferences_ =
      v1::PreferenceService::NewStub(channel_);
  const std::unique_ptr<v1::RegistryService::Stub> registry_ =
      v1::RegistryService::NewStub(channel_);
};

// Returns the names of taps in a list of sharkd's, without their beginning.
std::set<std::string> TapsOf(const json& list, const std::string& beginning) {
  std::set<std::string> names;
  for (const json& entry : list) {
    const std::string tap = entry["tap"];
    if (absl::StartsWith(tap, beginning)) {
      names.insert(std::string(absl::StripPrefix(tap, beginning)));
    }
  }
  EXPECT_FALSE(names.empty()) << beginning;
  return names;
}

std::set<std::string> With(const std::string& before,
                           const std::set<std::string>& names,
                           const std::string& after) {
  std::set<std::string> whole;
  for (const std::string& name : names) {
    whole.insert(absl::StrCat(before, name, after));
  }
  return whole;
}

TEST_F(SharkdRegistryTest, InfoListsReports) {
  const json theirs = sharkd_.Ask("info");
  const v1::ListReportsResponse ours =
      Ask(analysis_.get(), &v1::AnalysisService::Stub::ListReports,
          v1::ListReportsRequest());
  std::set<std::string> reports;
  size_t conversations = 0;
  for (const v1::ReportType& report : ours.reports()) {
    reports.insert(report.name());
    if (absl::StartsWith(report.name(), "conv,")) ++conversations;
  }
  EXPECT_THAT(reports, IsSupersetOf(With("", TapsOf(theirs["stats"], "stat:"),
                                         ",tree")));
  EXPECT_THAT(reports,
              IsSupersetOf(With("", TapsOf(theirs["srt"], "srt:"), ",srt")));
  EXPECT_THAT(reports,
              IsSupersetOf(With("", TapsOf(theirs["rtd"], "rtd:"), ",rtd")));
  EXPECT_THAT(reports,
              IsSupersetOf(With("", TapsOf(theirs["nstat"], "nstat:"), "")));
  EXPECT_THAT(reports,
              IsSupersetOf(With("flow,", TapsOf(theirs["seqa"], "seqa:"), "")));
  EXPECT_THAT(reports, Contains("rtp,streams"));
  EXPECT_THAT(reports, Contains("expert"));
  // The names differ: those of sharkd are for people.
  EXPECT_EQ(conversations, TapsOf(theirs["convs"], "conv:").size());
  EXPECT_EQ(
      std::set<std::string>(ours.followers().begin(), ours.followers().end()),
      TapsOf(theirs["follow"], "follow:"));
  EXPECT_EQ(std::set<std::string>(ours.object_types().begin(),
                                  ours.object_types().end()),
            TapsOf(theirs["eo"], "eo:"));
}

TEST_F(SharkdRegistryTest, InfoListsColumnsAndTypes) {
  const json theirs = sharkd_.Ask("info");
  std::map<std::string, std::string> ours;
  const v1::ListColumnFormatsResponse formats =
      Ask(registry_.get(), &v1::RegistryService::Stub::ListColumnFormats,
          v1::ListColumnFormatsRequest());
  for (const v1::ColumnFormat& format : formats.column_formats()) {
    ours[format.format()] = format.description();
  }
  EXPECT_EQ(ours.size(), theirs["columns"].size());
  for (const json& column : theirs["columns"]) {
    EXPECT_EQ(ours[column["format"]], column["name"]);
  }
  std::set<std::string> types;
  const v1::ListFieldTypesResponse listed =
      Ask(registry_.get(), &v1::RegistryService::Stub::ListFieldTypes,
          v1::ListFieldTypesRequest());
  for (const v1::FieldTypeInfo& type : listed.field_types()) {
    types.insert(type.name());
  }
  EXPECT_EQ(types, theirs["ftypes"].get<std::set<std::string>>());
}

TEST_F(SharkdRegistryTest, CheckCompilesAFilter) {
  EXPECT_EQ(sharkd_.Ask("check", {{"filter", "tcp.port == 80"}})["status"],
            "OK");
  EXPECT_TRUE(Compile("tcp.port == 80").valid());
  for (const char* wrong : {"http.foo", "tcp.port ==", "ip.addr == x.y"}) {
    const v1::CompileFilterResponse response = Compile(wrong);
    ASSERT_EQ(response.diagnostics_size(), 1) << wrong;
    EXPECT_EQ(
        sharkd_.AskInVain("check", {{"filter", wrong}}),
        absl::StrCat("Filter invalid - ", response.diagnostics(0).message()));
  }
}

TEST_F(SharkdRegistryTest, CheckLooksUpAField) {
  v1::LookupFieldsRequest request;
  request.set_name("http.request");
  EXPECT_EQ(sharkd_.Ask("check", {{"field", "http.request"}})["status"], "OK");
  EXPECT_EQ(
      Ask(registry_.get(), &v1::RegistryService::Stub::LookupFields, request)
          .fields(0)
          .name(),
      "http.request");
  EXPECT_THAT(sharkd_.AskInVain("check", {{"field", "x.y"}}),
              HasSubstr("not found"));
  request.set_name("x.y");
  grpc::ClientContext context;
  v1::LookupFieldsResponse response;
  EXPECT_EQ(registry_->LookupFields(&context, request, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(SharkdRegistryTest, CompleteListsFields) {
  for (const char* prefix : {"http.req", "tcp.wi", "dns.qry"}) {
    std::map<std::string, std::string> theirs;
    const json answer = sharkd_.Ask("complete", {{"field", prefix}})["field"];
    for (const json& field : answer) {
      theirs[field["f"]] = field.value("n", "");
    }
    v1::ListFieldsRequest request;
    request.set_name_prefix(prefix);
    request.set_page_size(1000);
    std::map<std::string, std::string> ours;
    const v1::ListFieldsResponse listed =
        Ask(registry_.get(), &v1::RegistryService::Stub::ListFields, request);
    for (const v1::Field& field : listed.fields()) {
      ours.try_emplace(field.name(), field.display_name());
    }
    // sharkd says nothing about names that several fields have.
    for (const auto& [name, title] : theirs) {
      if (title.empty()) ours[name].clear();
    }
    EXPECT_FALSE(theirs.empty());
    EXPECT_EQ(ours, theirs);
  }
}

TEST_F(SharkdRegistryTest, CompleteListsPreferences) {
  std::map<std::string, std::string> theirs;
  const json answer = sharkd_.Ask("complete", {{"pref", "http."}})["pref"];
  for (const json& preference : answer) {
    theirs[preference["f"]] = preference["d"];
  }
  v1::ListPreferencesRequest request;
  request.set_module("http");
  request.set_page_size(1000);
  std::map<std::string, std::string> ours;
  const v1::ListPreferencesResponse listed =
      Ask(preferences_.get(), &v1::PreferenceService::Stub::ListPreferences,
          request);
  for (const v1::Preference& preference : listed.preferences()) {
    if (!preference.obsolete()) ours[preference.name()] = preference.title();
  }
  EXPECT_FALSE(theirs.empty());
  EXPECT_EQ(ours, theirs);
}

TEST_F(SharkdRegistryTest, DumpconfIsAPreference) {
  const auto dumped = [&](const std::string& name) {
    return sharkd_.Ask("dumpconf", {{"pref", name}})["prefs"][name];
  };
  for (const char* name : {"tcp.relative_sequence_numbers", "ip.check_checksum",
                           "http.desegment_body"}) {
    EXPECT_EQ(GetPreference(name).value() == "TRUE", dumped(name)["b"] == 1)
        << name;
  }
  EXPECT_EQ(GetPreference("http.tcp.port").value(),
            dumped("http.tcp.port")["r"]);
  const v1::Preference scaling = GetPreference("tcp.default_window_scaling");
  const json choices = dumped("tcp.default_window_scaling")["e"];
  ASSERT_EQ(static_cast<size_t>(scaling.choices_size()), choices.size());
  for (int i = 0; i < scaling.choices_size(); ++i) {
    const json& choice = choices[static_cast<size_t>(i)];
    EXPECT_EQ(scaling.choices(i).description(), choice["d"]);
    EXPECT_EQ(scaling.choices(i).description() == scaling.value(),
              choice.contains("s"));
  }
  EXPECT_THAT(sharkd_.AskInVain("dumpconf", {{"pref", "no.such"}}),
              HasSubstr("Invalid pref"));
  v1::GetPreferenceRequest request;
  request.set_name("no.such");
  grpc::ClientContext context;
  v1::GetPreferenceResponse response;
  EXPECT_EQ(
      preferences_->GetPreference(&context, request, &response).error_code(),
      grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace dissectd
