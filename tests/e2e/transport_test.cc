// SPDX-License-Identifier: GPL-2.0-or-later

// Abuses connections in ways that gRPC's clients can't, while an honest client
// calls.

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/dissection.grpc.pb.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "dissectd/v1/server.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/raw_http2.h"
#include "tests/e2e/run_daemon.h"

namespace dissectd {
namespace {

using ::testing::HasSubstr;

constexpr std::chrono::seconds kTimeout(60);
constexpr char kOnAnyPort[] = "--listen=127.0.0.1:0";

// Calls the daemon. Waits until it is connected or the time is over.
grpc::Status CallOn(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() + kTimeout);
  v1::ListFilesResponse response;
  return v1::FileService::NewStub(channel)->ListFiles(
      &context, v1::ListFilesRequest(), &response);
}

std::shared_ptr<grpc::Channel> ConnectTo(int port) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
  return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port),
                                   grpc::InsecureChannelCredentials(),
                                   arguments);
}

// Returns a number of /proc/PID/status. Memory is in KiB.
size_t MemoryOf(pid_t pid, const std::string& name) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  std::string word;
  while (status >> word) {
    size_t value = 0;
    if (word == name + ":" && status >> value) return value;
  }
  return 0;
}

class TransportTest : public testing::Test {
 protected:
  void Run(std::vector<std::string> arguments,
           const std::vector<std::string>& launcher = {}) {
    arguments.emplace_back(kOnAnyPort);
    daemon_ = std::make_unique<DaemonProcess>(arguments, launcher);
    port_ = ListeningPort(daemon_->pid());
    ASSERT_GT(port_, 0);
  }

  // The client of another peer: the user at the other end of a Unix socket.
  grpc::Status CallOfAnotherPeer() const { return CallOn(daemon_->Connect()); }

  std::unique_ptr<DaemonProcess> daemon_;
  int port_ = 0;
};

TEST_F(TransportTest, IdleConnectionsDoNotTakeAllDescriptors) {
  Run({}, {"prlimit", "--nofile=64"});
  constexpr int kConnections = 1100;
  std::vector<std::unique_ptr<TcpClient>> idle;
  idle.reserve(kConnections);
  for (int i = 0; i < kConnections; ++i) {
    idle.push_back(std::make_unique<TcpClient>(port_));
  }
  // The last ones were refused.
  EXPECT_TRUE(idle.back()->WaitForEnd());
  EXPECT_LT(daemon_->OpenFileDescriptors(), 64u);
  // There is room for another peer, and for what a dissection needs.
  daemon_->store().Write("x.pcap", CaptureBuilder().bytes());
  EXPECT_TRUE(Dissect(daemon_->Connect(), RequestFor("x.pcap")).status.ok());
  idle.clear();
  EXPECT_TRUE(CallOn(ConnectTo(port_)).ok());
}

TEST_F(TransportTest, ManyHonestClientsOfFewDescriptorsAreServedInTurn) {
  Run({}, {"prlimit", "--nofile=64"});
  std::vector<std::shared_ptr<grpc::Channel>> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(ConnectTo(port_));
    const grpc::Status status = CallOn(clients.back());
    EXPECT_TRUE(status.ok()) << i << ": " << status.error_message();
    if (clients.size() == 5) clients.erase(clients.begin());
  }
}

TEST_F(TransportTest, APeerHasALimitOfConnections) {
  Run({"--max-connections-per-peer=3"});
  std::vector<std::unique_ptr<RawHttp2>> connections;
  Http2Frame frame;
  for (int i = 0; i < 3; ++i) {
    connections.push_back(std::make_unique<RawHttp2>(port_));
    EXPECT_TRUE(connections.back()->Read(&frame));
  }
  EXPECT_TRUE(TcpClient(port_).WaitForEnd());
  RawHttp2 other(port_, "127.0.0.2");
  EXPECT_TRUE(other.Read(&frame));
  connections.pop_back();
  EXPECT_TRUE(CallOn(ConnectTo(port_)).ok());
}

