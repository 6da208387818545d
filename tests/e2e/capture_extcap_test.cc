// SPDX-License-Identifier: GPL-2.0-or-later

// Tests capturing from extcap programs: from those of Wireshark, and from
// scripts that behave badly.

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/engine/testing/capture_builder.h"
#include "tests/e2e/capture_faults.h"
#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kUdpdumpPort = 5599;
// Returns a part of udpdump's command line.
std::string UdpdumpWords() {
  return std::string(
      "--port\0"
      "5599",
      11);
}

v1::CaptureOptions CaptureOfExtcap(
    const std::string& interface,
    const std::map<std::string, std::string>& arguments = {}) {
  v1::CaptureOptions options;
  v1::InterfaceOptions* added = options.add_interfaces();
  added->set_name(interface);
  for (const auto& [name, value] : arguments) {
    (*added->mutable_extcap_arguments())[name] = value;
  }
  return options;
}

// Returns the processes of this test whose command line has the text: those in
// its network namespace, as others may run the same test on this machine.
std::vector<pid_t> ProcessesWith(const std::string& text) {
  std::error_code gone;
  const auto network = [&gone](const std::filesystem::path& process) {
    return std::filesystem::read_symlink(process / "ns/net", gone);
  };
  const std::filesystem::path ours = network("/proc/self");
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const pid_t pid = std::atoi(entry.path().filename().c_str());
    if (pid <= 0 || network(entry.path()) != ours) continue;
    std::ifstream file(entry.path() / "cmdline", std::ios::binary);
    // If the process has ended meanwhile, the text is empty.
    std::ostringstream words;
    words << file.rdbuf();
    if (words.str().find(text) != std::string::npos) found.push_back(pid);
  }
  return found;
}

// Sends a datagram to udpdump on the loopback interface.
void SendToUdpdump(const std::string& payload) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(kUdpdumpPort);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // The port may be unused yet.
  sendto(fd, payload.data(), payload.size(), 0,
         reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  close(fd);
}

class CaptureExtcapTest : public CaptureFixture {
 protected:
  CaptureExtcapTest()
      : CaptureFixture({"--extcap=randpkt,udpdump,sshdump,nosuch"}) {}

