// SPDX-License-Identifier: GPL-2.0-or-later

// Tests capturing from named pipes in a folder that the operator allows.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "core/engine/testing/capture_builder.h"
#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

// The write end of a named pipe.
class PipeWriter {
 public:
  // Opens the pipe and waits for a reader.
  explicit PipeWriter(const std::string& path) {
    WaitFor("a reader of the pipe", [&] {
      fd_ = open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
      return fd_ >= 0;
    });
  }
  ~PipeWriter() {
    if (fd_ >= 0) close(fd_);
  }
  PipeWriter(const PipeWriter&) = delete;
  PipeWriter& operator=(const PipeWriter&) = delete;

  // Writes bytes that fit into the pipe.
  void Write(const std::string& bytes) const {
    EXPECT_EQ(write(fd_, bytes.data(), bytes.size()),
              static_cast<ssize_t>(bytes.size()));
  }

 private:
  int fd_ = -1;
};

std::string MakePipe(const std::string& path) {
  EXPECT_EQ(mkfifo(path.c_str(), 0600), 0);
  return path;
}

v1::CaptureOptions CaptureOfPipe(const std::string& path) {
  v1::CaptureOptions options;
  options.add_interfaces()->set_name(path);
  return options;
}

// A base class, so that the folders exist before the daemon starts.
struct PipeFolders {
  const TemporaryFolder allowed;
  const TemporaryFolder other;
};

class CapturePipeTest : protected PipeFolders, public CaptureFixture {
 protected:
  CapturePipeTest() : CaptureFixture({"--pipes=" + allowed.path()}) {}

  void ExpectRefused(const std::string& path) {
    const grpc::Status status = client().TryCreate(CaptureOfPipe(path));
    EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND) << path;
    EXPECT_EQ(FailureOf(status).reason(), "INTERFACE_NOT_FOUND") << path;
  }
};

TEST_F(CapturePipeTest, EndsWhenThePipeDoes) {
  const std::string path = MakePipe(allowed.path() + "/pipe");
  const v1::Capture capture = client().Create(CaptureOfPipe(path));
  EXPECT_EQ(capture.state(), v1::CAPTURE_STATE_STARTING);
  LiveDissection follower(channel(),
                          LiveDissection::RequestFor(capture.name()));
  const std::string frame = UdpFrame(1000, 2000, "hello");
  const CaptureBuilder empty;
  const std::string three =
      CaptureBuilder().Add(frame).Add(frame).Add(frame).bytes();
  {
    const PipeWriter writer(path);
    writer.Write(three);
    client().WaitForPackets(capture.name(), 3);
    EXPECT_EQ(client().Get(capture.name()).state(), v1::CAPTURE_STATE_RUNNING);
    follower.WaitForFrames(3);
    EXPECT_EQ(follower.FrameNumbers(), Range(1, 3));
    writer.Write(three.substr(empty.bytes().size()));
  }
  const v1::Capture ended = client().WaitForEnd(capture.name());
  EXPECT_EQ(ended.state(), v1::CAPTURE_STATE_STOPPED);
  EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_CONDITION)
      << ended.stopped().DebugString();
  EXPECT_TRUE(follower.Finish().ok());
  EXPECT_EQ(follower.FrameNumbers(), Range(1, 6));
  const std::vector<StoredPacket> packets = PacketsOf(ended);
  ASSERT_EQ(packets.size(), 6u);
  for (const StoredPacket& packet : packets) EXPECT_EQ(packet.bytes, frame);
}

TEST_F(CapturePipeTest, CanBeStoppedWhileNothingComes) {
  const std::string path = MakePipe(allowed.path() + "/pipe");
  const v1::Capture capture = client().Create(CaptureOfPipe(path));
  const v1::Capture stopped = client().Stop(capture.name());
  EXPECT_EQ(stopped.stopped().reason(), v1::STOP_REASON_REQUESTED)
      << stopped.stopped().DebugString();
  LiveDissection follower(channel(),
                          LiveDissection::RequestFor(capture.name()));
  EXPECT_EQ(FailureOf(follower.Finish()).reason(), "CAPTURE_HAS_NO_FILE");
  EXPECT_TRUE(client().Delete(capture.name(), true).ok());
}

TEST_F(CapturePipeTest, RefusesOtherPaths) {
  const std::string outside = MakePipe(other.path() + "/pipe");
  const std::string link = allowed.path() + "/link";
  const std::string folder_link = allowed.path() + "/folder";
  std::filesystem::create_symlink(outside, link);
  std::filesystem::create_directory_symlink(other.path(), folder_link);
  allowed.Write("file", "no pipe");
  ExpectRefused(outside);
  ExpectRefused(link);
  ExpectRefused(folder_link + "/pipe");
  ExpectRefused(allowed.path() + "/../" + outside.substr(std::strlen("/tmp/")));
  ExpectRefused(allowed.path() + "/file");
  ExpectRefused(allowed.path() + "/none");
  ExpectRefused(allowed.path());
}

using CaptureWithoutPipesTest = CaptureFixture;

TEST_F(CaptureWithoutPipesTest, RefusesPipesUnlessTheyAreAllowed) {
  const TemporaryFolder folder;
  const grpc::Status status =
      client().TryCreate(CaptureOfPipe(MakePipe(folder.path() + "/pipe")));
  EXPECT_EQ(FailureOf(status).reason(), "INTERFACE_NOT_FOUND");
}

}  // namespace
}  // namespace dissectd
