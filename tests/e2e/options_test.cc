// SPDX-License-Identifier: GPL-2.0-or-later

// Starts daemons with wrong options and files, and reads what they say.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "dissectd/v1/server.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/file_contents.h"
#include "tests/e2e/policy_files.h"
#include "tests/e2e/run_daemon.h"

namespace dissectd {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class OptionsTest : public testing::Test {
 protected:
  std::string Path(const std::string& name) const {
    return folder_.path() + "/" + name;
  }

  // Runs a daemon that can't start, and returns what it says.
  std::string ErrorOf(const std::string& arguments, int exit_status = 2) const {
    const CommandOutput output =
        RunDaemon(absl::StrCat("--store=", folder_.path(), " ", arguments));
    EXPECT_EQ(output.exit_status, exit_status) << output.text;
    return output.text;
  }

  std::string ErrorOfFile(const std::string& content,
                          const std::string& arguments = "") const {
    folder_.Write("conf", content);
    return ErrorOf(absl::StrCat("--config=", Path("conf"), " ", arguments));
  }

  // Returns the message with which the daemon doesn't start.
  std::string StartErrorOf(const std::string& arguments) const {
    std::string text = ErrorOf(arguments, 1);
    // Warnings about what would be, if the daemon had started, mislead.
    EXPECT_THAT(text, Not(HasSubstr("warning")));
    return text;
  }

