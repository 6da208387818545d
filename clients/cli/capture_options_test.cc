// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capture_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace dissectd::cli {
namespace {

using ::testing::HasSubstr;

// Parses the options as the program does.
absl::Status Parse(std::vector<std::string> arguments,
                   CaptureCommandOptions* options) {
  CLI::App command;
  RawCaptureOptions raw;
  AddCaptureOptions(&command, &raw);
  std::reverse(arguments.begin(), arguments.end());
  command.parse(arguments);
  return CheckCaptureOptions(command, raw, options);
}

CaptureCommandOptions MustParse(const std::vector<std::string>& arguments) {
  CaptureCommandOptions options;
  const absl::Status status = Parse(arguments, &options);
  EXPECT_TRUE(status.ok()) << status;
  return options;
}

TEST(CaptureOptionsTest, RefusesEmptyValues) {
  for (const char* option : {"-i", "-y", "--time-stamp-type", "-F"}) {
    CaptureCommandOptions options;
    EXPECT_EQ(Parse({option, ""}, &options).code(),
              absl::StatusCode::kInvalidArgument)
        << option;
  }
}

TEST(CaptureOptionsTest, GivesEachInterfaceWhatFollowsIt) {
  const v1::CaptureOptions capture =
      MustParse({"-s", "100", "-p", "-i", "lo", "-f", "not tcp", "-ieth0", "-I",
                 "-fudp", "-s0", "-B", "7", "-i", "lo", "-y", "EN10MB",
                 "--time-stamp-type", "host"})
          .capture;
  ASSERT_EQ(capture.interfaces_size(), 3);
  const v1::InterfaceOptions& first = capture.interfaces(0);
  EXPECT_EQ(first.name(), "lo");
  EXPECT_EQ(first.capture_filter(), "not tcp");
  EXPECT_EQ(first.snapshot_length(), 100u);
  EXPECT_FALSE(first.monitor_mode());
  const v1::InterfaceOptions& second = capture.interfaces(1);
  EXPECT_EQ(second.name(), "eth0");
  EXPECT_EQ(second.capture_filter(), "udp");
  EXPECT_EQ(second.snapshot_length(), 0u);
  EXPECT_EQ(second.buffer_mib(), 7u);
  EXPECT_TRUE(second.monitor_mode());
  const v1::InterfaceOptions& third = capture.interfaces(2);
  EXPECT_EQ(third.name(), "lo");
  EXPECT_EQ(third.capture_filter(), "");
  EXPECT_EQ(third.snapshot_length(), 100u);
  EXPECT_EQ(third.buffer_mib(), 0u);
  EXPECT_EQ(third.link_type(), "EN10MB");
  EXPECT_EQ(third.timestamp_type(), "host");
  for (const v1::InterfaceOptions& interface : capture.interfaces()) {
    ASSERT_TRUE(interface.has_promiscuous());
    EXPECT_FALSE(interface.promiscuous());
  }
}

TEST(CaptureOptionsTest, LeavesTheInterfaceToTheDaemonsList) {
  const v1::CaptureOptions capture = MustParse({"-f", "udp"}).capture;
  ASSERT_EQ(capture.interfaces_size(), 1);
  EXPECT_EQ(capture.interfaces(0).name(), "");
  EXPECT_EQ(capture.interfaces(0).capture_filter(), "udp");
  EXPECT_FALSE(capture.interfaces(0).has_promiscuous());
}

TEST(CaptureOptionsTest, TakesOtherWordsForAFilterOfAllInterfaces) {
  const v1::CaptureOptions capture =
      MustParse({"-i", "lo", "-i", "eth0", "udp", "port", "53"}).capture;
  EXPECT_EQ(capture.interfaces(0).capture_filter(), "udp port 53");
  EXPECT_EQ(capture.interfaces(1).capture_filter(), "udp port 53");
}

TEST(CaptureOptionsTest, StopsAtTheLowerOfTwoCounts) {
  EXPECT_EQ(MustParse({"-c", "5", "-a", "packets:3"}).capture.stop().packets(),
            3u);
  EXPECT_EQ(MustParse({"-c", "2", "-a", "packets:3"}).capture.stop().packets(),
            2u);
}

TEST(CaptureOptionsTest, ReadsConditions) {
  const v1::CaptureOptions capture =
      MustParse({"-a", "duration:1.5", "-a", "filesize:10", "-a", "files:4",
                 "-b", "files:2", "-b", "duration:0.25", "-b", "filesize:20",
                 "-b", "packets:30", "-b", "interval:60"})
          .capture;
  EXPECT_EQ(capture.stop().duration().seconds(), 1);
  EXPECT_EQ(capture.stop().duration().nanos(), 500'000'000);
  EXPECT_EQ(capture.stop().file_size_kb(), 10u);
  EXPECT_EQ(capture.stop().files(), 4u);
  EXPECT_EQ(capture.ring().files(), 2u);
  EXPECT_EQ(capture.ring().duration().seconds(), 0);
  EXPECT_EQ(capture.ring().duration().nanos(), 250'000'000);
  EXPECT_EQ(capture.ring().file_size_kb(), 20u);
  EXPECT_EQ(capture.ring().packets(), 30u);
  EXPECT_EQ(capture.ring().interval().seconds(), 60);
}

TEST(CaptureOptionsTest, PrintsUnlessTheCaptureIsSaved) {
  EXPECT_TRUE(MustParse({}).print.print);
  EXPECT_FALSE(MustParse({}).keep);
  EXPECT_FALSE(MustParse({"-q"}).print.print);
  EXPECT_FALSE(MustParse({"-Q"}).print.print);
  EXPECT_FALSE(MustParse({"-w", "a.pcapng"}).print.print);
  EXPECT_TRUE(MustParse({"-w", "a.pcapng"}).keep);
  EXPECT_TRUE(MustParse({"-w", "a.pcapng", "-P"}).print.print);
  EXPECT_TRUE(MustParse({"-w", "a.pcapng", "-T", "json"}).print.print);
  EXPECT_TRUE(MustParse({"--detach"}).keep);
  EXPECT_TRUE(MustParse({"--detach", "-q", "-o", "extcap.a.b:c"}).keep);
}

// A pcap file would lack the interfaces of the printed packets.
TEST(CaptureOptionsTest, ChoosesTheTypeOfFilesThatAreKeptOnly) {
  EXPECT_EQ(MustParse({"-F", "pcap"}).capture.format(),
            v1::CAPTURE_FORMAT_UNSPECIFIED);
  EXPECT_EQ(MustParse({"-F", "pcap", "-w", "a"}).capture.format(),
            v1::CAPTURE_FORMAT_PCAP);
  EXPECT_EQ(MustParse({"-F", "pcap", "--detach"}).capture.format(),
            v1::CAPTURE_FORMAT_PCAP);
}

TEST(CaptureOptionsTest, RefusesInTsharksWords) {
  const struct {
    std::vector<std::string> arguments;
    const char* message;
  } cases[] = {
      {{"-2"}, "Live captures do not support two-pass analysis."},
      {{"-R", "udp"}, "-R without -2 is deprecated."},
      {{"-c", "0"}, "The specified packet count is zero"},
      {{"-c", "x"}, "The specified packet count \"x\" isn't a decimal number"},
      {{"-c", "-1"}, "The specified packet count \"-1\" is a negative number"},
      {{"-c", "99999999999"},
       "The specified packet count \"99999999999\" is too large (greater than "
       "2147483647)"},
      {{"-s", "abc"},
       "The specified snapshot length \"abc\" isn't a decimal number"},
      {{"-i", "lo", "-B", "0"}, "The specified buffer size is zero"},
      {{"-a", "nope:1"}, "Invalid or unknown -a flag \"nope\""},
      {{"-a", "packets:"}, "Invalid or unknown -a flag \"packets:\""},
      {{"-a", "duration:-1"},
       "The specified autostop duration \"-1\" is a negative number"},
      {{"-a", "duration:x"}, "isn't a floating point number"},
      {{"-a", "duration:1e-10"}, "The specified autostop duration is zero"},
      {{"-a", "packets:x"},
       "The specified packet write count \"x\" isn't a decimal number"},
      {{"-b", "files"}, "Invalid or unknown -b arg \"files\""},
      {{"-b", "filesize:0"}, "The specified ring buffer filesize is zero"},
      {{"-b", "files:2"}, "Multiple capture files requested, but no maximum"},
      {{"-i", "lo", "-f", "udp", "tcp"},
       "A capture filter was specified both with \"-f\" and with additional "
       "command-line arguments."},
      {{"-F", "foo"}, "\"foo\" isn't a valid capture file type"},
      {{"-w", "-"}, "-w names a file in the daemon's store"},
      {{"-w", "/tmp/a.pcap"}, "-w names a file in the daemon's store"},
      {{"-w", "a", "-Y", "udp"}, "Display filters aren't supported"},
      {{"--capture-comment", "a"}, "the capture isn't being saved to a file"},
      {{"--detach", "-V"}, "-V is about packets that are printed"},
      {{"--detach", "-n"}, "-n is about packets that are printed"},
  };
  for (const auto& wrong : cases) {
    CaptureCommandOptions options;
    const absl::Status status = Parse(wrong.arguments, &options);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << wrong.message;
    EXPECT_THAT(std::string(status.message()), HasSubstr(wrong.message));
  }
}

}  // namespace
}  // namespace dissectd::cli
