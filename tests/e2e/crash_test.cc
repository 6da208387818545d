// SPDX-License-Identifier: GPL-2.0-or-later

// Tests what a stream looks like if dissectors end the worker at some frames. A
// stream without crashes says what it has to be: that of the capture in which
// frames of an unknown type are in the place of those that crash.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/crash_probe.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr uint32_t kFrames = 300;
constexpr int32_t kExitStatus = 7;
constexpr char kReadFilter[] = "udp.length > 14";

// A frame that no dissector looks into, of the same size as one that crashes.
std::string InertFrame() {
  std::string frame = CrashingFrame();
  constexpr size_t kTypeOffset = 12;
  frame[kTypeOffset] = '\x88';
  frame[kTypeOffset + 1] = '\xb5';
  return frame;
}

// A message, or a frame of a batch, as text.
struct Item {
  uint32_t frame;
  std::string text;
};

bool operator==(const Item& left, const Item& right) {
  return left.frame == right.frame && left.text == right.text;
}

std::ostream& operator<<(std::ostream& out, const Item& item) {
  return out << item.frame << ": " << item.text;
}

Item CrashItem(uint32_t frame) { return {frame, "crash"}; }

// Returns the frames and the crashes of a stream, without how they are packed.
// Columnar batches must have one frame.
std::vector<Item> ItemsOf(const DissectionResult& result) {
  std::vector<Item> items;
  std::vector<v1::PlainFrame> compact = result.Frames();
  auto next = compact.begin();
  uint32_t frames_read = 0;
  for (const v1::DissectResponse& message : result.messages) {
    for (int i = 0; i < message.batch().frames_size(); ++i, ++next) {
      items.push_back({next->number(), next->ShortDebugString()});
    }
    for (const v1::PlainFrame& frame : message.plain_batch().frames()) {
      items.push_back({frame.number(), frame.ShortDebugString()});
    }
    for (const uint32_t frame : message.column_batch().frame_numbers()) {
      items.push_back({frame, message.column_batch().ShortDebugString()});
    }
    if (message.has_crash()) {
      EXPECT_EQ(message.crash().exit_status(), kExitStatus);
      items.push_back(CrashItem(message.crash().frame_number()));
    }
    if (message.has_progress()) {
      EXPECT_GE(message.progress().frames_read(), frames_read);
      frames_read = message.progress().frames_read();
    }
  }
  return items;
}

struct Case {
  std::string name;
  std::vector<uint32_t> crashes;
  bool two_passes = false;
  // Whether the frames crash when they are seen for the second time.
  bool second_time = false;
  std::string display_filter;
  std::string read_filter;
  uint32_t first_frame = 0;
  uint32_t last_frame = 0;
  uint32_t limit = 0;
  v1::Form form = v1::FORM_UNSPECIFIED;
};

std::ostream& operator<<(std::ostream& out, const Case& tested) {
  return out << tested.name;
}

void SetView(const Case& tested, v1::View* view) {
  view->mutable_range()->set_first_frame(tested.first_frame);
  view->mutable_range()->set_last_frame(tested.last_frame);
  view->mutable_range()->set_limit(tested.limit);
  view->set_form(tested.form);
  view->add_fields("probe.count");
  view->add_fields("frame.time_delta_displayed");
  view->mutable_columns()->set_use_profile_columns(true);
  if (tested.form == v1::FORM_COLUMNAR) return;
  view->set_tree(v1::TREE_DETAIL_FULL);
  view->set_labels(true);
}

v1::DissectRequest RequestOf(const Case& tested) {
  v1::DissectRequest request;
  SetView(tested, request.mutable_view());
  v1::LuaScript* script = request.mutable_options()->add_lua_scripts();
  script->set_name("probe.lua");
  script->set_content(kCrashProbe);
  script->add_arguments(tested.second_time ? "second" : "first");
  request.mutable_options()->set_two_pass(tested.two_passes);
  // In a small message there are frames that a worker has sent before it dies.
  request.mutable_batch()->set_max_bytes(16 << 10);
  if (tested.form == v1::FORM_COLUMNAR) {
    request.mutable_batch()->set_max_frames(1);
  }
  return request;
}

