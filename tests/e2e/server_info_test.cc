// SPDX-License-Identifier: GPL-2.0-or-later

// Compares what ServerService says with what tshark and dumpcap print.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "dissectd/v1/server.grpc.pb.h"
#include "tests/e2e/daemon_process.h"

namespace dissectd {
namespace {

using ::testing::HasSubstr;

struct ClosePipe {
  void operator()(FILE* pipe) const { pclose(pipe); }
};

// Returns the output of a program with white space replaced by single blanks.
std::string Output(const char* command) {
  const std::unique_ptr<FILE, ClosePipe> pipe(popen(command, "r"));
  std::string text;
  std::array<char, 4096> part;
  while (pipe != nullptr) {
    const size_t size = fread(part.data(), 1, part.size(), pipe.get());
    if (size == 0) break;
    text.append(part.data(), size);
  }
  std::istringstream words(text);
  std::string word;
  std::string line;
  while (words >> word) line += word + ' ';
  return line;
}

// Expects the features in the text, in this order.
void ExpectInOrder(
    const google::protobuf::RepeatedPtrField<v1::Feature>& features,
    const std::string& text) {
  size_t place = 0;
  for (const v1::Feature& feature : features) {
    const std::string words =
        (feature.present() ? "with " : "without ") + feature.description();
    place = text.find(words, place);
    ASSERT_NE(place, std::string::npos) << words << "\n" << text;
    place += words.size();
  }
}

v1::GetServerInfoResponse InfoOf(const DaemonProcess& daemon) {
  grpc::ClientContext context;
  v1::GetServerInfoResponse info;
  const grpc::Status status =
      v1::ServerService::NewStub(daemon.Connect())
          ->GetServerInfo(&context, v1::GetServerInfoRequest(), &info);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return info;
}

TEST(ServerInfoTest, HasTheVersionsOfWireshark) {
  const DaemonProcess daemon;
  const v1::GetServerInfoResponse info = InfoOf(daemon);
  const std::string tshark = Output("tshark --version 2>/dev/null");
  ASSERT_EQ(info.engines_size(), 1);
  const v1::Engine& engine = info.engines(0);
  EXPECT_EQ(engine.id(), "wireshark-" + engine.wireshark_version());
  EXPECT_THAT(tshark,
              HasSubstr("(Wireshark) " + engine.wireshark_version() + " "));
  EXPECT_THAT(tshark, HasSubstr("with GLib " + engine.glib_version() + ","));
  EXPECT_GT(engine.compiled_features_size(), 5);
  ExpectInOrder(engine.compiled_features(),
                tshark.substr(tshark.find("Compiled")));
  EXPECT_GT(engine.runtime_features_size(), 3);
  ExpectInOrder(engine.runtime_features(),
                tshark.substr(tshark.find("Running on")));
  // `libpcap version 1.10.3 (with TPACKET_V3)` is `libpcap 1.10.3 (...)` there.
  std::string libpcap = info.libraries().libpcap();
  const size_t version = libpcap.find("version ");
  ASSERT_NE(version, std::string::npos) << libpcap;
  libpcap.erase(version, sizeof("version ") - 1);
  EXPECT_THAT(Output("dumpcap --version 2>/dev/null"),
              HasSubstr("with " + libpcap));
}

TEST(ServerInfoTest, SaysWhomItRunsAs) {
  const DaemonProcess daemon;
  const v1::GetServerInfoResponse info = InfoOf(daemon);
  const v1::ProcessIdentity& identity = info.identity();
  EXPECT_EQ(identity.user_id(), geteuid());
  EXPECT_EQ(identity.user() + " ", Output("id -un"));
  EXPECT_EQ(identity.group_id(), getegid());
  EXPECT_EQ(identity.group() + " ", Output("id -gn"));
  // Neither dissectd nor the test is a set-user-id program.
  const bool root = geteuid() == 0 || getegid() == 0;
  ASSERT_EQ(info.engines_size(), 1);
  EXPECT_EQ(info.engines(0).started_with_special_privileges(), root);
  EXPECT_EQ(info.engines(0).running_with_special_privileges(), root);
  // The kernel's list has one bit for each capability.
  std::ifstream status("/proc/" + std::to_string(daemon.pid()) + "/status");
  std::string line;
  while (std::getline(status, line) && line.rfind("CapPrm:", 0) != 0) {
  }
  const unsigned long long held =  // NOLINT(google-runtime-int)
      std::stoull(line.substr(sizeof("CapPrm:") - 1), nullptr, 16);
  EXPECT_EQ(identity.capabilities_size(), __builtin_popcountll(held));
}

TEST(ServerInfoTest, TellsItsLimits) {
  const DaemonProcess daemon(
      {"--max-calls=5", "--max-workers=3", "--max-captures=2",
       "--upload-quota=12345", "--max-calls-per-principal=4",
       "--max-workers-per-principal=2", "--max-captures-per-principal=1",
       "--max-calls-per-second=100", "--reader-timeout=60",
       "--max-call-time=600", "--max-stored-files=20",
       "--max-stored-files-per-principal=10", "--sender-timeout=70",
       "--max-sessions=6", "--max-sessions-per-principal=3",
       "--session-memory=100MB", "--session-idle-timeout=80"});
  const v1::GetServerInfoResponse info = InfoOf(daemon);
  EXPECT_NE(info.version(), "");
  EXPECT_NE(info.libraries().grpc(), "");
  EXPECT_EQ(info.limits().max_calls(), 5u);
  EXPECT_EQ(info.limits().max_workers(), 3u);
  EXPECT_EQ(info.limits().max_captures(), 2u);
  EXPECT_EQ(info.limits().upload_quota_bytes(), 12345u);
  EXPECT_EQ(info.limits().max_stored_files(), 20u);
  EXPECT_EQ(info.limits().max_stored_files_per_principal(), 10u);
  EXPECT_EQ(info.limits().max_calls_per_principal(), 4u);
  EXPECT_EQ(info.limits().max_workers_per_principal(), 2u);
  EXPECT_EQ(info.limits().max_captures_per_principal(), 1u);
  EXPECT_EQ(info.limits().max_calls_per_second(), 100u);
  EXPECT_EQ(info.limits().reader_timeout().seconds(), 60);
  EXPECT_EQ(info.limits().sender_timeout().seconds(), 70);
  EXPECT_EQ(info.limits().max_sessions(), 6u);
  EXPECT_EQ(info.limits().max_sessions_per_principal(), 3u);
  EXPECT_EQ(info.limits().max_session_memory_bytes(), 100u << 20);
  EXPECT_EQ(info.limits().session_idle_timeout().seconds(), 80);
  EXPECT_EQ(info.limits().max_call_time().seconds(), 600);
  EXPECT_GT(info.limits().max_request_bytes(),
            info.limits().max_inline_capture_bytes());
  EXPECT_LE(info.limits().default_page_size(), info.limits().max_page_size());
  EXPECT_GT(info.limits().query_timeout().seconds(), 0);
  EXPECT_FALSE(info.limits().allow_external_resolver());
}

}  // namespace
}  // namespace dissectd
