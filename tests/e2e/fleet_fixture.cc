// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/fleet_fixture.h"

#include <fcntl.h>
#include <grpcpp/create_channel.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/e2e/network_namespace.h"
#include "tests/e2e/policy_files.h"

namespace dissectd {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr char kFleet[] = "server/fleet/dissectd-fleet";
constexpr int64_t kNanosInSecond = 1'000'000'000;

std::string Library(const char* name) {
  return std::filesystem::absolute(absl::StrCat("tests/e2e/", name)).string();
}

// Returns the beginning of a command that runs the rest in a network namespace
// of its own, with another clock if there is a file that says how it differs.
std::vector<std::string> Launcher(const std::string& clock_file) {
  std::vector<std::string> words = {
      "unshare", "--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"};
  if (clock_file.empty()) return words;
  words.insert(words.end(),
               {"env", "WALL_CLOCK_FILE=" + clock_file,
                absl::StrCat("LD_PRELOAD=", Library("wall_clock_library.so"),
                             ":", Library("packet_clock_library.so"))});
  return words;
}

// Does something on a thread of its own in the network namespace of a process.
void InNetworkOf(pid_t pid, const std::function<void()>& task) {
  std::thread([&] {
    const int fd =
        open(absl::StrCat("/proc/", pid, "/ns/net").c_str(), O_RDONLY);
    ASSERT_EQ(setns(fd, CLONE_NEWNET), 0);
    close(fd);
    task();
  }).join();
}

int64_t Nanos(const google::protobuf::Timestamp& time) {
  return time.seconds() * kNanosInSecond + time.nanos();
}

int64_t Nanos(const google::protobuf::Duration& duration) {
  return duration.seconds() * kNanosInSecond + duration.nanos();
}

// Returns the number that UdpPayload begins with.
uint32_t NumberIn(const std::string& payload) {
  uint32_t number = 0;
  for (size_t i = 0; i < sizeof(number) && i < payload.size(); ++i) {
    number = number << 8 | static_cast<unsigned char>(payload[i]);
  }
  return number;
}

bool HasOption(const std::vector<std::string>& arguments,
               const std::string& name) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [&](const std::string& argument) {
                       return absl::StartsWith(argument, name + "=");
                     });
}

}  // namespace

FleetNode::FleetNode(std::string name, int64_t clock_shift,
                     const std::vector<std::string>& arguments)
    : name_(std::move(name)) {
  std::string clock_file;
  if (clock_shift != 0) {
    folder_.Write("clock",
                  std::string(reinterpret_cast<const char*>(&clock_shift),
                              sizeof(clock_shift)));
    clock_file = folder_.path() + "/clock";
  }
  daemon_.emplace(arguments, Launcher(clock_file));
}

void FleetNode::Send(uint32_t count, size_t payload_size) {
  UdpTraffic traffic;
  traffic.first = sent_ + 1;
  traffic.count = count;
  traffic.payload_size = payload_size;
  InNetworkOf(daemon_->pid(), [&] { SendUdp(traffic); });
  sent_ += count;
}

FleetProcess::FleetProcess(const std::vector<std::string>& arguments,
                           std::string token)
    : address_("unix:" + folder_.path() + "/socket"), token_(std::move(token)) {
  folder_.Write("nodes", "");
  const std::string listen = "--listen=" + address_;
  const std::string nodes = "--nodes=" + folder_.path() + "/nodes";
  std::vector<const char*> argv = {kFleet, listen.c_str(), "--drain-timeout=1"};
  if (!HasOption(arguments, "--nodes-dns")) argv.push_back(nodes.c_str());
  if (!HasOption(arguments, "--node-ca")) {
    argv.push_back("--insecure-plaintext-to-nodes");
  }
  for (const std::string& argument : arguments) {
    argv.push_back(argument.c_str());
  }
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    execv(argv[0], const_cast<char**>(argv.data()));
    _exit(127);
  }
  const std::shared_ptr<grpc::Channel> channel = Connect();
  EXPECT_TRUE(
      channel->WaitForConnected(std::chrono::system_clock::now() + seconds(30)))
      << "dissectd-fleet doesn't listen";
  stub_ = v1::FleetService::NewStub(channel);
}

FleetProcess::~FleetProcess() {
  kill(pid_, SIGTERM);
  int status = -1;
  EXPECT_EQ(waitpid(pid_, &status, 0), pid_);
  EXPECT_EQ(status, 0);
}

void FleetProcess::WriteNodes(const std::string& lines) {
  folder_.Write("nodes.new", lines);
  ASSERT_EQ(std::rename((folder_.path() + "/nodes.new").c_str(),
                        (folder_.path() + "/nodes").c_str()),
            0);
}