v1::DissectRequest CrashingRequest(const Case& tested) {
  v1::DissectRequest request = RequestOf(tested);
  request.set_inline_capture(CrashingCapture(kFrames, tested.crashes));
  request.mutable_view()->set_display_filter(tested.display_filter);
  request.mutable_options()->set_read_filter(tested.read_filter);
  return request;
}

// Without crashes, and with the same frames to show. Frames that crash in the
// second pass have been dissected in the first.
v1::DissectRequest CalmRequest(const Case& tested) {
  v1::DissectRequest request = RequestOf(tested);
  request.mutable_options()->mutable_lua_scripts(0)->add_arguments("calm");
  request.set_inline_capture(
      tested.second_time
          ? CrashingCapture(kFrames, tested.crashes)
          : ProbedCapture(kFrames, tested.crashes, InertFrame()));
  const std::string filter =
      tested.display_filter.empty() ? "frame" : tested.display_filter;
  request.mutable_view()->set_display_filter(
      "(" + filter +
      ") && !(eth.type == 0x88b5) && !(frame contains \"boom\")");
  if (!tested.read_filter.empty()) {
    request.mutable_options()->set_read_filter("(" + tested.read_filter +
                                               ") || eth.type == 0x88b5");
  }
  return request;
}

// Returns the number of the last frame that the stream can be about.
uint32_t LastFrame(const Case& tested, const std::vector<Item>& items) {
  if (tested.limit != 0) return items.back().frame;
  return tested.last_frame != 0 ? tested.last_frame : kFrames;
}

// Returns the number of the frame that crashes. A read filter keeps it, and
// those before that pass.
uint32_t FrameNumber(const Case& tested, uint32_t record) {
  if (tested.read_filter.empty()) return record;
  uint32_t frame = 1;
  for (uint32_t other = 1; other < record; ++other) {
    const bool crashes = std::find(tested.crashes.begin(), tested.crashes.end(),
                                   other) != tested.crashes.end();
    // Passes kReadFilter.
    if (crashes || other % 7 >= 3) ++frame;
  }
  return frame;
}

// Adds the crashes to the items of a stream without crashes.
std::vector<Item> WithCrashes(const Case& tested, std::vector<Item> items) {
  const uint32_t last = LastFrame(tested, items);
  for (const uint32_t record : tested.crashes) {
    const uint32_t crash = FrameNumber(tested, record);
    if (crash > last) continue;
    const auto place =
        std::find_if(items.begin(), items.end(),
                     [&](const Item& item) { return item.frame > crash; });
    items.insert(place, CrashItem(crash));
  }
  return items;
}

class CrashTest : public ::testing::TestWithParam<Case> {
 protected:
  // The crashed worker's place must be free for the next one.
  DaemonProcess daemon_{{"--allow-lua", "--max-workers=1",
                         "--max-crashes-per-call=3", "--pass-workers=2"}};
};

TEST_P(CrashTest, TheStreamLacksOnlyTheFrames) {
  const Case& tested = GetParam();
  const DissectionResult calm = Dissect(daemon_.Connect(), CalmRequest(tested));
  ASSERT_TRUE(calm.status.ok()) << calm.status.error_message();
  const DissectionResult crashing =
      Dissect(daemon_.Connect(), CrashingRequest(tested));
  ASSERT_TRUE(crashing.status.ok()) << crashing.status.error_message();
  ASSERT_FALSE(ItemsOf(calm).empty());
  const std::vector<Item> expected = WithCrashes(tested, ItemsOf(calm));
  EXPECT_EQ(ItemsOf(crashing), expected);
  EXPECT_EQ(crashing.messages[0].SerializeAsString(),
            calm.messages[0].SerializeAsString());
  v1::StreamEnd end = calm.Last().end();
  EXPECT_EQ(end.frames_crashed(), 0u);
  end.set_frames_crashed(
      static_cast<uint32_t>(expected.size() - ItemsOf(calm).size()));
  EXPECT_EQ(crashing.Last().end().ShortDebugString(), end.ShortDebugString());
}

