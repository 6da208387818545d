// SPDX-License-Identifier: GPL-2.0-or-later

// How a fleet finds its nodes by DNS, with dnsmasq as the server, and how it
// connects to them with TLS.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dissectd/v1/fleet.grpc.pb.h"
#include "tests/e2e/capture_faults.h"
#include "tests/e2e/certificates.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/fleet_fixture.h"
#include "tests/e2e/network_namespace.h"
#include "tests/e2e/policy_files.h"
#include "tests/e2e/run_daemon.h"

namespace dissectd {
namespace {

using testing::HasSubstr;
using Stub = v1::FleetService::Stub;

constexpr char kServerName[] = "node.example";
constexpr char kResolverFile[] = "/etc/resolv.conf";

// Returns the only node.
v1::Node NodeOf(const FleetProcess& fleet) {
  const auto nodes = CallFleet(fleet, &Stub::ListNodes, v1::ListNodesRequest());
  EXPECT_EQ(nodes.size(), 1u);
  return nodes.empty() ? v1::Node() : nodes[0].node();
}

class FleetTlsTest : public testing::Test {
 protected:
  FleetTlsTest() {
    for (const char* authority : {"ca", "other"}) {
      MakeCertificate(folder_.path(), authority);
    }
    MakeCertificate(folder_.path(), "node", "ca");
    MakeCertificate(folder_.path(), "named", "ca",
                    std::string("DNS:") + kServerName);
    MakeCertificate(folder_.path(), "fleet", "ca");
  }

  std::string Path(const std::string& name) const {
    return folder_.path() + "/" + name;
  }

  // Starts a node with a certificate, and returns its line for the fleet.
  std::string StartNode(const std::string& certificate,
                        const std::vector<std::string>& further = {}) {
    std::vector<std::string> arguments = {
        "--listen=127.0.0.1:0",
        "--tls-certificate=" + Path(certificate + ".pem"),
        "--tls-key=" + Path(certificate + ".key")};
    arguments.insert(arguments.end(), further.begin(), further.end());
    node_.emplace(arguments);
    return absl::StrCat("a 127.0.0.1:", ListeningPort(node_->pid()), "\n");
  }

  std::string Authority(const std::string& name) const {
    return "--node-ca=" + Path(name + ".pem");
  }

  const TemporaryFolder folder_;
  std::optional<DaemonProcess> node_;
};

TEST_F(FleetTlsTest, OnlyNodesOfTheAuthorityAreCalled) {
  const std::string line = StartNode("node");
  FleetProcess fleet({Authority("ca")});
  fleet.SetNodes(line);
  EXPECT_EQ(NodeOf(fleet).state(), v1::NODE_STATE_READY);
  FleetProcess stranger({Authority("other")});
  stranger.SetNodes(line);
  const v1::Node node = NodeOf(stranger);
  EXPECT_EQ(node.state(), v1::NODE_STATE_UNAVAILABLE);
  EXPECT_THAT(node.last_error().message(),
              HasSubstr("certificate verify failed"));
}

TEST_F(FleetTlsTest, TheCertificateMustHaveTheNameOfTheNode) {
  const std::string line = StartNode("named");
  FleetProcess fleet({Authority("ca")});
  fleet.SetNodes(line);
  EXPECT_EQ(NodeOf(fleet).state(), v1::NODE_STATE_UNAVAILABLE);
  FleetProcess with_name(
      {Authority("ca"), std::string("--node-server-name=") + kServerName});
  with_name.SetNodes(line);
  EXPECT_EQ(NodeOf(with_name).state(), v1::NODE_STATE_READY);
  FleetProcess with_wrong_name(
      {Authority("ca"), "--node-server-name=other.example"});
  with_wrong_name.SetNodes(line);
  EXPECT_EQ(NodeOf(with_wrong_name).state(), v1::NODE_STATE_UNAVAILABLE);
}

// The nodes know the fleet by its certificate, and its callers by what it says.
TEST_F(FleetTlsTest, NodesTrustTheFleetsCertificateToNameCallers) {
  const PolicyFiles files;
  const std::string line = StartNode(
      "node", {"--tls-client-ca=" + Path("ca.pem"), "--identify-certificates",
               "--trusted-proxy=certificate:fleet", files.PolicyOption()});
  const std::vector<std::string> arguments = {
      files.TokenOption(), Authority("ca"),
      "--node-certificate=" + Path("fleet.pem"),
      "--node-key=" + Path("fleet.key")};
  FleetProcess fleet(arguments, kCapturer);
  fleet.SetNodes(line);
  EXPECT_EQ(InterfacesFor(fleet, kCapturer), "");
  EXPECT_EQ(InterfacesFor(fleet, kViewer), "PERMISSION_MISSING");
  // Without a certificate, the node doesn't talk to a fleet at all.
  FleetProcess anonymous({files.TokenOption(), Authority("ca")}, kCapturer);
  anonymous.SetNodes(line);
  EXPECT_EQ(InterfacesFor(anonymous, kCapturer), "NODE_UNAVAILABLE");
}

// A server of DNS at the address that programs ask by default.
class NameServer {
 public:
  explicit NameServer(const std::vector<std::string>& records) {
    std::vector<std::string> words = {"dnsmasq",
                                      "--keep-in-foreground",
                                      "--conf-file=/dev/null",
                                      "--no-resolv",
                                      "--no-hosts",
                                      "--user=",
                                      "--group=",
                                      "--pid-file=",
                                      "--listen-address=127.0.0.1",
                                      "--bind-interfaces"};
    words.insert(words.end(), records.begin(), records.end());
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_ = fork();
    if (pid_ == 0) {
      setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
      execvp(argv[0], argv.data());
      _exit(127);
    }
  }
  ~NameServer() {
    kill(pid_, SIGTERM);
    int status = -1;
    EXPECT_EQ(waitpid(pid_, &status, 0), pid_);
    EXPECT_EQ(status, 0) << "dnsmasq has failed";
  }
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

