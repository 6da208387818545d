// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/extcap/extcap_output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/extcap/extcap_argument.h"

namespace dissectd::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What sshdump and randpktdump print, shortened.
constexpr char kConfig[] =
    " ** (sshdump:1) [Extcap DEBUG] {not=ours}\n"
    "arg {number=0}{call=--remote-host}{display=Remote SSH server address}"
    "{type=string}{tooltip=The {IP} address}{required=true}{group=Server}\n"
    "arg {number=1}{call=--remote-port}{display=Port}{type=unsigned}"
    "{range=1,65535}{group=Server}\n"
    "arg {number=2}{call=--sshkey}{type=fileselect}{mustexist=true}\n"
    "arg {number=3}{call=--proxycommand}{type=string}\n"
    "arg {number=4}{call=--remote-capture-command}{type=string}\n"
    "arg {number=5}{call=--select}{type=radio}\n"
    "value {arg=5}{value=dumpcap}{display=dumpcap}\n"
    "value {arg=5}{value=tcpdump}{display=tcpdump}{default=true}\n"
    "arg {number=6}{call=--flag}{type=boolflag}{default=false}\n"
    "arg {number=7}{call=--count}{type=long}{default=1000}\n"
    "arg {number=8}{call=--on}{type=boolean}{default=true}\n"
    "arg {number=9}{call=--many}{type=multicheck}\n"
    "value {arg=9}{value=a}{display=A}\n"
    "value {arg=9}{value=b}{display=B}\n"
    "arg {number=10}{call=--secret}{type=password}\n";

using Values = std::map<std::string, std::string>;

// Returns the words for values, or the message of the error.
std::vector<std::string> Words(const std::vector<ExtcapArgument>& arguments,
                               const Values& values) {
  const auto words = ExtcapWords("sshdump", arguments,
                                 ExtcapValues(values.begin(), values.end()));
  if (words.ok()) return *words;
  EXPECT_EQ(words.status().code(), absl::StatusCode::kInvalidArgument);
  return {std::string(words.status().message())};
}

std::vector<std::string> WordsOfConfig(Values values) {
  values.insert({"remote-host", "h"});
  return Words(ParseExtcapArguments(kConfig), values);
}

// Returns the message about one value.
std::string ProblemOf(const std::string& name, const std::string& value) {
  const std::vector<std::string> words = WordsOfConfig({{name, value}});
  EXPECT_EQ(words.size(), 1u) << name << "=" << value << " is accepted";
  return words[0];
}

TEST(ExtcapOutputTest, FindsInterfacesAmongMessages) {
  const std::vector<ExtcapInterface> interfaces = ParseExtcapInterfaces(
      " ** (ciscodump:7) 20:31:46 [Extcap DEBUG] -- cmdline: ./ciscodump\n"
      "extcap {version=1.0.0}{help=file:///usr/share/x.html}\n"
      "interface {value=one}{display=First (1)}\r\n"
      "\tinterface {value=two}  {display=A }brace}\n"
      "interface {display=no name}\n"
      "interface {value=}{display=empty}\n"
      "interface {value=cut\n"
      "interface {value=three}");
  ASSERT_EQ(interfaces.size(), 3u);
  EXPECT_EQ(interfaces[0].name, "one");
  EXPECT_EQ(interfaces[0].description, "First (1)");
  EXPECT_EQ(interfaces[1].name, "two");
  EXPECT_EQ(interfaces[1].description, "A }brace");
  EXPECT_EQ(interfaces[2].name, "three");
  EXPECT_EQ(interfaces[2].description, "");
}

TEST(ExtcapOutputTest, FindsLinkTypes) {
  const std::vector<v1::LinkType> types = ParseExtcapLinkTypes(
      "dlt {number=147}{name=randpkt}{display=Generator dependent DLT}\n"
      "dlt {number=x}{name=bad}{display=no number}\n");
  ASSERT_EQ(types.size(), 1u);
  EXPECT_EQ(types[0].number(), 147);
  EXPECT_EQ(types[0].name(), "randpkt");
  EXPECT_EQ(types[0].description(), "Generator dependent DLT");
}

TEST(ExtcapOutputTest, DescribesArguments) {
  const std::vector<ExtcapArgument> arguments = ParseExtcapArguments(kConfig);
  ASSERT_EQ(arguments.size(), 11u);
  const v1::ExtcapArgument& host = arguments[0].description;
  EXPECT_EQ(host.name(), "remote-host");
  EXPECT_EQ(host.display_name(), "Remote SSH server address");
  // Wireshark takes no more of it.
  EXPECT_EQ(host.tooltip(), "The {IP");
  EXPECT_EQ(host.type(), "string");
  EXPECT_EQ(host.group(), "Server");
  EXPECT_TRUE(host.required());
  EXPECT_FALSE(host.refused());
  EXPECT_EQ(arguments[1].minimum, 1);
  EXPECT_EQ(arguments[1].maximum, 65535);
  EXPECT_FALSE(arguments[1].description.required());
  EXPECT_TRUE(arguments[2].description.refused());
  EXPECT_TRUE(arguments[3].description.refused());
  EXPECT_FALSE(arguments[4].description.refused());
  const v1::ExtcapArgument& choice = arguments[5].description;
  EXPECT_EQ(choice.values_size(), 2);
  EXPECT_EQ(choice.default_value(), "tcpdump");
  EXPECT_EQ(arguments[5].passed_default, "");
  EXPECT_EQ(arguments[6].description.default_value(), "false");
}

