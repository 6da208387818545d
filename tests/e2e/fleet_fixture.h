// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_FLEET_FIXTURE_H_
#define TESTS_E2E_FLEET_FIXTURE_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>
#include <sys/types.h>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "dissectd/v1/fleet.grpc.pb.h"
#include "tests/e2e/daemon_process.h"

namespace dissectd {

// A daemon in a network namespace of its own, with nothing but loopback.
class FleetNode {
 public:
  // The daemon's clock, and that of its packets, is ahead by `clock_shift`
  // seconds. `arguments` are further options.
  explicit FleetNode(std::string name, int64_t clock_shift = 0,
                     const std::vector<std::string>& arguments = {});

  const std::string& name() const { return name_; }
  DaemonProcess& daemon() { return *daemon_; }

  // Sends the next packets on the node's loopback interface. Each has its
  // number at this node in its payload.
  void Send(uint32_t count, size_t payload_size = 32);
  // Returns the number of packets that were sent.
  uint32_t sent() const { return sent_; }

 private:
  const std::string name_;
  const TemporaryFolder folder_;
  std::optional<DaemonProcess> daemon_;
  uint32_t sent_ = 0;
};

// Runs dissectd-fleet for nodes that may come and go.
class FleetProcess {
 public:
  // The nodes are in a file, and called without TLS, unless `arguments` say
  // otherwise. Calls of its own are made with `token`, if there is one.
  explicit FleetProcess(const std::vector<std::string>& arguments = {},
                        std::string token = "");
  ~FleetProcess();
  FleetProcess(const FleetProcess&) = delete;
  FleetProcess& operator=(const FleetProcess&) = delete;

  // Makes these the nodes of the fleet: lines of its file. Waits until it has
  // them.
  void SetNodes(const std::string& lines);
  // Writes the file, and waits for nothing.
  void WriteNodes(const std::string& lines);
  // Adds a node to the file.
  static std::string LineOf(FleetNode& node);

  std::shared_ptr<grpc::Channel> Connect() const;
  const std::unique_ptr<v1::FleetService::Stub>& stub() const { return stub_; }
  pid_t pid() const { return pid_; }
  // Returns the memory in use, in bytes.
  uint64_t ResidentBytes() const;

 private:
  const TemporaryFolder folder_;
  const std::string address_;
  const std::string token_;
  pid_t pid_ = 0;
  std::unique_ptr<v1::FleetService::Stub> stub_;
};

// Calls a method of FleetService and returns all messages. Fails the test if
// the call fails.
template <typename Request, typename Response>
std::vector<Response> CallFleet(
    const FleetProcess& fleet,
    std::unique_ptr<grpc::ClientReader<Response>> (
        v1::FleetService::Stub::*method)(grpc::ClientContext*, const Request&),
    const Request& request,
    const std::function<void(grpc::ClientContext*)>& prepare = nullptr) {
  grpc::ClientContext context;
  if (prepare) prepare(&context);
  const auto reader = (fleet.stub().get()->*method)(&context, request);
  std::vector<Response> responses;
  Response response;
  while (reader->Read(&response)) responses.push_back(response);
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  return responses;
}

// Returns what a caller with a token, or without one, gets about the interfaces
// of the fleet's only node: the reason of a failure, or nothing.
std::string InterfacesFor(const FleetProcess& fleet, const std::string& token);

// A call of DissectNodes that is read by a separate thread. Its view should
// have FORM_PLAIN and the field `data.data`, which is the packets' payload.
class FleetDissection {
 public:
  // A frame of the merged stream.
  struct Frame {
    std::string node;
    uint32_t stream = 0;
    // The number of the packet at its node.
    uint32_t packet = 0;
    // By the node's clock, in nanoseconds.
    int64_t time = 0;
    // `time` by the fleet's clock.
    int64_t fleet_time = 0;
    bool late = false;
  };

  // Returns a request for packets of all nodes.
  static v1::DissectNodesRequest NewRequest();

  FleetDissection(const FleetProcess& fleet,
                  const v1::DissectNodesRequest& request);
  ~FleetDissection();
  FleetDissection(const FleetDissection&) = delete;
  FleetDissection& operator=(const FleetDissection&) = delete;

  // Each waits, and fails the test after a minute.
  void WaitUntil(const char* what, const std::function<bool()>& condition);
  void WaitForHeaders(size_t count);
  // Waits until all packets that these nodes have sent are there.
  void WaitForAllPackets(const std::vector<FleetNode*>& nodes);
  grpc::Status Finish();
  void Cancel() { context_.TryCancel(); }

  // These may be called within WaitUntil's condition, or after Finish.
  const std::vector<Frame>& frames() const { return frames_; }
  // Returns the numbers of the packets of a node, in the order in which they
  // came.
  std::vector<uint32_t> PacketsOf(const std::string& node) const;
  // The messages that begin and end streams.
  const std::vector<v1::DissectNodesResponse>& events() const {
    return events_;
  }
  size_t headers() const { return headers_; }
  size_t CountEvents(
      const std::function<bool(const v1::DissectNodesResponse&)>& wanted) const;

 private:
  void Read();
  void Take(const v1::DissectNodesResponse& response);

  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::DissectNodesResponse>> reader_;

  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_ while the thread runs.
  std::vector<Frame> frames_;
  std::map<std::string, size_t> frames_of_node_;
  std::vector<v1::DissectNodesResponse> events_;
  // The clock offset of each stream, in nanoseconds.
  std::map<uint32_t, int64_t> offsets_;
  size_t headers_ = 0;
  bool ended_ = false;
  grpc::Status status_;
  std::thread thread_;
};

}  // namespace dissectd

#endif  // TESTS_E2E_FLEET_FIXTURE_H_