 private:
  pid_t pid_ = 0;
};

class FleetDnsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!EnterPrivateNetwork() || !EnterPrivateMounts()) {
      GTEST_SKIP() << "the kernel allows no namespaces of our own";
    }
    folder_.Write("resolv.conf", "nameserver 127.0.0.1\n");
    ASSERT_EQ(mount((folder_.path() + "/resolv.conf").c_str(), kResolverFile,
                    nullptr, MS_BIND, nullptr),
              0);
    is_mounted_ = true;
  }

  void TearDown() override {
    if (!is_mounted_) return;
    EXPECT_EQ(umount(kResolverFile), 0);
  }

  static std::string Service(const std::string& host, int port) {
    return absl::StrCat("--srv-host=_dissectd._tcp.fleet.test,", host, ",",
                        port);
  }

  using States = std::map<std::string, v1::NodeState>;

  // Waits until the fleet has these nodes, whose daemons answer.
  static void ExpectReady(const FleetProcess& fleet,
                          const std::vector<std::string>& names) {
    States expected;
    for (const std::string& name : names) {
      expected["nodes/" + name] = v1::NODE_STATE_READY;
    }
    WaitFor("the nodes that DNS has", [&] {
      States states;
      for (const auto& response :
           CallFleet(fleet, &Stub::ListNodes, v1::ListNodesRequest())) {
        states[response.node().name()] = response.node().state();
      }
      return states == expected;
    });
  }

  const TemporaryFolder folder_;
  bool is_mounted_ = false;
};

constexpr char kInterval[] = "--nodes-dns-interval=1";

TEST_F(FleetDnsTest, NodesAreTheHostsOfServiceRecords) {
  const DaemonProcess first({"--listen=127.0.0.1:0"});
  const DaemonProcess second({"--listen=127.0.0.1:0"});
  const int first_port = ListeningPort(first.pid());
  const int second_port = ListeningPort(second.pid());
  const std::string hosts =
      "--host-record=one.fleet.test,two.fleet.test,127.0.0.1";
  auto server = std::make_unique<NameServer>(
      std::vector<std::string>{hosts, Service("one.fleet.test", first_port)});
  FleetProcess fleet({"--nodes-dns=srv:_dissectd._tcp.fleet.test", kInterval});
  ExpectReady(fleet, {"one.fleet.test"});
  // Another record comes.
  server.reset();
  server = std::make_unique<NameServer>(
      std::vector<std::string>{hosts, Service("one.fleet.test", first_port),
                               Service("two.fleet.test", second_port)});
  ExpectReady(fleet, {"one.fleet.test", "two.fleet.test"});
  // A host with two records has the ports in the names.
  server.reset();
  server = std::make_unique<NameServer>(
      std::vector<std::string>{hosts, Service("one.fleet.test", first_port),
                               Service("one.fleet.test", second_port)});
  const std::vector<std::string> names = {
      absl::StrCat("one.fleet.test:", first_port),
      absl::StrCat("one.fleet.test:", second_port)};
  ExpectReady(fleet, names);
  // Without an answer, the nodes stay, and so do connections.
  server.reset();
  // Longer than the time between two questions.
  usleep(1'500'000);
  ExpectReady(fleet, names);
}

TEST_F(FleetDnsTest, NodesAreTheAddressesOfAHost) {
  const DaemonProcess first({"--listen=127.0.0.1:0"});
  const int port = ListeningPort(first.pid());
  const DaemonProcess second({absl::StrCat("--listen=127.0.0.2:", port)});
  const NameServer server({"--address=/nodes.fleet.test/127.0.0.1",
                           "--address=/nodes.fleet.test/127.0.0.2"});
  FleetProcess fleet(
      {absl::StrCat("--nodes-dns=nodes.fleet.test:", port), kInterval});
  ExpectReady(fleet, {"127.0.0.1", "127.0.0.2"});
}

}  // namespace
}  // namespace dissectd