  const TemporaryFolder folder_;
};

struct WrongOption {
  const char* arguments;
  const char* message;
};

TEST_F(OptionsTest, AMessageNamesTheOptionAndWhatIsRight) {
  const WrongOption cases[] = {
      {"--worker-memory=1xb",
       "--worker-memory: \"1xb\" isn't a size: a whole number of bytes, or of "
       "KB, MB or GB as in 500MB"},
      {"--worker-memory=1.5GB", "\"1.5GB\" isn't a size"},
      {"--worker-memory=-1", "\"-1\" isn't a size"},
      {"--worker-memory=99999999999GB", "isn't a size"},
      {"--worker-memory=1KB",
       "\"1KB\" is too small: the minimum is 512MB; 0 is for no limit"},
      {"--worker-memory=511MiB", "is too small"},
      {"--max-message-memory=1MB", "\"1MB\" is too small: the minimum is 32MB"},
      {"--max-message-memory=0", "is too small"},
      {"--max-calls=abc",
       "--max-calls: \"abc\" isn't a whole number from 1 to 1000000"},
      {"--max-calls=0", "isn't a whole number from 1"},
      {"--max-calls=1e3", "isn't a whole number"},
      {"--max-connections=0", "isn't a whole number from 1 to 10000"},
      {"--drain-timeout=soon",
       "--drain-timeout: \"soon\" isn't a whole number from 0 to 100000000"},
      {"--metrics-listen=9464",
       "--metrics-listen: \"9464\" isn't HOST:PORT with an IP address or "
       "localhost"},
      {"--listen=unix:",
       "--listen: \"unix:\" is neither HOST:PORT nor unix:/PATH nor "
       "systemd:NAME"},
      {"--listen=unix:run/socket",
       "--listen: \"run/socket\" isn't the absolute path of a socket: clients "
       "in other folders would look for another one"},
      {"--listen=unix://socket",
       "--listen: \"socket\" isn't the absolute path of a socket"},
      {"--replica=lab~1",
       "--replica: \"lab~1\" isn't 1 to 63 letters, digits and hyphens between "
       "them"},
      {"--replica=lab-", "isn't 1 to 63 letters"},
      {"--lame-duck=-5", "--lame-duck: \"-5\" isn't a whole number from 0"},
      {"--worker-processor-time=1.5", "isn't a whole number from 0"},
      {"--idle-timeout=0", "isn't a whole number from 1"},
      {"--allow-lua=maybe",
       "The value \"maybe\" of the option \"--allow-lua\" is neither true nor "
       "false."},
      {"--max-calls=1 --max-calls=2",
       "The option \"--max-calls\" has more than one value."},
      {"--unix-socket-mode=rw",
       "--unix-socket-mode: \"rw\" isn't a mode in octal digits such as 0660"},
      {"--unix-socket-mode=0888", "isn't a mode in octal digits"},
      {"--unix-socket-mode=1777", "isn't a mode in octal digits"},
      {"--unix-socket-mode=0444", "nobody could connect"},
      {"--config=/nowhere",
       "--config: can't read \"/nowhere\": No such file or directory"},
      {"--config=/tmp", "--config: \"/tmp\" is a folder, not a file"},
      // It can be opened, but there is nothing at its beginning.
      {"--config=/proc/self/mem", "it can't be read"},
      {"--pipes=/nowhere", "--pipes: there is no folder \"/nowhere\""},
      {"--extcap-folder=/nowhere", "there is no folder \"/nowhere\""},
      {"--keep-crashing-frames=/nowhere", "there is no folder \"/nowhere\""},
      {"--capture-comment=\"a\nb\"",
       "--capture-comment: the comment has control characters"},
      {"--capture-comment=$(printf %01025d 0)",
       "the comment has 1025 bytes; the limit is 1024"},
      {"--capture-comment=\xff", "the comment isn't valid UTF-8"},
      {"--capture-comment=", "The option \"--capture-comment\" needs a value."},
      {"--listen=127.0.0.1:0 more", "There is no argument \"more\"."},
  };
  for (const WrongOption& wrong : cases) {
    const std::string text = ErrorOf(wrong.arguments);
    EXPECT_THAT(text, HasSubstr(wrong.message));
    EXPECT_TRUE(absl::EndsWith(text, "See \"dissectd --help\".\n")) << text;
  }
}

TEST_F(OptionsTest, AMessageNamesTheLineOfTheFile) {
  const WrongOption cases[] = {
      {"# limits\n\nmax-calls = many\n",
       "line 3: --max-calls: \"many\" isn't a whole number"},
      {"max-callz = 1\n",
       "line 1: There is no option \"max-callz\"; did you mean \"max-calls\"?"},
      {"x\n", "line 1: There is no option \"x\""},
      {"max-calls\n", "line 1: The option \"--max-calls\" needs a value."},
      {"max-calls = # none\n",
       "line 1: The option \"--max-calls\" needs a value."},
      {"[limits]\nmax-calls = 1\n",
       "line 1: A line is NAME = VALUE; there are no sections."},
      {"{\"max-calls\": 1}\n", "line 1: A line is NAME = VALUE"},
      {"max-calls: 1\n", "line 1: A line is NAME = VALUE"},
      {"worker-memory = 2 GB\n",
       "line 1: The value of \"--worker-memory\" has a blank or a comma; put "
       "it "
       "in quotes."},
      {"listen = [\"unix:/a\",\n  \"unix:/b\"\nmax-calls = 1\n",
       "line 1: The list that begins here has no \"]\""},
      {"max-calls = 1\nlog-level = \"info\"\nmax-calls = 2\n",
       "line 3: The option \"max-calls\" is in line 1, too."},
      {"max-calls = 1\nmax-calls = 2\n", "line 2: The option \"max-calls\""},
      {"allow-lua = maybe\n", "line 1: The value \"maybe\""},
      {"jwt-audience = \"a#b\"\n", "line 1: The value of \"--jwt-audience\""},
      {"config = \"other\"\n",
       "line 1: The option \"config\" can't be in a file."},
  };
  for (const WrongOption& wrong : cases) {
    const std::string text = ErrorOfFile(wrong.arguments);
    EXPECT_THAT(text, HasSubstr(wrong.message));
    EXPECT_THAT(text, Not(HasSubstr("INI")));
  }
  EXPECT_THAT(ErrorOfFile("max-calls = 0\n"),
              HasSubstr("dissectd: \"" + Path("conf") + "\", line 1: "));
  // A wrong value on the command line isn't one of the file.
  EXPECT_THAT(ErrorOfFile("max-calls = 1\n", "--max-calls=0"),
              HasSubstr("dissectd: --max-calls: \"0\""));
}

TEST_F(OptionsTest, AFileHasCommentsListsAndFlags) {
  folder_.Write("conf",
                absl::StrCat("; flags\nallow-lua\n# lists\nlisten = [\n",
                             "  \"unix:", Path("first"), "\",\n",
                             "  \"unix:", Path("second"), "\", # the last\n]\n",
                             "max-calls = 010 # ten\n"));
  // The command line comes first.
  const DaemonProcess daemon({"--config=" + Path("conf")});
  v1::GetServerInfoResponse info;
  grpc::ClientContext context;
  ASSERT_TRUE(v1::ServerService::NewStub(daemon.Connect())
                  ->GetServerInfo(&context, v1::GetServerInfoRequest(), &info)
                  .ok());
  EXPECT_EQ(info.limits().max_calls(), 10u);
}

TEST_F(OptionsTest, WhatCannotIdentifyAnyoneIsAnError) {
  const std::string policy = " --policy=deploy/policy/everyone.json";
  EXPECT_THAT(
      StartErrorOf("--listen=127.0.0.1:0 --identify-unix-users" + policy),
      HasSubstr("--identify-unix-users needs a Unix socket, such as "
                "--listen=unix:/run/dissectd/socket"));
  EXPECT_THAT(
      StartErrorOf("--listen=127.0.0.1:0 --identify-certificates" + policy),
      HasSubstr("--identify-certificates needs --tls-client-ca"));
  EXPECT_THAT(
      StartErrorOf("--identify-certificates --tls-client-ca=a --tls-key=a "
                   "--tls-certificate=a --listen=unix:" +
                   Path("socket") + policy),
      HasSubstr("--identify-certificates needs --listen=HOST:PORT"));
}

TEST_F(OptionsTest, AnErrorNamesTheUserThatTheDaemonBecame) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  const std::string arguments = "--user=nobody --listen=127.0.0.1:0";
  EXPECT_THAT(StartErrorOf(arguments),
              HasSubstr("Permission denied (as user \"nobody\")"));
  ASSERT_EQ(chmod(folder_.path().c_str(), 0755), 0);
  ASSERT_EQ(mkdir(Path("frames").c_str(), 0700), 0);
  EXPECT_THAT(
      StartErrorOf(arguments + " --keep-crashing-frames=" + Path("frames")),
      HasSubstr("the folder of --keep-crashing-frames: Permission denied"));
}

