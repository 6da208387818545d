// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/engine/control_channel.h"

#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "core/ipc/control_packet.h"
#include "core/ipc/protocol.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dissectd::engine {
namespace {

using ::testing::HasSubstr;

class ControlChannelTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends_), 0);
  }

  void TearDown() override {
    close(ends_[0]);
    if (ends_[1] >= 0) close(ends_[1]);
  }

  void CloseOtherEnd() {
    close(ends_[1]);
    ends_[1] = -1;
  }

  int ends_[2] = {-1, -1};
};

TEST_F(ControlChannelTest, SendsNothingOnceDissectdHasGone) {
  ControlChannel channel(ends_[0]);
  CloseOtherEnd();
  EXPECT_TRUE(channel.Send(ipc::ControlMessage()).ok());
  const auto received = channel.Receive();
  ASSERT_TRUE(received.ok()) << received.status();
  EXPECT_FALSE(received->has_value());
}

TEST_F(ControlChannelTest, SendsNothingOnceDissectdHasGoneWithoutReadingAll) {
  ControlChannel channel(ends_[0]);
  ASSERT_TRUE(channel.Send(ipc::ControlMessage()).ok());
  CloseOtherEnd();
  EXPECT_TRUE(channel.Send(ipc::ControlMessage()).ok());
  const auto received = channel.Receive();
  ASSERT_TRUE(received.ok()) << received.status();
  EXPECT_FALSE(received->has_value());
}

TEST_F(ControlChannelTest, ReceivesTheEndWithoutReadingAll) {
  ControlChannel channel(ends_[0]);
  ASSERT_TRUE(channel.Send(ipc::ControlMessage()).ok());
  CloseOtherEnd();
  const auto received = channel.Receive();
  ASSERT_TRUE(received.ok()) << received.status();
  EXPECT_FALSE(received->has_value());
}

TEST_F(ControlChannelTest, TellsTheVersionsOfBothPrograms) {
  ControlChannel channel(ends_[0]);
  ipc::ControlMessage message =
      ipc::MakeControlMessage(ipc::ControlKind::kReady);
  message.version = ipc::kProtocolVersion + 1;
  // Other versions may have messages of other sizes.
  ASSERT_EQ(send(ends_[1], &message, 24, 0), 24);
  const absl::Status mismatch = channel.Receive().status();
  EXPECT_THAT(std::string(mismatch.message()),
              HasSubstr(absl::StrCat("version ", message.version, " ")));
  EXPECT_THAT(std::string(mismatch.message()),
              HasSubstr(absl::StrCat("version ", ipc::kProtocolVersion, ";")));
  message.version = ipc::kProtocolVersion;
  ASSERT_EQ(send(ends_[1], &message, 24, 0), 24);
  EXPECT_THAT(std::string(channel.Receive().status().message()),
              HasSubstr("24 bytes"));
}

}  // namespace
}  // namespace dissectd::engine
