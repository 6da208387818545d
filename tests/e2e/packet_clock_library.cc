// SPDX-License-Identifier: GPL-2.0-or-later

// A library for LD_PRELOAD that shifts the time stamps of the packets that a
// process captures with libpcap, which come from the kernel's clock, as
// wall_clock_library shifts the process's own clock: the file that the variable
// WALL_CLOCK_FILE names has the seconds to add.

#include <dlfcn.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace {

int64_t Shift() {
  int64_t shift = 0;
  const char* path = std::getenv("WALL_CLOCK_FILE");
  if (path == nullptr) return 0;
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (read(fd, &shift, sizeof(shift)) != sizeof(shift)) abort();
  close(fd);
  return shift;
}

struct Receiver {
  pcap_handler function;
  u_char* user;
};

void PassOn(u_char* user, const pcap_pkthdr* header, const u_char* bytes) {
  static const int64_t shift = Shift();
  const auto* receiver = reinterpret_cast<const Receiver*>(user);
  pcap_pkthdr shifted = *header;
  shifted.ts.tv_sec += shift;
  receiver->function(receiver->user, &shifted, bytes);
}

}  // namespace

extern "C" int pcap_dispatch(pcap_t* pcap, int count, pcap_handler function,
                             u_char* user) {
  static auto* const real =
      reinterpret_cast<int (*)(pcap_t*, int, pcap_handler, u_char*)>(
          dlsym(RTLD_NEXT, "pcap_dispatch"));
  Receiver receiver = {function, user};
  return real(pcap, count, PassOn, reinterpret_cast<u_char*>(&receiver));
}