  v1::GetInterfaceCapabilitiesResponse Capabilities(
      const std::string& interface) {
    v1::GetInterfaceCapabilitiesRequest request;
    request.set_interface(interface);
    v1::GetInterfaceCapabilitiesResponse response;
    const grpc::Status status =
        client().Call(&v1::CaptureService::Stub::GetInterfaceCapabilities,
                      request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  // Expects that neither dumpcap nor an extcap program runs.
  void ExpectNoPrograms() {
    EXPECT_THAT(DumpcapsOf(daemon().pid()), IsEmpty());
  }

  void ExpectRefused(const v1::CaptureOptions& options,
                     const std::string& reason, const std::string& message) {
    const grpc::Status status = client().TryCreate(options);
    EXPECT_EQ(FailureOf(status).reason(), reason) << status.error_message();
    EXPECT_THAT(status.error_message(), HasSubstr(message));
    EXPECT_THAT(client().List(), IsEmpty());
  }
};

TEST_F(CaptureExtcapTest, ListsWhatTheOperatorAllows) {
  v1::ListInterfacesResponse response;
  ASSERT_TRUE(client()
                  .Call(&v1::CaptureService::Stub::ListInterfaces,
                        v1::ListInterfacesRequest(), &response)
                  .ok());
  std::vector<std::string> names;
  for (int i = 0; i < response.interfaces_size(); ++i) {
    const v1::Interface& interface = response.interfaces(i);
    EXPECT_EQ(interface.number(), static_cast<uint32_t>(i + 1));
    if (interface.type() != v1::INTERFACE_TYPE_EXTCAP) {
      EXPECT_THAT(names, IsEmpty()) << "they aren't last";
      continue;
    }
    names.push_back(interface.name());
    EXPECT_THAT(interface.extcap(), HasSubstr("/extcap/"));
    EXPECT_NE(interface.friendly_name(), "");
  }
  EXPECT_THAT(names, ::testing::ElementsAre("randpkt", "sshdump", "udpdump"));
}

TEST_F(CaptureExtcapTest, DescribesArguments) {
  const v1::GetInterfaceCapabilitiesResponse randpkt = Capabilities("randpkt");
  ASSERT_EQ(randpkt.link_types_size(), 1);
  EXPECT_EQ(randpkt.link_types(0).name(), "randpkt");
  bool has_count = false;
  for (const v1::ExtcapArgument& argument : randpkt.extcap_arguments()) {
    if (argument.name() == "type") {
      EXPECT_GT(argument.values_size(), 10);
    }
    EXPECT_EQ(argument.refused(), argument.name() == "log-file");
    if (argument.name() != "count") continue;
    has_count = true;
    EXPECT_EQ(argument.default_value(), "1000");
  }
  EXPECT_TRUE(has_count);
  v1::GetInterfaceCapabilitiesRequest request;
  request.set_interface("nosuch");
  v1::GetInterfaceCapabilitiesResponse response;
  const grpc::Status status = client().Call(
      &v1::CaptureService::Stub::GetInterfaceCapabilities, request, &response);
  EXPECT_EQ(FailureOf(status).reason(), "EXTCAP_UNAVAILABLE");
}

TEST_F(CaptureExtcapTest, CapturesUntilTheProgramEnds) {
  const v1::Capture ended = client().WaitForEnd(
      client()
          .Create(
              CaptureOfExtcap("randpkt", {{"count", "25"}, {"type", "dns"}}))
          .name());
  EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_CONDITION)
      << ended.DebugString();
  EXPECT_EQ(PacketsOf(ended).size(), 25u);
  LiveDissection follower(channel(), LiveDissection::RequestFor(ended.name()));
  EXPECT_TRUE(follower.Finish().ok());
  EXPECT_EQ(follower.FrameNumbers(), Range(1, 25));
}

TEST_F(CaptureExtcapTest, StopsAtAConditionWhileTheProgramGoesOn) {
  v1::CaptureOptions options =
      CaptureOfExtcap("randpkt", {{"count", "100000"}, {"type", "dns"}});
  options.mutable_stop()->set_packets(10);
  const v1::Capture ended =
      client().WaitForEnd(client().Create(options).name());
  EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_CONDITION)
      << ended.DebugString();
  EXPECT_EQ(ended.packets_written(), 10u);
  ExpectNoPrograms();
}

TEST_F(CaptureExtcapTest, CapturesDatagramsUntilItIsStopped) {
  const std::string port = std::to_string(kUdpdumpPort);
  const v1::Capture capture =
      client().Create(CaptureOfExtcap("udpdump", {{"port", port}}));
  WaitFor("a datagram that arrives", [&] {
    SendToUdpdump("hello from a datagram");
    return client().Get(capture.name()).packets_written() > 0;
  });
  EXPECT_EQ(DumpcapsOf(daemon().pid()).size(), 2u);
  const v1::Capture stopped = client().Stop(capture.name());
  EXPECT_EQ(stopped.stopped().reason(), v1::STOP_REASON_REQUESTED)
      << stopped.DebugString();
  ExpectNoPrograms();
  for (const StoredPacket& packet : PacketsOf(stopped)) {
    EXPECT_THAT(packet.bytes, HasSubstr("hello from a datagram"));
  }
  const v1::Capture again =
      client().Create(CaptureOfExtcap("udpdump", {{"port", port}}));
  EXPECT_EQ(client().Stop(again.name(), v1::STOP_MODE_KILL).stopped().reason(),
            v1::STOP_REASON_KILLED);
  ExpectNoPrograms();
}

