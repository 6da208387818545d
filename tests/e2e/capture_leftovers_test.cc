// SPDX-License-Identifier: GPL-2.0-or-later

// Tests that the daemon starts whatever is in the place of the files that
// earlier daemons and keepers have left, and says what it ignores.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "tests/e2e/kept_capture_fixture.h"
#include "tests/e2e/process_children.h"

namespace dissectd {
namespace {

// Reading from a named pipe would wait for ever.
void ReplaceByPipe(const std::string& path) {
  EXPECT_TRUE(std::filesystem::remove(path));
  EXPECT_EQ(mkfifo(path.c_str(), 0600), 0);
}

class CaptureLeftoversTest : public KeptCaptureFixture {
 protected:
  // Makes a capture that has ended.
  v1::Capture Ended() {
    const v1::Capture capture = client().Create(CaptureOfPackets(5));
    SendUdp({.count = 5});
    return client().WaitForEnd(capture.name());
  }

  // Makes a capture of 20 packets whose keeper has ended it after the daemon.
  v1::Capture EndedByKeeper() {
    v1::Capture capture = client().Create(CaptureOf("lo"));
    SendUdp({.count = 20});
    client().WaitForPackets(capture.name(), 20);
    const pid_t keeper = ParentOf(DumpcapProcess(capture));
    EndDaemon(SIGKILL);
    kill(keeper, SIGTERM);
    WaitFor("the end of the keeper", [&] { return !IsRunning(keeper); });
    return capture;
  }

  bool Warned(const v1::Capture& capture, const std::string& what) const {
    return HasLogged("warning dissectd", capture.name() + "/" + what);
  }
};

TEST_F(CaptureLeftoversTest, AJournalThatIsEmptyIsReported) {
  const v1::Capture capture = Ended();
  const v1::Capture other = Ended();
  EndDaemon(SIGTERM);
  std::filesystem::resize_file(PathOfOwn(capture, ".journal"), 0);
  StartDaemon();
  ASSERT_EQ(client().List().size(), 1u);
  EXPECT_EQ(client().List()[0].name(), other.name());
  EXPECT_TRUE(Warned(capture, ".journal is empty"));
  EXPECT_FALSE(Warned(other, ""));
}

TEST_F(CaptureLeftoversTest, AJournalThatIsDamagedIsReported) {
  const v1::Capture capture = Ended();
  EndDaemon(SIGTERM);
  std::filesystem::resize_file(PathOfOwn(capture, ".journal"), 20);
  StartDaemon();
  EXPECT_TRUE(client().List().empty());
  EXPECT_TRUE(Warned(capture, ".journal is damaged"));
}

TEST_F(CaptureLeftoversTest, AJournalThatIsNoFileIsReported) {
  const v1::Capture capture = Ended();
  EndDaemon(SIGTERM);
  ReplaceByPipe(PathOfOwn(capture, ".journal"));
  StartDaemon();
  EXPECT_TRUE(client().List().empty());
  EXPECT_TRUE(Warned(capture, ".journal isn't a regular file"));
}

TEST_F(CaptureLeftoversTest, AResultThatIsDamagedIsNoEnd) {
  const v1::Capture capture = EndedByKeeper();
  const std::string path = PathOfOwn(capture, ".keeper.result");
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  StartDaemon();
  EXPECT_EQ(client().Get(capture.name()).stopped().reason(),
            v1::STOP_REASON_INTERRUPTED);
  EXPECT_TRUE(Warned(capture, ".keeper.result is damaged"));
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(CaptureLeftoversTest, AResultThatIsNoFileIsNoEnd) {
  const v1::Capture capture = EndedByKeeper();
  const std::string path = PathOfOwn(capture, ".keeper.result");
  ReplaceByPipe(path);
  StartDaemon();
  EXPECT_EQ(client().Get(capture.name()).stopped().reason(),
            v1::STOP_REASON_INTERRUPTED);
  EXPECT_TRUE(Warned(capture, ".keeper.result isn't a regular file"));
  EXPECT_FALSE(std::filesystem::exists(path));
}

// Other files of the folder, as an operator may make them.
TEST_F(CaptureLeftoversTest, PipesInPlaceOfOtherFilesAreIgnored) {
  const v1::Capture capture = EndedByKeeper();
  ReplaceByPipe(PathOfOwn(capture, ".keeper"));
  EXPECT_EQ(mkfifo(PathOfOwn(capture, ".journal.new").c_str(), 0600), 0);
  StartDaemon();
  ExpectPackets(client().WaitForEnd(capture.name()), 20);
}

}  // namespace
}  // namespace dissectd
