// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/completion/command_place.h"

#include <gtest/gtest.h>

namespace dissectd::cli {
namespace {

// A program with a command that has options and operands.
class CommandPlaceTest : public testing::Test {
 protected:
  CommandPlaceTest() {
    read_->add_option("FILE", file_);
    read_->add_option("FILTER", filter_);
    read_->add_option("-Y,--display-filter", value_);
    read_->add_option("--server", value_);
    read_->add_flag("-V", flag_);
    read_->add_flag("--local", flag_);
    read_->add_flag("--plot{stevens}", value_);
  }

  // Returns the name of what is completed.
  std::string NameAt(const std::vector<std::string>& words) {
    place_ = FindPlace(program_, words);
    return place_.option == nullptr ? "" : place_.option->get_name();
  }

  CLI::App program_;
  CLI::App* read_ = program_.add_subcommand("read");
  std::string file_;
  std::string value_;
  std::vector<std::string> filter_;
  bool flag_ = false;
  CommandPlace place_;
};

TEST_F(CommandPlaceTest, TheFirstWordIsACommand) {
  EXPECT_EQ(NameAt({"re"}), "");
  EXPECT_EQ(place_.command, &program_);
  EXPECT_FALSE(place_.is_option_name);
}

TEST_F(CommandPlaceTest, OperandsAreCounted) {
  EXPECT_EQ(NameAt({"read", ""}), "FILE");
  EXPECT_EQ(NameAt({"read", "read"}), "FILE");
  EXPECT_EQ(NameAt({"read", "a.pcap", "d"}), "FILTER");
  EXPECT_EQ(NameAt({"read", "a.pcap", "dns", "and", "t"}), "FILTER");
  EXPECT_EQ(NameAt({"read", "-V", "-Y", "dns", "a"}), "FILE");
  EXPECT_EQ(NameAt({"read", "--", "-a"}), "FILE");
  EXPECT_EQ(place_.command, read_);
}

TEST_F(CommandPlaceTest, ValuesFollowOptions) {
  EXPECT_EQ(NameAt({"read", "-Y", "-1"}), "--display-filter");
  EXPECT_EQ(place_.typed, "-1");
  EXPECT_EQ(NameAt({"read", "-VYdns"}), "--display-filter");
  EXPECT_EQ(place_.before, "-VY");
  EXPECT_EQ(place_.typed, "dns");
  EXPECT_EQ(NameAt({"read", "--display-filter=dns"}), "--display-filter");
  EXPECT_EQ(place_.before, "--display-filter=");
  EXPECT_EQ(NameAt({"read", "-VY", "dns"}), "--display-filter");
  // The value of this option never follows it.
  EXPECT_EQ(NameAt({"read", "--plot", "x"}), "FILE");
}

TEST_F(CommandPlaceTest, AWordWithADashNamesAnOption) {
  for (const char* word : {"-", "--", "--dis", "-Y", "--nothing=x"}) {
    EXPECT_EQ(NameAt({"read", word}), "") << word;
    EXPECT_TRUE(place_.is_option_name) << word;
    EXPECT_EQ(place_.typed, word);
  }
}

TEST_F(CommandPlaceTest, OptionsBeforeAreRemembered) {
  NameAt({"read", "--local", "--server", "a:1", "--nothing", "x", ""});
  EXPECT_EQ(place_.given,
            (std::vector<std::string>{"--local", "--server=a:1"}));
}

}  // namespace
}  // namespace dissectd::cli
