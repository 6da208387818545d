// SPDX-License-Identifier: GPL-2.0-or-later

// ConnectionTable relies on what gRPC does with the descriptors of connections.
// A later gRPC may do something else.

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_posix.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/base/unique_fd.h"
#include "server/transport/connection_table.h"
#include "server/transport/peer.h"

namespace dissectd::server {
namespace {

// A call that goes on when its client has gone.
class LongCall final : public grpc::ServerGenericBidiReactor {
 public:
  LongCall(std::string peer, absl::Notification* cancelled,
           absl::Notification* done)
      : peer_(std::move(peer)), cancelled_(cancelled), done_(done) {}

  const std::string& peer() const { return peer_; }
  void OnCancel() override { cancelled_->Notify(); }
  void OnDone() override {
    done_->Notify();
    delete this;
  }

 private:
  const std::string peer_;
  absl::Notification* const cancelled_;
  absl::Notification* const done_;
};

class OneCallService final : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    call = new LongCall(context->peer(), &cancelled, &done);
    begun.Notify();
    return call;
  }

  LongCall* call = nullptr;
  absl::Notification begun;
  absl::Notification cancelled;
  absl::Notification done;
};

std::string Frame(char type, char flags, char stream,
                  const std::string& payload) {
  const char header[] = {
      0, 0, static_cast<char>(payload.size()), type, flags, 0, 0, 0, stream};
  return std::string(header, sizeof(header)) + payload;
}

std::string Header(const std::string& name, const std::string& value) {
  return std::string(1, '\0') + static_cast<char>(name.size()) + name +
         static_cast<char>(value.size()) + value;
}

std::string BeginningOfACall() {
  constexpr char kSettings = 4;
  constexpr char kHeaders = 1;
  constexpr char kEndOfHeaders = 4;
  return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(kSettings, 0, 0, "") +
         Frame(kHeaders, kEndOfHeaders, 1,
               Header(":method", "POST") + Header(":scheme", "http") +
                   Header(":path", "/a/b") + Header(":authority", "c") +
                   Header("te", "trailers") +
                   Header("content-type", "application/grpc"));
}

TEST(ConnectionLifetimeTest, ADescriptorIsOpenWhileACallExists) {
  OneCallService service;
  grpc::ServerBuilder builder;
  builder.RegisterCallbackGenericService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  ASSERT_NE(server, nullptr);
  int fds[2] = {-1, -1};
  ASSERT_EQ(
      socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds),
      0);
  UniqueFd client(fds[1]);
  const std::optional<Peer> peer = PeerOf(fds[0]);
  ASSERT_TRUE(peer.has_value());
  ConnectionTable table({10, 10, 100});
  ASSERT_TRUE(table.Add(fds[0], *peer));
  grpc::AddInsecureChannelFromFd(server.get(), fds[0]);

  const std::string bytes = BeginningOfACall();
  ASSERT_EQ(send(client.get(), bytes.data(), bytes.size(), 0),
            static_cast<ssize_t>(bytes.size()));
  service.begun.WaitForNotification();
  EXPECT_EQ(service.call->peer(), peer->name);
  client.reset();
  service.cancelled.WaitForNotification();
  // Long enough for gRPC to have closed the connection.
  absl::SleepFor(absl::Milliseconds(500));
  EXPECT_EQ(table.UserOf(peer->name), peer->user);

  service.call->Finish(grpc::Status::OK);
  service.done.WaitForNotification();
  const absl::Time end = absl::Now() + absl::Seconds(30);
  while (table.CountOpen() > 0 && absl::Now() < end) {
    absl::SleepFor(absl::Milliseconds(5));
  }
  EXPECT_EQ(table.CountOpen(), 0u);
  server->Shutdown();
}

}  // namespace
}  // namespace dissectd::server
