// SPDX-License-Identifier: GPL-2.0-or-later

// Tests what calls that read a file do if it is cut, replaced or deleted
// meanwhile.

#include <gtest/gtest.h>
#include <sys/types.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "tests/e2e/capture_faults.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

// More than all buffers between a worker and its client hold, so that a client
// that doesn't read stops the worker in mid-stream.
constexpr uint32_t kFrames = 20'000;
constexpr size_t kPayload = 1000;
// A frame, and the headers of a pcap file and of its records.
constexpr off_t kFrameBytes = kPayload + 42;
constexpr off_t kFileHeader = 24;
constexpr off_t kRecordHeader = 16;

// Returns a frame that differs from all others.
std::string FrameOf(uint32_t number, char fill = 'x') {
  std::string payload = std::to_string(number) + " ";
  payload.resize(kPayload, fill);
  return UdpFrame(1000, 2000, payload);
}

std::string Pcap(uint32_t frames, char fill = 'x') {
  CaptureBuilder capture;
  for (uint32_t i = 1; i <= frames; ++i) capture.Add(FrameOf(i, fill));
  return capture.bytes();
}

template <typename Number>
std::string BytesOf(Number number) {
  return std::string(reinterpret_cast<const char*>(&number), sizeof(number));
}

// Returns a block of a pcapng file.
std::string Block(uint32_t type, std::string body) {
  constexpr uint32_t kAround = 12;
  body.resize((body.size() + 3) / 4 * 4);
  const auto size = static_cast<uint32_t>(body.size() + kAround);
  return BytesOf(type) + BytesOf(size) + body + BytesOf(size);
}

std::string Pcapng(uint32_t frames) {
  constexpr uint32_t kSection = 0x0a0d0d0a;
  constexpr uint32_t kInterface = 1;
  constexpr uint32_t kPacket = 6;
  std::string bytes =
      Block(kSection, BytesOf(uint32_t{0x1a2b3c4d}) + BytesOf(uint16_t{1}) +
                          BytesOf(uint16_t{0}) + BytesOf(int64_t{-1}));
  bytes += Block(kInterface, BytesOf(uint32_t{CaptureBuilder::kEthernet}) +
                                 BytesOf(uint32_t{0}));
  for (uint32_t i = 1; i <= frames; ++i) {
    const std::string frame = FrameOf(i);
    const auto size = static_cast<uint32_t>(frame.size());
    // It is from the first interface, at the beginning of time.
    bytes += Block(
        kPacket, std::string(12, '\0') + BytesOf(size) + BytesOf(size) + frame);
  }
  return bytes;
}

bool IsStopped(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  const std::string stat(std::istreambuf_iterator<char>(file), {});
  return stat.find(") T ") != std::string::npos;
}

// How a file is dissected.
struct Way {
  const char* file;
  bool two_pass;
  // Lets pass workers share the second pass.
  bool tree;
};

constexpr Way kWays[] = {
    {"in.pcap", false, false},  {"in.pcap", true, false},
    {"in.pcap", true, true},    {"in.pcapng", false, false},
    {"in.pcapng", true, false}, {"in.pcapng", true, true},
};

// What a client got of a file.
struct Got {
  uint32_t last_frame = 0;
  uint32_t crashes = 0;
  v1::StreamEnd end;
  grpc::Status status;
};

class FileChangeTest : public ::testing::Test {
 protected:
  // Writes the original file.
  void Write(const std::string& file) const {
    static const std::string kPcap = Pcap(kFrames);
    static const std::string kPcapng = Pcapng(kFrames);
    daemon_.store().Write(file, file == "in.pcap" ? kPcap : kPcapng);
  }

  std::string PathOf(const std::string& file) const {
    return daemon_.store().path() + "/" + file;
  }

  // Starts a call about the original file and reads its first frames. With two
  // passes, the second one has begun then.
  std::unique_ptr<Dissection> Begin(const Way& way, Got* got) const {
    Write(way.file);
    v1::DissectRequest request = RequestFor(way.file);
    request.mutable_options()->set_two_pass(way.two_pass);
    request.mutable_view()->set_bytes(v1::BYTE_DETAIL_FRAME);
    if (way.tree) request.mutable_view()->set_tree(v1::TREE_DETAIL_FULL);
    auto call = std::make_unique<Dissection>(daemon_.Connect(), request);
    v1::DissectResponse response;
    while (got->last_frame == 0 && call->Next(&response)) Add(response, got);
    EXPECT_GT(got->last_frame, 0u);
    return call;
  }