// Returns the mode of the socket of a daemon.
mode_t ModeWith(const std::vector<std::string>& arguments) {
  const DaemonProcess daemon(arguments,
                             {"sh", "-c", "umask 077; exec \"$@\"", "sh"});
  struct stat file = {};
  const std::string path = daemon.address().substr(std::string("unix:").size());
  EXPECT_EQ(stat(path.c_str(), &file), 0);
  return file.st_mode & 07777;
}

TEST_F(OptionsTest, TheModeOfASocketFitsWhoIsIdentified) {
  EXPECT_EQ(ModeWith({}), 0660);
  EXPECT_EQ(ModeWith({"--identify-unix-users",
                      "--policy=deploy/policy/everyone.json"}),
            0666);
  EXPECT_EQ(ModeWith({"--identify-unix-users", "--unix-socket-mode=600",
                      "--policy=deploy/policy/everyone.json"}),
            0600);
}

constexpr char kFilterPolicy[] =
    R"({"roles": {"r": {"permissions": ["*"], "capture_filter": "%s"}},
        "bindings": [{"principals": ["token:admin"], "roles": ["r"]}]})";

std::string PolicyWith(const std::string& filter) {
  std::string policy = kFilterPolicy;
  return policy.replace(policy.find("%s"), 2, filter);
}

TEST_F(OptionsTest, APolicyWithAWrongCaptureFilterIsNotUsed) {
  constexpr char kWrong[] =
      "roles.r.capture_filter \"tcp prot 80\" isn't a capture filter: ";
  const PolicyFiles files;
  files.WritePolicy(PolicyWith("tcp prot 80"));
  EXPECT_THAT(StartErrorOf("--listen=unix:" + Path("socket") + " " +
                           files.TokenOption() + " " + files.PolicyOption()),
              HasSubstr(kWrong));
  files.WritePolicy(PolicyWith("tcp port 80"));
  const DaemonProcess daemon(
      {files.TokenOption(), files.PolicyOption(),
       "--audit-log=" + Path("audit")},
      {"sh", "-c", "exec \"$@\" 2>" + Path("log"), "sh"});
  const auto stub = v1::ServerService::NewStub(daemon.Connect());
  const auto is_allowed = [&stub] {
    grpc::ClientContext context;
    Authorize(&context, kAdmin);
    v1::GetServerInfoResponse info;
    return stub->GetServerInfo(&context, v1::GetServerInfoRequest(), &info)
        .ok();
  };
  EXPECT_TRUE(is_allowed());
  files.WritePolicy(PolicyWith("tcp prot 80"));
  WaitFor("the error", [&] {
    const std::string log = ContentsOf(Path("log"));
    return absl::StrContains(log, kWrong) &&
           absl::StrContains(log, "what was read before stays in use");
  });
  EXPECT_TRUE(is_allowed());
  files.WritePolicy(R"({"roles": {}, "bindings": []})");
  WaitFor("the next policy", [&] { return !is_allowed(); });
}

}  // namespace
}  // namespace dissectd