TEST_F(TransportTest, ConnectionsWithoutCallsGiveWayToOthers) {
  Run({"--max-connections-per-peer=2"});
  const auto busy = ConnectTo(port_);
  grpc::ClientContext context;
  const auto call = v1::DissectionService::NewStub(busy)->DissectPipe(&context);
  v1::DissectPipeRequest request;
  request.mutable_request();
  ASSERT_TRUE(call->Write(request));
  RawHttp2 unused(port_);
  // Connects again until there is room, some seconds later.
  EXPECT_TRUE(CallOn(ConnectTo(port_)).ok());
  Http2Frame frame;
  while (unused.Read(&frame)) {
  }
  EXPECT_EQ(busy->GetState(false), GRPC_CHANNEL_READY);
  context.TryCancel();
  call->Finish();
}

TEST_F(TransportTest, ConnectionsThatSayNothingOrLittleAreClosed) {
  Run({});
  const TcpClient silent(port_);
  const TcpClient slow(port_);
  EXPECT_TRUE(slow.Send("PRI *"));
  EXPECT_TRUE(silent.WaitForEnd());
  EXPECT_TRUE(slow.WaitForEnd());
}

TEST_F(TransportTest, ConnectionsWithoutCallsAreClosed) {
  Run({"--idle-timeout=1"});
  RawHttp2 client(port_);
  Http2Frame frame;
  bool told = false;
  while (client.Read(&frame)) told |= frame.type == Http2Frame::kGoAway;
  EXPECT_TRUE(told);
}

TEST_F(TransportTest, SensiblePingsAreWelcome) {
  Run({});
  RawHttp2 client(port_);
  // gRPC counts three that come too soon, and says good-bye.
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(client.Send({Http2Frame::kPing, 0, 0, "12345678"}));
    Http2Frame frame;
    do {
      ASSERT_TRUE(client.Read(&frame));
      ASSERT_NE(frame.type, Http2Frame::kGoAway) << frame.payload;
    } while (frame.type != Http2Frame::kPing);
    // What a client with a ping every six seconds does.
    std::this_thread::sleep_for(std::chrono::seconds(6));
  }
}

// Returns the value of a setting that the server announces.
uint32_t SettingOf(const Http2Frame& frame, uint16_t setting) {
  const auto* bytes =
      reinterpret_cast<const unsigned char*>(frame.payload.data());
  for (size_t i = 0; i + 6 <= frame.payload.size(); i += 6) {
    if ((bytes[i] << 8 | bytes[i + 1]) != setting) continue;
    return uint32_t{bytes[i + 2]} << 24 | bytes[i + 3] << 16 |
           bytes[i + 4] << 8 | bytes[i + 5];
  }
  return 0;
}

