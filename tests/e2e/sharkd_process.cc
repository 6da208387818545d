// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/sharkd_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

namespace dissectd {
namespace {

// Becomes sharkd, which reads from and writes to the socket.
[[noreturn]] void BecomeSharkd(int socket) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(socket, STDIN_FILENO);
  dup2(socket, STDOUT_FILENO);
  const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
  dup2(nothing, STDERR_FILENO);
  std::array<std::string, 4> words = {"HOME=/nonexistent", "LC_ALL=C.UTF-8",
                                      "sharkd", "-"};
  const std::array<char*, 3> environment = {words[0].data(), words[1].data(),
                                            nullptr};
  const std::array<char*, 3> arguments = {words[2].data(), words[3].data(),
                                          nullptr};
  execve("/usr/bin/sharkd", arguments.data(), environment.data());
  _exit(EXIT_FAILURE);
}

}  // namespace

SharkdProcess::SharkdProcess() {
  std::array<int, 2> sockets = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
    ADD_FAILURE() << "no sockets";
    return;
  }
  pid_ = fork();
  if (pid_ == 0) BecomeSharkd(sockets[1]);
  close(sockets[1]);
  stream_ = fdopen(sockets[0], "r+");
}

SharkdProcess::~SharkdProcess() {
  if (stream_ != nullptr) std::fclose(stream_);
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

nlohmann::json SharkdProcess::Call(const std::string& method,
                                   const nlohmann::json& parameters) {
  nlohmann::json request = {
      {"jsonrpc", "2.0"}, {"id", ++calls_}, {"method", method}};
  if (!parameters.is_null()) request["params"] = parameters;
  const std::string text = request.dump() + "\n";
  std::fputs(text.c_str(), stream_);
  std::fflush(stream_);
  char* line = nullptr;
  size_t size = 0;
  const ssize_t length = getline(&line, &size, stream_);
  nlohmann::json answer;
  if (length > 0) answer = nlohmann::json::parse(line, nullptr, false);
  std::free(line);
  return answer;
}

nlohmann::json SharkdProcess::Ask(const std::string& method,
                                  const nlohmann::json& parameters) {
  nlohmann::json answer = Call(method, parameters);
  if (!answer.contains("result")) {
    ADD_FAILURE() << method << " of sharkd: " << answer.dump();
    return {};
  }
  return answer["result"];
}

std::string SharkdProcess::AskInVain(const std::string& method,
                                     const nlohmann::json& parameters) {
  const nlohmann::json answer = Call(method, parameters);
  if (!answer.contains("error")) {
    ADD_FAILURE() << method << " of sharkd: " << answer.dump();
    return {};
  }
  return answer["error"]["message"];
}

nlohmann::json SharkdProcess::Tap(const std::string& tap) {
  nlohmann::json result = Ask("tap", {{"tap0", tap}});
  if (result["taps"].size() != 1) {
    ADD_FAILURE() << tap << " of sharkd: " << result.dump();
    return {};
  }
  return result["taps"][0];
}

}  // namespace dissectd