void FleetProcess::SetNodes(const std::string& lines) {
  WriteNodes(lines);
  const auto count = std::count(lines.begin(), lines.end(), '\n');
  WaitFor("the new list of nodes", [&] {
    grpc::ClientContext context;
    if (!token_.empty()) {
      context.AddMetadata("authorization", "Bearer " + token_);
    }
    const auto reader = stub_->ListNodes(&context, v1::ListNodesRequest());
    v1::ListNodesResponse response;
    int64_t found = 0;
    while (reader->Read(&response)) ++found;
    return found == count || !reader->Finish().ok();
  });
}

std::string FleetProcess::LineOf(FleetNode& node) {
  return absl::StrCat(node.name(), " ", node.daemon().address(), "\n");
}

std::shared_ptr<grpc::Channel> FleetProcess::Connect() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address_, grpc::InsecureChannelCredentials(),
                                   arguments);
}

uint64_t FleetProcess::ResidentBytes() const {
  uint64_t total = 0;
  uint64_t resident = 0;
  std::ifstream(absl::StrCat("/proc/", pid_, "/statm")) >> total >> resident;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

std::string InterfacesFor(const FleetProcess& fleet, const std::string& token) {
  const auto responses = CallFleet(
      fleet, &v1::FleetService::Stub::ListNodeInterfaces,
      v1::ListNodeInterfacesRequest(), [&](grpc::ClientContext* context) {
        if (!token.empty()) Authorize(context, token);
      });
  return responses.size() == 1 ? responses[0].failure().reason()
                               : "not one answer";
}

v1::DissectNodesRequest FleetDissection::NewRequest() {
  v1::DissectNodesRequest request;
  request.mutable_view()->set_form(v1::FORM_PLAIN);
  request.mutable_view()->add_fields("data.data");
  return request;
}

FleetDissection::FleetDissection(const FleetProcess& fleet,
                                 const v1::DissectNodesRequest& request)
    : reader_(fleet.stub()->DissectNodes(&context_, request)),
      thread_([this] { Read(); }) {}

FleetDissection::~FleetDissection() {
  context_.TryCancel();
  if (thread_.joinable()) thread_.join();
}

void FleetDissection::Read() {
  v1::DissectNodesResponse response;
  while (reader_->Read(&response)) {
    const std::lock_guard<std::mutex> lock(mutex_);
    Take(response);
    changed_.notify_all();
  }
  const grpc::Status status = reader_->Finish();
  const std::lock_guard<std::mutex> lock(mutex_);
  status_ = status;
  ended_ = true;
  changed_.notify_all();
}

void FleetDissection::Take(const v1::DissectNodesResponse& response) {
  if (!response.has_response()) {
    events_.push_back(response);
    if (response.has_started()) {
      offsets_[response.stream()] = Nanos(response.started().clock_offset());
    }
    return;
  }
  if (response.response().has_header()) ++headers_;
  for (const v1::PlainFrame& plain :
       response.response().plain_batch().frames()) {
    Frame frame;
    frame.node = response.node();
    frame.stream = response.stream();
    frame.time = Nanos(plain.time());
    frame.fleet_time = frame.time - offsets_[response.stream()];
    frame.late = response.late();
    if (plain.fields_size() > 0) {
      frame.packet = NumberIn(plain.fields(0).bytes_value());
    }
    ++frames_of_node_[frame.node];
    frames_.push_back(std::move(frame));
  }
}

void FleetDissection::WaitUntil(const char* what,
                                const std::function<bool()>& condition) {
  std::unique_lock<std::mutex> lock(mutex_);
  const bool happened = changed_.wait_for(
      lock, minutes(1), [&] { return ended_ || condition(); });
  ASSERT_TRUE(happened && condition()) << "waited in vain for " << what;
}

void FleetDissection::WaitForHeaders(size_t count) {
  WaitUntil("the headers of streams", [&] { return headers_ >= count; });
}

void FleetDissection::WaitForAllPackets(const std::vector<FleetNode*>& nodes) {
  WaitUntil("all packets", [&] {
    return std::all_of(nodes.begin(), nodes.end(), [&](const FleetNode* node) {
      return frames_of_node_["nodes/" + node->name()] >= node->sent();
    });
  });
}

grpc::Status FleetDissection::Finish() {
  if (thread_.joinable()) thread_.join();
  return status_;
}

std::vector<uint32_t> FleetDissection::PacketsOf(
    const std::string& node) const {
  std::vector<uint32_t> packets;
  for (const Frame& frame : frames_) {
    if (frame.node == "nodes/" + node) packets.push_back(frame.packet);
  }
  return packets;
}

size_t FleetDissection::CountEvents(
    const std::function<bool(const v1::DissectNodesResponse&)>& wanted) const {
  return static_cast<size_t>(
      std::count_if(events_.begin(), events_.end(), wanted));
}

}  // namespace dissectd