TEST_F(TransportTest, StreamsAndHeadersHaveLimits) {
  Run({"--max-streams-per-connection=7"});
  RawHttp2 client(port_);
  Http2Frame settings;
  ASSERT_TRUE(client.Read(&settings));
  ASSERT_EQ(settings.type, Http2Frame::kSettings);
  constexpr uint16_t kMaxConcurrentStreams = 3;
  constexpr uint16_t kMaxHeaderListSize = 6;
  EXPECT_EQ(SettingOf(settings, kMaxConcurrentStreams), 7u);
  EXPECT_EQ(SettingOf(settings, kMaxHeaderListSize), 16u << 10);

  grpc::ClientContext context;
  context.AddMetadata("x-long", std::string(100'000, 'x'));
  v1::ListFilesResponse response;
  const grpc::Status status =
      v1::FileService::NewStub(ConnectTo(port_))
          ->ListFiles(&context, v1::ListFilesRequest(), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED)
      << status.error_message();
  EXPECT_TRUE(CallOn(ConnectTo(port_)).ok());
}

// The streams of a client that begins large messages and never ends them.
class UnfinishedMessages {
 public:
  static constexpr uint32_t kStreams = 32;
  static constexpr uint32_t kMessageBytes = 16'000'000;

  explicit UnfinishedMessages(int port) : client_(port) {
    for (uint32_t i = 0; i < kStreams; ++i) {
      const uint32_t stream = 2 * i + 1;
      left_[stream] = kMessageBytes - 1;
      EXPECT_TRUE(
          client_.BeginCall(stream, "/dissectd.v1.FileService/GetFile"));
      const char size[] = {0, 0, static_cast<char>(kMessageBytes >> 16),
                           static_cast<char>(kMessageBytes >> 8 & 0xff),
                           static_cast<char>(kMessageBytes & 0xff)};
      EXPECT_TRUE(client_.Send(
          {Http2Frame::kData, 0, stream, std::string(size, sizeof(size))}));
    }
  }

  // Sends what the server permits, and reads what it has sent.
  void Continue() {
    bool sent = false;
    for (auto& [stream, left] : left_) {
      const size_t size = client_.SendData(stream, left);
      left -= size;
      total_ += size;
      sent |= size > 0;
    }
    constexpr int kPatienceMilliseconds = 100;
    Http2Frame frame;
    while (!left_.empty() &&
           client_.HasFrame(sent ? 0 : kPatienceMilliseconds)) {
      if (!client_.Read(&frame)) {
        left_.clear();
      } else if (frame.type == Http2Frame::kResetStream ||
                 (frame.type == Http2Frame::kHeaders &&
                  (frame.flags & 1) != 0)) {
        left_.erase(frame.stream);
      }
    }
  }

  // Returns the number of streams that the server has ended.
  size_t ended() const { return kStreams - left_.size(); }
  size_t total() const { return total_; }

 private:
  RawHttp2 client_;
  // The bytes that aren't sent, by stream.
  std::map<uint32_t, size_t> left_;
  size_t total_ = 0;
};

TEST_F(TransportTest, UnfinishedMessagesHaveAMemoryLimit) {
  constexpr size_t kQuotaKib = 64 << 10;
  constexpr size_t kSlackKib = 64 << 10;
  Run({"--max-message-memory=64MB"});
  EXPECT_TRUE(CallOfAnotherPeer().ok());
  const size_t before = MemoryOf(daemon_->pid(), "VmRSS");
  UnfinishedMessages messages(port_);
  // Without a limit, the daemon would hold all that it permits to be sent.
  const size_t much = 3 * kQuotaKib << 10;
  WaitFor("the end of messages that are too many", [&] {
    messages.Continue();
    return messages.total() > much ||
           messages.ended() > UnfinishedMessages::kStreams / 2;
  });
  EXPECT_GT(messages.total(), kQuotaKib << 9);
  EXPECT_LT(MemoryOf(daemon_->pid(), "VmHWM"), before + kQuotaKib + kSlackKib);
  EXPECT_TRUE(CallOfAnotherPeer().ok());
}

TEST_F(TransportTest, HeadersWithoutEndHaveAMemoryLimit) {
  constexpr size_t kLimitKib = size_t{128 + 2 * 64} << 10;
  // gRPC copies the headers that it has when it ends the call.
  constexpr size_t kCopies = 5;
  constexpr size_t kMaxFrames = 400'000;
  Run({"--max-message-memory=64MB"});
  const auto other = daemon_->Connect();
  ASSERT_TRUE(CallOn(other).ok());
  const size_t before = MemoryOf(daemon_->pid(), "VmRSS");
  const RawHttp2 client(port_);
  ASSERT_TRUE(client.BeginHeaders(1, "/dissectd.v1.FileService/GetFile"));
  std::string fields;
  for (int i = 0; i < 100; ++i) fields += std::string("\0\1a\1b", 5);
  size_t frames = 0;
  while (frames < kMaxFrames &&
         client.Send({Http2Frame::kContinuation, 0, 1, fields})) {
    ++frames;
  }
  EXPECT_LT(frames, kMaxFrames) << "the connection isn't ended";
  // Its memory goes back to the system, when gRPC has ended the call.
  WaitFor("the memory to be free", [&] {
    return MemoryOf(daemon_->pid(), "VmRSS") < before + kLimitKib / 2;
  });
  EXPECT_LT(MemoryOf(daemon_->pid(), "VmHWM"), before + kCopies * kLimitKib);
  // gRPC may have closed connections without calls when memory was scarce.
  WaitFor("an honest call", [&] { return CallOn(other).ok(); });
}

TEST_F(TransportTest, CompressedMessagesAreNotInflated) {
  Run({});
  grpc::ChannelArguments arguments;
  arguments.SetCompressionAlgorithm(GRPC_COMPRESS_GZIP);
  const auto channel =
      grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port_),
                                grpc::InsecureChannelCredentials(), arguments);
  const size_t before = MemoryOf(daemon_->pid(), "VmRSS");
  v1::GetFileRequest request;
  request.set_name(std::string(size_t{300} << 20, '0'));
  grpc::ClientContext context;
  v1::GetFileResponse response;
  const grpc::Status status =
      v1::FileService::NewStub(channel)->GetFile(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED)
      << status.error_message();
  EXPECT_LT(MemoryOf(daemon_->pid(), "VmHWM"), before + (64 << 10));
}