TEST(ExtcapOutputTest, SurvivesHostileOutput) {
  // Neither the number of arguments nor the length of a text is unlimited, and
  // bytes that aren't UTF-8 don't get into messages.
  std::string out = "arg {number=0}{call=--a}{display=\xff" +
                    std::string(100'000, 'x') + "}{type=string}\n";
  for (int i = 1; i < 5000; ++i) {
    absl::StrAppend(&out, "arg {number=", i, "}{call=--a", i, "}\n");
  }
  const std::vector<ExtcapArgument> arguments = ParseExtcapArguments(out);
  EXPECT_EQ(arguments.size(), kMaxExtcapArguments);
  const std::string& display = arguments[0].description.display_name();
  EXPECT_LE(display.size(), 4096u);
  EXPECT_TRUE(absl::StartsWith(display, "\xef\xbf\xbdx"));
  for (const char* text :
       {"", "{", "arg", "arg {", "arg {}", "arg {=}", "arg {=}{=}", "arg }{",
        "value {arg=7}{value=x}", "arg {call=}", "arg {call=--}",
        "arg {call=x}{number=1}", "{call=--x}", "arg {call",
        "arg {call=--fifo}", "arg {call=--capture}",
        "arg {call=--extcap-interface}"}) {
    EXPECT_THAT(ParseExtcapArguments(text), IsEmpty()) << text;
    EXPECT_THAT(ParseExtcapInterfaces(text), IsEmpty()) << text;
    EXPECT_THAT(ParseExtcapLinkTypes(text), IsEmpty()) << text;
  }
  EXPECT_EQ(ParseExtcapArguments("arg {call=--x}\narg {call=--x}\n").size(),
            1u);
}

TEST(ExtcapArgumentTest, PassesDefaultsAsTsharkDoes) {
  EXPECT_THAT(WordsOfConfig({}), ElementsAre("--remote-host", "h", "--count",
                                             "1000", "--on", "true"));
  EXPECT_THAT(WordsOfConfig({{"flag", "true"}, {"count", ""}, {"on", "false"}}),
              ElementsAre("--remote-host", "h", "--flag", "--on", "false"));
  EXPECT_THAT(WordsOfConfig({{"select", "dumpcap"}, {"many", "a,b"}}),
              ElementsAre("--remote-host", "h", "--select", "dumpcap",
                          "--count", "1000", "--on", "true", "--many", "a,b"));
}

TEST(ExtcapArgumentTest, ValuesCannotBecomeOptions) {
  EXPECT_THAT(WordsOfConfig({{"secret", "-"}}),
              ::testing::Contains("--secret=-"));
  EXPECT_THAT(Words(ParseExtcapArguments(kConfig),
                    {{"remote-host", "--proxycommand=id"}}),
              ::testing::Contains("--remote-host=--proxycommand=id"));
}

TEST(ExtcapArgumentTest, RefusesWhatDoesNotFit) {
  EXPECT_THAT(ProblemOf("nosuch", "1"), HasSubstr("doesn't exist"));
  EXPECT_THAT(ProblemOf("sshkey", "/etc/shadow"), HasSubstr("clients can't"));
  EXPECT_THAT(ProblemOf("sshkey", ""), HasSubstr("clients can't"));
  EXPECT_THAT(ProblemOf("proxycommand", "id"), HasSubstr("clients can't"));
  EXPECT_THAT(ProblemOf("remote-port", "0"), HasSubstr("from 1 to 65535"));
  EXPECT_THAT(ProblemOf("remote-port", "65536"), HasSubstr("from 1 to 65535"));
  EXPECT_THAT(ProblemOf("remote-port", "1 2"), HasSubstr("isn't a number"));
  EXPECT_THAT(ProblemOf("count", "1e3"), HasSubstr("isn't a number"));
  EXPECT_THAT(ProblemOf("select", "x"), HasSubstr("one of its values"));
  EXPECT_THAT(ProblemOf("many", "a,c"), HasSubstr("one of its values"));
  EXPECT_THAT(ProblemOf("flag", "maybe"), HasSubstr("neither true nor false"));
  EXPECT_THAT(ProblemOf("secret", std::string("a\0b", 3)), HasSubstr("NUL"));
  EXPECT_THAT(ProblemOf("secret", std::string(20'000, 'x')),
              HasSubstr("too long"));
  EXPECT_THAT(Words(ParseExtcapArguments(kConfig), {}),
              ElementsAre(HasSubstr("\"remote-host\" of the interface "
                                    "\"sshdump\" is required")));
}

}  // namespace
}  // namespace dissectd::server