  // Reads the rest of a call.
  static void ReadToEnd(Dissection* call, Got* got) {
    v1::DissectResponse response;
    while (call->Next(&response)) Add(response, got);
    got->status = call->Finish();
  }

  // Changes something and kills the only worker, which has no time to notice.
  void KillWorkerAfter(const std::function<void()>& change) const {
    const std::vector<pid_t> workers = daemon_.WorkerPids();
    ASSERT_EQ(workers.size(), 1u);
    kill(workers[0], SIGSTOP);
    WaitFor("the worker to stop", [&] { return IsStopped(workers[0]); });
    change();
    kill(workers[0], SIGKILL);
  }

  // Expects that the daemon serves other files, and has nothing left of earlier
  // calls.
  void ExpectServing() const {
    daemon_.WaitForNoWorkers();
    daemon_.store().Write("small.pcap", Pcap(3));
    const DissectionResult result =
        Dissect(daemon_.Connect(), RequestFor("small.pcap"));
    EXPECT_TRUE(result.status.ok()) << result.status.error_message();
    EXPECT_EQ(result.Frames().size(), 3u);
  }

  const DaemonProcess daemon_;

 private:
  // Expects that each frame is the one after the last, with its bytes in the
  // original file.
  static void Add(const v1::DissectResponse& response, Got* got) {
    for (const v1::Frame& frame : response.batch().frames()) {
      ASSERT_EQ(frame.number(), ++got->last_frame);
      ASSERT_GE(frame.sources_size(), 1);
      ASSERT_EQ(frame.sources(0).data(), FrameOf(frame.number()));
    }
    if (response.has_crash()) {
      ++got->crashes;
      ASSERT_EQ(response.crash().frame_number(), ++got->last_frame);
    }
    if (response.has_end()) got->end = response.end();
  }
};

void ExpectCutShort(const Got& got, const std::string& file) {
  EXPECT_TRUE(got.status.ok()) << got.status.error_message();
  EXPECT_LT(got.last_frame, kFrames);
  EXPECT_EQ(got.end.reason(), v1::END_REASON_READ_ERROR);
  EXPECT_EQ(got.end.read_error().reason(), "FILE_CUT_SHORT");
  EXPECT_EQ(got.end.read_error().message(),
            "The file \"" + file +
                "\" appears to have been cut short in the middle of a packet.");
  EXPECT_EQ(got.end.frames_sent(), got.last_frame);
}

void ExpectWhole(const Got& got) {
  EXPECT_TRUE(got.status.ok()) << got.status.error_message();
  EXPECT_EQ(got.last_frame, kFrames);
  EXPECT_EQ(got.end.reason(), v1::END_REASON_END_OF_FILE);
  EXPECT_EQ(got.end.frames_sent(), kFrames);
  EXPECT_EQ(got.crashes, 0u);
}

TEST_F(FileChangeTest, AFileThatIsCutEndsTheStreamAsOneThatWasCutBefore) {
  // The rest of the file is gone, or the middle of a block is its end.
  constexpr off_t kMiddle = kFrames / 2 * kFrameBytes + 1;
  for (const Way& way : kWays) {
    for (const off_t size : {off_t{0}, kMiddle}) {
      SCOPED_TRACE(std::string(way.file) + (way.two_pass ? ", two" : ", one") +
                   (way.tree ? ", tree, " : ", ") + std::to_string(size));
      Got got;
      const auto call = Begin(way, &got);
      ASSERT_EQ(truncate(PathOf(way.file).c_str(), size), 0);
      ReadToEnd(call.get(), &got);
      ExpectCutShort(got, way.file);
      EXPECT_EQ(got.crashes, 0u);
      ExpectServing();
    }
  }
}

TEST_F(FileChangeTest, AFileThatIsReplacedOrDeletedIsReadToItsEnd) {
  for (const Way& way : kWays) {
    for (const bool replaced : {false, true}) {
      SCOPED_TRACE(std::string(way.file) + (way.two_pass ? ", two" : ", one") +
                   (way.tree ? ", tree" : ""));
      Got got;
      const auto call = Begin(way, &got);
      if (replaced) {
        daemon_.store().Write("next", Pcap(5, 'y'));
        ASSERT_EQ(rename(PathOf("next").c_str(), PathOf(way.file).c_str()), 0);
      } else {
        ASSERT_EQ(unlink(PathOf(way.file).c_str()), 0);
      }
      const DissectionResult other =
          Dissect(daemon_.Connect(), RequestFor(way.file));
      EXPECT_EQ(other.Frames().size(), replaced ? 5u : 0u);
      EXPECT_EQ(other.status.ok(), replaced);
      ReadToEnd(call.get(), &got);
      ExpectWhole(got);
      ExpectServing();
    }
  }
}

