// SPDX-License-Identifier: GPL-2.0-or-later

// Tests preferences, options and profiles as clients see them.

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "dissectd/v1/preference.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

template <typename Message>
Message Parse(const char* text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message))
      << text;
  return message;
}

// Calls a daemon. Fails the test if a call fails, except in functions about
// errors.
class Client {
 public:
  explicit Client(const DaemonProcess& daemon)
      : stub_(v1::PreferenceService::NewStub(daemon.Connect())) {}

  std::vector<v1::PreferenceModule> Modules(int page_size) {
    std::vector<v1::PreferenceModule> all;
    v1::ListPreferenceModulesRequest request;
    request.set_page_size(page_size);
    do {
      v1::ListPreferenceModulesResponse response;
      if (!Call(&v1::PreferenceService::Stub::ListPreferenceModules, request,
                &response)) {
        return all;
      }
      all.insert(all.end(), response.modules().begin(),
                 response.modules().end());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }

  std::vector<v1::Preference> Preferences(const std::string& module,
                                          int page_size) {
    std::vector<v1::Preference> all;
    v1::ListPreferencesRequest request;
    request.set_module(module);
    request.set_page_size(page_size);
    do {
      v1::ListPreferencesResponse response;
      if (!Call(&v1::PreferenceService::Stub::ListPreferences, request,
                &response)) {
        return all;
      }
      all.insert(all.end(), response.preferences().begin(),
                 response.preferences().end());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }

  v1::Preference Preference(const std::string& name) {
    v1::GetPreferenceRequest request;
    request.set_name(name);
    v1::GetPreferenceResponse response;
    Call(&v1::PreferenceService::Stub::GetPreference, request, &response);
    return response.preference();
  }

  // Returns "PART REASON" for each diagnostic.
  std::vector<std::string> Validate(const char* options) {
    v1::ValidateOptionsRequest request;
    *request.mutable_options() = Parse<v1::DissectionOptions>(options);
    v1::ValidateOptionsResponse response;
    Call(&v1::PreferenceService::Stub::ValidateOptions, request, &response);
    std::vector<std::string> diagnostics;
    diagnostics.reserve(static_cast<size_t>(response.diagnostics_size()));
    for (const v1::OptionDiagnostic& diagnostic : response.diagnostics()) {
      EXPECT_NE(diagnostic.code(), 0);
      EXPECT_NE(diagnostic.failure().message(), "");
      diagnostics.push_back(diagnostic.part() + " " +
                            diagnostic.failure().reason());
    }
    return diagnostics;
  }

  std::string Export(const char* request) {
    v1::ExportPreferencesResponse response;
    Call(&v1::PreferenceService::Stub::ExportPreferences,
         Parse<v1::ExportPreferencesRequest>(request), &response);
    return response.text();
  }

  // Returns the tables by name.
  std::map<std::string, v1::DecodeAsTable> DecodeAs(const char* request) {
    v1::ListDecodeAsTablesResponse response;
    Call(&v1::PreferenceService::Stub::ListDecodeAsTables,
         Parse<v1::ListDecodeAsTablesRequest>(request), &response);
    std::map<std::string, v1::DecodeAsTable> tables;
    for (const v1::DecodeAsTable& table : response.tables()) {
      tables[table.name()] = table;
    }
    return tables;
  }

  std::vector<v1::Profile> Profiles() {
    v1::ListProfilesResponse response;
    Call(&v1::PreferenceService::Stub::ListProfiles, v1::ListProfilesRequest(),
         &response);
    return {response.profiles().begin(), response.profiles().end()};
  }

  v1::GetCurrentProfileResponse Profile() {
    v1::GetCurrentProfileResponse response;
    Call(&v1::PreferenceService::Stub::GetCurrentProfile,
         v1::GetCurrentProfileRequest(), &response);
    return response;
  }

  template <typename Request, typename Response>
  grpc::Status Try(grpc::Status (v1::PreferenceService::Stub::*method)(
                       grpc::ClientContext*, const Request&, Response*),
                   const Request& request, Response* response) {
    grpc::ClientContext context;
    return (stub_.get()->*method)(&context, request, response);
  }

 private:
  template <typename Request, typename Response>
  bool Call(grpc::Status (v1::PreferenceService::Stub::*method)(
                grpc::ClientContext*, const Request&, Response*),
            const Request& request, Response* response) {
    const grpc::Status status = Try(method, request, response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return status.ok();
  }

  const std::unique_ptr<v1::PreferenceService::Stub> stub_;
};

class PreferenceTest : public ::testing::Test {
 protected:
  // Starts the daemon without the user's profile.
  static void SetUpTestSuite() {
    shared_home = new TemporaryFolder();
    setenv("HOME", shared_home->path().c_str(), 1);
    unsetenv("XDG_CONFIG_HOME");
    shared_daemon = new DaemonProcess();
  }

  static void TearDownTestSuite() {
    delete shared_daemon;
    delete shared_home;
  }

  Client client_{*shared_daemon};

  inline static TemporaryFolder* shared_home = nullptr;
  inline static DaemonProcess* shared_daemon = nullptr;
};

TEST_F(PreferenceTest, ListsEveryPreferenceOnce) {
  const std::vector<v1::PreferenceModule> modules = client_.Modules(0);
  EXPECT_GT(modules.size(), 800u);
  size_t expected = 0;
  std::set<std::string> names;
  for (const v1::PreferenceModule& module : modules) {
    expected += module.preference_count();
    if (module.name().empty()) continue;
    EXPECT_TRUE(names.insert(module.name()).second) << module.name();
  }
  std::set<std::string> listed;
  for (const v1::Preference& preference : client_.Preferences("", 1000)) {
    EXPECT_TRUE(listed.insert(preference.name()).second) << preference.name();
  }
  EXPECT_EQ(listed.size(), expected);

  // Counts the preferences again, module by module.
  size_t of_modules = 0;
  for (const std::string name : {"tcp", "gui", "http", "ip", "protocols"}) {
    for (const v1::Preference& preference : client_.Preferences(name, 7)) {
      EXPECT_EQ(preference.name().rfind(name + ".", 0), 0u);
      EXPECT_EQ(listed.count(preference.name()), 1u) << preference.name();
      ++of_modules;
    }
  }
  EXPECT_GT(of_modules, 100u);

  // Each preference of a preferences file is listed.
  size_t in_file = 0;
  std::istringstream file(client_.Export(""));
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (line[0] != '#' || colon == std::string::npos) continue;
    const std::string name = line.substr(1, colon - 1);
    if (name.find(' ') != std::string::npos) continue;
    EXPECT_EQ(listed.count(name), 1u) << name;
    ++in_file;
  }
  EXPECT_GT(in_file, 1000u);
}

TEST_F(PreferenceTest, ListsModulesAsATree) {
  std::map<std::string, v1::PreferenceModule> modules;
  for (const v1::PreferenceModule& module : client_.Modules(50)) {
    modules[module.name()] = module;
  }
  const v1::PreferenceModule& tcp = modules["tcp"];
  EXPECT_EQ(tcp.title(), "TCP");
  EXPECT_EQ(tcp.description(), "Transmission Control Protocol");
  EXPECT_THAT(tcp.parents(), ElementsAre("Protocols"));
  EXPECT_FALSE(tcp.obsolete());
  EXPECT_TRUE(tcp.effects().dissection());
  EXPECT_TRUE(modules["capture"].effects().capture());
  EXPECT_THAT(modules["capture"].parents(), IsEmpty());
  EXPECT_THAT(modules["lbmc"].parents(), ElementsAre("Protocols", "29West"));
  EXPECT_TRUE(modules["ah"].obsolete());
}

TEST_F(PreferenceTest, DescribesPreferencesOfEachType) {
  const v1::Preference desegment =
      client_.Preference("tcp.desegment_tcp_streams");
  EXPECT_EQ(desegment.type(), v1::PREFERENCE_TYPE_BOOL);
  EXPECT_EQ(desegment.type_number(), 2u);
  EXPECT_EQ(desegment.type_name(), "Boolean");
  EXPECT_EQ(desegment.title(), "Allow subdissector to reassemble TCP streams");
  EXPECT_NE(desegment.description(), "");
  EXPECT_EQ(desegment.default_value(), "TRUE");
  EXPECT_EQ(desegment.value(), "TRUE");
  EXPECT_TRUE(desegment.is_default());
  EXPECT_TRUE(desegment.effects().dissection());
  EXPECT_FALSE(desegment.effects().capture());

  EXPECT_EQ(client_.Preference("tls.keylog_file").type(),
            v1::PREFERENCE_TYPE_OPEN_FILENAME);
  EXPECT_EQ(client_.Preference("nameres.network_name").default_value(),
            "FALSE");
  const v1::Preference concurrency =
      client_.Preference("nameres.name_resolve_concurrency");
  EXPECT_EQ(concurrency.type(), v1::PREFERENCE_TYPE_UINT);
  EXPECT_EQ(concurrency.base(), 10u);
  EXPECT_EQ(concurrency.value(), "500");

  const v1::Preference console = client_.Preference("gui.console_open");
  EXPECT_EQ(console.type(), v1::PREFERENCE_TYPE_ENUM);
  ASSERT_EQ(console.choices_size(), 3);
  EXPECT_EQ(console.choices(1).name(), "AUTOMATIC");
  EXPECT_EQ(console.choices(1).description(), "AUTOMATIC");
  EXPECT_EQ(console.choices(1).value(), 1);

  const v1::Preference ports = client_.Preference("http.tcp.port");
  EXPECT_EQ(ports.type(), v1::PREFERENCE_TYPE_DECODE_AS_RANGE);
  EXPECT_EQ(ports.range_maximum(), 65535u);
  EXPECT_THAT(ports.value(), HasSubstr("80,"));

  const v1::Preference dlts = client_.Preference("user_dlt.encaps_table");
  EXPECT_EQ(dlts.type(), v1::PREFERENCE_TYPE_TABLE);
  EXPECT_EQ(dlts.table().name(), "user_dlts");
  EXPECT_EQ(dlts.table().columns_size(), 6);
  EXPECT_EQ(dlts.table().columns(1).name(), "payload_proto");
  EXPECT_EQ(dlts.table().row_count(), 0u);
  EXPECT_FALSE(dlts.table().names_files());

  EXPECT_EQ(client_.Preference("gui.active_frame.bg").type(),
            v1::PREFERENCE_TYPE_COLOR);
  EXPECT_EQ(client_.Preference("gui.column.format").type(),
            v1::PREFERENCE_TYPE_CUSTOM);
  EXPECT_TRUE(client_.Preference("capture.auto_scroll").effects().capture());
}

TEST_F(PreferenceTest, SaysWhatIsNotThere) {
  v1::GetPreferenceRequest get;
  get.set_name("tcp.nosuch");
  v1::GetPreferenceResponse preference;
  grpc::Status status = client_.Try(&v1::PreferenceService::Stub::GetPreference,
                                    get, &preference);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(FailureOf(status).reason(), "PREFERENCE_UNKNOWN");

  v1::ListPreferencesRequest list;
  v1::ListPreferencesResponse preferences;
  const auto reason = [&] {
    return FailureOf(client_.Try(&v1::PreferenceService::Stub::ListPreferences,
                                 list, &preferences))
        .reason();
  };
  list.set_module("nosuch");
  EXPECT_EQ(reason(), "PREFERENCE_MODULE_UNKNOWN");
  list.set_module("tcp");
  list.set_page_size(-1);
  EXPECT_EQ(reason(), "PAGE_SIZE_NEGATIVE");
  list.set_page_size(1);
  list.set_page_token("nosuch");
  EXPECT_EQ(reason(), "PAGE_TOKEN_INVALID");
}

TEST_F(PreferenceTest, AcceptsGoodOptions) {
  EXPECT_THAT(client_.Validate(R"pb(
    two_pass: true
    read_filter: "tcp"
    name_resolution { mac: true }
    timestamp_format { type: TIMESTAMP_TYPE_UTC }
    preferences { name: "tcp.desegment_tcp_streams" value: "FALSE" }
    preferences { name: "nameres.name_resolve_concurrency" value: "3" }
    preferences { name: "gui.console_open" value: "ALWAYS" }
    preferences { name: "http.tcp.port" value: "80,8000-8010" }
    preferences { name: "gui.active_frame.bg" value: "00ff00" }
    preferences { name: "gui.column.format" value: "\"No.\", \"%m\"" }
    preferences { name: "column.hidden" value: "%m" }
    preferences { name: "column.column.format" value: "\"No.\", \"%m\"" }
    preferences {
      name: "uat:user_dlts"
      value: "\"User 0 (DLT=147)\",\"http\",\"0\",\"\",\"0\",\"\""
    }
    decode_as { table: "tcp.port" selector: "8888" protocol: "http" }
    disabled_protocols: "tls"
    enabled_heuristics: "rtp_udp"
    tls_key_log: "CLIENT_RANDOM 00 00"
    hosts: "192.0.2.1 one"
    time_zone: "Europe/Berlin"
  )pb"),
              IsEmpty());
  EXPECT_THAT(client_.Validate(""), IsEmpty());
}

TEST_F(PreferenceTest, SaysAllThatIsWrongWithOptions) {
  EXPECT_THAT(client_.Validate(R"pb(
    two_pass: true
    read_filter: "nosuch"
    name_resolution { external_resolver: true }
    timestamp_format { type: 99 }
    preferences { name: "tcp.desegment_tcp_streams" value: "FALSE" }
    preferences { name: "tcp.nosuch" value: "1" }
    preferences { name: "http.tcp.port" value: "99999" }
    preferences { name: "nameres.name_resolve_concurrency" value: "x" }
    preferences { name: "gui.active_frame.bg" value: "green" }
    preferences { name: "gui.column.format" value: "\"x\"" }
    preferences { name: "uat:user_dlts" value: "\"x\"" }
    preferences { name: "uat:pkcs11_libs" value: "\"/x\"" }
    preferences { name: "ssl.keylog_file" value: "/x" }
    # tshark crashes on these three.
    preferences { name: "column.hide" value: "1" }
    preferences { name: "Column.format" value: "\"No.\", \"%m\"" }
    preferences { name: "uat:pdcp_nr_ue_keys" value: ",\n\n" }
    decode_as { table: "nosuch" protocol: "http" }
    decode_as { table: "tcp.port" selector: "x" protocol: "http" }
    disabled_protocols: "tls"
    disabled_protocols: "nosuch"
    enabled_heuristics: "nosuch"
    time_zone: "Europe/Berln"
  )pb"),
              ElementsAre("time_zone TIME_ZONE_INVALID",
                          "timestamp_format TIMESTAMP_FORMAT_INVALID",
                          "preferences[1] PREFERENCE_UNKNOWN",
                          "preferences[2] PREFERENCE_VALUE_INVALID",
                          "preferences[3] PREFERENCE_VALUE_INVALID",
                          "preferences[4] PREFERENCE_VALUE_INVALID",
                          "preferences[5] PREFERENCE_VALUE_INVALID",
                          "preferences[6] PREFERENCE_VALUE_INVALID",
                          "preferences[7] PREFERENCE_NAMES_FILE",
                          "preferences[8] PREFERENCE_NAMES_FILE",
                          "preferences[9] PREFERENCE_UNKNOWN",
                          "preferences[10] PREFERENCE_UNKNOWN",
                          "preferences[11] PREFERENCE_VALUE_INVALID",
                          "name_resolution EXTERNAL_RESOLVER_NOT_ALLOWED",
                          "disabled_protocols[1] PROTOCOL_UNKNOWN",
                          "enabled_heuristics[0] HEURISTIC_UNKNOWN",
                          "decode_as[0] DECODE_AS_TABLE_UNKNOWN",
                          "decode_as[1] DECODE_AS_SELECTOR_INVALID",
                          "read_filter DISPLAY_FILTER_INVALID"));
}

TEST_F(PreferenceTest, OptionsOfACallStayInIt) {
  const std::string before = client_.Export("");
  const std::string changed = client_.Export(R"pb(
    options {
      preferences { name: "tcp.desegment_tcp_streams" value: "FALSE" }
      preferences { name: "nameres.name_resolve_concurrency" value: "3" }
    })pb");
  EXPECT_THAT(before, HasSubstr("\n#tcp.desegment_tcp_streams: TRUE\n"));
  EXPECT_THAT(changed, HasSubstr("\ntcp.desegment_tcp_streams: FALSE\n"));
  EXPECT_THAT(changed, HasSubstr("\nnameres.name_resolve_concurrency: 3\n"));
  EXPECT_EQ(client_.Export(""), before);
  EXPECT_EQ(client_.Preference("tcp.desegment_tcp_streams").value(), "TRUE");
}

TEST_F(PreferenceTest, ExportFailsAsDissectDoes) {
  v1::ExportPreferencesResponse response;
  const grpc::Status status = client_.Try(
      &v1::PreferenceService::Stub::ExportPreferences,
      Parse<v1::ExportPreferencesRequest>(
          "options { preferences { name: 'tcp.nosuch' value: '1' } }"),
      &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(FailureOf(status).reason(), "PREFERENCE_UNKNOWN");
}

const v1::DecodeAsEntry* Find(const v1::DecodeAsTable& table,
                              const std::string& selector) {
  for (const v1::DecodeAsEntry& entry : table.entries()) {
    if (entry.selector() == selector) return &entry;
  }
  return nullptr;
}

TEST_F(PreferenceTest, ListsDecodeAs) {
  const auto tables = client_.DecodeAs("");
  ASSERT_EQ(tables.count("tcp.port"), 1u);
  const v1::DecodeAsTable& ports = tables.at("tcp.port");
  EXPECT_EQ(ports.display_name(), "TCP port");
  EXPECT_EQ(ports.selector_type(), v1::FIELD_TYPE_UINT16);
  EXPECT_THAT(ports.protocols(), Contains("http"));
  const v1::DecodeAsEntry* http = Find(ports, "80");
  ASSERT_NE(http, nullptr);
  EXPECT_EQ(http->protocol(), "http");
  EXPECT_EQ(http->default_protocol(), "http");
  EXPECT_FALSE(http->changed());
  ASSERT_EQ(tables.count("ethertype"), 1u);
  EXPECT_NE(Find(tables.at("ethertype"), "0x0800"), nullptr);
  EXPECT_EQ(client_.DecodeAs("changed_only: true").size(), 0u);
}

TEST_F(PreferenceTest, ListsWhatOptionsDecodeAs) {
  const auto tables = client_.DecodeAs(R"pb(
    changed_only: true
    options {
      decode_as { table: "tcp.port" selector: "80-81" protocol: "tls" }
      decode_as { table: "ethertype" selector: "0x800" protocol: "ipv6" }
    })pb");
  ASSERT_EQ(tables.size(), 2u);
  const v1::DecodeAsTable& ports = tables.at("tcp.port");
  ASSERT_EQ(ports.entries_size(), 2);
  EXPECT_EQ(ports.entries(0).selector(), "80");
  EXPECT_EQ(ports.entries(0).protocol(), "tls");
  EXPECT_EQ(ports.entries(0).default_protocol(), "http");
  EXPECT_EQ(ports.entries(1).default_protocol(), "");
  EXPECT_EQ(tables.at("ethertype").entries(0).selector(), "0x0800");
}

TEST_F(PreferenceTest, KnowsNoProfileButTheDefault) {
  const std::vector<v1::Profile> profiles = client_.Profiles();
  ASSERT_FALSE(profiles.empty());
  EXPECT_EQ(profiles[0].name(), "Default");
  EXPECT_TRUE(profiles[0].current());
  const v1::GetCurrentProfileResponse profile = client_.Profile();
  EXPECT_EQ(profile.profile().name(), "Default");
  EXPECT_TRUE(profile.name_resolution().mac());
  EXPECT_FALSE(profile.name_resolution().network());
  EXPECT_FALSE(profile.name_resolution().external_resolver());
  EXPECT_FALSE(profile.profile_hosts());
}

// Writes the profile "office" of the user with this home folder.
void WriteProfile(const TemporaryFolder& home) {
  const std::string folder = ".config/wireshark/profiles/office/";
  home.Write(folder + "preferences",
             "tcp.desegment_tcp_streams: FALSE\n"
             "nameres.network_name: TRUE\n");
  home.Write(folder + "decode_as_entries",
             "decode_as_entry: tcp.port,8888,(none),HTTP\n");
  home.Write(folder + "hosts", "192.0.2.1 one\n");
}

TEST_F(PreferenceTest, BeginsWithTheOperatorsProfile) {
  const TemporaryFolder home;
  WriteProfile(home);
  setenv("HOME", home.path().c_str(), 1);
  const DaemonProcess daemon({"--profile=office"});
  setenv("HOME", shared_home->path().c_str(), 1);
  Client client(daemon);
  const v1::Preference desegment =
      client.Preference("tcp.desegment_tcp_streams");
  EXPECT_EQ(desegment.value(), "FALSE");
  EXPECT_EQ(desegment.default_value(), "TRUE");
  EXPECT_FALSE(desegment.is_default());
  EXPECT_THAT(client.Export(""),
              HasSubstr("\ntcp.desegment_tcp_streams: FALSE\n"));
  EXPECT_THAT(client.Export("defaults: true"),
              HasSubstr("\n#tcp.desegment_tcp_streams: TRUE\n"));
  EXPECT_EQ(client.Export("defaults: true"), client_.Export(""));

  const v1::GetCurrentProfileResponse profile = client.Profile();
  EXPECT_EQ(profile.profile().name(), "office");
  EXPECT_TRUE(profile.name_resolution().network());
  EXPECT_TRUE(profile.profile_hosts());
  const std::vector<v1::Profile> profiles = client.Profiles();
  ASSERT_GE(profiles.size(), 2u);
  EXPECT_FALSE(profiles[0].current());
  EXPECT_EQ(profiles[1].name(), "office");
  EXPECT_TRUE(profiles[1].current());

  const auto tables = client.DecodeAs("changed_only: true");
  ASSERT_EQ(tables.count("tcp.port"), 1u);
  const v1::DecodeAsEntry* entry = Find(tables.at("tcp.port"), "8888");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->protocol(), "http");
  const auto reset =
      client.DecodeAs("changed_only: true options { default_decode_as: true }");
  EXPECT_THAT(reset, IsEmpty());
}

// The first call with a profile of the system copies it.
TEST_F(PreferenceTest, TheFirstCallsWithAProfileSucceed) {
  const TemporaryFolder home;
  setenv("HOME", home.path().c_str(), 1);
  const DaemonProcess daemon;
  setenv("HOME", shared_home->path().c_str(), 1);
  constexpr int kCalls = 6;
  std::vector<std::thread> threads;
  threads.reserve(kCalls);
  for (int i = 0; i < kCalls; ++i) {
    threads.emplace_back([&daemon] {
      Client client(daemon);
      EXPECT_THAT(client.Export("options { profile: 'Bluetooth' }"),
                  HasSubstr("\ngui.column.format: "));
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::filesystem::path folder(home.path() + "/.config/wireshark");
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    EXPECT_EQ(entry.path().filename(), "profiles");
  }
}

// Clients may not see passwords and keys of the operator, but their own.
TEST_F(PreferenceTest, HidesSecretsOfTheProfile) {
  const TemporaryFolder home;
  home.Write(".config/wireshark/preferences",
             "ntlmssp.nt_password: swordfish\n"
             "radius.shared_secret: swordfish\n"
             "kip.key_1: swordfish\n"
             "tls.psk: 73776f726466697368\n"
             "pkcs12.try_null_password: TRUE\n");
  setenv("HOME", home.path().c_str(), 1);
  const DaemonProcess daemon;
  setenv("HOME", shared_home->path().c_str(), 1);
  Client client(daemon);
  const v1::Preference password = client.Preference("ntlmssp.nt_password");
  EXPECT_EQ(password.value(), "");
  EXPECT_FALSE(password.is_default());
  for (const char* request :
       {"",
        "options { preferences { name: 'tcp.relative_sequence_numbers' "
        "value: 'FALSE' } }"}) {
    const std::string text = client.Export(request);
    EXPECT_THAT(text, Not(HasSubstr("swordfish")));
    EXPECT_THAT(text, Not(HasSubstr("73776f7264")));
    EXPECT_THAT(text, HasSubstr("\n#ntlmssp.nt_password: \n"));
    EXPECT_THAT(text, HasSubstr("\npkcs12.try_null_password: TRUE\n"));
  }
  EXPECT_THAT(client.Export("options { preferences { "
                            "name: 'ntlmssp.nt_password' value: 'own' } }"),
              HasSubstr("\nntlmssp.nt_password: own\n"));
}

}  // namespace
}  // namespace dissectd
