// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/systemd/service_notifier.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <future>
#include <string>

#include "server/base/io_loop.h"
#include "server/base/unique_fd.h"
#include "server/systemd/watchdog.h"

namespace dissectd::server {
namespace {

constexpr int kTimeoutMilliseconds = 30'000;

// systemd's end of the protocol: a datagram socket.
class Manager {
 public:
  // `name` is the path of the socket, or begins with `@`.
  explicit Manager(const std::string& name) : path_(name) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path, name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto size =
        static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }
  ~Manager() { unlink(path_.c_str()); }

  // Returns the next datagram; empty if there is none in time.
  std::string Next(int timeout = kTimeoutMilliseconds) const {
    pollfd wait = {fd_.get(), POLLIN, 0};
    if (poll(&wait, 1, timeout) != 1) return "";
    char text[1024];
    const ssize_t size = recv(fd_.get(), text, sizeof(text), 0);
    return std::string(text, size > 0 ? static_cast<size_t>(size) : 0);
  }

 private:
  const std::string path_;
  const UniqueFd fd_{socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
};

std::string NameFor(const std::string& test) {
  return "dissectd-" + test + "-" + std::to_string(getpid());
}

TEST(ServiceNotifierTest, TellsEachStateOnce) {
  for (const std::string& name :
       {"/tmp/" + NameFor("path"), "@" + NameFor("abstract")}) {
    const Manager manager(name);
    ServiceNotifier notifier;
    notifier.SetStatus("Starting");
    EXPECT_EQ(manager.Next(), "STATUS=Starting");
    notifier.Ready();
    EXPECT_EQ(manager.Next(), "READY=1");
    notifier.Stopping();
    EXPECT_EQ(manager.Next(), "STOPPING=1\nSTATUS=Stopping");
    notifier.SetStatus("Serving");
    notifier.FeedWatchdog();
    EXPECT_EQ(manager.Next(), "WATCHDOG=1");
  }
}

TEST(ServiceNotifierTest, LeavesNoVariablesForOtherPrograms) {
  const Manager manager("@" + NameFor("variables"));
  setenv("WATCHDOG_USEC", "1000000", 1);
  setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
  const ServiceNotifier notifier;
  EXPECT_EQ(notifier.watchdog_timeout(), std::chrono::seconds(1));
  for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) {
    EXPECT_EQ(getenv(name), nullptr) << name;
  }
}

TEST(ServiceNotifierTest, IgnoresTheWatchdogOfAnotherProcess) {
  setenv("WATCHDOG_USEC", "1000000", 1);
  setenv("WATCHDOG_PID", "1", 1);
  EXPECT_EQ(ServiceNotifier().watchdog_timeout().count(), 0);
  setenv("WATCHDOG_USEC", "soon", 1);
  EXPECT_EQ(ServiceNotifier().watchdog_timeout().count(), 0);
}

TEST(ServiceNotifierTest, IsQuietWithoutSystemdAndWithAWrongAddress) {
  for (const char* address : {"", "vsock:2:1", "/nobody/is/there"}) {
    setenv("NOTIFY_SOCKET", address, 1);
    ServiceNotifier notifier;
    notifier.Ready();
    notifier.Stopping();
  }
}

TEST(WatchdogTest, IsFedOnlyWhileTheLoopAnswers) {
  constexpr int kInterval = 200;
  const Manager manager("@" + NameFor("watchdog"));
  setenv("WATCHDOG_USEC", std::to_string(2 * kInterval * 1000).c_str(), 1);
  unsetenv("WATCHDOG_PID");
  ServiceNotifier notifier;
  IoLoop loop;
  const Watchdog watchdog(&loop, &notifier);
  EXPECT_EQ(manager.Next(), "WATCHDOG=1");
  EXPECT_EQ(manager.Next(), "WATCHDOG=1");
  std::promise<void> hanging;
  std::promise<void> go_on;
  loop.Post([&] {
    hanging.set_value();
    go_on.get_future().wait();
  });
  hanging.get_future().wait();
  while (!manager.Next(0).empty()) {
  }
  EXPECT_EQ(manager.Next(3 * kInterval), "");
  go_on.set_value();
  EXPECT_EQ(manager.Next(), "WATCHDOG=1");
  loop.Stop();
}

}  // namespace
}  // namespace dissectd::server
