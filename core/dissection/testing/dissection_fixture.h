// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_TESTING_DISSECTION_FIXTURE_H_
#define CORE_DISSECTION_TESTING_DISSECTION_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/encode/frame_sink.h"
#include "core/epan/capture_file.h"
#include "core/epan/epan.h"

namespace dissectd::engine {

// A sink that keeps everything that it is given.
class RecordingSink : public FrameSink {
 public:
  struct Frame {
    uint32_t number = 0;
    // The number of the displayed frame before it; 0 if there is none.
    uint32_t previous_displayed = 0;
    uint32_t cumulative_bytes = 0;
    bool has_tree = false;

    bool operator==(const Frame& other) const {
      return number == other.number &&
             previous_displayed == other.previous_displayed &&
             cumulative_bytes == other.cumulative_bytes &&
             has_tree == other.has_tree;
    }
  };

  explicit RecordingSink(const FrameNeeds& needs = {}) : needs_(needs) {}

  FrameNeeds needs() const override { return needs_; }
  absl::Status AddFrame(epan_dissect_t* edt, const frame_data& frame,
                        ColumnSet* columns) override;
  absl::Status SendEnd(EndReason reason, const ProgressReport& totals,
                       const WtapError* error,
                       absl::string_view file_name) override;

  const std::vector<Frame>& frames() const { return frames_; }
  std::vector<uint32_t> Numbers() const;
  // Present once the dissection has ended.
  std::optional<EndReason> end_reason() const { return end_reason_; }
  const ProgressReport& totals() const { return totals_; }

 private:
  const FrameNeeds needs_;
  std::vector<Frame> frames_;
  std::optional<EndReason> end_reason_;
  ProgressReport totals_;
};

// Initialises libwireshark, once for all tests of the program.
class DissectionTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite();

  // Opens a capture with these bytes.
  static CaptureFile Open(const std::string& bytes);

  Epan* epan() { return &epan_; }

 private:
  Epan epan_;
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_TESTING_DISSECTION_FIXTURE_H_