TEST_F(CaptureExtcapTest, CapturesFromOtherInterfacesAtTheSameTime) {
  v1::CaptureOptions options =
      CaptureOfExtcap("randpkt", {{"count", "5"}, {"type", "dns"}});
  *options.add_interfaces() = CaptureOf("lo").interfaces(0);
  *options.add_interfaces() =
      CaptureOfExtcap("randpkt", {{"count", "4"}, {"type", "dns"}})
          .interfaces(0);
  options.mutable_stop()->set_packets(12);
  const v1::Capture capture = client().Create(options);
  client().WaitForPackets(capture.name(), 9);
  SendUdp({.count = 3});
  const v1::Capture ended = client().WaitForEnd(capture.name());
  EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_CONDITION)
      << ended.DebugString();
  std::vector<int> counts(3);
  for (const StoredPacket& packet : PacketsOf(ended)) {
    ++counts.at(packet.interface);
  }
  EXPECT_THAT(counts, ::testing::ElementsAre(5, 3, 4));
}

TEST_F(CaptureExtcapTest, RefusesWhatClientsMayNotAskFor) {
  ExpectRefused(CaptureOfExtcap("ciscodump", {{"remote-host", "x"}}),
                "CAPTURE_OPTION_INVALID", "operator allows");
  EXPECT_FALSE(client().TryCreate(CaptureOfExtcap("ciscodump")).ok());
  EXPECT_FALSE(client().TryCreate(CaptureOfExtcap("randpktdump")).ok());
  ExpectRefused(CaptureOfExtcap("lo", {{"count", "1"}}),
                "CAPTURE_OPTION_INVALID", "operator allows");
  ExpectRefused(CaptureOfExtcap("nosuch"), "EXTCAP_UNAVAILABLE", "nosuch");
  ExpectRefused(CaptureOfExtcap("sshdump"), "EXTCAP_ARGUMENT_INVALID",
                "\"remote-host\" of the interface \"sshdump\" is required");
  ExpectRefused(CaptureOfExtcap("sshdump", {{"remote-host", "x"},
                                            {"proxycommand", "touch /tmp/x"}}),
                "EXTCAP_ARGUMENT_INVALID", "clients can't give it");
  ExpectRefused(CaptureOfExtcap("randpkt", {{"log-file", "/tmp/x"}}),
                "EXTCAP_ARGUMENT_INVALID", "clients can't give it");
  ExpectRefused(CaptureOfExtcap("randpkt", {{"cuont", "1"}}),
                "EXTCAP_ARGUMENT_INVALID", "doesn't exist");
  ExpectRefused(CaptureOfExtcap("randpkt", {{"maxbytes", "9999"}}),
                "EXTCAP_ARGUMENT_INVALID", "from 1 to 5000");
}

TEST_F(CaptureExtcapTest, FailsWithWhatTheProgramSays) {
  // Nothing listens on the port.
  const v1::Capture ended = client().WaitForEnd(
      client()
          .Create(CaptureOfExtcap("sshdump", {{"remote-host", "127.0.0.1"},
                                              {"remote-port", "9"},
                                              {"remote-username", "x"},
                                              {"remote-password", "hush"}}))
          .name());
  EXPECT_EQ(ended.state(), v1::CAPTURE_STATE_FAILED);
  EXPECT_EQ(ended.stopped().failure().reason(), "EXTCAP_FAILED");
  EXPECT_THAT(ended.stopped().failure().message(),
              HasSubstr("Connection refused"));
  // Others may see the capture, but not its password.
  EXPECT_EQ(
      ended.options().interfaces(0).extcap_arguments().at("remote-password"),
      "***");
  EXPECT_EQ(
      ended.options().interfaces(0).extcap_arguments().at("remote-username"),
      "x");
}

TEST_F(CaptureExtcapTest, EndsWithTheDaemon) {
  const v1::Capture capture = client().Create(
      CaptureOfExtcap("udpdump", {{"port", std::to_string(kUdpdumpPort)}}));
  WaitFor("a file",
          [&] { return client().Get(capture.name()).has_current_file(); });
  EXPECT_EQ(ProcessesWith(UdpdumpWords()).size(), 1u);
  kill(daemon().pid(), SIGKILL);
  daemon().Wait();
  WaitFor("the end of udpdump",
          [] { return ProcessesWith(UdpdumpWords()).empty(); });
  // dumpcap finds the end of its packets.
  WaitFor("the end of dumpcap",
          [&] { return ProcessesWith("/" + capture.name() + "/").empty(); });
  daemon().Start();
  Connect();
  EXPECT_EQ(client().Get(capture.name()).stopped().reason(),
            v1::STOP_REASON_INTERRUPTED);
}