INSTANTIATE_TEST_SUITE_P(
    OnePass, CrashTest,
    ::testing::Values(
        Case{"first", {1}}, Case{"middle", {150}}, Case{"last", {kFrames}},
        Case{"three", {1, 150, kFrames}}, Case{"successive", {7, 8, 9}},
        Case{"filter", {100, 200}, false, false, "udp.length > 14"},
        Case{"range", {5, 100, 200}, false, false, "", "", 50, 250},
        Case{"beyond", {100, 280}, false, false, "", "", 0, 250},
        Case{"limit", {100}, false, false, "", "", 0, 0, 120},
        Case{"plain", {150}, false, false, "", "", 0, 0, 0, v1::FORM_PLAIN},
        Case{"columnar",
             {150},
             false,
             false,
             "",
             "",
             0,
             0,
             0,
             v1::FORM_COLUMNAR}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    TwoPasses, CrashTest,
    ::testing::Values(
        Case{"first", {1}, true}, Case{"middle", {150}, true},
        Case{"last", {kFrames}, true}, Case{"three", {1, 150, kFrames}, true},
        Case{"filter", {100, 290}, true, false, "udp.length > 14"},
        Case{"read_filter", {100, 290}, true, false, "", kReadFilter},
        Case{"second_time", {1, 150, kFrames}, true, true},
        Case{"limit", {100, 290}, true, false, "", "", 0, 0, 120}),
    [](const auto& info) { return info.param.name; });

TEST_F(CrashTest, TooManyCrashesEndTheCall) {
  Case tested{"too many", {10, 20, 30, 40}};
  const DissectionResult result =
      Dissect(daemon_.Connect(), CrashingRequest(tested));
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::INTERNAL);
  const v1::Failure failure = FailureOf(result.status);
  EXPECT_EQ(failure.reason(), "WORKER_CRASHED");
  EXPECT_EQ(failure.metadata().at("frame"), "40");
  std::vector<uint32_t> crashes;
  for (const Item& item : ItemsOf(result)) {
    if (item == CrashItem(item.frame)) crashes.push_back(item.frame);
  }
  EXPECT_THAT(crashes, ElementsAre(10, 20, 30, 40));
}

TEST_F(CrashTest, TooManyCrashesInTheSecondPassEndTheCall) {
  Case tested{"too many", {10, 20, 30, 40}, true, true};
  const DissectionResult result =
      Dissect(daemon_.Connect(), CrashingRequest(tested));
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(FailureOf(result.status).reason(), "WORKER_CRASHED");
  ASSERT_TRUE(result.Last().has_crash());
}

// A script notices by the exit status that a frame is missing, as with a tshark
// that dies.
TEST_F(CrashTest, DissectctlPrintsTheOtherFramesAndWarns) {
  daemon_.store().Write("crash.pcap", CrashingCapture(kFrames, {20}));
  daemon_.store().Write("probe.lua", kCrashProbe);
  const std::string script = daemon_.store().path() + "/probe.lua";
  for (const std::string& command :
       {std::string("read crash.pcap"),
        "tshark -r " + daemon_.store().path() + "/crash.pcap"}) {
    const std::string line = absl::StrCat(
        "DISSECTD_SERVER=", daemon_.address(), " clients/cli/dissectctl ",
        command, " -X lua_script:", script, " -X lua_script1:first 2>&1");
    FILE* output = popen(line.c_str(), "r");
    std::string text;
    for (int c = fgetc(output); c != EOF; c = fgetc(output)) {
      text.push_back(static_cast<char>(c));
    }
    const int status = pclose(output);
    EXPECT_EQ(WEXITSTATUS(status), 3) << text;
    EXPECT_THAT(text, HasSubstr("The dissection process died in frame 20: exit "
                                "status 7"));
    // The warning has a line of its own.
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), kFrames) << text;
  }
}

