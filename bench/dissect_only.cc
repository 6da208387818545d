// SPDX-License-Identifier: GPL-2.0-or-later

// Dissects a capture with visible trees and does nothing with them: no program
// that uses libwireshark can be faster. Prints one line of JSON.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/logging.h"
#include "core/epan/capture_file.h"
#include "core/epan/epan.h"
#include "core/epan/handles.h"
#include "core/epan/library.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

// One pass over a capture.
class Pass {
 public:
  explicit Pass(CaptureFile file) : file_(std::move(file)) {
    epan_.Open();
    provider_.file = file_.handle();
    edt_.reset(epan_dissect_new(epan_.get(), /*create_proto_tree=*/TRUE,
                                /*proto_tree_visible=*/TRUE));
  }

  // Returns the number of frames.
  uint32_t Run() {
    int64_t offset = 0;
    while (file_.Read(&record_, &offset)) DissectFrame(offset);
    return number_;
  }

  bool failed() const { return file_.error().has_value(); }

 private:
  void DissectFrame(int64_t offset) {
    frame_data frame;
    frame_data_init(&frame, ++number_, record_.rec(), offset,
                    cumulative_bytes_);
    if (gbl_resolv_flags.mac_name || gbl_resolv_flags.network_name ||
        gbl_resolv_flags.transport_name) {
      host_name_lookup_process();
    }
    frame_data_set_before_dissect(&frame, &elapsed_, &provider_.reference,
                                  provider_.previous_displayed);
    if (provider_.reference == &frame) {
      reference_ = frame;
      provider_.reference = &reference_;
    }
    const guint reported = std::min<guint>(frame.pkt_len, INT_MAX);
    tvbuff_t* const bytes =
        tvb_new_real_data(ws_buffer_start_ptr(record_.bytes()), frame.cap_len,
                          static_cast<gint>(reported));
    epan_dissect_run_with_taps(edt_.get(),
                               wtap_file_type_subtype(file_.handle()),
                               record_.rec(), bytes, &frame, nullptr);
    frame_data_set_after_dissect(&frame, &cumulative_bytes_);
    previous_ = frame;
    provider_.previous_displayed = &previous_;
    provider_.previous_captured = &previous_;
    epan_dissect_reset(edt_.get());
    frame_data_destroy(&frame);
  }

  CaptureFile file_;
  Epan epan_;
  packet_provider_data& provider_ = *epan_.provider();
  EpanDissectPtr edt_;
  Record record_;
  uint32_t number_ = 0;
  guint32 cumulative_bytes_ = 0;
  nstime_t elapsed_ = NSTIME_INIT_ZERO;
  frame_data reference_;
  frame_data previous_;
};

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "dissect_only: %s\n",
               std::string(status.message()).c_str());
  return EXIT_FAILURE;
}

int Main(const char* program, const char* path) {
  const Clock::time_point began = Clock::now();
  ConfigureLogging("dissect_only", LogOptions());
  const absl::Status initialised = InitLibrary(program);
  if (!initialised.ok()) return Fail(initialised);
  const Clock::time_point started = Clock::now();
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  absl::StatusOr<CaptureFile> file =
      CaptureFile::Open(fd, path, /*random_access=*/false);
  if (!file.ok()) return Fail(file.status());
  Pass pass(*std::move(file));
  const uint32_t frames = pass.Run();
  if (pass.failed()) return Fail(absl::DataLossError("the capture is damaged"));
  std::printf(
      "{\"frames\": %u, \"seconds\": %.6f, \"seconds_with_start\": %.6f}\n",
      frames, SecondsSince(started), SecondsSince(began));
  close(fd);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace dissectd::engine

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("Usage: dissect_only CAPTURE\n", stderr);
    return 2;
  }
  return dissectd::engine::Main(argv[0], argv[1]);
}