// A folder with scripts in place of extcap programs, so that it exists before
// the daemon starts. Each script has an interface of its name.
struct ScriptFolder {
  ScriptFolder() {
    // Each waits as long as a test at most.
    Add("silent", "exec sleep 60");
    Add("garbage", "echo garbage, no capture at all > \"$fifo\"");
    Add("nothing", "exit 0");
    Add("broken", "echo the reason >&2; exit 3");
    Add("chatty",
        "head -c 300000 /dev/zero | tr '\\0' 'x' >&2; "
        "echo the end >&2; exit 1");
    // A child that outlives the script, and keeps its descriptors.
    Add("parent", "sleep 61 & echo gone >&2; exit 5");
    // Ignores what it is told.
    Add("deaf",
        "trap '' TERM; cat \"$0.pcap\" > \"$fifo\"; "
        "while :; do sleep 0.1; done");
    folder.Write("deaf.pcap",
                 CaptureBuilder().Add(UdpFrame(1000, 2000, "hello")).bytes());
    Script("slow", "sleep 60");
    Script("flood", "yes 'interface {value=flood}'");
    Script("crash", "kill -SEGV $$");
    folder.Write("data.txt", "no program");
  }

  void Script(const std::string& name, const std::string& text) const {
    folder.Write(name, "#!/bin/sh\n" + text + "\n");
    chmod((folder.path() + "/" + name).c_str(), 0755);
  }

  void Add(const std::string& name, const std::string& capture) const {
    Script(name,
           "for word; do [ \"$last\" = --fifo ] && fifo=$word; last=$word; "
           "done\n"
           "case $* in *--extcap-interfaces*) echo 'interface {value=" +
               name + "}{display=The " + name +
               "}';;\n*--extcap-config*) ;;\n*--capture*) " + capture +
               ";;\nesac");
  }

  const TemporaryFolder folder;
};

class CaptureBadExtcapTest : protected ScriptFolder, public CaptureFixture {
 protected:
  CaptureBadExtcapTest()
      : CaptureFixture({"--extcap-folder=" + folder.path(),
                        "--extcap=silent,garbage,nothing,broken,chatty,parent",
                        "--extcap=deaf,slow,flood"}) {}

  v1::Failure FailureOfCapture(const std::string& interface) {
    return FailureAtTheEnd(client().Create(CaptureOfExtcap(interface)).name());
  }

  v1::Failure FailureAtTheEnd(const std::string& capture) {
    const v1::Capture ended = client().WaitForEnd(capture);
    EXPECT_EQ(ended.state(), v1::CAPTURE_STATE_FAILED) << ended.DebugString();
    AwaitNoPrograms();
    return ended.stopped().failure();
  }

  // Returns the processes that run the scripts. The daemon has their folder on
  // its command line.
  std::vector<pid_t> Programs() {
    std::vector<pid_t> programs = ProcessesWith(folder.path());
    programs.erase(
        std::remove(programs.begin(), programs.end(), daemon().pid()),
        programs.end());
    return programs;
  }

  // Waits until nothing is left of the scripts. The capture has waited for the
  // scripts themselves, but children of theirs that it has killed can take a
  // moment to end.
  void AwaitNoPrograms() {
    WaitFor("the end of the programs", [this] { return Programs().empty(); });
  }
};

TEST_F(CaptureBadExtcapTest, ListsThoseThatAnswer) {
  v1::ListInterfacesResponse response;
  ASSERT_TRUE(client()
                  .Call(&v1::CaptureService::Stub::ListInterfaces,
                        v1::ListInterfacesRequest(), &response)
                  .ok());
  int count = 0;
  for (const v1::Interface& interface : response.interfaces()) {
    if (interface.type() == v1::INTERFACE_TYPE_EXTCAP) ++count;
    EXPECT_NE(interface.name(), "slow");
    EXPECT_NE(interface.name(), "flood");
  }
  EXPECT_EQ(count, 7);
  AwaitNoPrograms();
}

