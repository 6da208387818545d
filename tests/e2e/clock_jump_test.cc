// SPDX-License-Identifier: GPL-2.0-or-later

// Sets the clock of a running daemon forward and back: time limits go on as if
// nothing had happened, and only what expires at a time of day expires.

#include <fcntl.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "dissectd/v1/server.grpc.pb.h"
#include "tests/e2e/capture_client.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/network_namespace.h"
#include "tests/e2e/raw_http2.h"
#include "tests/e2e/run_daemon.h"

namespace dissectd {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Large enough that a call is reading it for a while.
constexpr uint64_t kBigFileBytes = uint64_t{256} << 20;

// What a daemon's clock differs from this machine's by; 0 at first. It applies
// to the processes that `launcher` starts.
class WallClock {
 public:
  WallClock() {
    const std::string path = folder_.path() + "/shift";
    folder_.Write("shift", std::string(sizeof(*shift_), '\0'));
    const int fd = open(path.c_str(), O_RDWR | O_CLOEXEC);
    shift_ = static_cast<std::atomic<int64_t>*>(
        mmap(nullptr, sizeof(*shift_), PROT_WRITE, MAP_SHARED, fd, 0));
    close(fd);
  }
  ~WallClock() { munmap(shift_, sizeof(*shift_)); }
  WallClock(const WallClock&) = delete;
  WallClock& operator=(const WallClock&) = delete;

  // The program `except` keeps this machine's clock.
  std::vector<std::string> launcher(const std::string& except) const {
    return {"env", "WALL_CLOCK_FILE=" + folder_.path() + "/shift",
            "WALL_CLOCK_EXCEPT=" + except,
            // The library comes before the sanitizer's.
            "ASAN_OPTIONS=verify_asan_link_order=0",
            "LD_PRELOAD=" +
                std::filesystem::absolute("tests/e2e/wall_clock_library.so")
                    .string()};
  }

  void Set(seconds shift) { *shift_ = shift.count(); }

 private:
  const TemporaryFolder folder_;
  std::atomic<int64_t>* shift_;
};

grpc::Status InfoWith(const std::shared_ptr<grpc::Channel>& channel,
                      const std::string& token = "") {
  grpc::ClientContext context;
  if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
  v1::GetServerInfoResponse info;
  return v1::ServerService::NewStub(channel)->GetServerInfo(
      &context, v1::GetServerInfoRequest(), &info);
}

class ClockJumpTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!EnterPrivateNetwork()) {
      GTEST_SKIP() << "the kernel allows no network namespace of our own";
    }
  }

  void StartDaemon(const std::vector<std::string>& arguments = {},
                   const std::string& except = "") {
    daemon_.emplace(arguments, clock_.launcher(except));
    channel_ = daemon_->Connect();
  }

  WallClock clock_;
  std::optional<DaemonProcess> daemon_;
  std::shared_ptr<grpc::Channel> channel_;
};

// Reads a big file, as slowly as the test wants.
class SlowReading {
 public:
  SlowReading(const DaemonProcess& daemon,
              const std::shared_ptr<grpc::Channel>& channel)
      : stub_(v1::FileService::NewStub(channel)) {
    daemon.store().Write("big.pcap", "");
    std::filesystem::resize_file(daemon.store().path() + "/big.pcap",
                                 kBigFileBytes);
    context_.set_deadline(std::chrono::system_clock::now() + minutes(10));
    v1::ReadFileRequest request;
    request.set_name("files/big.pcap");
    reader_ = stub_->ReadFile(&context_, request);
    EXPECT_TRUE(Next());
  }

  bool Next() {
    v1::ReadFileResponse response;
    if (!reader_->Read(&response)) return false;
    bytes_ += response.data().size();
    return true;
  }

  void ExpectAll() {
    while (Next()) {
    }
    const grpc::Status status = reader_->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(bytes_, kBigFileBytes);
  }

 private:
  const std::unique_ptr<v1::FileService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::ReadFileResponse>> reader_;
  uint64_t bytes_ = 0;
};

TEST_F(ClockJumpTest, ACallKeepsTheTimeUntilItsDeadline) {
  StartDaemon();
  SlowReading reading(*daemon_, channel_);
  clock_.Set(hours(1));
  reading.ExpectAll();
  SlowReading second(*daemon_, channel_);
  clock_.Set(hours(0));
  second.ExpectAll();
}

