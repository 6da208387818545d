// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/engine/control_channel.h"

#include <sys/socket.h>
#include <unistd.h>

#include "core/ipc/protocol.h"
#include "gtest/gtest.h"

namespace dissectd::engine {
namespace {

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

}  // namespace
}  // namespace dissectd::engine