TEST_F(CaptureBadExtcapTest, SaysWhyNothingWasCaptured) {
  const v1::Failure broken = FailureOfCapture("broken");
  EXPECT_EQ(broken.reason(), "EXTCAP_FAILED");
  EXPECT_THAT(broken.message(), HasSubstr("\"broken\" ended with exit status "
                                          "3: the reason"));
  const v1::Failure chatty = FailureOfCapture("chatty");
  EXPECT_EQ(chatty.reason(), "EXTCAP_FAILED");
  EXPECT_LT(chatty.message().size(), 1024u);
  EXPECT_THAT(chatty.message(), HasSubstr("the end"));
  EXPECT_EQ(FailureOfCapture("nothing").reason(), "PIPE_DATA_INVALID");
  EXPECT_EQ(FailureOfCapture("garbage").reason(), "PIPE_DATA_INVALID");
}

TEST_F(CaptureBadExtcapTest, LeavesNoChildBehind) {
  EXPECT_THAT(FailureOfCapture("parent").message(), HasSubstr("gone"));
  WaitFor("the end of its child", [] {
    return ProcessesWith(std::string("sleep\0"
                                     "61",
                                     8))
        .empty();
  });
}

TEST_F(CaptureBadExtcapTest, EndsACaptureOfAProgramThatSendsNothing) {
  const std::string name = client().Create(CaptureOfExtcap("silent")).name();
  // The daemon waits for half a minute, longer than WaitForEnd does.
  std::this_thread::sleep_for(std::chrono::seconds(25));
  const v1::Failure failure = FailureAtTheEnd(name);
  EXPECT_EQ(failure.reason(), "EXTCAP_HANGS");
  EXPECT_THAT(failure.message(), HasSubstr("silent"));
}

TEST_F(CaptureBadExtcapTest, StopsAProgramThatDoesNotListen) {
  const v1::Capture capture = client().Create(CaptureOfExtcap("deaf"));
  client().WaitForPackets(capture.name(), 1);
  const v1::Capture stopped = client().Stop(capture.name());
  EXPECT_EQ(stopped.stopped().reason(), v1::STOP_REASON_REQUESTED);
  AwaitNoPrograms();
  EXPECT_TRUE(client().Delete(capture.name(), true).ok());
}

TEST_F(CaptureBadExtcapTest, FailsIfOneOfSeveralInterfacesDoes) {
  v1::CaptureOptions options = CaptureOfExtcap("deaf");
  options.add_interfaces()->set_name("broken");
  const v1::Capture ended =
      client().WaitForEnd(client().Create(options).name());
  EXPECT_EQ(ended.stopped().failure().reason(), "EXTCAP_FAILED");
  AwaitNoPrograms();
}

TEST_F(CaptureBadExtcapTest, NoticesAProgramThatIsGone) {
  EXPECT_EQ(FailureOfCapture("broken").reason(), "EXTCAP_FAILED");
  std::filesystem::remove(folder.path() + "/broken");
  EXPECT_EQ(FailureOf(client().TryCreate(CaptureOfExtcap("broken"))).reason(),
            "EXTCAP_FAILED");
  EXPECT_EQ(FailureOf(client().TryCreate(CaptureOfExtcap("broken"))).reason(),
            "EXTCAP_UNAVAILABLE");
}

using CaptureWithoutExtcapTest = CaptureFixture;

TEST_F(CaptureWithoutExtcapTest, OffersNoneUnlessTheyAreAllowed) {
  v1::ListInterfacesResponse response;
  ASSERT_TRUE(client()
                  .Call(&v1::CaptureService::Stub::ListInterfaces,
                        v1::ListInterfacesRequest(), &response)
                  .ok());
  for (const v1::Interface& interface : response.interfaces()) {
    EXPECT_NE(interface.type(), v1::INTERFACE_TYPE_EXTCAP) << interface.name();
  }
  EXPECT_EQ(FailureOf(client().TryCreate(CaptureOfExtcap("randpkt"))).reason(),
            "INTERFACE_NOT_FOUND");
}

}  // namespace
}  // namespace dissectd