TEST_F(FileChangeTest, StreamsOfOtherFilesDoNotNotice) {
  Got cut_got;
  Got other_got;
  const auto cut = Begin({"in.pcap", false, false}, &cut_got);
  const auto other = Begin({"in.pcapng", true, true}, &other_got);
  ASSERT_EQ(truncate(PathOf("in.pcap").c_str(), 0), 0);
  ReadToEnd(other.get(), &other_got);
  ExpectWhole(other_got);
  ReadToEnd(cut.get(), &cut_got);
  ExpectCutShort(cut_got, "in.pcap");
  ExpectServing();
}

// The worker that continues the stream reads the file from its beginning.
TEST_F(FileChangeTest, AStreamWhoseWorkerDiesNeedsTheWholeFileAgain) {
  for (const bool two_pass : {false, true}) {
    // All of the file is gone, or it ends after its first record.
    for (const off_t size :
         {off_t{0}, kFileHeader + kRecordHeader + kFrameBytes}) {
      SCOPED_TRACE(std::string(two_pass ? "two, " : "one, ") +
                   std::to_string(size));
      Got got;
      const auto call = Begin({"in.pcap", two_pass, false}, &got);
      KillWorkerAfter(
          [&] { ASSERT_EQ(truncate(PathOf("in.pcap").c_str(), size), 0); });
      ReadToEnd(call.get(), &got);
      if (size == 0) {
        ExpectError(got.status, grpc::StatusCode::FAILED_PRECONDITION,
                    "FILE_EMPTY");
      } else {
        EXPECT_TRUE(got.status.ok()) << got.status.error_message();
        EXPECT_EQ(got.end.read_error().reason(), "FILE_CUT_SHORT");
      }
      EXPECT_LT(got.last_frame, kFrames);
      ExpectServing();
    }
    // Another file of the name doesn't get into the stream.
    Got got;
    const auto call = Begin({"in.pcap", two_pass, false}, &got);
    daemon_.store().Write("next", Pcap(kFrames, 'y'));
    KillWorkerAfter([&] {
      ASSERT_EQ(rename(PathOf("next").c_str(), PathOf("in.pcap").c_str()), 0);
    });
    ReadToEnd(call.get(), &got);
    EXPECT_TRUE(got.status.ok()) << got.status.error_message();
    EXPECT_EQ(got.last_frame, kFrames);
    EXPECT_EQ(got.end.reason(), v1::END_REASON_END_OF_FILE);
    EXPECT_LE(got.crashes, 1u);
  }
}

TEST_F(FileChangeTest, ReadFileSendsWhatWasThereWhenItBegan) {
  const std::string whole = Pcap(kFrames);
  for (const bool cut : {false, true}) {
    Write("in.pcap");
    const auto stub = v1::FileService::NewStub(daemon_.Connect());
    grpc::ClientContext context;
    v1::ReadFileRequest request;
    request.set_name("files/in.pcap");
    const auto reader = stub->ReadFile(&context, request);
    v1::ReadFileResponse response;
    ASSERT_TRUE(reader->Read(&response));
    std::string bytes = response.data();
    if (cut) {
      ASSERT_EQ(truncate(PathOf("in.pcap").c_str(), 0), 0);
    } else {
      daemon_.store().Write("next", Pcap(5, 'y'));
      ASSERT_EQ(rename(PathOf("next").c_str(), PathOf("in.pcap").c_str()), 0);
    }
    while (reader->Read(&response)) bytes += response.data();
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(bytes == whole.substr(0, bytes.size()));
    if (cut) {
      EXPECT_LT(bytes.size(), whole.size());
      ExpectError(status, grpc::StatusCode::FAILED_PRECONDITION,
                  "FILE_CUT_SHORT");
    } else {
      EXPECT_TRUE(status.ok()) << status.error_message();
      EXPECT_EQ(bytes.size(), whole.size());
    }
  }
  ExpectServing();
}

}  // namespace
}  // namespace dissectd