// Begins calls and resets their streams at once, until the server closes the
// connection or `count` streams are reset. Returns the number of streams.
uint32_t ResetRapidly(RawHttp2* client, const std::string& method,
                      uint32_t count) {
  const std::string cancel("\0\0\0\x08", 4);
  Http2Frame frame;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t stream = 2 * i + 1;
    if (!client->BeginCall(stream, method) ||
        !client->Send({Http2Frame::kResetStream, 0, stream, cancel})) {
      return i;
    }
    while (client->HasFrame(0)) {
      if (!client->Read(&frame)) return i;
    }
  }
  return count;
}

TEST_F(TransportTest, RapidResetsEndTheConnection) {
  constexpr uint32_t kMany = 200'000;
  Run({});
  // One whose calls begin with their first message, and one whose calls don't;
  // and some that gRPC answers itself.
  for (const char* method :
       {"/dissectd.v1.FileService/GetFile",
        "/dissectd.v1.DissectionService/DissectPipe",
        "/dissectd.v1.FileService/NoSuchMethod", "/grpc.health.v1.Health/Check",
        "/grpc.health.v1.Health/Watch",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"}) {
    RawHttp2 client(port_);
    EXPECT_LT(ResetRapidly(&client, method, kMany), kMany) << method;
    // The daemon has to end the calls first.
    WaitFor("an honest call", [&] { return CallOn(ConnectTo(port_)).ok(); });
  }
}

TEST_F(TransportTest, ServerInfoTellsTheLimits) {
  Run({"--max-connections-per-peer=3"}, {"prlimit", "--nofile=64"});
  grpc::ClientContext context;
  v1::GetServerInfoResponse info;
  ASSERT_TRUE(v1::ServerService::NewStub(daemon_->Connect())
                  ->GetServerInfo(&context, v1::GetServerInfoRequest(), &info)
                  .ok());
  EXPECT_GE(info.limits().max_connections(), 4u);
  EXPECT_LT(info.limits().max_connections(), 32u);
  EXPECT_EQ(info.limits().max_connections_per_peer(), 3u);
}

TEST(PlaintextTest, NeedsAWordOfTheOperatorBeyondThisMachine) {
  const TemporaryFolder folder;
  const CommandOutput output =
      RunDaemon("--listen=0.0.0.0:0 --store=" + folder.path());
  EXPECT_EQ(output.exit_status, 1);
  EXPECT_THAT(output.text, HasSubstr("can't listen on 0.0.0.0:0 without TLS"));
  EXPECT_THAT(output.text, HasSubstr("--insecure-plaintext-from-anywhere"));
}

}  // namespace
}  // namespace dissectd
