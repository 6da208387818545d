// SPDX-License-Identifier: GPL-2.0-or-later
//
// Stands in for dissectd-engine and follows a script.
//
//   scripted_engine --script=FILE --control-fd=N
//
// Each start takes the first line of the file away and follows its words:
//
//   ready        sends kReady
//   old          sends kReady in another version of the protocol
//   garbage      sends half a message
//   take         waits for a message that starts or kills a worker, and writes
//                "start ID" or "kill ID" into FILE.log; answers pings meanwhile
//   end          sends that the last worker has ended, with exit status 0
//   close        closes the channel
//   hang         does nothing any more, until it is killed
//   exit=STATUS  ends
//
// At the end of the line, or of the file, it waits for dissectd to close the
// channel.

#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "core/ipc/control_packet.h"
#include "core/ipc/descriptors.h"
#include "core/ipc/protocol.h"

namespace dissectd {
namespace {

std::string TakeLine(const std::string& path) {
  std::string line;
  std::string rest;
  {
    std::ifstream file(path);
    std::getline(file, line);
    rest.assign(std::istreambuf_iterator<char>(file), {});
  }
  std::ofstream(path) << rest;
  return line;
}

class ScriptedEngine {
 public:
  ScriptedEngine(std::string script, int channel)
      : script_(std::move(script)), channel_(channel) {}

  void Run() {
    std::istringstream words(TakeLine(script_));
    for (std::string word; words >> word;) Follow(word);
    while (Take()) {
    }
  }

 private:
  void Follow(const std::string& word) {
    ipc::ControlMessage message =
        ipc::MakeControlMessage(ipc::ControlKind::kReady);
    if (word == "ready") {
      ipc::SetEngine("scripted-1", &message);
      ipc::SendControlPacket(channel_, message);
    } else if (word == "old") {
      message.version = ipc::kProtocolVersion - 1;
      ipc::SendControlPacket(channel_, message);
    } else if (word == "garbage") {
      send(channel_, &message, sizeof(message) / 2, MSG_NOSIGNAL);
    } else if (word == "take") {
      Take();
    } else if (word == "end") {
      message = ipc::MakeControlMessage(ipc::ControlKind::kWorkerEnded, last_);
      message.pid = 1;
      ipc::SendControlPacket(channel_, message);
    } else if (word == "close") {
      close(channel_);
    } else if (word == "hang") {
      while (true) pause();
    } else if (word.rfind("exit=", 0) == 0) {
      _exit(std::atoi(word.c_str() + 5));
    } else {
      std::fprintf(stderr, "scripted_engine: what is \"%s\"?\n", word.c_str());
      _exit(2);
    }
  }

  // Returns false if dissectd has closed the channel.
  bool Take() {
    ipc::ControlMessage message = {};
    std::vector<int> fds;
    const ssize_t size =
        ipc::ReceiveWithDescriptors(channel_, &message, sizeof(message), &fds);
    for (const int fd : fds) close(fd);
    if (size <= 0) return false;
    if (message.kind == ipc::ControlKind::kPing) {
      ipc::SendControlPacket(channel_,
                             ipc::MakeControlMessage(ipc::ControlKind::kPong));
      return Take();
    }
    last_ = message.worker_id;
    const bool starts = message.kind == ipc::ControlKind::kStartWorker;
    std::ofstream(script_ + ".log", std::ios::app)
        << (starts ? "start " : "kill ") << last_ << '\n';
    return true;
  }

  const std::string script_;
  const int channel_;
  uint64_t last_ = 0;
};

// Returns the value of an option --NAME=VALUE.
std::string Option(int argc, char** argv, const std::string& name) {
  const std::string begin = "--" + name + "=";
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument.rfind(begin, 0) == 0) return argument.substr(begin.size());
  }
  std::fprintf(stderr, "scripted_engine: --%s is missing\n", name.c_str());
  std::exit(2);
}

}  // namespace
}  // namespace dissectd

int main(int argc, char** argv) {
  dissectd::ScriptedEngine(
      dissectd::Option(argc, argv, "script"),
      std::atoi(dissectd::Option(argc, argv, "control-fd").c_str()))
      .Run();
  return 0;
}