TEST_F(ClockJumpTest, StoppingGivesRunningCallsTheirTime) {
  StartDaemon({"--drain-timeout=600"});
  SlowReading reading(*daemon_, channel_);
  daemon_->RequestStop();
  WaitFor("refusal of calls", [&] { return !InfoWith(channel_).ok(); });
  clock_.Set(hours(1));
  reading.ExpectAll();
  EXPECT_EQ(daemon_->Wait(), 0);
}

TEST_F(ClockJumpTest, StoppingDoesNotTakeLongerIfTheClockIsSetBack) {
  StartDaemon({"--drain-timeout=5"});
  const SlowReading reading(*daemon_, channel_);
  daemon_->RequestStop();
  WaitFor("refusal of calls", [&] { return !InfoWith(channel_).ok(); });
  clock_.Set(-hours(1));
  EXPECT_EQ(daemon_->Wait(), 0);
}

// The hash that `printf secret | sha256sum` prints, and that of other.
constexpr char kSecret[] =
    "sha256:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
constexpr char kOther[] =
    "sha256:d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa";

// Returns a time as in RFC 3339.
std::string TimeIn(seconds time) {
  const time_t point = std::time(nullptr) + time.count();
  tm parts = {};
  gmtime_r(&point, &parts);
  std::array<char, 32> text = {};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

TEST_F(ClockJumpTest, TokensExpireByTheTimeOfDayAndAreRevokedAtAnyTime) {
  const TemporaryFolder folder;
  const std::string expiry = TimeIn(minutes(30));
  folder.Write("tokens", absl::StrCat("alice ", kSecret, " ", expiry, "\nbob ",
                                      kOther, "\n"));
  StartDaemon({absl::StrCat("--token-file=", folder.path(), "/tokens"),
               "--policy=deploy/policy/everyone.json"});
  EXPECT_TRUE(InfoWith(channel_, "secret").ok());
  // abseil asks for the time of day every two seconds, and counts between.
  clock_.Set(hours(1));
  WaitFor("the expiry of alice's token", [&] {
    return InfoWith(channel_, "secret").error_code() ==
           grpc::StatusCode::UNAUTHENTICATED;
  });
  EXPECT_TRUE(InfoWith(channel_, "other").ok());
  clock_.Set(-hours(1));
  WaitFor("the time before that",
          [&] { return InfoWith(channel_, "secret").ok(); });
  folder.Write("next", absl::StrCat("bob ", kOther, "\n"));
  ASSERT_EQ(std::rename((folder.path() + "/next").c_str(),
                        (folder.path() + "/tokens").c_str()),
            0);
  WaitFor("the revocation of alice's token",
          [&] { return !InfoWith(channel_, "secret").ok(); });
  EXPECT_TRUE(InfoWith(channel_, "other").ok());
}

TEST_F(ClockJumpTest, ACallerMayCallAgainAfterASecond) {
  StartDaemon({"--max-calls-per-second=5"});
  WaitFor("a refusal", [&] { return !InfoWith(channel_).ok(); });
  clock_.Set(-hours(1));
  WaitFor("another call", [&] { return InfoWith(channel_).ok(); });
}

// Returns a connection that the daemon accepts, which is when it answers.
std::unique_ptr<RawHttp2> Accepted(int port) {
  std::unique_ptr<RawHttp2> client;
  WaitFor("a connection", [&] {
    client = std::make_unique<RawHttp2>(port);
    Http2Frame frame;
    return client->Read(&frame);
  });
  return client;
}

TEST_F(ClockJumpTest, AConnectionWithoutCallsMakesRoomAfterTenSeconds) {
  StartDaemon({"--listen=127.0.0.1:0", "--max-connections-per-peer=4"});
  const int port = ListeningPort(daemon_->pid());
  std::array<std::unique_ptr<RawHttp2>, 4> clients;
  for (auto& client : clients) client = Accepted(port);
  clock_.Set(-hours(1));
  Accepted(port);
}

class UploadClient {
 public:
  explicit UploadClient(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(v1::FileService::NewStub(channel)) {}

  v1::Upload Create(const std::string& hash = "") const {
    grpc::ClientContext context;
    v1::CreateUploadRequest request;
    request.set_file_name("a.pcap");
    request.set_sha256(hash);
    v1::CreateUploadResponse response;
    EXPECT_TRUE(stub_->CreateUpload(&context, request, &response).ok());
    return response.upload();
  }

  grpc::Status Append(const v1::Upload& upload, uint64_t offset,
                      bool finish) const {
    grpc::ClientContext context;
    v1::AppendUploadRequest request;
    request.set_name(upload.name());
    request.set_offset(offset);
    request.set_data("secret");
    request.set_finish(finish);
    v1::AppendUploadResponse response;
    return stub_->AppendUpload(&context, request, &response);
  }

 private:
  const std::unique_ptr<v1::FileService::Stub> stub_;
};

TEST_F(ClockJumpTest, UploadsAreKeptForADayOfTheirs) {
  // What `printf secret | sha256sum` prints, too.
  const std::string hash =
      "\x2b\xb8\x0d\x53\x7b\x1d\xa3\xe3\x8b\xd3\x03\x61\xaa\x85\x56\x86"
      "\xbd\xe0\xea\xcd\x71\x62\xfe\xf6\xa2\x5f\xe9\x7b\xf5\x27\xa2\x5b";
  StartDaemon();
  const UploadClient client(channel_);
  const v1::Upload unfinished = client.Create();
  EXPECT_TRUE(client.Append(unfinished, 0, false).ok());
  const v1::Upload copy = client.Create(hash);
  EXPECT_TRUE(client.Append(copy, 0, true).ok());
  uint64_t offset = 0;
  for (const hours shift : {hours(25), -hours(25), hours(0)}) {
    clock_.Set(shift);
    // The daemon deletes what has expired when there is another upload.
    client.Create();
    EXPECT_NE(client.Create(hash).file(), "") << shift.count();
    offset += 6;
    EXPECT_TRUE(client.Append(unfinished, offset, false).ok()) << shift.count();
  }
  EXPECT_TRUE(client.Append(unfinished, offset + 6, true).ok());
}

// Sends packets, and returns the number of all that were sent.
uint32_t SendMore(uint32_t sent) {
  UdpTraffic traffic;
  traffic.count = 10;
  traffic.first = sent + 1;
  SendUdp(traffic);
  return sent + traffic.count;
}

// dumpcap 4.0 reports packets by the time of day, and so not until the clock
// has caught up. They are in the file then.
TEST_F(ClockJumpTest, CapturesLoseNothing) {
  StartDaemon();
  const CaptureClient client(channel_);
  const std::string name = client.Create(CaptureOf("lo")).name();
  uint32_t sent = 0;
  for (const hours shift : {hours(0), hours(1)}) {
    clock_.Set(shift);
    sent = SendMore(sent);
    client.WaitForPackets(name, sent);
  }
  clock_.Set(-hours(1));
  sent = SendMore(sent);
  clock_.Set(hours(1));
  sent = SendMore(sent);
  client.WaitForPackets(name, sent);
  const v1::Capture capture = client.Stop(name);
  EXPECT_EQ(capture.stopped().reason(), v1::STOP_REASON_REQUESTED);
  EXPECT_EQ(capture.packets_written(), sent);
}

TEST_F(ClockJumpTest, StatisticsOfACaptureGoOn) {
  StartDaemon({}, "dumpcap");
  const CaptureClient client(channel_);
  const std::string name = client.Create(CaptureOf("lo")).name();
  grpc::ClientContext context;
  CaptureClient::SetDeadline(&context);
  v1::WatchCaptureStatisticsRequest request;
  request.set_name(name);
  request.mutable_interval()->set_nanos(100'000'000);
  const auto reader = client.stub()->WatchCaptureStatistics(&context, request);
  v1::WatchCaptureStatisticsResponse rates;
  ASSERT_TRUE(reader->Read(&rates));
  uint32_t sent = 0;
  for (const hours shift : {hours(0), hours(1), -hours(1), hours(0)}) {
    clock_.Set(shift);
    sent = SendMore(sent);
    while (rates.totals().packets() < sent) {
      ASSERT_TRUE(reader->Read(&rates)) << shift.count();
    }
  }
  EXPECT_EQ(rates.totals().packets(), sent);
  context.TryCancel();
  reader->Finish();
}

}  // namespace
}  // namespace dissectd
