// SPDX-License-Identifier: GPL-2.0-or-later

// Tests interfaces, their counters, and capture filters.

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/deadline_status.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/process_children.h"

namespace dissectd {
namespace {

using Stub = v1::CaptureService::Stub;
using Change = std::pair<std::string, v1::InterfaceChangeKind>;

void ExpectDetail(const grpc::Status& status, grpc::StatusCode code,
                  const std::string& reason) {
  EXPECT_EQ(status.error_code(), code) << status.error_message();
  EXPECT_EQ(FailureOf(status).reason(), reason);
}

// A call of WatchInterfaceStatistics.
class StatisticsWatch {
 public:
  explicit StatisticsWatch(const CaptureClient& client) {
    CaptureClient::SetDeadline(&context_);
    reader_ = client.stub()->WatchInterfaceStatistics(
        &context_, v1::WatchInterfaceStatisticsRequest());
  }
  ~StatisticsWatch() {
    context_.TryCancel();
    EXPECT_EQ(reader_->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  StatisticsWatch(const StatisticsWatch&) = delete;
  StatisticsWatch& operator=(const StatisticsWatch&) = delete;

  // Reads the next message and notes its changes.
  v1::WatchInterfaceStatisticsResponse Next() {
    v1::WatchInterfaceStatisticsResponse response;
    EXPECT_TRUE(reader_->Read(&response)) << "the stream has ended";
    for (const v1::InterfaceChange& change : response.changes()) {
      changes_.emplace(change.name(), change.kind());
    }
    return response;
  }

  // Returns the statistics of an interface in the next message that has them.
  v1::InterfaceCounters NextOf(const std::string& name) {
    for (int i = 0; i < 10; ++i) {
      const v1::WatchInterfaceStatisticsResponse response = Next();
      for (const v1::InterfaceCounters& statistics : response.interfaces()) {
        if (statistics.name() == name) return statistics;
      }
    }
    ADD_FAILURE() << "no statistics of " << name;
    return v1::InterfaceCounters();
  }

  // Reads until all these changes have been noted, and then forgets them.
  void AwaitChanges(const std::set<Change>& changes) {
    for (int i = 0; i < 10 && changes_ != changes; ++i) Next();
    EXPECT_EQ(changes_, changes);
    changes_.clear();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchInterfaceStatisticsResponse>>
      reader_;
  std::set<Change> changes_;
};

class CaptureInterfaceTest : public CaptureFixture {
 protected:
  std::optional<v1::Interface> Find(const std::string& name) {
    v1::ListInterfacesResponse response;
    EXPECT_TRUE(
        client()
            .Call(&Stub::ListInterfaces, v1::ListInterfacesRequest(), &response)
            .ok());
    for (const v1::Interface& interface : response.interfaces()) {
      if (interface.name() == name) return interface;
    }
    return std::nullopt;
  }

  grpc::Status Capabilities(const std::string& interface, bool monitor_mode,
                            v1::GetInterfaceCapabilitiesResponse* response) {
    v1::GetInterfaceCapabilitiesRequest request;
    request.set_interface(interface);
    request.set_monitor_mode(monitor_mode);
    return client().Call(&Stub::GetInterfaceCapabilities, request, response);
  }

  grpc::Status Compile(const v1::CompileCaptureFilterRequest& request,
                       v1::CompileCaptureFilterResponse* response) {
    response->Clear();
    return client().Call(&Stub::CompileCaptureFilter, request, response);
  }

  size_t RunningDumpcaps() {
    size_t count = 0;
    for (const pid_t pid : ChildrenOf(daemon().pid())) {
      std::string name;
      std::ifstream("/proc/" + std::to_string(pid) + "/comm") >> name;
      if (name == "dumpcap") ++count;
    }
    return count;
  }
};

TEST_F(CaptureInterfaceTest, ListsInterfaces) {
  const std::optional<v1::Interface> lo = Find("lo");
  ASSERT_TRUE(lo.has_value());
  EXPECT_TRUE(lo->loopback());
  EXPECT_GT(lo->number(), 0u);
  const std::set<std::string> addresses(lo->addresses().begin(),
                                        lo->addresses().end());
  EXPECT_EQ(addresses.count("127.0.0.1"), 1u);
  EXPECT_FALSE(Find("v0").has_value());
  VethPair veth("v0", "v1");
  veth.SetUp(true);
  const std::optional<v1::Interface> v0 = Find("v0");
  ASSERT_TRUE(v0.has_value());
  EXPECT_FALSE(v0->loopback());
  ASSERT_EQ(v0->addresses_size(), 1);
  EXPECT_EQ(v0->addresses(0), "10.77.0.1");
  EXPECT_TRUE(Find("v1").has_value());
}

TEST_F(CaptureInterfaceTest, TellsWhatAnInterfaceCanDo) {
  v1::GetInterfaceCapabilitiesResponse response;
  ASSERT_TRUE(Capabilities("lo", false, &response).ok());
  EXPECT_FALSE(response.can_monitor());
  ASSERT_GE(response.link_types_size(), 1);
  EXPECT_EQ(response.link_types(0).number(), 1);
  EXPECT_EQ(response.link_types(0).name(), "EN10MB");
  EXPECT_EQ(response.link_types(0).description(), "Ethernet");
  ExpectDetail(Capabilities("lo", true, &response),
               grpc::StatusCode::FAILED_PRECONDITION,
               "MONITOR_MODE_UNSUPPORTED");
  for (const std::string name : {"nosuch0", "", "-D", "/tmp", "1"}) {
    SCOPED_TRACE(name);
    ExpectDetail(Capabilities(name, false, &response),
                 grpc::StatusCode::NOT_FOUND, "INTERFACE_NOT_FOUND");
  }
}

TEST_F(CaptureInterfaceTest, CountersFollowWhatIsSent) {
  StatisticsWatch watch(client());
  const v1::InterfaceCounters before = watch.NextOf("lo");
  EXPECT_TRUE(before.up());
  EXPECT_TRUE(before.has_captured_packets());
  constexpr uint64_t kSent = 50;
  SendUdp({.count = kSent, .payload_size = 58});
  v1::InterfaceCounters after;
  const auto risen = [&] {
    return after.captured_packets() - before.captured_packets();
  };
  for (int i = 0; i < 10; ++i) {
    after = watch.NextOf("lo");
    if (risen() >= 2 * kSent) break;
  }
  // The loopback interface shows each packet twice: when it is sent and when it
  // is received.
  EXPECT_EQ(risen(), 2 * kSent);
  const v1::KernelCounters& old = before.kernel();
  EXPECT_EQ(after.kernel().received_packets() - old.received_packets(), kSent);
  EXPECT_EQ(after.kernel().sent_packets() - old.sent_packets(), kSent);
  // The sizes include the headers of IPv4 and UDP.
  EXPECT_EQ(after.kernel().received_bytes() - old.received_bytes(),
            kSent * (58 + 28));
  EXPECT_EQ(after.kernel().received_errors(), old.received_errors());
}

TEST_F(CaptureInterfaceTest, TellsWhatComesAndGoes) {
  StatisticsWatch watch(client());
  uint64_t captured = watch.NextOf("lo").captured_packets();
  SendUdp({.count = 10});
  VethPair veth("v0", "v1");
  watch.AwaitChanges({{"v0", v1::INTERFACE_CHANGE_KIND_APPEARED},
                      {"v1", v1::INTERFACE_CHANGE_KIND_APPEARED}});
  EXPECT_FALSE(watch.NextOf("v0").up());
  veth.SetUp(true);
  watch.AwaitChanges({{"v0", v1::INTERFACE_CHANGE_KIND_UP},
                      {"v1", v1::INTERFACE_CHANGE_KIND_UP}});
  bool counted = false;
  for (int i = 0; i < 10 && !counted; ++i) {
    counted = watch.NextOf("v1").has_captured_packets();
  }
  EXPECT_TRUE(counted) << "what came later isn't captured from";
  SendUdp({.address = VethPair::kAddress, .count = 20});
  v1::InterfaceCounters v1_now;
  for (int i = 0; i < 10 && v1_now.captured_packets() < 20; ++i) {
    v1_now = watch.NextOf("v1");
  }
  EXPECT_EQ(v1_now.captured_packets(), 20u);
  EXPECT_EQ(v1_now.kernel().received_packets(), 20u);
  veth.SetUp(false);
  watch.AwaitChanges({{"v0", v1::INTERFACE_CHANGE_KIND_DOWN},
                      {"v1", v1::INTERFACE_CHANGE_KIND_DOWN}});
  veth.Remove();
  watch.AwaitChanges({{"v0", v1::INTERFACE_CHANGE_KIND_GONE},
                      {"v1", v1::INTERFACE_CHANGE_KIND_GONE}});
  const v1::WatchInterfaceStatisticsResponse last = watch.Next();
  for (const v1::InterfaceCounters& left : last.interfaces()) {
    EXPECT_NE(left.name(), "v0");
    EXPECT_NE(left.name(), "v1");
  }
  // Counters continue although other interfaces made dumpcap restart.
  EXPECT_GE(watch.NextOf("lo").captured_packets(), captured + 20);
}

TEST_F(CaptureInterfaceTest, AllWhoWatchShareOneProcess) {
  {
    StatisticsWatch first(client());
    first.NextOf("lo");
    const CaptureClient another(daemon().Connect());
    StatisticsWatch second(another);
    const auto begin = std::chrono::steady_clock::now();
    second.NextOf("lo");
    EXPECT_LT(std::chrono::steady_clock::now() - begin,
              std::chrono::milliseconds(900))
        << "what is known comes at once";
    EXPECT_EQ(RunningDumpcaps(), 1u);
    first.NextOf("lo");
    second.NextOf("lo");
    EXPECT_EQ(RunningDumpcaps(), 1u);
  }
  WaitFor("the end of dumpcap", [&] { return RunningDumpcaps() == 0; });
}

TEST_F(CaptureInterfaceTest, CompilesFilters) {
  v1::CompileCaptureFilterRequest request;
  v1::CompileCaptureFilterResponse response;
  request.set_filter("udp port 53");
  ASSERT_TRUE(Compile(request, &response).ok());
  EXPECT_TRUE(response.valid()) << response.message();
  EXPECT_EQ(response.link_type().name(), "EN10MB");
  EXPECT_EQ(response.message(), "");
  ASSERT_GT(response.instructions_size(), 5);
  // The instruction for packets that pass is `ret #262144`.
  EXPECT_EQ(response.instructions(response.instructions_size() - 2).operand(),
            262144u);
  EXPECT_EQ(response.listing().rfind("(000) ldh      [12]\n", 0), 0u)
      << response.listing();
  const v1::CompileCaptureFilterResponse of_default = response;
  request.set_interface("lo");
  ASSERT_TRUE(Compile(request, &response).ok());
  EXPECT_EQ(response.SerializeAsString(), of_default.SerializeAsString());
  request.set_link_type("LINUX_SLL2");
  ASSERT_TRUE(Compile(request, &response).ok());
  EXPECT_TRUE(response.valid());
  EXPECT_EQ(response.link_type().number(), 276);
  EXPECT_NE(response.listing(), of_default.listing());
  request.set_link_type("EN10MB");
  request.set_snapshot_length(96);
  request.set_unoptimized(true);
  ASSERT_TRUE(Compile(request, &response).ok());
  EXPECT_GT(response.instructions_size(), of_default.instructions_size());
  EXPECT_NE(response.listing().find("ret      #96\n"), std::string::npos);
}

TEST_F(CaptureInterfaceTest, TellsWhyAFilterDoesNotCompile) {
  v1::CompileCaptureFilterRequest request;
  v1::CompileCaptureFilterResponse response;
  request.set_filter("no such filter");
  ASSERT_TRUE(Compile(request, &response).ok());
  EXPECT_FALSE(response.valid());
  EXPECT_NE(response.message(), "");
  EXPECT_EQ(response.instructions_size(), 0);
  request.set_interface("nosuch0");
  ExpectDetail(Compile(request, &response), grpc::StatusCode::NOT_FOUND,
               "INTERFACE_NOT_FOUND");
  request.set_link_type("NO_SUCH_TYPE");
  ExpectDetail(Compile(request, &response), grpc::StatusCode::INVALID_ARGUMENT,
               "LINK_TYPE_UNKNOWN");
}

TEST_F(CaptureInterfaceTest, FiltersOfCallsThatHaveEndedDelayNoOther) {
  // libpcap takes longer than it has for each; all would take a minute.
  constexpr int kCalls = 40;
  constexpr int kPorts = 1300;
  v1::CompileCaptureFilterRequest slow;
  slow.set_filter("port 1");
  for (int port = 2; port < kPorts; ++port) {
    slow.mutable_filter()->append(" or port " + std::to_string(port));
  }
  const auto stub = v1::CaptureService::NewStub(daemon().Connect());
  const auto compile = [&stub](const v1::CompileCaptureFilterRequest& request,
                               std::chrono::milliseconds time) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + time);
    v1::CompileCaptureFilterResponse response;
    return stub->CompileCaptureFilter(&context, request, &response);
  };
  std::vector<std::thread> calls;
  calls.reserve(kCalls);
  for (int i = 0; i < kCalls; ++i) {
    calls.emplace_back([&] {
      EXPECT_THAT(compile(slow, std::chrono::milliseconds(500)).error_code(),
                  IsEndAtDeadline());
    });
  }
  for (std::thread& call : calls) call.join();
  v1::CompileCaptureFilterRequest quick;
  quick.set_filter("udp");
  const grpc::Status status = compile(quick, std::chrono::seconds(30));
  EXPECT_TRUE(status.ok()) << status.error_message();
}

}  // namespace
}  // namespace dissectd
