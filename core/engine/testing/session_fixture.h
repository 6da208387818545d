// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENGINE_TESTING_SESSION_FIXTURE_H_
#define CORE_ENGINE_TESTING_SESSION_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/engine/testing/engine_driver.h"
#include "core/engine/testing/session_driver.h"
#include "dissectd/v1/session.pb.h"

namespace dissectd {

// Returns the content of a capture of the project, or of its keys.
std::string ReadCaptureFile(const std::string& name);

// Everything that a view can have, in the plain form.
v1::View FullView();

// Returns a request of kGetFrame.
std::string FrameRequest(uint32_t frame, const v1::View& view,
                         const std::string& bitmap = "");

class SessionWorkerTest : public ::testing::Test {
 protected:
  // Returns the frames as Dissect sends them with two passes.
  std::map<uint32_t, std::string> Dissect(const std::string& capture,
                                          const std::string& name,
                                          const v1::View& view,
                                          const std::string& key_log = "");

  // Returns an engine for what is compared with a session's answers.
  EngineDriver& reference();

  EngineDriver engine_;

 private:
  // Created when it is needed.
  std::optional<EngineDriver> reference_;
};

inline constexpr char kHttp[] = "http1.pcap.gz";

// A session about a capture in which frames depend on each other.
class SessionQuestionTest : public SessionWorkerTest {
 protected:
  SessionAnswer AskReader(ipc::Query query, const std::string& request) {
    return session_.AskFork(session_.reader(), query, request);
  }

  SessionAnswer GetFrame(uint32_t frame, const v1::View& view) {
    return AskReader(ipc::Query::kGetFrame, FrameRequest(frame, view));
  }

  // Returns the bitmap of a filter.
  std::string BitmapOf(const std::string& filter);

  // Returns the frame that is found in a part of the capture.
  uint32_t Find(const v1::FindFrameRequest& request, uint32_t first_frame,
                uint32_t last_frame);

  const std::string capture_ = ReadCaptureFile(kHttp);
  DrivenSession session_{&engine_, capture_, kHttp};
};

}  // namespace dissectd

#endif  // CORE_ENGINE_TESTING_SESSION_FIXTURE_H_
