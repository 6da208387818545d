// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/long_capture.h"

#include "core/engine/testing/capture_builder.h"
#include "tests/e2e/dissection.h"

namespace dissectd {

std::string ManyFrames(int count) {
  CaptureBuilder capture;
  const std::string frame = UdpFrame(1000, 2000, std::string(200, 'x'));
  for (int i = 0; i < count; ++i) capture.Add(frame);
  return capture.bytes();
}

v1::DissectRequest LongRequest() {
  v1::DissectRequest request = RequestFor("many.pcap");
  request.mutable_view()->set_tree(v1::TREE_DETAIL_FULL);
  request.mutable_view()->set_labels(true);
  return request;
}

}  // namespace dissectd