// A file has its name only when it is complete.
TEST_F(CrashTest, KeepsTheFramesThatTheOperatorWants) {
  const TemporaryFolder folder;
  const DaemonProcess daemon(
      {"--allow-lua", "--keep-crashing-frames=" + folder.path()});
  for (const bool second_time : {false, true}) {
    const Case tested{"kept", {20}, second_time, second_time};
    const DissectionResult result =
        Dissect(daemon.Connect(), CrashingRequest(tested));
    ASSERT_TRUE(result.status.ok()) << result.status.error_message();
    std::vector<std::filesystem::path> files;
    WaitFor("the file", [&] {
      files.assign(std::filesystem::directory_iterator(folder.path()), {});
      return !files.empty();
    });
    ASSERT_EQ(files.size(), 1u);
    v1::DissectRequest request;
    std::ifstream file(files[0], std::ios::binary);
    request.set_inline_capture(
        std::string(std::istreambuf_iterator<char>(file), {}));
    request.mutable_view()->set_bytes(v1::BYTE_DETAIL_ALL_SOURCES);
    request.mutable_view()->add_fields("frame.comment");
    const std::vector<v1::PlainFrame> frames =
        Dissect(daemon.Connect(), request).Frames();
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(frames[0].sources(0).data(), CrashingFrame());
    constexpr int kMilliseconds = 1'000'000;
    EXPECT_EQ(frames[0].time().nanos(), 19 * kMilliseconds);
    ASSERT_EQ(frames[0].fields_size(), 1);
    EXPECT_EQ(frames[0].fields(0).string_value(),
              "Frame 20 crashed a dissector, protocol \"\", exit status 7");
    std::filesystem::remove(files[0]);
  }
}

// Kills the first worker that loads it.
constexpr char kKillsOnce[] = R"lua(
  local note = ...
  if io.open(note) == nil then
    io.open(note, "w"):close()
    os.exit(7)
  end
)lua";

TEST_F(CrashTest, ACrashBeforeAnyFrameDoesNotShowIfAnotherWorkerCanBegin) {
  const TemporaryFolder folder;
  v1::DissectRequest request;
  request.set_inline_capture(ProbedCapture(kFrames, {}, InertFrame()));
  v1::LuaScript* script = request.mutable_options()->add_lua_scripts();
  script->set_name("kill.lua");
  script->set_content(kKillsOnce);
  script->add_arguments(folder.path() + "/note");
  const DissectionResult result = Dissect(daemon_.Connect(), request);
  ASSERT_TRUE(result.status.ok()) << result.status.error_message();
  EXPECT_TRUE(std::filesystem::exists(folder.path() + "/note"));
  EXPECT_EQ(result.Frames().size(), kFrames);
  EXPECT_EQ(result.Last().end().frames_crashed(), 0u);
}

// The second worker has ended in the same way.
TEST_F(CrashTest, ASecondCrashBeforeAnyFrameEndsTheCall) {
  v1::DissectRequest request = CrashingRequest(Case{"none", {}});
  request.mutable_options()->mutable_lua_scripts(0)->set_arguments(0,
                                                                   "loading");
  const DissectionResult result = Dissect(daemon_.Connect(), request);
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::INTERNAL);
  ASSERT_EQ(result.messages.size(), 1u);
  EXPECT_EQ(result.Last().crash().frame_number(), 0u);
  EXPECT_EQ(result.Last().crash().exit_status(), kExitStatus);
}

}  // namespace
}  // namespace dissectd
