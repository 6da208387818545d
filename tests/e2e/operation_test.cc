// SPDX-License-Identifier: GPL-2.0-or-later

// Tests what operators see of the daemon: flags, configuration, health,
// reflection.

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "core/engine/testing/capture_builder.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/raw_call.h"
#include "tests/e2e/run_daemon.h"

namespace dissectd {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(OperationTest, SaysWhatIsWrongWithItsOptions) {
  const TemporaryFolder folder;
  const std::string store = " --store=" + folder.path();
  EXPECT_EQ(RunDaemon("").exit_status, 2);
  EXPECT_THAT(RunDaemon("").text,
              HasSubstr("--store=DIR, the folder of captures, is required"));
  EXPECT_EQ(RunDaemon("--stroe=/tmp").text,
            "dissectd: There is no option \"--stroe\"; did you mean "
            "\"--store\"?\nSee \"dissectd --help\".\n");
  EXPECT_EQ(RunDaemon("--store").text,
            "dissectd: The option \"--store\" needs a value.\n"
            "See \"dissectd --help\".\n");
  EXPECT_THAT(RunDaemon("--listen=localhost:99999" + store).text,
              HasSubstr("\"99999\" isn't a port"));
  EXPECT_EQ(RunDaemon("--nosuch" + store).exit_status, 2);
  EXPECT_THAT(RunDaemon("--listen=nowhere" + store).text,
              HasSubstr("neither HOST:PORT nor unix:/PATH nor systemd:NAME"));
  EXPECT_THAT(RunDaemon("--log-level=loud" + store).text,
              HasSubstr("--log-level: \"loud\" isn't one of trace, debug"));
  EXPECT_THAT(RunDaemon("--log-format=xml" + store).text,
              HasSubstr("--log-format: \"xml\" isn't one of text, json"));
  const CommandOutput no_store =
      RunDaemon("--store=/nowhere --listen=127.0.0.1:0");
  EXPECT_EQ(no_store.exit_status, 1);
  EXPECT_THAT(no_store.text, HasSubstr("/nowhere"));
  const CommandOutput no_host =
      RunDaemon("--engine=/nowhere --listen=127.0.0.1:0" + store);
  EXPECT_EQ(no_host.exit_status, 1);
  EXPECT_THAT(no_host.text, HasSubstr("--engine"));
  const CommandOutput no_profile =
      RunDaemon("--profile=nosuch --listen=127.0.0.1:0" + store);
  EXPECT_EQ(no_profile.exit_status, 1);
  EXPECT_THAT(no_profile.text, HasSubstr("there is no profile \"nosuch\""));
  const CommandOutput help = RunDaemon("--help");
  EXPECT_EQ(help.exit_status, 0);
  EXPECT_THAT(help.text, HasSubstr("--drain-timeout SECONDS"));
  EXPECT_THAT(help.text, HasSubstr("\nExamples:\n"));
  EXPECT_THAT(help.text, Not(ContainsRegex("TEXT|UINT|ENUM")));
  for (const absl::string_view line : absl::StrSplit(help.text, '\n')) {
    EXPECT_LE(line.size(), 80) << line;
  }
}

TEST(OperationTest, SaysThatAProgramIsNotExecutable) {
  namespace fs = std::filesystem;
  const TemporaryFolder folder;
  const TemporaryFolder store;
  const std::string& path = folder.path();
  folder.Write("engine", "");
  const CommandOutput engine =
      RunDaemon("--store=" + store.path() + " --engine=" + path + "/engine");
  EXPECT_EQ(engine.exit_status, 1);
  EXPECT_THAT(engine.text, HasSubstr("the program dissectd-engine isn't "
                                     "executable: " +
                                     path + "/engine; name it with --engine"));
  // As installed, with wrong permissions.
  const fs::path built = fs::canonical("server/dissectd").parent_path();
  fs::create_directory(path + "/bin");
  fs::copy_file(built / "dissectd", path + "/bin/dissectd");
  folder.Write("libexec/dissectd/capture-keeper", "");
  fs::create_symlink(built / "capture_filter/capture-filter-compiler",
                     path + "/libexec/dissectd/capture-filter-compiler");
  const CommandOutput keeper = RunCommand(
      "timeout 60 " + path + "/bin/dissectd --listen=127.0.0.1:0 --store=" +
      store.path() + " --keep-captures=1 --engine=" +
      (built.parent_path() / "core/engine/dissectd-engine").string() + " 2>&1");
  EXPECT_EQ(keeper.exit_status, 1);
  EXPECT_THAT(keeper.text,
              HasSubstr("the program capture-keeper isn't executable: " + path +
                        "/libexec/dissectd/capture-keeper"));
}

TEST(OperationTest, TwoDaemonsDoNotShareAPort) {
  const DaemonProcess daemon({"--listen=127.0.0.1:0"});
  const int port = ListeningPort(daemon.pid());
  ASSERT_GT(port, 0);
  const std::string address = "127.0.0.1:" + std::to_string(port);
  const TemporaryFolder folder;
  const CommandOutput second =
      RunDaemon("--listen=" + address + " --store=" + folder.path());
  EXPECT_EQ(second.exit_status, 1);
  EXPECT_THAT(second.text, HasSubstr("can't listen on " + address +
                                     ": Address already in use"));
  daemon.store().Write("x.pcap", CaptureBuilder().bytes());
  const auto channel =
      grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  EXPECT_TRUE(Dissect(channel, RequestFor("x.pcap")).status.ok());
}

TEST(OperationTest, SaysWhyItCannotListen) {
  const TemporaryFolder folder;
  const std::string store = " --store=" + folder.path();
  const CommandOutput no_address = RunDaemon(
      "--insecure-plaintext-from-anywhere --listen=192.0.2.1:1" + store);
  EXPECT_EQ(no_address.exit_status, 1);
  EXPECT_THAT(no_address.text,
              HasSubstr("can't listen on 192.0.2.1:1: Cannot assign requested "
                        "address (this machine doesn't have it)"));
  // gRPC's own description of the error is left out.
  EXPECT_THAT(no_address.text, Not(HasSubstr("grpc")));
  EXPECT_THAT(RunDaemon("--listen=no.such.host.invalid:1" + store).text,
              HasSubstr("can't listen on no.such.host.invalid:1: "));
  const CommandOutput no_folder =
      RunDaemon("--listen=unix:" + folder.path() + "/none/socket" + store);
  EXPECT_THAT(no_folder.text,
              HasSubstr("/none/socket: No such file or directory"));
  // Neither the user nor the end of the engine is the reason.
  EXPECT_THAT(no_folder.text, Not(HasSubstr("warning")));
}

// The parser alone would take the next option as the value.
TEST(OperationTest, AnEmptyValueTurnsNothingOff) {
  const TemporaryFolder folder;
  const std::string store = " --store=" + folder.path();
  const CommandOutput argument =
      RunDaemon("--audit-log= --tls-client-ca=ca.pem" + store);
  EXPECT_EQ(argument.exit_status, 2);
  EXPECT_THAT(argument.text,
              HasSubstr("The option \"--audit-log\" needs a value."));
  folder.Write("dissectd.conf", "token-file = \"\"\n");
  const CommandOutput file =
      RunDaemon("--config=" + folder.path() + "/dissectd.conf" + store);
  EXPECT_EQ(file.exit_status, 2);
  EXPECT_THAT(file.text,
              HasSubstr("The option \"--token-file\" needs a value."));
}

// Callers could read keys, or replace the policy.
TEST(OperationTest, FilesOfOptionsMustNotBeInTheStore) {
  const TemporaryFolder folder;
  const TemporaryFolder store;
  store.Write("exports/policy", "{}");
  std::filesystem::create_symlink(store.path() + "/exports/policy",
                                  folder.path() + "/policy");
  const CommandOutput output = RunDaemon(
      "--identify-unix-users --listen=unix:" + folder.path() +
      "/socket --policy=" + folder.path() + "/policy --store=" + store.path());
  EXPECT_EQ(output.exit_status, 1);
  EXPECT_THAT(output.text, HasSubstr("--policy: \"" + folder.path() +
                                     "/policy\" is in the store"));
  // Nothing is written into the store first.
  const CommandOutput log = RunDaemon("--audit-log=" + store.path() +
                                      "/audit.log --store=" + store.path());
  EXPECT_EQ(log.exit_status, 1);
  EXPECT_THAT(log.text, HasSubstr("--audit-log: "));
  EXPECT_FALSE(std::filesystem::exists(store.path() + "/audit.log"));
}

TEST(OperationTest, InheritedDescriptorsReachNoOtherProgram) {
  const DaemonProcess daemon(
      {}, {"sh", "-c", "exec 9</dev/null; exec \"$@\"", "sh"});
  const auto has_descriptor = [](pid_t pid) {
    return std::filesystem::exists("/proc/" + std::to_string(pid) + "/fd/9") &&
           std::filesystem::read_symlink("/proc/" + std::to_string(pid) +
                                         "/fd/9") == "/dev/null";
  };
  EXPECT_TRUE(has_descriptor(daemon.pid()));
  EXPECT_FALSE(has_descriptor(daemon.EnginePid()));
}

TEST(OperationTest, TwoDaemonsDoNotShareASocket) {
  const DaemonProcess daemon;
  const TemporaryFolder folder;
  for (int i = 0; i < 2; ++i) {
    const CommandOutput second =
        RunDaemon("--listen=" + daemon.address() + " --store=" + folder.path());
    EXPECT_EQ(second.exit_status, 1);
    EXPECT_THAT(second.text, HasSubstr("can't listen on " + daemon.address() +
                                       ": another process is serving there"));
  }
  daemon.store().Write("x.pcap", CaptureBuilder().bytes());
  EXPECT_TRUE(Dissect(daemon.Connect(), RequestFor("x.pcap")).status.ok());
}

TEST(OperationTest, ReplacesASocketThatIsLeftBehind) {
  DaemonProcess daemon;
  kill(daemon.pid(), SIGKILL);
  EXPECT_TRUE(WIFSIGNALED(daemon.Wait()));
  daemon.Start();
  daemon.store().Write("x.pcap", CaptureBuilder().bytes());
  EXPECT_TRUE(Dissect(daemon.Connect(), RequestFor("x.pcap")).status.ok());
}

TEST(OperationTest, TwoDaemonsDoNotShareAStore) {
  DaemonProcess daemon;
  const std::string arguments =
      "--listen=127.0.0.1:0 --store=" + daemon.store().path();
  const CommandOutput second = RunDaemon(arguments);
  EXPECT_EQ(second.exit_status, 1);
  EXPECT_THAT(second.text, HasSubstr("the store \"" + daemon.store().path() +
                                     "\" is in use by another dissectd"));
  // It is free again after any end of the first daemon.
  kill(daemon.pid(), SIGKILL);
  daemon.Wait();
  daemon.Start();
}

TEST(OperationTest, ReadsAConfigurationFile) {
  const TemporaryFolder folder;
  folder.Write(
      "dissectd.conf",
      "max-workers = 1\nlog-format = \"json\"\nlog-level = \"info\"\n");
  const DaemonProcess daemon({"--config=" + folder.path() + "/dissectd.conf"});
  daemon.store().Write("x.pcap", CaptureBuilder().bytes());
  EXPECT_TRUE(Dissect(daemon.Connect(), RequestFor("x.pcap")).status.ok());
  folder.Write("bad.conf", "no-such-option = 1\n");
  const CommandOutput output = RunDaemon(
      "--store=" + folder.path() + " --config=" + folder.path() + "/bad.conf");
  EXPECT_EQ(output.exit_status, 2);
  EXPECT_THAT(output.text, HasSubstr("no-such-option"));
}

TEST(OperationTest, LogsJson) {
  const TemporaryFolder folder;
  const CommandOutput output = RunDaemon(
      "--log-format=json --listen=192.0.2.1:1 --store=" + folder.path());
  EXPECT_THAT(output.text,
              HasSubstr(R"("level":"error","program":"dissectd")"));
}

// A serialised grpc.health.v1.HealthCheckResponse with status = 1.
constexpr char kServing[] = "\x08\x01";

TEST(OperationTest, TellsItsHealth) {
  const DaemonProcess daemon;
  std::string response;
  for (const std::string service :
       {"", "dissectd.v1.CaptureService", "dissectd.v1.DissectionService",
        "dissectd.v1.ExportService", "dissectd.v1.FileService",
        "dissectd.v1.FilterService", "dissectd.v1.PreferenceService",
        "dissectd.v1.RegistryService", "dissectd.v1.ServerService"}) {
    std::string request;
    if (!service.empty()) {
      request = std::string("\x0a") + static_cast<char>(service.size());
      request += service;
    }
    WaitFor("the service to be healthy", [&] {
      return RawCall(daemon.Connect(), "/grpc.health.v1.Health/Check", request,
                     &response)
                 .ok() &&
             response == kServing;
    });
  }
  EXPECT_EQ(RawCall(daemon.Connect(), "/grpc.health.v1.Health/Check",
                    "\x0a\x01x", &response)
                .error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST(OperationTest, AnswersReflection) {
  const DaemonProcess daemon;
  std::string response;
  // ServerReflectionRequest with list_services = 7.
  ASSERT_TRUE(RawCall(daemon.Connect(),
                      "/grpc.reflection.v1alpha.ServerReflection/"
                      "ServerReflectionInfo",
                      std::string("\x3a\x00", 2), &response)
                  .ok());
  EXPECT_THAT(response, HasSubstr("dissectd.v1.DissectionService"));
  EXPECT_THAT(response, HasSubstr("dissectd.v1.FileService"));
}

TEST(OperationTest, RefusesARequestThatIsNoMessage) {
  const DaemonProcess daemon;
  for (const char* method :
       {"DissectionService/Dissect", "FileService/ListFiles",
        "FileService/WriteUpload", "CaptureService/GetCapture",
        "CaptureService/WatchCapture", "ExportService/ExportPackets"}) {
    std::string response;
    const grpc::Status status =
        RawCall(daemon.Connect(), std::string("/dissectd.v1.") + method,
                "\xff\xff\xff", &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
        << method;
    EXPECT_EQ(FailureOf(status).reason(), "REQUEST_MALFORMED") << method;
  }
}

TEST(OperationTest, EndsOnInterrupt) {
  DaemonProcess daemon;
  kill(daemon.pid(), SIGINT);
  EXPECT_EQ(daemon.Wait(), 0);
}

}  // namespace
}  // namespace dissectd
